"""Findings that somebody knows of and means: told all the same, and counted no more.

An error says that some part could not be done, and stays true when it is allowed; `apply` takes no
such option, and refuses it as ever.  What it is for is the gate of a pipeline that would be red for
ever otherwise, and so be taken out.  So that one fault which was looked at does not let the next of
its kind pass, an error is allowed at its place alone; one that has no place, by its rule.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hyperv_net.facts import Finding, Severity
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.rules.catalogue import check_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hyperv_net.places import Place
    from hyperv_net.tree import Path

OPTION = "--allow"

#: The rule of an option that allows nothing.
NOTHING = "allowed-nothing"

#: `FILE:LINE: KEY`, of which any part may be missing; what is one alone is a file or a key.
_PATH = re.compile(
    r"(?P<file>.*?)(?::(?P<line>[0-9]+)(?::[0-9]+)?)?(?:: ?(?P<key>\D.*))?\Z", re.DOTALL
)
#: A key of a path, which `tree.format_path` has written: `.key`, `[1]` or `['odd key']`.
_KEY = re.compile(r"""\[(?:'([^']*)'|"([^"]*)"|([^]]*))\]|([^.[]+)""")


_ABOVE_ALL = ("network",)


class Allow(NamedTuple):
    """A rule that is allowed, at `path` or, where that is empty, wherever it is told."""

    rule: str
    path: str = ""

    def __str__(self) -> str:
        """As it was given."""
        return f"{self.rule}@{self.path}" if self.path else self.rule


class Judged(NamedTuple):
    """All findings, one for each option that allows nothing among them, and those allowed."""

    findings: tuple[Finding, ...]
    allowed: frozenset[Finding]


def parsed(text: str) -> Allow:
    """The option's value `RULE[@PATH]`.  Raises UsageError where there is no such rule."""
    rule, _, path = text.partition("@")
    check_known(rule, f"{OPTION} {text}")
    return Allow(rule, path)


def judged(findings: Sequence[Finding], allows: Iterable[Allow]) -> Judged:
    """Which of the findings are allowed."""
    found, notes = set[Finding](), []
    for allow in dict.fromkeys(allows):
        allowed = {one for one in findings if allows_it(allow, one)}
        found |= allowed
        if not allowed:
            notes.append(_nothing(allow, findings))
    return Judged((*findings, *notes), frozenset(found))


def allows_it(allow: Allow, finding: Finding) -> bool:
    """Whether the option is about this finding."""
    if allow.rule != finding.rule:
        return False
    if not allow.path:
        return finding.severity is not Severity.ERROR or not str(finding.where)
    where = finding.where
    if allow.path == str(where):
        return True
    return fnmatchcase(where, allow.path) if isinstance(where, str) else _fits(allow.path, where)


def _nothing(allow: Allow, findings: Iterable[Finding]) -> Finding:
    is_there = not allow.path and any(one.rule == allow.rule for one in findings)
    return Finding(
        NOTHING,
        Severity.NOTE,
        "an error is allowed at its place alone"
        if is_there
        else "no finding is of this rule" + (" at this place" if allow.path else ""),
        f"{OPTION} {allow}",
        f"add its place, as in {allow.rule}@FILE:KEY" if is_there else "take it out, or mend it",
    )


def _fits(path: str, place: Place) -> bool:
    found = _PATH.match(path)
    assert found is not None  # each of its parts may be empty
    file, line, key = found["file"], found["line"], found["key"]
    if line is None and key is None:
        return _is_file(file, place.file) or _is_above(file, place.key)
    return (
        (not file or _is_file(file, place.file))
        and (line is None or int(line) == place.line)
        and (key is None or _is_above(key, place.key))
    )


def _is_file(pattern: str, file: str) -> bool:
    """A file by its whole path, or by as much of its end as the pattern has."""
    pattern, file = pattern.lstrip("/"), file.lstrip("/")
    return fnmatchcase(file, pattern) or fnmatchcase(file, f"*/{pattern}")


def _is_above(pattern: str, key: Path) -> bool:
    """Whether the keys begin with those of the pattern, each of which may be a glob.

    What a network config may have above all its keys, findings name where it is there.
    """
    wanted = ["".join(filter(None, one.groups())) for one in _KEY.finditer(pattern)]
    if key[:1] == _ABOVE_ALL and wanted[:1] != [*_ABOVE_ALL]:
        key = key[1:]
    if not wanted or len(wanted) > len(key):
        return False
    return all(fnmatchcase(str(one), pattern) for one, pattern in zip(key, wanted))
