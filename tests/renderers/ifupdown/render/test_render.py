"""The ifupdown renderer, by itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.companions.udev_rules import RULES_FILE
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Rendered, Rewritten, Severity
from hyperv_net.renderers import load
from hyperv_net.renderers.ifupdown import render as ifupdown
from hyperv_net.renderers.ifupdown.paths import FILE, NAMES_FILE
from hyperv_net.renderers.target import Part
from hyperv_net.tree import leaves
from tests.renderers.linux_pairs import MAC, SECRETS, joined, mac, pair, rewritten


def render(plain: dict[str, Any], existing: dict[str, str] | None = None) -> Rendered:
    """Render the tree beside these files."""
    return ifupdown.render(rewritten(plain), existing or {})


def text(rendered: Rendered, path: str = FILE) -> str:
    """A rendered file without its comments."""
    (found,) = [file.text for file in rendered.files if file.path == path]
    return "".join(f"{line}\n" for line in found.splitlines() if not line.startswith("#"))


def stanzas(plain: dict[str, Any], name: str) -> list[list[str]]:
    """The lines of each of a device's stanzas."""
    parts = re.split(r"^(?=iface |auto |allow-)", text(render(plain)), flags=re.MULTILINE)
    found = [part.split("\n") for part in parts if part.startswith(f"iface {name} ")]
    return [[line.strip() for line in part if line.strip()] for part in found]


def reasons(rendered: Rendered) -> dict[str, str]:
    """Path with dots → reason, of what was dropped."""
    return {".".join(map(str, path)): reason for path, reason in rendered.dropped.items()}


TRIGGER = (
    "post-up udevadm trigger --action=change --subsystem-match=net"
    f" --attr-match=address={MAC} || true"
)


def test_a_pair_with_dhcp() -> None:
    """The synthetic NIC is a manual member, the bond has the settings, the VF has no stanza."""
    rendered = render(pair())
    assert text(rendered) == (
        "\n"
        "auto lo\n"
        "iface lo inet loopback\n"
        "\n"
        "iface eth0 inet manual\n"
        "\n"
        "auto bond0\n"
        "iface bond0 inet dhcp\n"
        "    bond-slaves eth0\n"
        "    bond-miimon 100\n"
        "    bond-mode active-backup\n"
        "    bond-primary-reselect always\n"
        f"    hwaddress {MAC}\n"
        "    post-up ip link set dev bond0 type bond all_slaves_active 1 || true\n"
        f"    {TRIGGER}\n"
    )
    assert not rendered.dropped
    assert {path for path, _ in leaves(rewritten(pair()).tree)} == set(rendered.places)
    assert [file.path for file in rendered.files] == [FILE, NAMES_FILE]
    assert {file.mode for file in rendered.files} == {0o644}
    assert rendered.places["bonds", "bond0", "parameters", "primary"].endswith(RULES_FILE)


def test_the_synthetic_is_named_by_mac_and_driver() -> None:
    """The rule takes the place of cloud-init's, which fits the VF too."""
    assert text(render(pair()), NAMES_FILE) == (
        f'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="hv_netvsc", ATTR{{address}}=="{MAC}",'
        ' NAME="eth0"\n'
    )


def test_a_vlan_that_is_named_after_a_member_is_named_after_the_aggregate() -> None:
    """ifupdown makes eth0.10 on eth0 whatever its stanza says, and references follow the name."""
    plain = joined(
        pair(),
        {
            "vlans": {"eth0.10": {"id": 10, "link": "bond0"}},
            "bridges": {"br0": {"interfaces": ["eth0.10"]}},
        },
    )
    assert stanzas(plain, "bond0.10") == [["iface bond0.10 inet manual", "vlan-raw-device bond0"]]
    assert "bridge_ports bond0.10" in text(render(plain))
    assert "eth0.10" not in text(render(plain))
    (finding,) = [one for one in render(plain).findings if one.rule == "vlan-renamed"]
    assert "eth0.10 is bond0.10 here" in finding.message


