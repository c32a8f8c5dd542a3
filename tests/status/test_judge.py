"""Which findings make a pair unhealthy, and which do not: each on the tree of a real machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, Severity, System
from tests.status.scenes import ADDRESSES, BOND, NETPLAN, Scene

IFUPDOWN = NETPLAN._replace(target="ifupdown")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A bond of a real kernel with both members, the VF carrying traffic."""
    return Scene(tmp_path)


def test_a_bond_with_both_members_is_healthy(scene: Scene) -> None:
    assert scene.rules() == []
    assert scene.verdict().is_healthy


def test_a_vf_that_is_there_and_not_in_its_aggregate_is_unhealthy_and_the_reason_is_said(
    scene: Scene,
) -> None:
    scene.out_of_its_master("ens17")
    scene.nic("ens17", flags="0x1002", operstate="down")
    scene.bonding(active_slave="eth0")
    why = "cannot set the MTU of ens17 (9000): Invalid argument"
    scene.reconciled(failures=("cannot join ens170 to bond0: no", why))
    assert "error vf-not-joined ens17" in scene.rules()
    messages = {one.rule: one.message for one in scene.verdict().findings}
    assert messages["vf-not-joined"] == f"ens17 is not in bond0: {why}"


def test_an_aggregate_that_is_missing_is_unhealthy(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "virtio-bare", NETPLAN)
    rules = scene.rules()
    assert rules[:2] == ["error aggregate-missing bond0", "error vf-not-joined ens17"]


def test_an_aggregate_of_another_mode_is_unhealthy(scene: Scene) -> None:
    scene.bonding(mode="balance-rr 0")
    (finding,) = (one for one in scene.verdict().findings if one.rule == "aggregate-unfit")
    assert finding.severity is Severity.ERROR
    assert "bond0 is balance-rr, not active-backup" in finding.message


def test_a_synthetic_nic_outside_its_aggregate_is_unhealthy(scene: Scene) -> None:
    scene.out_of_its_master("eth0")
    scene.write("run/hyperv-net/seen/bond0", "")
    assert "error synthetic-not-joined eth0" in scene.rules()


def test_a_machine_whose_synthetic_nic_is_gone_is_warned(scene: Scene) -> None:
    (scene.root / "sys/class/net/eth0").unlink()
    assert scene.rules() == ["warning synthetic-missing bond0"]


@pytest.mark.parametrize("name", ["eth0", "ens17"])
@pytest.mark.parametrize("address", ["10.0.0.9/24", "fe80::9/64"])
def test_an_address_on_a_member_is_unhealthy_and_names_who_may_have_put_it_there(
    name: str, address: str, scene: Scene
) -> None:
    index = {"eth0": 2, "ens17": 3}[name]
    scene.addresses += f"{index}: {name}    inet{'6' if ':' in address else ''} {address} scope x\n"
    scene.write("run/network/ifstate", f"lo=lo\n{name}=wan\n")
    (finding,) = (one for one in scene.verdict().findings if one.rule == "member-address")
    assert (finding.severity, str(finding.where)) == (Severity.ERROR, name)
    assert "which belongs on bond0" in finding.message
    assert finding.hint == "it may come from ifupdown (interface wan)"


def test_networkd_that_joins_the_vf_is_not_blamed_for_its_address(scene: Scene) -> None:
    scene.addresses += "3: ens17    inet 10.0.0.9/24 scope global ens17\n"
    scene.networkd(3, "run/systemd/network/10-x.network", "[Network]\nBond=bond0\n")
    (finding,) = scene.verdict().findings
    assert finding.rule == "member-address" and "by hand" in finding.hint


def test_one_address_on_two_devices_is_unhealthy_where_a_pair_has_it(scene: Scene) -> None:
    scene.addresses += "9: eth5    inet 10.77.0.50/32 scope global eth5\n"
    scene.nic("lo", flags="0x9")
    assert "error duplicate-address bond0" not in scene.rules()  # eth5 is no device here
    scene.addresses = ADDRESSES + "1: lo    inet 10.77.0.50/32 scope global lo\n"
    assert "error duplicate-address bond0" in scene.rules()


