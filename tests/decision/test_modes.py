"""What each pair needs: every branch with its reason and its evidence."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.model import Decision, Inventory, Kind, Mode, Severity
from tests.building import (
    NEW_KERNEL,
    decided,
    freebsd,
    hn,
    linux,
    mce,
    nic,
    stacked,
    synthetic,
    vf,
)


def one(inventory: Inventory, **settings: Any) -> Decision:
    (decision,) = decided(inventory, **settings).decisions
    return decision


def virtio_pair(**more: Any) -> Inventory:
    standby = nic("eth0", driver="virtio_net", bus="virtio", **more)
    return linux(standby, nic("ens17", driver="e1000e", **more), kernel=NEW_KERNEL)


def test_a_vf_whose_master_is_the_synthetic_nic_is_the_kernels_on_any_release() -> None:
    decision = one(linux(synthetic(), vf(master="eth0"), kernel="3.10.0-1160.el7.x86_64"))
    assert decision.mode is Mode.TRANSPARENT
    assert decision.reason == (
        "the kernel has made eth0 the master of enP0s1, so the settings stay on eth0"
    )
    assert decision.evidence == ("enP0s1: master eth0", "eth0: driver hv_netvsc")


@pytest.mark.parametrize("primary", ["present", "absent"])
def test_net_failover_owns_its_pair(primary: str) -> None:
    standby = nic("eth0nsby", driver="virtio_net", bus="virtio", master="eth0")
    above = nic("eth0", driver="virtio_net", bus="virtio", kind=Kind.FAILOVER)
    nics = [above, standby]
    if primary == "present":
        nics.append(nic("ens17", driver="e1000e", master="eth0"))
    decision = one(linux(*nics, kernel=NEW_KERNEL))
    assert decision.mode is Mode.TRANSPARENT
    assert decision.reason.startswith("the kernel's net_failover eth0 owns the pair")
    assert decision.evidence == ("eth0nsby: master eth0", "eth0: a failover master")


@pytest.mark.parametrize("release", ["4.14.0", "4.14.336-rc1", "6.1.0-18-cloud-amd64", "10.0"])
@pytest.mark.parametrize("nics", [(synthetic(), vf()), (synthetic(),)])
def test_hv_netvsc_takes_the_vf_itself_since_4_14(release: str, nics: tuple[Any, ...]) -> None:
    decision = one(linux(*nics, kernel=release))
    assert decision.mode is Mode.TRANSPARENT
    major_minor = ".".join(release.split(".")[:2])
    assert decision.reason == (
        f"hv_netvsc of Linux {major_minor} takes the VF itself, so the settings stay on eth0"
    )
    assert decision.evidence == (f"kernel {release}", "eth0: driver hv_netvsc on vmbus")


@pytest.mark.parametrize(
    "release",
    [
        "4.9.0-13-amd64",
        "4.13.0-45-generic",
        "3.10.0-514.16.1.el7.x86_64",
        "4.9",
        "4.1.12-124.14.1.el7uek.x86_64",
    ],
)
def test_hv_netvsc_before_4_14_leaves_the_pair_to_a_bond(release: str) -> None:
    decision = one(linux(synthetic(), vf(), kernel=release))
    assert decision.mode is Mode.AGGREGATE
    assert decision.reason == (
        f"hv_netvsc of Linux {release} leaves the pair to a bond, and eth0 and enP0s1 are one card"
    )
    assert decision.evidence == (
        f"kernel {release}",
        "eth0: driver hv_netvsc",
        "enP0s1: no master",
        "enP0s1: driver mlx5_core, pci, MAC 00:0d:3a:00:00:00 as eth0",
    )


@pytest.mark.parametrize("release", ["", "nonsense"])
def test_of_an_unknown_release_the_vf_itself_is_the_evidence(release: str) -> None:
    decision = one(linux(synthetic(), vf(), kernel=release))
    assert decision.mode is Mode.AGGREGATE
    assert decision.reason == (
        "the kernel has not made eth0 the master of its VF, and eth0 and enP0s1 are one card"
    )
    assert "enP0s1: no master" in decision.evidence
    assert one(linux(synthetic(), vf(master="eth0"), kernel=release)).mode is Mode.TRANSPARENT


def test_of_an_unknown_release_without_a_vf_a_kernel_of_today_is_assumed() -> None:
    decisions = decided(linux(synthetic(), kernel=""), aggregate="always")
    assert [decision.mode for decision in decisions.decisions] == [Mode.TRANSPARENT]
    assert decisions.decisions[0].reason == (
        "the kernel's release is unknown, and hv_netvsc takes the VF itself since Linux 4.14, "
        "so the settings stay on eth0"
    )
    assert decisions.decisions[0].evidence[0] == "kernel unknown"


def test_a_driver_named_hv_netvsc_that_is_not_on_vmbus_leaves_the_pair_to_us() -> None:
    other = nic("eth0", driver="hv_netvsc", bus="virtio")
    decision = one(linux(other, vf(), kernel=NEW_KERNEL))
    assert decision.mode is Mode.AGGREGATE
    assert decision.reason.startswith("the kernel does not own pairs of hv_netvsc")


def test_a_pair_of_virtio_net_is_ours_on_any_release() -> None:
    decision = one(virtio_pair(), synthetic_drivers=["virtio_net"])
    assert decision.mode is Mode.AGGREGATE
    assert decision.reason == (
        "the kernel does not own pairs of virtio_net, and eth0 and ens17 are one card"
    )


def test_freebsd_in_transparent_mode_drives_the_vf_itself() -> None:
    decision = one(freebsd(hn(), mce(), transparent=True))
    assert decision.mode is Mode.TRANSPARENT
    assert decision.reason == (
        "hw.hn.vf_transparent is 1: hn(4) drives the VF itself, so the settings stay on hn0"
    )
    assert decision.evidence == ("sysctl hw.hn.vf_transparent=1",)


def test_freebsd_in_non_transparent_mode_leaves_the_pair_to_a_lagg() -> None:
    decision = one(freebsd(hn(), mce(), transparent=False))
    assert decision.mode is Mode.AGGREGATE
    assert decision.reason == (
        "hw.hn.vf_transparent is 0, so the kernel leaves the pair to a lagg, "
        "and hn0 and mce0 are one card"
    )
    assert decision.evidence[0] == "sysctl hw.hn.vf_transparent: 0"


def test_a_freebsd_without_the_sysctl_is_an_old_one_and_non_transparent() -> None:
    decision = one(freebsd(hn(), mce(), transparent=None))
    assert decision.mode is Mode.AGGREGATE
    assert decision.reason.startswith("this kernel has no hw.hn.vf_transparent")
    assert decision.evidence[0] == "sysctl hw.hn.vf_transparent: absent"


def test_on_freebsd_every_hn_gets_a_lagg_since_the_vf_may_come_later() -> None:
    decision = one(freebsd(hn()))
    assert decision.mode is Mode.AGGREGATE
    assert decision.reason.endswith("and the VF of hn0 may come later")
    assert decision.evidence[-1] == "hn0: no VF with 00:0d:3a:00:00:00"


def test_the_sysctl_of_hn_says_nothing_about_pairs_of_another_driver() -> None:
    vtnet = nic("vtnet0", driver="vtnet", bus="virtio")
    inventory = freebsd(vtnet, nic("ix0", driver="ix"), transparent=True)
    decision = one(inventory, synthetic_drivers=["vtnet"])
    assert decision.mode is Mode.AGGREGATE
    assert decision.reason.startswith("the kernel does not own pairs of vtnet")
    assert not any("vf_transparent" in line for line in decision.evidence)


def test_on_linux_a_synthetic_nic_whose_vf_is_away_is_left_alone() -> None:
    decision = one(linux(synthetic()))
    assert decision.mode is Mode.SYNTHETIC_ONLY
    assert decision.reason == (
        "no VF shares the MAC address of eth0 now ('aggregate: always' prepares for one)"
    )
    assert decision.evidence == ("eth0: no VF with 00:0d:3a:00:00:00",)


@pytest.mark.parametrize("inventory", [linux(synthetic()), freebsd(hn())])
def test_always_prepares_a_synthetic_nic_for_a_vf_that_is_away(inventory: Inventory) -> None:
    decisions = decided(inventory, aggregate="always")
    assert decisions.decisions[0].mode is Mode.AGGREGATE
    assert "'aggregate: always' prepares" in decisions.decisions[0].reason
    assert decisions.findings == ()


@pytest.mark.parametrize("kind", [Kind.BOND, Kind.LAGG])
def test_an_aggregate_that_exists_is_kept_and_named(kind: Kind) -> None:
    if kind is Kind.LAGG:
        inventory = freebsd(hn(master="lagg7"), mce(), stacked("lagg7", kind, ("hn0",)))
    else:
        inventory = linux(synthetic(master="lagg7"), vf(), stacked("lagg7", kind, ("eth0",)))
    decision = one(inventory)
    name = inventory.nics[0].name
    assert (decision.mode, decision.aggregate) == (Mode.AGGREGATE, "lagg7")
    assert decision.reason == f"lagg7 already exists over {name}, and the VF joins it"
    assert decision.evidence[0] == f"{name}: master lagg7"


def test_an_aggregate_over_the_synthetic_nic_is_kept_while_the_vf_is_away() -> None:
    bond = stacked("bond3", Kind.BOND, ("eth0",))
    decision = one(linux(synthetic(master="bond3"), bond))
    assert (decision.mode, decision.aggregate) == (Mode.AGGREGATE, "bond3")


def test_a_bridge_over_the_synthetic_nic_is_no_aggregate() -> None:
    bridge = stacked("br0", Kind.BRIDGE, ("eth0",))
    assert one(linux(synthetic(master="br0"), vf(), bridge)).aggregate is None


@pytest.mark.parametrize(
    ("setting", "shown"),
    [({"aggregate": "never"}, "aggregate: never"), ({"enabled": False}, "enabled: false")],
)
def test_never_and_disabled_leave_the_settings_on_the_synthetic_nic(
    setting: dict[str, Any], shown: str
) -> None:
    for inventory in (linux(synthetic(), vf()), freebsd(hn(), mce())):
        decision = one(inventory, **setting)
        assert decision.mode is Mode.SYNTHETIC_ONLY
        assert decision.reason.startswith(f"hyperv_net is set to '{shown}'")
        assert decision.evidence[0] == f"setting {shown}"


def test_disabled_outranks_always() -> None:
    decisions = decided(linux(synthetic(), kernel=NEW_KERNEL), aggregate="always", enabled=False)
    assert decisions.findings == ()


@pytest.mark.parametrize(
    ("inventory", "why"),
    [
        (linux(synthetic(), vf(master="eth0"), kernel=NEW_KERNEL), "EBUSY"),
        (linux(synthetic(), kernel=NEW_KERNEL), "EBUSY"),
        (freebsd(hn(), mce(), transparent=True), "would never see the VF"),
    ],
)
def test_always_on_a_pair_that_the_kernel_owns_is_an_error_that_says_why(
    inventory: Inventory, why: str
) -> None:
    decisions = decided(inventory, aggregate="always")
    assert [decision.mode for decision in decisions.decisions] == [Mode.TRANSPARENT]
    (finding,) = decisions.findings
    assert (finding.rule, finding.severity) == ("kernel-owns-pair", Severity.ERROR)
    assert why in finding.message
    assert finding.hint


def test_auto_on_a_pair_that_the_kernel_owns_is_no_finding() -> None:
    assert decided(linux(synthetic(), vf(master="eth0"), kernel=NEW_KERNEL)).findings == ()


def test_a_vf_without_a_synthetic_nic_is_an_ordinary_nic() -> None:
    decision = one(linux(nic("enP1s1", driver="mana"), kernel=NEW_KERNEL), aggregate="always")
    assert decision.mode is Mode.VF_ONLY
    assert decision.reason == (
        "no synthetic NIC has the MAC address of enP1s1, so it is an ordinary NIC"
    )
    assert decision.evidence[0] == "enP1s1: driver mana"