def test_a_vlan_named_after_a_member_whose_other_name_is_taken_is_not_made() -> None:
    vlans = {"eth0.10": {"id": 10, "link": "bond0"}, "bond0.10": {"id": 11, "link": "bond0"}}
    rendered = render(joined(pair(), {"vlans": vlans}))
    assert "eth0.10" not in text(rendered)
    assert "would make it on a member" in reasons(rendered)["vlans.eth0.10.id"]


def test_every_nic_whose_mac_is_known_keeps_its_name() -> None:
    """As cloud-init does it, since the kernel numbers NICs as they come; lo is raised once."""
    ens9 = {"match": {"macaddress": "00:0d:3a:00:00:01"}, "dhcp4": True}
    plain = joined(pair(), {"ethernets": {"ens9": ens9, "lo": {"addresses": ["192.0.2.1/32"]}}})
    rendered = render(plain)
    assert text(rendered, NAMES_FILE).splitlines()[0] == (
        'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:0d:3a:00:00:01",'
        ' NAME="ens9"'
    )
    assert text(rendered).count("auto lo\n") == 1
    assert stanzas(plain, "lo")[1] == ["iface lo inet static", "address 192.0.2.1/32"]
    assert not rendered.dropped


def test_a_name_without_a_mac_cannot_be_given() -> None:
    """A driver alone fits several NICs; the leaf is dropped, what it matched is not."""
    nic = {"match": {"driver": "e1000e"}, "set-name": "lan0", "dhcp4": True}
    assert set(reasons(render(joined(pair(), {"ethernets": {"lan": nic}})))) == {
        "ethernets.lan.set-name"
    }


def test_a_vrf_has_its_routes_and_rules_in_its_own_table() -> None:
    """They name no table, and its members, not itself, reach the gateway."""
    vrf = {
        "table": 200,
        "interfaces": ["bond0"],
        "routes": [
            {"to": "default", "via": "192.0.2.1"},
            {"to": "10.0.0.0/8", "via": "192.0.2.2", "table": 7},
        ],
        "routing-policy": [{"from": "192.0.2.0/24"}],
    }
    plain = joined(pair(), {"vrfs": {"blue": vrf}})
    assert [line for line in stanzas(plain, "blue")[0] if line.startswith("post-up")] == [
        "post-up ip link set dev bond0 master blue || true",
        "post-up ip route add default via 192.0.2.1 vrf blue || true",
        "post-up ip route add 10.0.0.0/8 via 192.0.2.2 dev blue table 7 || true",
        "post-up ip rule add from 192.0.2.0/24 table 200 || true",
    ]
    assert not render(plain).dropped


def test_a_source_address_may_be_written_as_a_host() -> None:
    """`src` takes an address without prefix."""
    plain = pair(dhcp4=True, routes=[{"to": "10.0.0.0/8", "from": "10.1.0.4/32"}])
    line = "post-up ip route add 10.0.0.0/8 dev bond0 src 10.1.0.4 || true"
    assert line in stanzas(plain, "bond0")[0]


