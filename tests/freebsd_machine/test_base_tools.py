"""The base system's tools that our scripts on FreeBSD call: what of each is FreeBSD's too.

GNU's and util-linux's tools have the same names.  Each option that a script uses is in
the table, looked up in the named source of freebsd/freebsd-src, with what differs and
how the machines of the tests follow it; a script that uses another option or tool fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.freebsd_machine.machine import new_machine
from tests.hotplug import freebsd_scripts
from tests.hotplug.freebsd_guest import install
from tests.paths import CHECKOUT

DATA = CHECKOUT / "hyperv_net/data"
SCRIPTS = (
    DATA / "freebsd/devd-hook",
    DATA / "guard/guard",
    *(DATA / "kvp" / name for name in ("hv_get_dhcp_info", "hv_get_dns_info", "hv_set_ifconfig")),
)


@dataclass(frozen=True)
class Tool:
    """The options in use (those that end in `=` take a word), and what is to be known of them."""

    options: str
    source: str
    differs: str = ""


TOOLS = {
    "timeout": Tool(
        "--foreground -k=",
        "usr.bin/timeout/timeout.c: getopt_long; both since 10.3",
        "without --foreground it is a reaper, which waits for all descendants and ends them"
        " (tests.freebsd_machine.timeout); 124 also where it had to kill, as here",
    ),
    "lockf": Tool(
        "-s -k -t=",
        "usr.bin/lockf/lockf.c: all three; 75 where the lock was not to be had, `-t 0` tries once,"
        " without -t it waits; with -k in order",
        "the command does not inherit the lock, so what it leaves behind does not hold it:"
        " flock(1) needs `-o` for that",
    ),
    "daemon": Tool(
        "-f",
        "usr.sbin/daemon/daemon.c: daemon(3), outputs to /dev/null, no change of folder without -c",
        "its exit status says nothing of the command's",
    ),
    "logger": Tool(
        "-t= -p= --",
        "usr.bin/logger/logger.c: standard input without words; getopt(3) ends at `--`",
    ),
    "sleep": Tool("", "bin/sleep/sleep.c: parts of a second, as `sleep 0.1`"),
    "mkdir": Tool("-m= -p", "bin/mkdir/mkdir.c"),
    "awk": Tool(
        "-v=",
        "contrib/one-true-awk: RS of one character, sub(), tolower(), regular expressions of POSIX",
    ),
    "tail": Tool("-n=", "usr.bin/tail/tail.c"),
    "ifconfig": Tool("-a -C -l", "sbin/ifconfig/ifconfig.c; ifclone.c lists the cloners"),
    "sysctl": Tool("-n", "sbin/sysctl/sysctl.c: an error and status 1 for what is unknown"),
    "service": Tool("", "usr.sbin/service/service.sh"),
    "cksum": Tool("", "usr.bin/cksum/cksum.c: sum, size and name of each that is there"),
    "ls": Tool("-ldn -liL", "bin/ls/ls.c: with -n mode, links, number of the owner"),
    "cat": Tool("", "bin/cat/cat.c"),
    "cp": Tool("", "bin/cp/cp.c"),
    "ln": Tool("-s", "bin/ln/ln.c"),
    "mv": Tool("-f", "bin/mv/mv.c"),
    "rm": Tool("-f", "bin/rm/rm.c"),
    "id": Tool("-u", "usr.bin/id/id.c"),
    "grep": Tool("-q", "usr.bin/grep/grep.c"),
}
#: Of sh(1) itself, by its manual page and POSIX.
BUILT_IN = {
    "break",
    "cd",
    "command",
    "continue",
    "echo",
    "exit",
    "export",
    "printf",
    "return",
    "set",
}
BUILT_IN |= {"read", "set", "shift", "true", "umask"}
KEYWORDS = {"if", "then", "elif", "else", "fi", "for", "do", "done", "case", "esac", "in", "while"}

_COMMAND = re.compile(
    r"(?:^|[|;&({]\s*|\b(?:exec|then|do|else|if)\s+|!\s+)([a-z][a-z0-9_]*)(?=\s|$)"
)
_ASSIGNED = re.compile(r"[A-Za-z_]+=")


def lines_of(script: Path) -> list[str]:
    """The lines of a script, whole; without comments, awk's programs and patterns of cases."""
    text = re.sub(r"^\s*#.*$", "", script.read_text(), flags=re.M).replace("\\\n", " ")
    text = re.sub(r"'[^']*'", "''", text)
    text = re.sub(r"\$\(\(.*?\)\)", "0", text).replace("exec ", "")
    # What stands before a command is none itself.
    before = r"(^|[;&|])[ \t]*(?:(?:if|elif|while|then|else|do|!)[ \t]+)+"
    text = re.sub(before, r"\1", text, flags=re.M)
    # The patterns of a `case`, which look like commands.
    text = re.sub(r"^\s*[^()\n]*\)\s*", "", text, flags=re.M)
    return [line.strip() for line in text.splitlines() if line.strip()]


def called(script: Path) -> Iterator[tuple[str, str]]:
    """Each command and what follows it on its line."""
    text = script.read_text()
    own = set(re.findall(r"^([a-z_]+)\(\)", text, re.M))
    for line in lines_of(script):
        for match in _COMMAND.finditer(line):
            if match[1] not in own | KEYWORDS:
                yield match[1], line[match.end() :]
        # `daemon -f lockf … timeout …` runs one by way of the other.
        for name in ("lockf", "timeout"):
            for match in re.finditer(rf"\S\s+{name}(?=\s)", line):
                yield name, line[match.end() :]


def options_of(tool: Tool, rest: str) -> Iterator[str]:
    words = rest.split()
    while words and words[0].startswith("-"):
        option = words.pop(0).rstrip(");")
        yield option
        if f"{option}=" in tool.options.split() and words:
            words.pop(0)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_every_tool_and_option_of_a_script_is_one_of_freebsds(script: Path) -> None:
    used = list(called(script))
    assert used
    for name, rest in used:
        assert name in {*TOOLS, *BUILT_IN}, name
        if name in TOOLS:
            known = {one.rstrip("=") for one in TOOLS[name].options.split()}
            assert set(options_of(TOOLS[name], rest)) <= known, (name, rest)


def test_the_table_has_no_tool_or_option_that_no_script_uses() -> None:
    used: dict[str, set[str]] = {name: set() for name in TOOLS}
    seen = set()
    for script in SCRIPTS:
        for name, rest in called(script):
            if name in TOOLS:
                seen.add(name)
                used[name].update(options_of(TOOLS[name], rest))
    assert seen == set(TOOLS)
    for name, tool in TOOLS.items():
        assert used[name] == {one.rstrip("=") for one in tool.options.split()}, name


def test_a_lock_is_not_held_by_what_the_command_left_behind(tmp_path: Path) -> None:
    """lockf(1) closes it in its child; the machine's does the same."""
    with new_machine(tmp_path) as machine:
        install(machine, "/usr/bin/lockf", freebsd_scripts.LOCKF)
        left = "lockf -s -k -t 5 /tmp/l sh -c '(while [ ! -e /tmp/go ]; do :; done) & exit 3'"
        assert machine.inside(f"{left} >/dev/null 2>&1").status == 3
        assert machine.inside("lockf -s -k -t 0 /tmp/l true").status == 0
        machine.inside(": >/tmp/go")
        held = "lockf -s -k -t 0 /tmp/l lockf -s -k -t 0 /tmp/l true"
        assert machine.inside(held).status == 75
