"""The manual page hyperv-net(8), made of the command line's own parsers.

`python3 -m hyperv_net.manual` prints it; what builds a package puts it in place.
The macros are those of man(7), which groff and mandoc both know.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re

from hyperv_net import __doc__ as package_doc
from hyperv_net import __version__, terminal
from hyperv_net.cli import VERBS
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: What argparse keeps a width for; no line of the page is ever that long.
_ENDLESS = 100_000

_LONG_CHOICES = re.compile(r"--([a-z-]+) \{[^}]{40,}\}")

_FILES = (
    ("/etc/cloud/cloud.cfg.d/*.cfg", "settings, below the key hyperv_net"),
    ("/var/lib/hyperv-net/, /var/db/hyperv-net/", "wanted pairs, and records of what was written"),
    ("/var/lib/hyperv-net/history/, /var/db/hyperv-net/history/", "the journal of the pairs"),
    (
        "/var/lib/hyperv-net/announced/, /var/db/hyperv-net/announced/",
        "what watch knows of announcements",
    ),
    (
        "/run/hyperv-net/announcements/, /var/run/hyperv-net/announcements/",
        "what scripts announce",
    ),
    (
        "/run/hyperv-net/guard, /var/run/hyperv-net/guard",
        "whether cloud-init found it in this boot",
    ),
    ("/var/lib/hyperv-net/off, /var/db/hyperv-net/off", "turned off, as events go by it"),
    ("/run/hyperv-net/activate", "where what may do little asks for what takes more"),
    (
        "/var/lib/hyperv-net/unconfirmed/, /var/db/hyperv-net/unconfirmed/",
        "what apply --confirm goes back to",
    ),
    ("/etc/udev/rules.d/70-hyperv-net-vf.rules", "joins a VF to its bond; written by apply"),
    (
        "/etc/udev/rules.d/99-hyperv-net-keep-off.rules",
        "marks the VFs of any machine; written by guard",
    ),
    ("/etc/systemd/network/05-hyperv-net-*", "keep networkd off a VF; 98-: leaves a bond its MAC"),
    ("/etc/systemd/network/06-hyperv-net-*", "to 08-: what --target networkd renders"),
    (
        "/etc/NetworkManager/system-connections/",
        "profiles cloud-init-*, and hyperv-net-* of an adoption",
    ),
    ("/usr/local/etc/devd/hyperv-net.conf", "the same for FreeBSD's devd(8)"),
    ("/usr/local/etc/rc.conf.d/netif/hyperv-net", "keeps FreeBSD's netif off VFs at boot"),
)

_STATUSES = (
    ("0", "done; of status: every pair is healthy"),
    (
        "1",
        "error: one line on standard error says what, where, and what to do; of plan and review: a "
        "finding is as severe as --fail-on says, or the network will be lost; of status: a pair "
        "is unhealthy",
    ),
    ("2", "there is a difference, where --check was given"),
    ("3", "there is nothing to watch for, where watch was given --is-needed"),
    ("64", "wrong usage"),
    ("130", "interrupted from the keyboard"),
)

_ENVIRONMENT = (
    ("COLUMNS", "how wide a terminal is, in place of what it says itself"),
    ("NO_COLOR", "where it has a value, no terminal gets colours (no-color.org)"),
    ("HYPERV_NET_TRACEBACK", "where it has a value, a mistake of the program shows where it was"),
)

#: What it does, and the command.
_EXAMPLES = (
    (
        "Keep everybody off the VFs of a machine whose pairs the kernel owns, as on most of Azure:",
        "hyperv-net guard",
    ),
    (
        "See what this machine would get, and have it written:",
        "hyperv-net plan",
        "hyperv-net apply",
    ),
    (
        "The same with the machine following at once, for two minutes unless it is confirmed:",
        "hyperv-net apply --confirm 120",
        "hyperv-net confirm",
    ),
    ("Tell a monitor how the pairs are:", "hyperv-net status --format json"),
    (
        "Move the traffic off the VF before an announced migration:",
        "hyperv-net drain",
    ),
    (
        "See what became of the pairs in the last two hours:",
        "hyperv-net history --since 2h",
    ),
    (
        "Make an image that configures itself at its first boot:",
        "hyperv-net bake --root image/ --dry-run",
        "hyperv-net bake --root image/",
    ),
    (
        "Review a configuration where there is no such machine:",
        "hyperv-net review --kind azure-linux-mlx5 --network-config net.yaml",
    ),
)


def page() -> str:
    """The page as roff."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    purpose, _, description = (package_doc or "").strip().partition("\n\n")
    yield f'.TH HYPERV\\-NET 8 "" "hyperv\\-net {__version__}" "System Administration"'
    # Words are typed as they stand here, so that none is divided or pulled apart.
    yield from (".nh", ".ad l")
    yield ".SH NAME"
    yield _roff(f"hyperv-net - {purpose[0].lower()}{purpose[1:].rstrip('.')}")
    yield ".SH SYNOPSIS"
    yield from (line for verb in VERBS for line in _synopsis(_parser(verb)))
    yield ".SH DESCRIPTION"
    yield _roff(" ".join(description.split()))
    yield ".SH VERBS"
    for verb in VERBS:
        yield from _verb(_parser(verb))
    yield ".SH EXIT STATUS"
    yield from _table(_STATUSES)
    yield ".SH ENVIRONMENT"
    yield from _table(_ENVIRONMENT)
    yield ".SH FILES"
    yield from _table(_FILES)
    yield ".SH EXAMPLES"
    for number, (meaning, *commands) in enumerate(_EXAMPLES):
        yield from (*([".PP"] if number else []), _roff(meaning), ".PP", ".RS 4", ".EX")
        yield from map(_roff, commands)
        yield from (".EE", ".RE")
    yield ".SH SEE ALSO"
    yield ".BR cloud\\-init (1),"
    yield ".BR netplan (5),"
    yield ".BR interfaces (5),"
    yield ".BR rc.conf (5)"