def test_all_that_a_static_dual_stack_can_say() -> None:
    """Each address has a stanza; gateways, DNS, routes and rules stand where they belong."""
    plain = pair(
        addresses=["10.0.0.4/24", "10.0.0.5/24", "2001:db8::4/64"],
        routes=[
            {"to": "default", "via": "10.0.0.1", "metric": 50},
            {"to": "::/0", "via": "fe80::1"},
            {"to": "10.9.0.0/16", "via": "10.0.0.7", "on-link": True, "table": 9, "mtu": 1400},
            {"to": "2001:db8:9::/48", "via": "2001:db8::7", "from": "2001:db8::4"},
            {"to": "10.7.0.0/16", "type": "blackhole"},
        ],
        nameservers={"addresses": ["10.0.0.2", "2001:db8::2"], "search": ["example.org"]},
        mtu=9000,
        **{
            "accept-ra": False,
            "ipv6-privacy": True,
            "routing-policy": [{"from": "10.0.0.0/24", "table": 9, "priority": 5}],
        },
    )
    rendered = render(plain)
    assert not rendered.dropped
    first, second, third = stanzas(plain, "bond0")
    assert first[:6] == [
        "iface bond0 inet static",
        "address 10.0.0.4/24",
        "gateway 10.0.0.1",
        "metric 50",
        "dns-nameservers 10.0.0.2 2001:db8::2",
        "dns-search example.org",
    ]
    assert "mtu 9000" in first and "bond-slaves eth0" in first
    assert second == ["iface bond0 inet static", "address 10.0.0.5/24"]
    assert third == [
        "iface bond0 inet6 static",
        "address 2001:db8::4/64",
        "gateway fe80::1",
        "accept_ra 0",
        "autoconf 0",
        "post-up ip link set dev bond0 type bond all_slaves_active 1 || true",
        "post-up echo 2 >/proc/sys/net/ipv6/conf/bond0/use_tempaddr || true",
        "post-up ip route add 10.9.0.0/16 via 10.0.0.7 dev bond0 onlink mtu 1400 table 9 || true",
        "pre-down ip route del 10.9.0.0/16 via 10.0.0.7 dev bond0 onlink mtu 1400 table 9 || true",
        "post-up ip -6 route add 2001:db8:9::/48 via 2001:db8::7 dev bond0 src 2001:db8::4 || true",
        "pre-down ip -6 route del 2001:db8:9::/48 via 2001:db8::7 dev bond0 src 2001:db8::4"
        " || true",
        "post-up ip route add blackhole 10.7.0.0/16 || true",
        "pre-down ip route del blackhole 10.7.0.0/16 || true",
        "post-up ip rule add from 10.0.0.0/24 priority 5 table 9 || true",
        "pre-down ip rule del from 10.0.0.0/24 priority 5 table 9 || true",
        TRIGGER,
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"dhcp4": True, "dhcp6": True}, ["inet dhcp", "inet6 dhcp"]),
        ({"accept-ra": True, "dhcp6": False}, ["inet6 auto / dhcp 0"]),
        ({"accept-ra": True, "dhcp6-stateless": True}, ["inet6 auto / dhcp 1"]),
        ({"dhcp6": True, "accept-ra": True}, ["inet6 dhcp / accept_ra 1 / autoconf 1"]),
        (
            {"dhcp4": True, "dhcp4-overrides": {"route-metric": 200, "hostname": "h.example"}},
            ["inet dhcp / hostname h.example / metric 200"],
        ),
        ({"mtu": 1400, "dhcp4": True}, ["inet manual / mtu 1400", "inet dhcp"]),
        (
            {"accept-ra": True, "macaddress": MAC},
            [f"inet manual / hwaddress {MAC}", "inet6 auto / dhcp 0"],
        ),
        (
            {"addresses": ["10.0.0.4/24"], "gateway4": "10.0.0.1", "wakeonlan": True},
            ["inet static / address 10.0.0.4/24 / gateway 10.0.0.1 / ethernet-wol g"],
        ),
        (
            {"dhcp4": True, "gateway4": "10.0.0.1"},
            [
                "inet dhcp / post-up ip route add default via 10.0.0.1 dev ens9 onlink || true"
                " / pre-down ip route del default via 10.0.0.1 dev ens9 onlink || true"
            ],
        ),
        (
            {"addresses": [{"2001:db8::4/64": {"lifetime": 0}}]},
            ["inet6 static / address 2001:db8::4/64 / preferred-lifetime 0"],
        ),
        ({}, ["inet manual"]),
        ({"addresses": [], "routes": [], "nameservers": {"search": []}}, ["inet manual"]),
    ],
)
def test_the_stanzas_of_an_ordinary_nic(settings: dict[str, Any], expected: list[str]) -> None:
    """Family and method follow from the settings; a method that lacks an option gets help."""
    plain = joined(pair(), {"ethernets": {"ens9": settings}})
    found = [" / ".join(part)[len("iface ens9 ") :] for part in stanzas(plain, "ens9")]
    assert found == expected
    assert not render(plain).dropped