def test_one_address_on_two_devices_of_others_is_a_warning(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "stacked-same-mac", None)
    names = sorted(link for link, _ in scene.status().addresses or ())
    others = [name for name in names if name != "lo"][:2]
    scene.addresses = "".join(f"1: {name} inet 192.0.2.1/24 scope x\n" for name in others)
    found = [one for one in scene.verdict().findings if one.rule == "duplicate-address"]
    assert [one.severity for one in found] == [Severity.WARNING]


def test_link_local_and_loopback_addresses_are_no_duplicates(scene: Scene) -> None:
    scene.addresses += (
        "1: lo    inet6 fe80::20d:3aff:fe11:2233/64 scope link\n"
        "4: bond0    inet 127.0.0.1/8 scope host\n"
    )
    assert scene.rules() == []


@pytest.mark.parametrize(
    ("path", "text", "manager"),
    [
        ("run/NetworkManager/devices/3", "[device]\nmanaged=true\n", "NetworkManager"),
        ("run/network/ifstate", "ens17=ens17\n", "ifupdown"),
        ("proc/77/comm", "dhclient\n", "dhclient"),
    ],
)
def test_a_vf_that_another_manager_has_is_unhealthy_and_the_manager_is_named(
    path: str, text: str, manager: str, scene: Scene
) -> None:
    scene.write(path, text)
    scene.write("proc/77/cmdline", "/sbin/dhclient\0-4\0ens17\0")
    (finding,) = scene.verdict().findings
    assert (finding.rule, finding.severity, str(finding.where)) == (
        "vf-managed",
        Severity.ERROR,
        "ens17",
    )
    assert finding.message.startswith(manager)


def test_networkd_that_was_told_to_join_the_vf_is_no_rival(scene: Scene) -> None:
    """Netplan has it do so; with another file it would configure the VF itself."""
    file = "run/systemd/network/10-netplan-eth0-vf.network"
    scene.networkd(3, file, "[Network]\nLinkLocalAddressing=no\nBond=bond0\n")
    assert scene.rules() == []
    scene.networkd(3, file)
    assert scene.rules() == []
    scene.networkd(3, "etc/systemd/network/05-all.network", "[Network]\nBond=bond1\n")
    assert scene.rules() == ["error vf-managed ens17"]
    scene.networkd(3, "etc/systemd/network/05-all.network", state="unmanaged")
    assert scene.rules() == []


def test_networkd_is_a_rival_where_ifupdown_configures_the_network(tmp_path: Path) -> None:
    scene = Scene(tmp_path, wanted=IFUPDOWN)
    scene.networkd(3, "etc/systemd/network/05-all.network")
    assert scene.rules() == ["error vf-managed ens17"]


def test_a_dhcp_client_on_the_synthetic_nic_is_unhealthy(scene: Scene) -> None:
    scene.write("proc/78/comm", "dhclient\n")
    scene.write("proc/78/cmdline", "dhclient\0eth0\0")
    assert scene.rules() == ["error member-managed eth0"]


@pytest.mark.parametrize(
    ("failures", "settled", "says"),
    [
        (("cannot join ens17 to bond0: EBUSY",), True, "cannot join ens17"),
        ((), False, "it ended with steps left"),
    ],
)
def test_a_last_reconcile_that_failed_is_unhealthy(
    failures: tuple[str, ...], settled: bool, says: str, scene: Scene
) -> None:
    scene.reconciled(failures, settled)
    (finding,) = scene.verdict().findings
    assert (finding.rule, finding.severity) == ("reconcile-failed", Severity.ERROR)
    assert says in finding.message


def test_a_hook_that_never_ran_is_noted(scene: Scene) -> None:
    (scene.root / "run/hyperv-net/last.json").unlink()
    assert scene.rules() == ["note reconcile-never reconcile"]


def test_a_vf_that_is_away_is_a_note(scene: Scene) -> None:
    (scene.root / "sys/class/net/ens17").unlink()
    scene.bonding(active_slave="eth0")
    assert scene.rules() == ["note vf-away bond0"]
    assert scene.verdict().is_healthy


def test_a_vf_that_joined_and_does_not_carry_the_traffic_is_a_warning(scene: Scene) -> None:
    scene.bonding(active_slave="eth0")
    assert scene.rules() == ["warning vf-not-active ens17"]


