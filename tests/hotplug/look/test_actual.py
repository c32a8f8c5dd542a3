"""The actual state, from captured trees of real kernels and from the tools' output."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.steps import obstacles, steps
from hyperv_net.hotplug.look.freebsd import freebsd_state, read_freebsd_state
from hyperv_net.hotplug.look.linux import ADDRESSES, addresses_of, read_linux
from hyperv_net.hotplug.look.state import ActualState, Link
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, System
from tests.inventory.captured import capture, materialise, output

MAC = "00:0d:3a:11:22:33"
BOND = WantedPair(
    MAC, Mode.AGGREGATE, "eth0", ("virtio_net",), "bond0", options=(("mode", "active-backup"),)
)


def _captured(name: str, root: Path) -> Path:
    return materialise(capture(name), root)


def _link(state: ActualState, name: str) -> Link:
    return next(link for link in state.links if link.nic.name == name)


def test_a_bond_of_a_real_kernel_has_nothing_left_to_do(tmp_path: Path) -> None:
    state = read_linux(_captured("virtio-bond", tmp_path))
    assert _link(state, "bond0").aggregate_mode == "active-backup"
    assert _link(state, "ens17").nic.master == "bond0"
    assert [_link(state, name).ifindex for name in ("eth0", "ens17")] == [2, 3]
    assert all(link.is_up for link in state.links)
    wanted = Wanted(System.LINUX, "netplan", (BOND,))
    assert (steps(state, wanted), obstacles(state, wanted)) == ((), ())


def test_the_same_bond_forgets_its_primary_and_is_told(tmp_path: Path) -> None:
    root = _captured("virtio-bond", tmp_path)
    pair = BOND._replace(primary=True)
    wanted = Wanted(System.LINUX, "netplan", (pair,))
    assert [str(step) for step in steps(read_linux(root), wanted)] == [
        "make ens17 the primary of bond0"
    ]
    (root / "sys/class/net/bond0/bonding/primary").write_text("ens17\n")
    assert steps(read_linux(root), wanted) == ()


def test_a_card_is_not_there_until_udev_has_named_it(tmp_path: Path) -> None:
    """One that joined before would be up, and could not get its name any more."""
    root = _captured("virtio-bond", tmp_path)
    database = root / "run/udev/data"
    database.mkdir(parents=True)
    (database / "n2").write_text("I:1\n")
    assert {link.nic.name for link in read_linux(root).links} & {"eth0", "ens17"} == {"eth0"}
    (database / "n3").write_text("I:2\n")
    assert {link.nic.name for link in read_linux(root).links} >= {"eth0", "ens17", "bond0"}


def test_two_bare_nics_of_a_real_kernel_wait_for_their_bond(tmp_path: Path) -> None:
    state = read_linux(_captured("virtio-bare", tmp_path))
    wanted = Wanted(System.LINUX, "netplan", (BOND,))
    assert {step.kind.name for step in steps(state, wanted)} <= {"LOWER"}
    assert obstacles(state, wanted) == (f"{MAC}: bond0 is not there yet",)


@pytest.mark.parametrize("name", ["net-failover", "azure-transparent-mlx5"])
def test_a_pair_that_a_real_kernel_owns_is_left_alone(name: str, tmp_path: Path) -> None:
    state = read_linux(_captured(name, tmp_path))
    mac = next(link.nic.mac for link in state.links if link.nic.bus and link.nic.mac)
    pair = WantedPair(mac, Mode.AGGREGATE, "eth0", ("virtio_net", "hv_netvsc"), "bond0")
    wanted = Wanted(System.LINUX, "netplan", (pair,))
    assert steps(state, wanted) == ()
    assert "the kernel owns the pair" in obstacles(state, wanted)[0]


def test_a_bonds_active_member_and_its_policy_are_read(tmp_path: Path) -> None:
    root = _captured("virtio-bond", tmp_path)
    bonding = root / "sys/class/net/bond0/bonding"
    assert (_link(read_linux(root), "bond0").active) is None
    (bonding / "active_slave").write_text("ens17\n")
    (bonding / "primary_reselect").write_text("always 0\n")
    bond = _link(read_linux(root), "bond0")
    assert (bond.active, bond.reselect) == ("ens17", "always")
    (bonding / "active_slave").write_text("../../x\n")
    assert _link(read_linux(root), "bond0").active is None


def test_the_manager_that_configured_a_vf_is_named_where_its_addresses_are_taken_off(
    tmp_path: Path,
) -> None:
    """What `reconcile` prints for the step, and so what stands in its log."""
    root = _captured("virtio-bond", tmp_path)
    for path, text in {
        "run/network/ifstate": "lo=lo\nens17=ens17\n",
        "run/systemd/netif/links/3": "ADMIN_STATE=configuring\nNETWORK_FILE=/etc/x.network\n",
        "run/NetworkManager/devices/3": "[device]\nmanaged=true\nconnection-uuid=abc\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    state = read_linux(root, lambda _: "3: ens17    inet 10.0.0.9/24 scope global ens17\n")
    assert [str(step) for step in steps(state, Wanted(System.LINUX, "netplan", (BOND,)))] == [
        "take the addresses off ens17 (10.0.0.9/24), configured by ifupdown (interface ens17)"
        " and NetworkManager (connection abc) and networkd (/etc/x.network)"
    ]
    (root / "etc").mkdir()
    (root / "etc/x.network").write_text("[Network]\nBond=bond0\n")
    state = read_linux(root, lambda _: "3: ens17    inet 10.0.0.9/24 scope global ens17\n")
    assert "networkd" not in str(steps(state, Wanted(System.LINUX, "netplan", (BOND,)))[0])


def test_addresses_come_from_ip_and_the_client_from_its_pid_file(tmp_path: Path) -> None:
    root = _captured("virtio-bond", tmp_path)
    for path, text in {
        "run/dhclient.ens17.pid": "321\n",
        "proc/321/comm": "dhclient\n",
        "run/dhclient.eth0.pid": "322\n",
        "proc/322/comm": "bash\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    def run(command: Sequence[str]) -> str:
        assert tuple(command) == ADDRESSES
        return "3: ens17    inet 10.0.0.9/24 brd 10.0.0.255 scope global ens17\\   valid_lft 1\n"

    state = read_linux(root, run)
    assert _link(state, "ens17").addresses == ("10.0.0.9/24",)
    assert _link(state, "ens17").dhcp_client == 321
    assert _link(state, "eth0").dhcp_client is None


def test_every_address_of_ip_is_read_and_nothing_else_is() -> None:
    """Lines as iproute2 6.1 printed them."""
    text = (
        "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n"
        "1: lo    inet6 ::1/128 scope host \\       valid_lft forever preferred_lft forever\n"
        "7: d0    inet 10.9.0.1 peer 10.9.0.2/32 scope global d0\\       valid_lft forever\n"
        "7: d0    inet 10.9.0.5/24 scope global d0:label\\       valid_lft forever\n"
        "7: d0    inet6 fe80::1/64 scope link tentative \\       valid_lft forever\n"
        "8: d0.5@d0    inet 10.9.5.1/24 scope global d0.5\\       valid_lft forever\n"
        "9: bad;name    inet 10.9.5.1/24 scope global\n"
        "garbage\n"
    )
    assert addresses_of(text) == {
        "lo": ("127.0.0.1/8", "::1/128"),
        "d0": ("10.9.0.1", "10.9.0.5/24", "fe80::1/64"),
        "d0.5": ("10.9.5.1/24",),
    }


def _freebsd(name: str) -> ActualState:
    return freebsd_state(output(f"{name}.ifconfig"), output(f"{name}.sysctl"))


def test_a_lagg_with_both_members_has_nothing_left_to_do() -> None:
    state = _freebsd("lagg-13-mlxen")
    lagg, vf = _link(state, "lagg0"), _link(state, "mlxen0")
    assert (lagg.aggregate_mode, lagg.addresses, lagg.is_up) == (
        "failover",
        ("198.51.100.4",),
        True,
    )
    assert lagg.active == "mlxen0"
    assert (vf.nic.master, vf.ipv6_disabled, vf.addresses) == ("lagg0", True, ())
    assert not _link(state, "hn1").is_up
    pair = WantedPair(MAC, Mode.AGGREGATE, "hn0", ("hn",), "lagg0")
    assert steps(state, Wanted(System.FREEBSD, "freebsd", (pair,))) == ()


def test_a_transparent_machine_is_left_alone_whatever_was_wanted() -> None:
    state = _freebsd("azure-15-mce")
    assert _link(state, "hn0").addresses == ("192.0.2.134", "fe80::7eed:8dff:fe83:967c%hn0")
    pair = WantedPair("7c:ed:8d:83:96:7c", Mode.AGGREGATE, "hn0", ("hn",), "lagg0")
    wanted = Wanted(System.FREEBSD, "freebsd", (pair,))
    assert steps(state, wanted) == ()
    assert "hw.hn.vf_transparent" in obstacles(state, wanted)[0]


def test_an_ifconfig_without_the_option_d_is_asked_again_without_it() -> None:
    asked = []

    def run(command: Sequence[str]) -> str:
        asked.append(tuple(command))
        if "-D" in command:
            raise HypervNetError("illegal option -- D")
        name = "lagg-13-mlxen"
        suffix = "ifconfig" if "ifconfig" in command[0] else "sysctl"
        return output(f"{name}.{suffix}")

    state = read_freebsd_state(run, lambda name: 7 if name == "hn0" else None)
    assert _link(state, "hn0").dhcp_client == 7
    assert len(asked) == 3


def test_the_addresses_that_are_a_hosts_alone_are_told_from_those_of_a_network() -> None:
    ifconfig = """\