@pytest.mark.parametrize(
    ("control", "optional", "line"),
    [
        ("auto", False, "auto ens9"),
        ("hotplug", False, "allow-hotplug ens9"),
        ("auto", True, "allow-hotplug ens9"),
        ("manual", False, None),
        ("off", True, None),
    ],
)
def test_when_a_nic_is_started(control: str, optional: bool, line: str | None) -> None:
    """With the boot, when udev sees it, or not at all."""
    nic = {"dhcp4": True, "control": control, "optional": optional}
    lines = text(render(joined(pair(), {"ethernets": {"ens9": nic}}))).splitlines()
    assert [each for each in lines if each.endswith(" ens9")] == ([line] if line else [])


def test_a_device_that_ifup_makes_is_started_with_the_boot() -> None:
    """No event of udev's would ever start a bond or a vlan that only ifup makes."""
    made = {"vlans": {"bond0.5": {"id": 5, "link": "bond0", "control": "hotplug"}}}
    lines = text(render(joined(pair(control="hotplug"), made))).splitlines()
    started = [line for line in lines if line.startswith(("auto ", "allow-"))]
    assert started == ["auto lo", "auto bond0", "auto bond0.5"]


def test_a_member_with_settings_of_its_own_is_read_when_its_bond_takes_it_in() -> None:
    """ifenslave has ifup read a member's stanza only where an allow- line names the bond."""
    own = {"ethernets": {"eth0": {"large-receive-offload": False}}}
    plain = joined(pair(), pair(1), own)
    lines = text(render(plain)).splitlines()
    assert [line for line in lines if line.startswith("allow-")] == ["allow-bond0 eth0"]
    assert stanzas(plain, "eth0") == [["iface eth0 inet manual", "offload-lro off"]]


def test_devices_that_stand_on_others_come_after_them() -> None:
    """`ifup -a` keeps the order of the file; here the types alone would put br1 after br1.9."""
    plain = joined(
        pair(),
        {"bridges": {"br1": {}}, "vlans": {"br1.9": {"id": 9, "link": "br1"}}},
        {
            "bridges": {"a0": {"interfaces": ["a1"], "parameters": {"stp": True}}},
            "vlans": {"a1": {"id": 5, "link": "bond0"}, "bond0.7": {"id": 7, "link": "bond0"}},
            "vrfs": {"a2": {"table": 10, "interfaces": ["a0"]}},
        },
    )
    rendered = render(plain)
    order = [line.split()[1] for line in text(rendered).splitlines() if line.startswith("auto ")]
    assert order.index("br1") < order.index("br1.9")
    assert order.index("bond0") < order.index("a1") < order.index("a0") < order.index("a2")
    assert stanzas(plain, "a1") == [
        [
            "iface a1 inet manual",
            "vlan-raw-device bond0",
            "pre-up ip link set dev bond0 up",
            "pre-up [ -e /sys/class/net/a1 ] || ip link add link bond0 name a1 type vlan id 5",
            "post-down ip link del dev a1 || true",
        ]
    ]
    assert stanzas(plain, "bond0.7") == [["iface bond0.7 inet manual", "vlan-raw-device bond0"]]
    assert "post-up ip link set dev a0 master a2 || true" in stanzas(plain, "a2")[0]
    assert not rendered.dropped


def test_an_administrators_bond_over_other_nics() -> None:
    """All members are slaves, and every bonding option has its name or its command."""
    parameters = {
        "mode": "802.3ad",
        "lacp-rate": "fast",
        "mii-monitor-interval": "1s",
        "up-delay": 0,
        "transmit-hash-policy": "layer2+3",
        "min-links": 1,
        "arp-ip-targets": ["10.0.0.1", "10.0.0.2"],
        "primary": "ens8",
        "resend-igmp": 2,
    }
    bond = {"interfaces": ["ens8", "ens9"], "parameters": parameters}
    nics: dict[str, Any] = {"ens8": {}, "ens9": {}}
    plain = joined(pair(), {"ethernets": nics, "bonds": {"bond7": bond}})
    assert set(stanzas(plain, "bond7")[0][1:]) == {
        "bond-slaves ens8 ens9",
        "bond-mode 802.3ad",
        "bond-lacp-rate fast",
        "bond-miimon 1000",
        "bond-updelay 0",
        "bond-xmit-hash-policy layer2+3",
        "bond-arp-ip-target 10.0.0.1 10.0.0.2",
        "bond-primary ens8",
        "post-up ip link set dev bond7 type bond min_links 1 resend_igmp 2 || true",
    }
    assert not render(plain).dropped


