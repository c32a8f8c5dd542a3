"""From a rewritten configuration to a system that follows it: a folder for each target.

All that is known of a target is in its folder, and nowhere else.  Its `__init__` has
TARGET, the record of `hyperv_net.renderers.target`.  To add one: write such a folder,
and a line in TARGETS (CONTRIBUTING.md goes through it).
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.facts import System
    from hyperv_net.renderers.target import Target

TARGETS: dict[str, str] = {
    "freebsd": "hyperv_net.renderers.freebsd",
    "netplan": "hyperv_net.renderers.netplan",
    "ifupdown": "hyperv_net.renderers.ifupdown",
    "network-manager": "hyperv_net.renderers.networkmanager",
    "networkd": "hyperv_net.renderers.networkd",
    "sysconfig": "hyperv_net.renderers.sysconfig",
}
"""Target → the package that has its record.

Of two targets that a root shows signs of, the first is taken for it: systemd brings its networkd
to roots that something else configures.
"""


def load(name: str) -> Target:
    """The record of a target; KeyError where there is no such target."""
    target: Target = __import__(TARGETS[name], fromlist=("",)).TARGET
    return target


def targets(system: System | None = None) -> Iterator[Target]:
    """The records of all targets, or of those of one system, in the order of TARGETS."""
    for name in TARGETS:
        target = load(name)
        if system is None or target.system is system:
            yield target


def of_kind(system: System) -> Target:
    """The target of a kind of machine, of which there are no files: the first of its system."""
    return next(targets(system))


def of_system(system: System) -> Target | None:
    """The target that every machine of the system has; None where something else has to tell."""
    return next((one for one in targets(system) if one.is_systems_own), None)


def of_cloud_init(name: str) -> Target | None:
    """The target that cloud-init has a renderer of this name for; None where there is none."""
    # Most bear the same name in both, and this runs while a machine boots.
    for one in sorted(TARGETS, key=lambda target_name: target_name != name):
        target = load(one)
        if target.cloud_init.name == name:
            return target
    return None