def _parser(verb: str) -> argparse.ArgumentParser:
    """The parser of one verb, by itself."""
    purpose = f"{VERBS[verb][0].upper()}{VERBS[verb][1:]}."
    parser = argparse.ArgumentParser(
        prog=f"hyperv-net {verb}",
        description=purpose,
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=_ENDLESS),
    )
    importlib.import_module(f"hyperv_net.commands.{verb}").configure(parser)
    return parser


def _synopsis(parser: argparse.ArgumentParser) -> Iterator[str]:
    below = list(_questions(parser))
    if below:
        for one in below:
            yield from _synopsis(one)
        return
    usage = re.sub(r"\s+", " ", parser.format_usage()).strip().partition(": ")[2]
    command, _, options = usage.partition(" [-h]")
    yield ".HP"
    # What its options are explained with has the list, which is too long for a line here.
    short = _LONG_CHOICES.sub(lambda one: f"--{one[1]} {one[1].upper()}", options)
    yield f"\\fB{_roff(command)}\\fR{_roff(short)}"


def _verb(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f".SS {_roff(parser.prog.partition(' ')[2])}"
    yield _roff(parser.description or "")
    # The example stands in --help alone: it works in a checkout, where no manual is read.
    for paragraph in (parser.epilog or "").partition("example:")[0].strip().split("\n\n"):
        if paragraph:
            yield from (".PP", _roff(" ".join(paragraph.split())))
    yield from _table((_invocation(one), _help(one)) for one in _options(parser))
    for one in _questions(parser):
        yield from _verb(one)


def _questions(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parsers of the words that may follow the verb, with what each is for."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            purposes = {one.dest: one.help or "" for one in action._choices_actions}
            for name, below in action.choices.items():
                below.description = f"{purposes[name][0].upper()}{purposes[name][1:]}."
                below.prog = f"{parser.prog} {name}"
                below.formatter_class = parser.formatter_class
                yield below


def _options(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        if not isinstance(action, (argparse._SubParsersAction, argparse._HelpAction)):
            yield action


def _invocation(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings)
    if action.nargs == 0:
        return names
    choices = "|".join(map(str, action.choices)) if action.choices else ""
    value = action.metavar or choices or action.dest.upper()
    return f"{names} {value}".strip()


def _help(action: argparse.Action) -> str:
    if action.help is None:
        return "" if action.default is None else f"default: {action.default}"
    return action.help % vars(action)


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for left, right in rows:
        yield from (".TP", f"\\fB{_roff(left)}\\fR", _roff(right) or "\\&")


def _roff(text: str) -> str:
    """Plain text as roff: no character of it is a command."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith((".", "\\(aq")) else escaped


if __name__ == "__main__":
    # Colours of later Pythons' argparse are not for a page.
    os.environ["NO_COLOR"] = "1"
    terminal.write(page())