def test_two_names_of_one_option_are_one_option() -> None:
    """netplan has two spellings; ifupdown refuses an option that is said twice."""
    bridge = {"parameters": {"ageing-time": 5, "aging-time": 5}}
    plain = joined(pair(), {"bridges": {"br0": bridge}})
    assert stanzas(plain, "br0")[0][1:] == ["bridge_ports none", "bridge_ageing 5"]
    assert reasons(render(plain)) == {
        "bridges.br0.parameters.aging-time": "bridge_ageing is said already"
    }


def test_what_ifupdown_cannot_say_is_dropped_with_a_reason() -> None:
    """No such device, no such setting, or left to the DHCP client."""
    plain = joined(
        pair(**{"dhcp4": True, "critical": True, "dhcp4-overrides": {"use-dns": False}}),
        {
            "renderer": "networkd",
            "wifis": {"wl0": {"dhcp4": True}},
            "tunnels": {"wg0": {"mode": "wireguard", "key": "secret"}},
            "ethernets": {"ens9": {"addresses": [{"10.1.0.4/24": {"label": "ens9:1"}}]}},
        },
    )
    rendered = render(plain)
    assert set(reasons(rendered)) == {
        "bonds.bond0.critical",
        "bonds.bond0.dhcp4-overrides.use-dns",
        "renderer",
        "wifis.wl0.dhcp4",
        "tunnels.wg0.mode",
        "tunnels.wg0.key",
        "ethernets.ens9.addresses.0.10.1.0.4/24.label",
    }
    assert "secret" not in text(rendered) and "wg0" not in text(rendered)


def test_what_is_said_of_the_leaves_is_ascii_and_holds_no_secret() -> None:
    """Places, reasons and findings go to terminals of any encoding, and into logs."""
    plain = joined(
        pair(
            **{
                "dhcp4": True,
                "dhcp6": True,
                "dhcp4-overrides": {"use-dns": True},
                "dhcp6-overrides": {"use-dns": True},
                "ipv6-mtu": 1400,
                "ipv6-privacy": True,
                "ipv6-address-generation": "eui64",
                "link-local": [],
            }
        ),
        {
            "bridges": {
                "br0": {"interfaces": ["bond0"], "parameters": {"path-cost": {"bond0": 5}}}
            },
        },
        SECRETS,
    )
    theirs = "iface eth0 inet dhcp\n  wpa-psk hunter2\niface eth0:1 inet dhcp\n  key hunter2\n"
    rendered = render(plain, {"etc/network/interfaces": theirs})
    assert "post-up ip link ... addrgenmode" in str(rendered.places)
    said = [*rendered.places.values(), *rendered.dropped.values(), *map(str, rendered.findings)]
    assert len(rendered.findings) > 3
    assert all(each.isascii() and "hunter2" not in each for each in said)


def test_settings_of_no_device() -> None:
    """Nameservers go to the loopback, which is always up; a route to where its gateway is."""
    plain = joined(
        pair(addresses=["10.0.0.4/24"]),
        {
            "nameservers": {"addresses": ["10.0.0.2"], "search": ["example.org"]},
            "routes": [{"to": "10.8.0.0/16", "via": "10.0.0.9", "metric": 3}],
        },
    )
    rendered = render(plain)
    assert stanzas(plain, "lo")[0][1:] == ["dns-nameservers 10.0.0.2", "dns-search example.org"]
    assert (
        "post-up ip route add 10.8.0.0/16 via 10.0.0.9 dev bond0 metric 3 || true"
        in stanzas(plain, "bond0")[0]
    )
    assert not rendered.dropped


def test_the_same_again_over_its_own_output() -> None:
    """Its own files are no rivals."""
    first = render(pair(0))
    assert render(pair(0), {file.path: file.text for file in first.files}) == first


