"""Where this program looks on a machine: patterns of paths, from those who read them."""

from __future__ import annotations

from hyperv_net import lint
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY
from hyperv_net.journal.kept import FILE, OLDER
from hyperv_net.lint import devd, names
from hyperv_net.plan.flow import reads
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import targets
from hyperv_net.renderers.known import KNOWN
from hyperv_net.root import cloud_config, cloud_init, system
from hyperv_net.root.extension import CLOUD_CFG_D, GRANT, GUARDS_MEMORY, PLUG, VERDICT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.facts import System

#: What this program has noted for `status` and `history`, and udev of each interface.
_RUN = tuple(f"{folder[1:]}/{below}" for folder in RUN_DIRECTORY.values() for below in ("*", "*/*"))
_JOURNAL = tuple(f"{folder}/{file}" for folder in KEPT_IN.values() for file in (OLDER, FILE))
_UDEV_OF_NICS = "run/udev/data/n*"

#: What a system calls itself (os-release(5), FreeBSD's freebsd-version(1)).
_RELEASE = ("etc/os-release", "usr/lib/os-release", "etc/version")


class Places(NamedTuple):
    """Patterns below a root: of files whose text counts, and of what counts by being there.

    Of the files `for_names` it is read which interfaces they name, and nothing else.
    """

    reads: tuple[str, ...]
    looks_for: tuple[str, ...]
    for_names: frozenset[str]


def places(of: System) -> Places:
    """All that a plan, the rules about images and the search for cloud-init ask of a root."""
    rules_read, rules_look_for = lint.asked()
    programs_read, programs_look_for = cloud_init.asked(of)
    read = (
        *(*_RELEASE, *rules_read, *programs_read, *_targets_read(of)),
        *(*cloud_config.CLOUD_CFG, *cloud_config.KEPT_BY_CLOUD_INIT, *cloud_config.CONFIG_DRIVE),
        *(cloud_config.KERNEL_COMMAND_LINE, VERDICT[of], *_RUN, *_JOURNAL, _UDEV_OF_NICS),
    )
    looked_for = (
        *(*rules_look_for, *programs_look_for, *_targets_look_for(of)),
        *(*system.ASKED, *GUARDS_MEMORY[of]),
        *(f"{CLOUD_CFG_D[of]}/{PLUG}", GRANT[of]),
    )
    of_others = {*programs_read, *_targets_read(of), *devd.READS}
    return Places(
        tuple(dict.fromkeys(read)),
        tuple(dict.fromkeys(looked_for)),
        frozenset(names.READS) - of_others,
    )


def _targets_read(of: System) -> Iterator[str]:
    for one in targets(of):
        yield from (*reads(one), *one.in_use, *one.asking.reads, *one.injecting.reads)
        if one.traces is not None:
            yield f"{one.traces[1:]}/*"


def _targets_look_for(of: System) -> Iterator[str]:
    for known in KNOWN:
        yield from (*known.evidence, *known.and_of, *known.unless)
    for one in targets(of):
        yield from (*one.evidence, *one.injecting.programs)
        for group in (*one.cloud_init.needs, *(shown_by for _, shown_by in one.packages)):
            yield from group