hn0: flags=1008843<UP,BROADCAST,RUNNING> metric 0 mtu 1500
\tether 00:0d:3a:00:00:01
\tinet 10.0.0.4 netmask 0xffffff00 broadcast 10.0.0.255
\tinet 10.0.0.30 netmask 0xffffffff broadcast 10.0.0.30
\tinet 10.0.0.99 netmask 0xffffffff broadcast 10.0.0.99 vhid 1
\tinet6 fe80::1%hn0 prefixlen 128 scopeid 0x1
\tinet6 2001:db8::30 prefixlen 128
\tinet6 2001:db8::4 prefixlen 64
"""
    state = freebsd_state(ifconfig, "dev.hn.0.%parent: vmbus0\n")
    assert _link(state, "hn0").host_addresses == ("10.0.0.30", "2001:db8::30")
    assert _link(state, "hn0").shared_addresses == ("10.0.0.99",)


@pytest.mark.parametrize(
    ("line", "disabled"),
    [
        ("\tnd6 options=29<PERFORMNUD,IFDISABLED,AUTO_LINKLOCAL>\n", True),
        ("\tnd6 options=21<PERFORMNUD,AUTO_LINKLOCAL>\n", False),
        ("", True),
    ],
)
def test_a_card_without_a_part_in_ipv6_has_none_to_turn_off(line: str, disabled: bool) -> None:
    """nd6_status() of ifconfig's af_nd6.c prints nothing in a kernel without INET6."""
    ifconfig = f"mce0: flags=8843<UP> metric 0 mtu 1500\n\tether 00:0d:3a:00:00:01\n{line}"
    assert _link(freebsd_state(ifconfig, ""), "mce0").ipv6_disabled is disabled