INSTALLERS = (
    "# from the installer\n"
    "source /etc/network/interfaces.d/*\n"
    "\n"
    "auto lo\n"
    "iface lo inet loopback\n"
    "\n"
    "# The primary network interface\n"
    "allow-hotplug eth0 ens9\n"
    "iface eth0 inet dhcp\n"
    "iface ens9 inet dhcp\n"
)


def test_dhcp_on_a_member_in_another_file_becomes_a_comment() -> None:
    """ifupdown would apply both stanzas; nothing else in the file changes."""
    rendered = render(pair(), {"etc/network/interfaces": INSTALLERS})
    (edited,) = [file for file in rendered.files if file.path == "etc/network/interfaces"]
    assert edited.text == INSTALLERS.replace(
        "allow-hotplug eth0 ens9", "allow-hotplug ens9"
    ).replace("iface eth0 inet dhcp", "# hyperv-net: iface eth0 inet dhcp")
    rules = [finding.rule for finding in rendered.findings if finding.rule != "needs-package"]
    assert rules == ["interfaces-rival"]
    again = render(pair(), {edited.path: edited.text})
    assert edited.path not in {file.path for file in again.files}


def test_a_continued_line_is_one_line() -> None:
    """`up` with a backslash at its end goes on, whatever word begins the next line."""
    theirs = "source interfaces.d/*\niface ens9 inet manual\n  up echo \\\niface eth0 inet dhcp\n"
    rendered = render(pair(), {"etc/network/interfaces": theirs})
    assert "etc/network/interfaces" not in {file.path for file in rendered.files}


@pytest.mark.parametrize("stanza", ["static\n  address 10.0.0.9/24\n", "dhcp\n  up ./mine\n"])
def test_a_stanza_of_a_member_that_says_more_is_an_error(stanza: str) -> None:
    """Somebody's address or command is not thrown away, and their file stays as it is."""
    theirs = f"source-directory interfaces.d\nauto eth0\niface eth0 inet {stanza}"
    rendered = render(pair(), {"etc/network/interfaces": theirs})
    found = [each for each in rendered.findings if each.rule == "interfaces-rival"]
    assert [each.severity for each in found] == [Severity.ERROR]
    assert f"iface eth0 inet {stanza.split()[0]}" in found[0].where
    assert "etc/network/interfaces" not in {file.path for file in rendered.files}


OURS = "source interfaces.d/*\n"


def rivals(theirs: str) -> tuple[list[Finding], str | None]:
    """The findings about rivals beside this interfaces file, and its text where it is edited."""
    rendered = render(pair(), {"etc/network/interfaces": OURS + theirs})
    texts = [file.text for file in rendered.files if file.path == "etc/network/interfaces"]
    edited = texts[0][len(OURS) :] if texts else None
    return [each for each in rendered.findings if each.rule == "interfaces-rival"], edited


@pytest.mark.parametrize(
    ("theirs", "name"),
    [
        ("iface eth0:1 inet static\n  address 10.0.0.9/24\n", "eth0:1"),
        ("iface eth0.5 inet dhcp\n", "eth0.5"),
        ("iface eth0.5:1 inet dhcp\n", "eth0.5:1"),
        ("iface eth0.5.7 inet dhcp\n", "eth0.5.7"),
        ("iface enP0s2.5 inet dhcp\n", "enP0s2.5"),
        ("iface vlan5 inet manual\n  vlan-raw-device eth0\n", "vlan5"),
        ("iface vlan5 inet manual\n  vlan-raw-device \\\n  eth0\n", "vlan5"),
        ("iface br0 inet dhcp\n  bridge_ports ens9 eth0\n", "br0"),
        ("iface bond7 inet dhcp\n  bond-slaves eth0 ens9\n", "bond7"),
    ],
)
def test_a_device_that_stands_on_a_member_is_an_error(theirs: str, name: str) -> None:
    """An alias is an address on the member, and a vlan takes frames that are the aggregate's."""
    (found,), edited = rivals(theirs)
    assert found.severity is Severity.ERROR and edited is None
    assert found.message.startswith(f"{name} stands on e")
    assert f"iface {name} inet" in found.where and "bond0" in found.hint


