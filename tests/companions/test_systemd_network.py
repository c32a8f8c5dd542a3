"""The files for systemd as text; the lab has networkd and udev act on them."""

from __future__ import annotations

from configparser import RawConfigParser
from fnmatch import fnmatchcase

import pytest

from hyperv_net.companions.udev_rules import JOINED_BY_RULE, udev_rules
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, RenderedFile, System
from hyperv_net.renderers import load
from hyperv_net.renderers.networkd.paths import JOINED_FILE, TRANSPARENT_FILE
from hyperv_net.renderers.networkmanager.paths import BOND_FILE

MAC = "00:0d:3a:11:22:33"
OTHER = "00:0d:3a:11:22:34"
PAIR = WantedPair(MAC, Mode.AGGREGATE, "eth0", ("hv_netvsc",), "bond0", primary=True)
SECOND = PAIR._replace(mac=OTHER, synthetic="eth1", aggregate="bond1")
TRANSPARENT = WantedPair(OTHER, Mode.TRANSPARENT, "eth1", ("hv_netvsc",))
TARGETS = ("netplan", "networkd", "network-manager", "sysconfig", "ifupdown")


def files(target: str, *pairs: WantedPair) -> dict[str, RenderedFile]:
    made = load(target).beside(Wanted(System.LINUX, target, pairs))
    return {file.path: file for file in made}


def parsed(file: RenderedFile) -> RawConfigParser:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(file.text)
    return parser


def unmanaged(file: str, *, mac: str, driver: str, devtype: str = "ether") -> bool:
    """Whether networkd leaves a device alone, as systemd.network(5) says that it matches."""
    match: dict[str, list[str]] = {}
    for line in file.split("[Link]")[0].splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            match.setdefault(key, []).append(value)
    (drivers,), (sort,) = match.pop("Driver"), match.pop("Type")
    assert match.keys() == {"MACAddress"} and drivers.startswith("!")
    return (
        mac in match["MACAddress"]
        and devtype == sort
        and not any(fnmatchcase(driver, one) for one in drivers[1:].split())
    )


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_has_the_files_that_it_needs(target: str) -> None:
    networkd = target in ("netplan", "networkd")
    named = target in ("network-manager", "sysconfig")
    assert list(files(target, TRANSPARENT)) == [TRANSPARENT_FILE] * networkd
    assert list(files(target, PAIR)) == [JOINED_FILE] * networkd + [BOND_FILE] * named
    both = files(target, PAIR, TRANSPARENT)
    assert list(both) == [
        one
        for one in (TRANSPARENT_FILE, JOINED_FILE, BOND_FILE)
        if (one == BOND_FILE) == named and one in both
    ]
    assert len(both) == 2 * networkd + named
    assert files(target) == {}


def test_networkd_leaves_the_vfs_of_transparent_pairs_alone_and_nothing_else() -> None:
    """By what the kernel says of a device, so that no udev property can be late."""
    second = TRANSPARENT._replace(mac=MAC, synthetic_drivers=("virtio_net",))
    file = files("netplan", TRANSPARENT, second)[TRANSPARENT_FILE]
    assert unmanaged(file.text, mac=MAC, driver="mlx5_core")
    assert unmanaged(file.text, mac=OTHER, driver="mana")
    assert not unmanaged(file.text, mac="00:0d:3a:11:22:35", driver="mlx5_core")
    for driver in ("hv_netvsc", "virtio_net", "net_failover", "ipvlan", "macvlan"):
        assert not unmanaged(file.text, mac=MAC, driver=driver), driver
    assert not unmanaged(file.text, mac=MAC, driver="802.1Q VLAN Support", devtype="vlan")
    assert parsed(file)["Link"]["Unmanaged"] == "yes"


def test_networkd_leaves_a_vf_of_an_aggregate_alone_by_what_the_rule_sets() -> None:
    """Where the rule is lost, no device has the property, and networkd joins the VF itself."""
    parser = parsed(files("netplan", PAIR, SECOND)[JOINED_FILE])
    assert dict(parser["Match"]) == {"Property": f"{JOINED_BY_RULE}=1"}
    assert dict(parser["Link"]) == {"Unmanaged": "yes"}
    rules = udev_rules(Wanted(System.LINUX, "netplan", (PAIR,))).text
    assert f'ENV{{{JOINED_BY_RULE}}}="1"' in rules


def test_a_bond_without_a_mac_in_its_configuration_gets_none_of_udevs() -> None:
    """It has that of its first member then, and a switch of Hyper-V takes no other."""
    parser = parsed(files("network-manager", PAIR, SECOND, TRANSPARENT)[BOND_FILE])
    assert dict(parser["Match"]) == {"OriginalName": "bond0 bond1"}
    assert dict(parser["Link"]) == {"MACAddressPolicy": "none"}


def test_each_comes_before_those_that_would_be_used_instead() -> None:
    """Of netplan, of cloud-init's renderer for networkd, of systemd; an administrator's is used."""
    for path in (TRANSPARENT_FILE, JOINED_FILE):
        assert path.rpartition("/")[2] < "10-cloud-init-ens17.network" < "10-netplan-vf.network"
    assert "20-bond0.link" < BOND_FILE.rpartition("/")[2] < "99-default.link"


def test_a_name_that_would_match_more_is_an_error() -> None:
    with pytest.raises(HypervNetError, match="not an interface name"):
        files("network-manager", PAIR._replace(aggregate="bond0 *"))
