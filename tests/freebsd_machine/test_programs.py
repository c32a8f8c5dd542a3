"""What the machine's programs print and take: as the real ones, as far as captures show."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.hotplug.look.freebsd import freebsd_state
from hyperv_net.inventory.freebsd import inventory_from
from tests.freebsd_machine.machine import MAC, Machine, new_machine
from tests.freebsd_machine.told import OFFER, configured
from tests.inventory.captured import output


def azure_15(folder: Path) -> Machine:
    """As the capture of that name."""
    machine = new_machine(folder, release="15.0-RELEASE-p1", transparent=1, mac="7c:ed:8d:83:96:7c")
    return configured(
        machine,
        "lo0 inet 127.0.0.1/8",
        "lo0 inet6 ::1 prefixlen 128",
        "hn0 inet6 -ifdisabled accept_rtadv",
        "hn0 inet 192.0.2.134 netmask 255.255.255.224",
    )


def lagg_13(folder: Path) -> Machine:
    machine = new_machine(folder, release="13.2-RELEASE", vf="")
    machine.attach_vf("mlxen0", "00:0d:3a:11:22:34")
    configured(
        machine,
        "lagg0 create",
        "lagg0 inet 198.51.100.4/24 laggproto failover laggport hn0 laggport mlxen0",
        "lagg0.10 create",
        "lagg0.10 inet 203.0.113.4/24",
        "hn0 up",
        "mlxen0 up",
    )
    machine.run("ifconfig", "lagg0", "description", "ether of the office")
    machine.set_carrier("hn0", False)
    return machine


def block(text: str, name: str) -> list[str]:
    """The lines of one interface, without those of offloads, media and flags that hang on them."""
    lines = text.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"{name}: "))
    end = next((at for at in range(start + 1, len(lines)) if lines[at][0] != "\t"), len(lines))
    return [one for one in lines[start:end] if not one.startswith(("\toptions=", "\tmedia: "))]


@pytest.mark.parametrize(
    ("make", "capture", "name"),
    [
        (azure_15, "azure-15-mce", "hn0"),
        (azure_15, "azure-15-mce", "lo0"),
        (azure_15, "azure-15-mce", "mce0"),
        (lagg_13, "lagg-13-mlxen", "hn0"),
        (lagg_13, "lagg-13-mlxen", "mlxen0"),
        (lagg_13, "lagg-13-mlxen", "lagg0"),
        (lagg_13, "lagg-13-mlxen", "lagg0.10"),
    ],
)
def test_ifconfig_prints_what_was_captured(
    make: object, capture: str, name: str, tmp_path: Path
) -> None:
    """Line by line, each release with its own."""
    machine = make(tmp_path)  # type: ignore[operator]
    newer = machine.look().release >= "14"
    expected = block(output(f"{capture}.ifconfig"), name)
    found = block(machine.run("ifconfig", "-a", *(["-D"] if newer else [])).out, name)
    # A vlan has nd6 options too, which the capture leaves out; the VF's address differs there.
    assert [one for one in found if "nd6" not in one or "nd6" in "".join(expected)] == expected


def test_the_readers_of_the_product_understand_it(tmp_path: Path) -> None:
    machine = configured(
        new_machine(tmp_path),
        "hn0 name wan",
        "lagg0 create",
        "lagg0 inet 10.0.0.4/24 laggproto failover laggport wan",
        "mce0 inet6 -ifdisabled",
        "mce0 up",
    )
    ifconfig = machine.run("ifconfig", "-a", "-D").out
    sysctl = machine.run("sysctl", "-i", "kern.osrelease", "hw.hn", "dev.hn").out
    inventory = inventory_from(ifconfig, sysctl, {})
    (pair,) = find_pairs(inventory, ("hn",)).pairs
    assert pair.synthetic is not None
    assert pair.vf is not None
    assert (pair.mac, pair.synthetic.name, pair.vf.name) == (MAC, "wan", "mce0")
    assert (inventory.vf_transparent, inventory.vf_map) == (False, (("wan", "mce0"),))
    links = {one.nic.name: one for one in freebsd_state(ifconfig, sysctl).links}
    assert links["lagg0"].addresses == ("10.0.0.4",)
    assert links["lagg0"].aggregate_mode == "failover"
    assert links["wan"].nic.master == "lagg0"
    assert (links["mce0"].is_up, links["mce0"].ipv6_disabled) == (True, False)
    assert links["mce0"].addresses == ("fe80::20d:3aff:fe11:2233%mce0",)


def test_releases_before_14_have_no_option_for_the_drivers_name(tmp_path: Path) -> None:
    machine = new_machine(tmp_path, release="13.2-RELEASE")
    assert machine.run("ifconfig", "-a", "-D").status == 1
    assert "LOWER_UP" not in machine.run("ifconfig", "-a").out


def test_ifconfig_lists_names(tmp_path: Path) -> None:
    machine = configured(new_machine(tmp_path), "mce0 up")
    assert machine.run("ifconfig", "-l").out == "hn0 lo0 mce0\n"
    assert machine.run("ifconfig", "-l", "-u", "ether").out == "mce0\n"
    assert machine.run("ifconfig", "-l", "ether").out == "hn0 mce0\n"
    assert machine.run("ifconfig", "lagg", "create").out == "lagg0\n"


def test_sysctl(tmp_path: Path) -> None:
    machine = new_machine(tmp_path)

    def run(line: str) -> tuple[int, str, str]:
        done = machine.run("sysctl", *line.split())
        return done.status, done.out, done.err

    assert run("hw.hn.vf_transparent") == (0, "hw.hn.vf_transparent: 0\n", "")
    assert run("-n hw.hn.vfmap") == (0, "mce0:hn0\n", "")
    assert run("-e dev.hn.0.vf") == (0, "dev.hn.0.vf=mce0\n", "")
    assert run("hw.none") == (1, "", "sysctl: unknown oid 'hw.none'\n")
    assert run("-i hw.none") == (0, "", "")
    assert run("hw.hn.vf_transparent=1")[0] == 1
    set_it = "net.link.lagg.failover_rx_all=1"
    assert run(set_it) == (0, "net.link.lagg.failover_rx_all: 0 -> 1\n", "")
    assert run("-n net.link.lagg.failover_rx_all") == (0, "1\n", "")


def test_an_old_kernel_has_no_transparent_mode(tmp_path: Path) -> None:
    machine = new_machine(tmp_path, transparent=None)
    assert machine.run("sysctl", "hw.hn.vf_transparent").status == 1


def test_routes(tmp_path: Path) -> None:
    machine = configured(new_machine(tmp_path), "hn0 inet 10.0.0.4/24", "hn0 inet6 -ifdisabled")

    def run(line: str) -> tuple[int, str]:
        done = machine.run("route", *line.split())
        return done.status, done.out

    assert run("-n get default")[0] == 1
    assert run("add default 10.0.0.1") == (0, "add net default: gateway 10.0.0.1\n")
    assert run("add default 10.0.0.9")[1].endswith("route already in table\n")
    assert run("add -net 192.0.2.0 -netmask 255.255.255.0 10.0.0.254")[0] == 0
    assert run("add -inet6 default fe80::1%hn0")[0] == 0
    assert "  interface: hn0\n" in run("-n get -inet default")[1]
    assert run("delete 192.0.2.0/24")[0] == 0
    assert run("delete 192.0.2.0/24")[0] == 1
    table = machine.run("netstat", "-rn", "-f", "inet").out.splitlines()
    assert table[2:5] == [
        "Internet:",
        "Destination        Gateway            Flags     Netif Expire",
        "default            10.0.0.1           UGS         hn0",
    ]
    assert "10.0.0.0/24        link#1             U           hn0" in table
    assert "fe80::1%hn0" in machine.run("netstat", "-rn", "-f", "inet6").out
    assert run("-n flush -inet")[0] == 0
    assert "default" not in machine.run("netstat", "-rn", "-f", "inet").out


def test_a_dhcp_client_configures_the_interface_and_leaves_its_files(tmp_path: Path) -> None:
    machine = new_machine(tmp_path, offers={MAC: OFFER})
    assert machine.run("dhclient", "hn0").status == 0
    assert [one.address for one in machine.interface("hn0").inet] == ["10.0.0.4"]
    assert machine.read("etc/resolv.conf") == (
        "# Generated by resolvconf\nsearch example.org\nnameserver 10.0.0.2\n"
    )
    lease = machine.read("var/db/dhclient.leases.hn0")
    assert '  interface "hn0";\n  fixed-address 10.0.0.4;\n' in lease
    assert machine.read("var/run/dhclient/dhclient.hn0.pid") == "0\n"
    again = machine.run("dhclient", "hn0")
    assert (again.status, again.err) == (1, "dhclient already running, pid: 0.\nexiting.\n")


def test_a_dhcp_client_gets_nothing_without_link_server_or_interface(tmp_path: Path) -> None:
    machine = new_machine(tmp_path, offers={MAC: OFFER})
    machine.set_carrier("hn0", False)
    assert machine.run("dhclient", "hn0").status == 1
    assert machine.run("dhclient", "mce7").status == 1
    with machine.changing() as state:
        state.offers = {}
    assert machine.run("dhclient", "mce0").err == "No DHCPOFFERS received.\n"


def test_the_small_ones(tmp_path: Path) -> None:
    machine = new_machine(tmp_path)
    with machine.changing() as state:
        state.kenv["smbios.system.product"] = "Virtual Machine"
    assert machine.run("kenv", "-q", "smbios.system.product").out == "Virtual Machine\n"
    assert machine.run("kenv", "none").status == 1
    assert machine.run("kldload", "if_lagg").status == 0
    assert machine.run("kldload", "if_lagg").status == 1
    assert machine.run("kldstat", "-q", "-n", "if_lagg").status == 0
    assert machine.run("hostname", "www.example.org").status == 0
    assert machine.run("hostname", "-s").out == "www\n"
    assert machine.run("uname", "-s", "-r").out == "FreeBSD 14.3-RELEASE\n"
    assert machine.run("logger", "-t", "x", "y").status == 0
    assert machine.read("var/log/messages") == "-t x y\n"
    assert machine.run("service", "nonesuch", "start").status == 1