@pytest.mark.parametrize(
    "theirs",
    [
        "iface bond0.5 inet dhcp\n",
        "iface eth01.5 inet dhcp\n",
        "iface eth0.5 inet dhcp\n  vlan-raw-device bond0\n",
        "iface vlan5 inet dhcp\n  vlan-raw-device bond0\n",
        "iface ens9 inet dhcp\n  # vlan-raw-device eth0\n",
        "# iface \\\niface ens9 inet dhcp\n",
    ],
)
def test_what_stands_on_the_aggregate_or_elsewhere_is_no_rival(theirs: str) -> None:
    """Only a member is to be left alone, and a comment configures nothing."""
    assert rivals(theirs) == ([], None)


@pytest.mark.parametrize(
    ("theirs", "edited"),
    [
        ("allow-hotplug eth0 \\\n  ens9\niface ens9 inet dhcp\n", "allow-hotplug ens9\n"),
        ("auto eth0 \\\n  bond0\niface ens9 inet dhcp\n", "#: auto eth0 \\\n#:   bond0\n"),
        (
            "iface eth0 \\\n  inet dhcp\niface ens9 inet dhcp\n",
            "#: iface eth0 \\\n#:   inet dhcp\n",
        ),
        ("iface et\\\nh0 inet dhcp\niface ens9 inet dhcp\n", "#: iface et\\\n#: h0 inet dhcp\n"),
    ],
)
def test_a_line_that_goes_on_is_edited_as_a_whole(theirs: str, edited: str) -> None:
    """ifupdown joins it before it looks at its words; what follows stays as it is."""
    edited = edited.replace("#:", "# hyperv-net:") + "iface ens9 inet dhcp\n"
    assert rivals(theirs)[1] == edited
    assert rivals(edited) == ([], None)


LINES = [
    "iface ens9 inet dhcp",
    "auto ens9",
    "# x",
    "  up y",
    "\\",
    "\n",
    "\n",
    " ",
    "\r",
    "\u2028",
]


@given(st.lists(st.sampled_from(LINES)).map("".join))
def test_a_file_that_names_no_member_stays_as_it_is(theirs: str) -> None:
    """However its lines end or go on."""
    assert rivals(theirs) == ([], None)


def test_a_finding_quotes_a_line_as_one_line() -> None:
    """Without the backslash, and with all its words."""
    (found,), _ = rivals("iface eth0 \\\n  inet static\n  address 10.0.0.9/24\n")
    assert found.where == "etc/network/interfaces: iface eth0 inet static"


def test_nothing_is_said_to_be_a_comment_in_a_file_that_stays() -> None:
    """An error elsewhere in the file keeps it from being edited."""
    found, edited = rivals("iface eth0 inet dhcp\niface eth0:1 inet dhcp\n")
    assert [each.severity for each in found] == [Severity.ERROR] and edited is None


@pytest.mark.parametrize(
    ("include", "included"),
    [
        ("source /etc/network/interfaces.d/*", True),
        ("source interfaces.d/*", True),
        ("source-directory /etc/network/interfaces.d", True),
        ("source /etc/network/interfaces.d/*.cfg", False),
        ("# source /etc/network/interfaces.d/*", False),
    ],
)
def test_a_folder_that_is_not_included_is_a_warning(include: str, included: bool) -> None:
    """Without the line the rendered file has no effect."""
    rules = {each.rule for each in render(pair(), {"etc/network/interfaces": include}).findings}
    assert ("interfaces-not-included" in rules) is not included


def test_debians_hotplug_helper_is_a_warning() -> None:
    """Debian's cloud images start DHCP on whatever appears."""
    path = "etc/udev/rules.d/75-cloud-ifupdown.rules"
    assert "interfaces-helper" in {each.rule for each in render(pair(), {path: "x"}).findings}


