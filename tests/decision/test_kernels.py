"""Whose hv_netvsc takes the VF, by the release: upstream's, and what distributions took back."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.decision.kernels import kernel_release
from hyperv_net.model import Decision, Inventory, Kind, Mode, Severity
from tests.building import decided, linux, stacked, synthetic, vf


def one(inventory: Inventory) -> Decision:
    (decision,) = decided(inventory).decisions
    return decision


@pytest.mark.parametrize("nics", [(synthetic(), vf()), (synthetic(),)])
@pytest.mark.parametrize(
    ("release", "distribution"),
    [
        ("3.10.0-693.el7.x86_64", "RHEL 7.4 and later"),
        ("3.10.0-1160.119.1.el7.x86_64", "RHEL 7.4 and later"),
        ("4.4.180-94.121-default", "SLES 12 SP3"),
        ("4.12.14-95.3-default", "SLES 12 SP4 and later"),
        ("4.12.14-lp151.28.10-default", "SLES 12 SP4 and later"),
        ("4.12.14-122.37-azure", "SLES 12 SP4 and later"),
    ],
)
def test_hv_netvsc_takes_the_vf_where_the_distribution_brought_it_back(
    release: str, distribution: str, nics: tuple[Any, ...]
) -> None:
    """The VF has no master yet where the machine is looked at early in its boot."""
    decisions = decided(linux(*nics, kernel=release), aggregate="always")
    (decision,) = decisions.decisions
    assert decision.mode is Mode.TRANSPARENT
    assert decision.reason == (
        f"hv_netvsc of Linux {release} ({distribution}) takes the VF itself, "
        "so the settings stay on eth0"
    )
    assert [one.severity for one in decisions.findings] == [Severity.ERROR]


@pytest.mark.parametrize("nics", [(synthetic(), vf()), (synthetic(),)])
@pytest.mark.parametrize(
    ("release", "distribution"),
    [
        ("4.4.73-5-default", "SLES 12 SP3"),
        ("4.4.121-92.92-default", "SLES 12 SP3"),
        ("4.11.0-1009-azure", "Ubuntu for Azure"),
        ("4.11.0-1011-azure", "Ubuntu for Azure"),
        ("4.13.0-1018-azure", "Ubuntu for Azure"),
    ],
)
def test_where_a_backport_is_not_certain_the_reason_says_so_and_always_does_not_contradict_it(
    release: str, distribution: str, nics: tuple[Any, ...]
) -> None:
    decisions = decided(linux(*nics, kernel=release), aggregate="always")
    (decision,), (finding,) = decisions.decisions, decisions.findings
    assert decision.mode is Mode.TRANSPARENT
    assert decision.reason == (
        f"Linux {release} may have the hv_netvsc of {distribution}, which takes the VF itself, "
        "so the settings stay on eth0"
    )
    assert (finding.rule, finding.severity) == ("kernel-owns-pair", Severity.WARNING)
    assert "'aggregate: always' is not done" in finding.message


def test_ubuntus_4_4_is_no_kernel_of_sles() -> None:
    """All of its releases say 4.4.0, where SUSE's follow the updates of 4.4."""
    decision = one(linux(synthetic(), vf(), kernel="4.4.0-1013-azure"))
    assert decision.mode is Mode.AGGREGATE


@pytest.mark.parametrize("release", ["3.10.0-1160.el7.x86_64", "4.4.121-92.92-default", "6.1.0"])
def test_a_bond_over_both_outranks_what_the_release_says(release: str) -> None:
    """A VF that the kernel has taken is refused by bonding; a synthetic NIC alone is not."""
    bond = stacked("bond0", Kind.BOND)
    machine = linux(synthetic(master="bond0"), vf(master="bond0"), bond, kernel=release)
    assert one(machine).mode is Mode.AGGREGATE
    over_one = linux(synthetic(master="bond0"), vf(), bond, kernel=release)
    assert one(over_one).mode is Mode.TRANSPARENT


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("4.13.0-1018-azure", (4, 13)),
        ("6.1", (6, 1)),
        ("14.1-RELEASE-p5", (14, 1)),
        ("", None),
        ("nonsense", None),
        ("6", None),
        ("v6.1", None),
        ("99999.1", None),
    ],
)
def test_a_release_is_its_two_leading_numbers(text: str, release: tuple[int, int] | None) -> None:
    assert kernel_release(text) == release


@pytest.mark.parametrize("nics", [(synthetic(), vf()), (synthetic(),)])
@pytest.mark.parametrize("release", ["4.9.0-13-amd64", "4.4.73-5-default", "6.1.0", ""])
def test_what_hv_netvsc_counts_outranks_every_release(release: str, nics: tuple[Any, ...]) -> None:
    """A backport has the counters too, and is found before a VF has come."""
    eth0, *rest = nics
    counting = linux(eth0._replace(counts_vf=True), *rest, kernel=release)
    decisions = decided(counting, aggregate="always")
    (decision,), (finding,) = decisions.decisions, decisions.findings
    assert (decision.mode, finding.severity) == (Mode.TRANSPARENT, Severity.ERROR)
    assert "hv_netvsc counts what a VF of eth0 carries" in decision.reason
    assert "eth0: counters vf_* (ethtool -S)" in decision.evidence
    without = linux(eth0._replace(counts_vf=False), *rest, kernel=release)
    (decision,) = decided(without, aggregate="always").decisions
    assert decision.mode is Mode.AGGREGATE
    assert "eth0: no counters vf_* (ethtool -S)" in decision.evidence


def test_a_master_or_a_bond_that_is_there_outranks_the_counters() -> None:
    eth0 = synthetic(counts_vf=False)
    assert one(linux(eth0, vf(master="eth0"))).mode is Mode.TRANSPARENT
    bond = stacked("bond0", Kind.BOND)
    both = linux(synthetic(master="bond0", counts_vf=True), vf(master="bond0"), bond)
    assert one(both).mode is Mode.AGGREGATE
