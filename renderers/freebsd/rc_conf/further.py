"""What an rc.conf does besides assigning: it reads files, sets variables by commands, and ends."""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.freebsd.rc_conf.variables import interface_part
from hyperv_net.renderers.freebsd.rc_conf.words import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.places import Place
    from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
    from hyperv_net.renderers.freebsd.rc_conf.shell import Command
    from hyperv_net.renderers.freebsd.rc_conf.words import Part

#: Commands of sh(1) that set variables, or unset them.
SETS = frozenset(["eval", "setvar", "read", "unset", "getopts", ":"])
_ENDS = ("return", "exit")
_SOURCES = (".", "source")
_BY_NAME = ("command", "builtin")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\$?")
#: What source_rc_confs() of /etc/defaults/rc.conf reads by itself.
_READ_ANYWAY = ("etc/rc.conf", "etc/rc.conf.local")


class Further(NamedTuple):
    """What is not in a script's assignments.

    `files` maps the path of each file that it reads, below the root, to the
    line; `unknown` are lines that read or run what only the shell knows.
    `sets` maps a variable of an interface to the line of a command that sets
    it, with a `$` behind the name where the shell goes on with it.  `ends` is
    the line of a command that ends the reading, or None.
    """

    files: Mapping[str, Place]
    unknown: tuple[Place, ...]
    sets: Mapping[str, Place]
    ends: Place | None


class Setting:
    """Which interface's variables are set by commands."""

    def __init__(self, found: Further) -> None:
        self._whole: dict[str, tuple[str, Place]] = {}
        self._begun: dict[str, tuple[str, Place]] = {}
        for name, line in found.sets.items():
            variable = name.rstrip("$")
            kind = self._begun if name.endswith("$") else self._whole
            kind.setdefault(interface_part(variable) or "", (variable, line))

    def of(self, part: str) -> tuple[str, Place] | None:
        """The variable and the line of a command that sets one of this interface, or may."""
        begun = (found for begin, found in self._begun.items() if part.startswith(begin))
        return self._whole.get(part) or next(begun, None)


def further(rc: RcFile) -> Further:
    """What `rc` does besides assigning.

    `rc_conf_files` names what rc.subr reads instead of rc.conf and rc.conf.local,
    and is looked at again once the first of them have been read.
    """
    files: dict[str, Place] = {}
    unknown: list[Place] = []
    sets: dict[str, Place] = {}
    ends: Place | None = None
    for command in map(_run_by_name, rc.commands):
        name, line = command.words[0], rc.line_at(command.start)
        if name in _SOURCES:
            path = _text(rc, command.values[1]) if len(command.values) > 1 else None
            if path and path.startswith("/"):
                files.setdefault(path.lstrip("/"), line)
            else:
                unknown.append(line)
        elif name in _ENDS and not command.in_braces:
            ends = ends or line
        elif name in SETS:
            said = " ".join(command.words[1:])
            named = [*command.before, *_NAME.findall(said)]
            about = [one for one in named if _is_interfaces(one)]
            sets.update((one, line) for one in about if one not in sets)
            if name == "eval" and not about and None in command.values:
                unknown.append(line)
    listed = "rc_conf_files"
    if rc.is_unknown(listed):
        unknown.append(rc.line(listed))
    for path in (rc.value(listed) or "").split():
        if path.lstrip("/") not in _READ_ANYWAY:
            files.setdefault(path.lstrip("/"), rc.line(listed))
    return Further(files, tuple(unknown), sets, ends)


def _run_by_name(command: Command) -> Command:
    """The command without words before it that have the shell run the built-in of its name."""
    words = command.words
    while len(words) > 1 and words[0] in _BY_NAME and not words[1].startswith("-"):
        words = words[1:]
    return command._replace(words=words, values=command.values[-len(words) :])


def _is_interfaces(name: str) -> bool:
    """Whether a variable is of an interface; `ifconfig_$` may be of any."""
    return name == "ifconfig_$" or interface_part(name.rstrip("$")) is not None


def _text(rc: RcFile, parts: tuple[Part, ...] | None) -> str | None:
    """What a word says; None where only the shell knows."""
    text = ""
    for part in parts or ():
        known = rc.value(part.name) if isinstance(part, Reference) else part
        if known is None:
            return None
        text += known
    return text if parts is not None else None
