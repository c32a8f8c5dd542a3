"""The files that go with a plan beside those of its target: what the running machine needs.

They say which pairs there are and what was decided for them, so that a VF that
comes back is joined, or left to the kernel, without reading a network config.
A machine with transparent pairs alone has them too, though nothing else of its
configuration is touched; one without a pair has none.
"""

from __future__ import annotations

from hyperv_net.companions.udev_rules import RULES_FILE, udev_rules
from hyperv_net.companions.wanted_file import wanted_file, wanted_from
from hyperv_net.hotplug.wanted import PATHS
from hyperv_net.model import Finding, Severity, System
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import targets
from hyperv_net.renderers.given_names import given_names
from hyperv_net.rewrite.work import set_names
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hyperv_net.model import Decision, RenderedFile, Rewritten
    from hyperv_net.renderers.target import Target

NO_FILES: Mapping[str, str] = {}


def reads() -> tuple[str, ...]:
    """The paths of all companions there can be, below the root, whatever the target."""
    of_targets = (path for target in targets() for path in target.beside_files)
    return (*PATHS.values(), RULES_FILE, *dict.fromkeys(of_targets))


def companions(
    rewritten: Rewritten,
    decisions: Iterable[Decision],
    target: Target,
    texts: Mapping[str, str] = NO_FILES,
) -> tuple[RenderedFile, ...]:
    """The companions of a plan; none where no pair has an aggregate or is the kernel's.

    `texts` are the target's files as they are to be, by their paths: what names NICs there.

    Raises HypervNetError for a pair that no udev rule can be made for.
    """
    if not rewritten.settings.enabled:
        return ()
    wanted = wanted_from(rewritten, decisions, target.name)
    if not wanted.pairs:
        return ()
    found = [wanted_file(wanted)]
    if wanted.system is System.LINUX:
        found.append(udev_rules(wanted, _given(rewritten, texts)))
    found += target.beside(wanted)
    return tuple(found)


def _given(rewritten: Rewritten, texts: Mapping[str, str]) -> frozenset[str]:
    """The names that NICs are given: by `set-name`, by a rule of udev's or by a `.link`."""
    ethernets = rewritten.tree.get("ethernets") or Node({})
    said = set_names(entry for _, entry in ethernets.items())
    return frozenset((*said, *(one.name for one in given_names(texts) if one.name)))


def leftovers(existing: Mapping[str, str], files: Iterable[RenderedFile]) -> list[Finding]:
    """The companions of an earlier run that are none of this one."""
    current = {file.path for file in files}
    return [
        Finding(
            rule="leftover",
            severity=Severity.WARNING,
            message="an earlier run wrote this for pairs that are not there or not decided so now",
            where=Place(path),
            hint="remove it if they will not come back",
        )
        for path in reads()
        if path in existing and path not in current
    ]