def test_a_vf_that_is_down_or_without_link_is_a_warning(scene: Scene) -> None:
    scene.bonding(active_slave="eth0")
    scene.nic("ens17", operstate="down")
    assert scene.rules() == ["warning vf-no-link ens17"]
    scene.nic("ens17", flags="0x1802")
    assert scene.rules() == ["warning vf-down ens17"]


def test_an_aggregate_that_is_down_or_none_of_whose_members_has_a_link_is_unhealthy(
    scene: Scene,
) -> None:
    for name in ("eth0", "ens17"):
        scene.nic(name, operstate="down")
    scene.bonding(active_slave="")
    assert scene.rules()[0] == "error no-path bond0"
    for name in ("eth0", "ens17"):
        scene.nic(name, operstate="up")
    scene.nic("bond0", flags="0x1402")
    assert scene.rules()[0] == "error no-path bond0"


def test_a_pair_that_the_kernel_took_though_a_bond_is_configured_is_unhealthy(
    tmp_path: Path,
) -> None:
    """A kernel was replaced by one that is transparent: bond0 can no longer be made."""
    pair = BOND._replace(synthetic="enp1s0nsby")
    scene = Scene(tmp_path, "net-failover", Wanted(System.LINUX, "netplan", (pair,)))
    assert "error kernel-owns-pair bond0" in scene.rules()


def test_a_transparent_pair_is_healthy_without_being_configured(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "azure-transparent-mlx5", None)
    scene.addresses = (
        "2: eth0    inet 10.0.0.4/24 scope global eth0\n"
        "2: eth0    inet6 fe80::1/64 scope link\n3: enP35237s1    inet6 fe80::1/64 scope link\n"
    )
    scene.write("run/network/ifstate", "eth0=eth0\n")
    assert scene.rules() == []


def test_a_transparent_pair_whose_vf_somebody_configured_is_unhealthy(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "azure-transparent-mlx5", None)
    scene.addresses = "3: enP35237s1    inet 10.0.0.5/24 scope global enP35237s1\n"
    scene.write("run/network/ifstate", "enP35237s1=enP35237s1\n")
    assert scene.rules() == ["error member-address enP35237s1", "error vf-managed enP35237s1"]


def test_a_transparent_pair_whose_vf_the_kernel_has_not_taken_is_unhealthy(
    tmp_path: Path,
) -> None:
    mac = "60:45:bd:9d:ea:9c"
    pair = WantedPair(mac, Mode.TRANSPARENT, "eth0", ("hv_netvsc",))
    scene = Scene(tmp_path, "azure-transparent-mlx5", Wanted(System.LINUX, "netplan", (pair,)))
    scene.out_of_its_master("enP35237s1")
    assert scene.rules() == ["error vf-not-joined enP35237s1"]


def test_a_transparent_pair_without_its_synthetic_nic_is_a_warning(tmp_path: Path) -> None:
    pair = WantedPair("60:45:bd:9d:ea:9c", Mode.TRANSPARENT, "eth0", ("hv_netvsc",))
    scene = Scene(tmp_path, "azure-transparent-mlx5", Wanted(System.LINUX, "netplan", (pair,)))
    (scene.root / "sys/class/net/eth0").unlink()
    assert "warning synthetic-missing enP35237s1" in scene.rules()


def test_a_pair_that_needs_an_aggregate_and_has_none_is_said_to_be_not_configured(
    tmp_path: Path,
) -> None:
    scene = Scene(tmp_path, "hv-netvsc-on-virtio", None)
    (finding,) = scene.verdict().findings
    assert (finding.rule, finding.severity) == ("not-configured", Severity.WARNING)
    assert finding.hint == "see `hyperv-net plan`"


def test_an_agent_that_restarts_interfaces_is_noted(scene: Scene) -> None:
    scene.write("run/waagent.pid", "99\n")
    scene.write("proc/99/cmdline", "python3\0-u\0/usr/sbin/waagent\0-run-exthandlers\0")
    scene.write("etc/waagent.conf", "# Provisioning.MonitorHostName=n\nLogs=n\n")
    assert scene.rules() == []
    scene.write("etc/waagent.conf", "Provisioning.MonitorHostName=y # every 30 s\n")
    assert scene.rules() == ["note waagent-restarts etc/waagent.conf: Provisioning.MonitorHostName"]
