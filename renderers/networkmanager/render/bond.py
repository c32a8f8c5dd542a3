"""A bond's parameters as [bond] has them.

NetworkManager loads no profile with a word that it does not know, or with options that do not go
together (verify() of nm-setting-bond.c in libnm-core-impl): such a one is refused here by itself.
"""

from __future__ import annotations

from hyperv_net.companions.udev_rules import RULES_FILE
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times, values
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY, parameters
from hyperv_net.renderers.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import Any

    from hyperv_net.renderers.networkmanager.render.profile import Profile
    from hyperv_net.tree import Node, Path

    Check = Callable[[object], Any]

#: The kernel's modes, by their numbers (bonding.rst).
MODES = (
    *("balance-rr", "active-backup", "balance-xor", "broadcast"),
    *("802.3ad", "balance-tlb", "balance-alb"),
)
_WITH_PRIMARY = ("active-backup", "balance-tlb", "balance-alb")
_WITH_ARP = ("balance-rr", "active-backup", "balance-xor", "broadcast")


def _flag(value: object) -> int:
    return int(values.boolean(value))


def _one_of(*known: str) -> Check:
    """A word, or the kernel's number of it."""

    def check(value: object) -> str:
        text = str(value)
        if text in known:
            return text
        if text.isascii() and text.isdigit() and int(text[:3]) < len(known):
            return known[int(text[:3])]
        raise RefusedError(f"none of {', '.join(known)}")

    return check


def _at_most(largest: int) -> Check:
    def check(value: object) -> int:
        number = values.number(value)
        if number > largest:
            raise RefusedError(f"more than {largest}")
        return number

    return check


#: netplan's key → the kernel's option, as NetworkManager calls it.
_OPTIONS: Mapping[str, tuple[str, Check]] = {
    "mode": ("mode", _one_of(*MODES)),
    "mii-monitor-interval": ("miimon", times.milliseconds),
    "up-delay": ("updelay", times.milliseconds),
    "down-delay": ("downdelay", times.milliseconds),
    "lacp-rate": ("lacp_rate", _one_of("slow", "fast")),
    "min-links": ("min_links", values.number),
    "transmit-hash-policy": (
        "xmit_hash_policy",
        _one_of("layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"),
    ),
    "ad-select": ("ad_select", _one_of("stable", "bandwidth", "count")),
    "all-slaves-active": ("all_slaves_active", _flag),
    "all-members-active": ("all_slaves_active", _flag),
    "arp-interval": ("arp_interval", times.milliseconds),
    "arp-validate": (
        "arp_validate",
        _one_of("none", "active", "backup", "all", "filter", "filter_active", "filter_backup"),
    ),
    "arp-all-targets": ("arp_all_targets", _one_of("any", "all")),
    "fail-over-mac-policy": ("fail_over_mac", _one_of("none", "active", "follow")),
    "gratuitous-arp": ("num_grat_arp", _at_most(255)),
    "gratuitious-arp": ("num_grat_arp", _at_most(255)),
    "packets-per-slave": ("packets_per_slave", _at_most(65535)),
    "packets-per-member": ("packets_per_slave", _at_most(65535)),
    "primary-reselect-policy": ("primary_reselect", _one_of("always", "better", "failure")),
    "resend-igmp": ("resend_igmp", _at_most(255)),
    "learn-packet-interval": ("lp_interval", times.seconds),
}
#: Options that go with some modes alone.
_IN_MODES: Mapping[str, tuple[str, ...]] = {
    "primary": _WITH_PRIMARY,
    "lacp_rate": ("802.3ad",),
    "packets_per_slave": ("balance-rr",),
    **dict.fromkeys(("arp_interval", "arp_ip_target", "arp_validate"), _WITH_ARP),
}


def make_bond(
    made: Profile, rest: dict[str, Node], vfs: Collection[str], known: Mapping[str, str]
) -> None:
    """[bond]; `vfs` are the ids of VFs, and `known` has the names of the NICs that are there."""
    paths: dict[str, Path] = {}
    for key, node in parameters(rest):
        path: Path = ("parameters", key)
        try:
            option, value = _option(key, node, vfs, known)
            if option in paths:
                raise RefusedError(f"{option} is said already")
            if value is None:
                made.placed[path] = f"{RULES_FILE}, since the VF has no name yet"
                continue
            made.set("bond", option, value, path)
            paths[option] = path
        except RefusedError as refusal:
            made.refused[path] = str(refusal)
    said = made.sections.setdefault("bond", {})
    # What netplan and the kernel take it for.
    said.setdefault("mode", MODES[0])
    for option, reason in list(_misfits(said)):
        del said[option]
        made.placed.pop(paths[option], None)
        made.refused[paths[option]] = reason
    if "num_grat_arp" in said:
        # Both names are of one option, and the second is set last.
        said["num_unsol_na"] = said["num_grat_arp"]


def _option(
    key: str, node: Node, vfs: Collection[str], known: Mapping[str, str]
) -> tuple[str, object]:
    """A parameter as the option and its value: None for the name of a VF that is away."""
    if key in _OPTIONS:
        option, check = _OPTIONS[key]
        return option, check(node.value)
    if key == "arp-ip-targets":
        return "arp_ip_target", ",".join(values.address(each.value) for each in node.elements())
    if key == "primary":
        member = str(node.value)
        if member in vfs and member not in known:
            return "primary", None
        return "primary", values.name(known.get(member, member))
    raise RefusedError(NO_WAY)


def _misfits(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Options that do not go with the others, and why."""
    for option, modes in _IN_MODES.items():
        if option in said and said["mode"] not in modes:
            yield option, f"NetworkManager takes it in mode {' or '.join(modes)} alone"
    has_targets = bool(said.get("arp_ip_target"))
    watches = said.get("arp_interval", "0") != "0" and said["mode"] in _WITH_ARP
    if said["mode"] in _WITH_ARP:
        if "arp_ip_target" in said and not (watches and has_targets):
            yield "arp_ip_target", "NetworkManager takes it with arp-interval alone"
        if watches and not has_targets:
            yield "arp_interval", "NetworkManager takes it with arp-ip-targets alone"
    if watches and has_targets and said.get("miimon", "0") != "0":
        yield "miimon", "a bond watches its links by ARP or by MII, and this one by ARP"
    if said.get("miimon") == "0":
        for option in ("updelay", "downdelay"):
            if said.get(option, "0") != "0":
                yield option, "NetworkManager takes it with mii-monitor-interval alone"
