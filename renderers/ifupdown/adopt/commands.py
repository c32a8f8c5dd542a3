"""The names of NICs in the commands of interfaces(5), which an administrator wrote for a shell.

A command stays as it is, but for a name that can mean nothing else than the
interface with the addresses: `ip route add … dev eth0`, `iptables … -o eth0`,
`/proc/sys/net/ipv4/conf/eth0/…`.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_ENDS = re.compile(r"[;|&(){}`\n]")
_SYSCTL = re.compile(r"(\bnet([./])ipv[46]\2(?:conf|neigh)\2)([A-Za-z0-9_:-]+)(?=\2)")
_SKIPPED = frozenset(["!", "if", "then", "else", "do", "exec", "command", "sudo", "eval"])
_FILTERS = re.compile(r"ip6?tables(-legacy|-nft)?\Z")
#: The objects of ip(8) whose `dev`, `iif` and `oif` name an interface that has addresses.
_OBJECTS = re.compile(r"(r|ro|rou.*|ru|rul.*|a|ad|add.*|n|ne.*|token)\Z")
_ABOUT_INTERFACES = {
    "ip": frozenset(["dev", "iif", "oif"]),
    "route": frozenset(["dev"]),
    "iptables": frozenset(["-i", "-o", "--in-interface", "--out-interface"]),
}

#: The program that is about the card, so that a name there is right as it is.
OF_THE_CARD = "ethtool"


class Command(NamedTuple):
    """A command with the names that are certain moved; `left` are the programs that name others."""

    text: str
    left: tuple[str, ...] = ()


def move_names(text: str, name: str, successor: Callable[[str], str | None]) -> Command:
    """The command with `name`, and what is named after it (`eth0.10`), moved where that is certain.

    `successor` gives an interface's new name, or None where it keeps its own.
    """
    text = _SYSCTL.sub(lambda found: f"{found[1]}{successor(found[3]) or found[3]}", text)
    pieces, at, left = [], 0, list[str]()
    pattern = rf"(?<![A-Za-z0-9_-]){re.escape(name)}(?![A-Za-z0-9_-])(?:[.:][A-Za-z0-9_]+)*"
    for found in re.finditer(pattern, text):
        start = max((end.end() for end in _ENDS.finditer(text, 0, found.start())), default=0)
        program, before = _before(text[start : found.start()])
        new = successor(found[0])
        bare = (
            text[: found.start()].endswith((" ", "\t", "\n"))
            and (_ENDS.match(text, found.end()) or text[found.end() : found.end() + 1].isspace())
        ) or (text[: found.start()].endswith((" ", "\t")) and found.end() == len(text))
        if new is not None and bare and _is_certain(program, before):
            pieces += [text[at : found.start()], new]
            at = found.end()
        else:
            left.append(program)
    return Command("".join((*pieces, text[at:])), tuple(dict.fromkeys(left)))


def _before(text: str) -> tuple[str, list[str]]:
    """The program of a simple command, and its words so far."""
    found = text.replace("\\\n", "").split()
    while found and (found[0] in _SKIPPED or re.match(r"[A-Za-z_]\w*=", found[0])):
        del found[0]
    return (found[0].rpartition("/")[2], found[1:]) if found else ("", [])


def _is_certain(program: str, before: list[str]) -> bool:
    if program in ("ifup", "ifdown"):
        return True
    if program == "brctl":
        return before[:1] in (["addif"], ["delif"])
    if not before:
        return False
    if _FILTERS.match(program):
        return before[-1] in _ABOUT_INTERFACES["iptables"]
    if program == "route":
        return before[-1] in _ABOUT_INTERFACES["route"]
    if program == "ip":
        objects = [word for word in before if not word.startswith("-")]
        if objects[:2] in (["link", "add"], ["l", "add"]):
            return before[-1] in ("link", "dev") and len(objects) > 2
        return bool(_OBJECTS.match(objects[0])) and before[-1] in _ABOUT_INTERFACES["ip"]
    return False
