"""What the aggregate of a pair is called, beside what bears a name already."""

from __future__ import annotations

from hyperv_net.model import Kind
from tests.building import freebsd, hn, linux, mce, nic, rewritten, stacked, synthetic, vf
from tests.rewrite.pairs import ONE, aggregates


def test_a_name_that_the_configuration_has_taken_gives_way_to_the_next() -> None:
    result = rewritten(
        "{version: 2, ethernets: {eth0: {}}, dummy-devices: {bond0: {}, bond1: {}}}", ONE
    )
    assert [name for name, _, _ in aggregates(result)] == ["bond2"]


def test_a_name_that_the_machine_has_taken_gives_way_to_the_next() -> None:
    other = stacked("bond0", Kind.BOND, ("eth7",), 7)
    inventory = linux(synthetic(), vf(), nic("eth7", 7, master="bond0"), other)
    result = rewritten("{version: 2, ethernets: {eth0: {}}}", inventory)
    assert [name for name, _, _ in aggregates(result)] == ["bond1"]


def test_an_aggregate_over_nothing_does_not_take_the_name() -> None:
    """The bonding module makes an empty bond0 by itself, and an earlier run may leave one."""
    inventory = linux(synthetic(), vf(), stacked("bond0", Kind.BOND, (), 9))
    result = rewritten("{version: 2, ethernets: {eth0: {}}}", inventory)
    assert [name for name, _, _ in aggregates(result)] == ["bond0"]


def test_the_name_of_a_running_aggregate_is_kept() -> None:
    inventory = linux(
        synthetic(master="bond5"), vf(master="bond5"), stacked("bond5", Kind.BOND, ("eth0",))
    )
    result = rewritten("{version: 2, ethernets: {eth0: {dhcp4: true}}}", inventory)
    assert aggregates(result) == [("bond5", "eth0", "eth0-vf")]


def test_the_unit_of_a_lagg_is_the_hn_devices_though_the_nic_is_renamed() -> None:
    result = rewritten(
        "{version: 2, ethernets: {eth0: {dhcp4: true}}}", freebsd(hn(3, "eth0"), mce(3))
    )
    assert aggregates(result) == [("lagg3", "eth0", "eth0-vf")]
    assert result.interfaces["eth0"] == "eth0"
    assert result.kernel_names["eth0"] == "hn3"


def test_who_gets_the_first_free_name_does_not_depend_on_the_kernels_names() -> None:
    text = """
        version: 2
        ethernets:
          lan: {match: {macaddress: "00:0d:3a:00:00:00"}, set-name: lan}
          wan: {match: {macaddress: "00:0d:3a:00:00:01"}, set-name: wan}
        """
    for names in (("a", "b"), ("b", "a")):
        nics = [synthetic(card, name) for card, name in enumerate(names)]
        result = rewritten(text, linux(*nics, vf(0), vf(1)))
        assert [(name, one) for name, one, _ in aggregates(result)] == [
            ("bond0", "lan"),
            ("bond1", "wan"),
        ]