HOSTILE = ["$(touch x)", "a;b", "a\nup evil", "a`b`", '"', "a b|c", "a\\", "eth0 || evil", "\x00"]
KEYS = [
    "colour",
    "hostname",
    "use-domains",
    "critical",
    "label",
    "mtu",
    "macaddress",
    "gateway4",
    "ipv6-address-token",
]


@given(st.sampled_from(KEYS), st.sampled_from(HOSTILE) | st.text(min_size=1))
def test_nothing_unparsed_reaches_a_file_whose_lines_a_shell_runs(key: str, value: str) -> None:
    """Whatever a value holds, the files consist of what was parsed and of our own words."""
    strange: dict[str, Any] = {
        key: value,
        "x": value,
        "dhcp4": True,
        "dhcp4-overrides": {"hostname": value, "use-domains": value, "route-metric": value},
        "nameservers": {"search": [value], "addresses": [value]},
        "routes": [
            {"to": value, "via": value},
            {"to": "default", "via": "10.0.0.1", "type": value},
        ],
        "routing-policy": [{"from": value, "table": value}],
        "addresses": [{"10.0.0.4/24": {"label": value}}, value],
    }
    plain = joined(
        pair(**strange),
        {
            "ethernets": {"ens9": strange, value: {"dhcp4": True}},
            "bonds": {"bond0": {"parameters": {"mode": value, "speed": value}}},
            "vlans": {"v5": {"id": value, "link": value}, "v6": {"id": 5, "link": value}},
            "bridges": {"br0": {"parameters": {"forward-delay": value, "path-cost": {value: 5}}}},
            "vrfs": {"red": {"table": 5, "interfaces": [value]}},
            "tunnels": {"t0": {"mode": "gre", "local": value, "key": value}},
            "routes": [{"to": value, "via": "10.0.0.1"}],
        },
    )
    for file in render(plain).files:
        for line in file.text.splitlines():
            bare = line.removesuffix(" || true").replace("|| ip link add", "ip link add")
            if file.path == FILE and not line.startswith("#"):
                bare = re.sub(r"\[ -e /sys/class/net/[\w.:-]+ \]|echo \d+ >/proc", "", bare)
                assert re.fullmatch(r"[A-Za-z0-9 ./:_=+-]*", bare), line


def test_the_registry_loads_it() -> None:
    """By the target's name."""
    part = load("ifupdown").render
    assert isinstance(part, Part) and part.function is ifupdown.render


def one_bond_of_two_pairs() -> Rewritten:
    """Two pairs below an administrator's bond0, whose primary is the second VF."""
    plain = joined(pair(0), pair(1))
    del plain["bonds"]["bond1"]
    plain["bonds"]["bond0"]["interfaces"] = ["eth0", "eth0-vf", "eth1", "eth1-vf"]
    plain["bonds"]["bond0"]["parameters"]["primary"] = "eth1-vf"
    config = rewritten(plain)
    aggregates = (each._replace(name="bond0", administrators=True) for each in config.aggregates)
    return config._replace(aggregates=tuple(aggregates))


def test_two_pairs_in_one_bond_are_both_joined() -> None:
    """Both synthetic NICs are slaves, and each VF is looked for."""
    rendered = ifupdown.render(one_bond_of_two_pairs(), {})
    lines = [line.strip() for line in text(rendered).splitlines()]
    assert "bond-slaves eth0 eth1" in lines
    assert [line for line in lines if "udevadm" in line] == [
        TRIGGER,
        TRIGGER.replace(MAC, mac(1)),
    ]


def test_a_pair_whose_mac_cannot_stand_in_a_command_is_an_error() -> None:
    """Its VF would never be joined, so the user is told where and why."""
    config = rewritten(pair())
    (aggregate,) = config.aggregates
    pair_of_nics = aggregate.pair._replace(mac=":".join(["00"] * 20))
    wrong = aggregate._replace(pair=pair_of_nics)
    with pytest.raises(HypervNetError) as caught:
        ifupdown.render(config._replace(aggregates=(wrong,)), {})
    assert caught.value.where == "bonds.bond0" and caught.value.hint
    assert "VF of eth0: not a" in caught.value.what
