"""Values of adopted files that their owners take for nothing: red, all at once, with their places.

The real programs are asked the same in test_impossible_to_owners.py.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Inventory, Settings
from hyperv_net.renderers import load
from tests.building import freebsd, hn, linux, mce, synthetic, vf

LINUX, FREEBSD = linux(synthetic(), vf()), freebsd(hn(), mce())
INTERFACES = "etc/network/interfaces"
KEYFILE = "etc/NetworkManager/system-connections/eth0.nmconnection"
NETWORK = "etc/systemd/network/10-eth0.network"
RC_CONF = "etc/rc.conf"
PROFILE = "[connection]\nid=eth0\ntype=ethernet\ninterface-name=eth0\n"


class Owner(NamedTuple):
    """A target, its file, and what stands in that before the lines of a case."""

    target: str
    file: str
    before: str
    machine: Inventory = LINUX


STATIC = Owner("ifupdown", INTERFACES, "iface eth0 inet static\n")
STATIC6 = Owner("ifupdown", INTERFACES, "iface eth0 inet6 static\n")
DHCP = Owner("ifupdown", INTERFACES, "iface eth0 inet dhcp\n")
BARE = Owner("ifupdown", INTERFACES, "")
NM = Owner("network-manager", KEYFILE, PROFILE)
NETWORKD = Owner("networkd", NETWORK, "[Match]\nName=eth0\n")
RC = Owner("freebsd", RC_CONF, "", FREEBSD)


def errors(owner: Owner, lines: str) -> list[str]:
    try:
        load(owner.target).adopt({owner.file: owner.before + lines}, owner.machine, Settings())
    except HypervNetError as error:
        return [str(one) for one in (error, *error.others)]
    return []


def hints(owner: Owner, lines: str) -> list[str]:
    texts = {owner.file: owner.before + lines}
    adopted = load(owner.target).adopt(texts, owner.machine, Settings())
    assert adopted is not None
    return [f"{one.where} {one.hint} {one.rule}" for one in adopted.config.findings]


@pytest.mark.parametrize(
    ("owner", "lines", "told"),
    [
        (STATIC, " address 10.0.0.300/24\n", "2:10: eth0.inet.address: not an IP address"),
        (STATIC, " address 10.0.0.4/33\n", "2:10: eth0.inet.address: not an IP address"),
        (STATIC, " address many\n", "2:10: eth0.inet.address: not an IP address"),
        (STATIC, " netmask 255.0.255.0\n", "2:10: eth0.inet.netmask: not a netmask"),
        (STATIC, " gateway 10.0.0.1/24\n", "2:10: eth0.inet.gateway: not an IP address without"),
        (STATIC, " metric x\n", "2:9: eth0.inet.metric: not a number: 'x'"),
        (STATIC, " mtu many\n", "2:6: eth0.inet.mtu: not an MTU from 68 to 65536: 'many'"),
        (STATIC, " mtu 12\n", "2:6: eth0.inet.mtu: not an MTU from 68 to 65536: '12'"),
        (STATIC, " hwaddress ether 00:0d:zz:0:0:0\n", "2:18: eth0.inet.hwaddress: not a MAC"),
        (STATIC, " bond_mode activ-backup\n", "2:12: eth0.inet.bond_mode: no bond mode is called"),
        (STATIC6, " address 2001:db8::1/129\n", "2:10: eth0.inet6.address: not an IP address"),
        (BARE, "iface eth0 inet statc\n", "1:17: eth0.inet: no method is called 'statc' (did you"),
        (BARE, "iface eth0 inte static\n", "1:12: eth0: no address family is called 'inte'"),
        (NM, "[ipv4]\nmethod=manul\n", "6:8: ipv4.method: no method is called 'manul' (did you"),
        (NM, "[ipv4]\naddress1=10.0.0.300/24\n", "6:10: ipv4.address1: not an IPv4 address"),
        (NM, "[ipv4]\naddress1=10.0.0.4/44\n", "6:10: ipv4.address1: not a prefix length: '44'"),
        (NM, "[ipv4]\ngateway=10.0.0\n", "6:9: ipv4.gateway: not an IPv4 address: '10.0.0'"),
        (NM, "[ipv4]\ndns=10.0.0.1;10.0.0.999;\n", "6:5: ipv4.dns: not an IPv4 address"),
        (NM, "[ipv6]\nroute1=2001:db8::/64,10.0.0.1\n", "6:8: ipv6.route1: not an IPv6 address"),
        (NM, "[ipv4]\nroute-metric=x\n", "6:14: ipv4.route-metric: not a metric: 'x'"),
        (NM, "[ipv4]\nnever-default=perhaps\n", "6:15: ipv4.never-default: not true or false"),
        (NM, "[802-3-ethernet]\nmtu=many\n", "6:5: ethernet.mtu: not an MTU: 'many'"),
        (NETWORKD, "[Link]\nMTUBytes=many\n", "4:10: Link.MTUBytes: not a number of bytes"),
        (NETWORKD, "[Network]\nDHCP=yess\n", "4:6: Network.DHCP: not one of yes, no"),
        (NETWORKD, "[Network]\nAddress=10.0.0.300/24\n", "4:9: Network.Address: not an IP"),
        (NETWORKD, "[Network]\nGateway=10.0.0.1/24\n", "4:9: Network.Gateway: not an IP"),
        (NETWORKD, "[Network]\nDNS=10.0.0.1 10.0.0.999\n", "4:5: Network.DNS: not addresses of"),
        (NETWORKD, "[Route]\nDestination=10.0.0.0/40\n", "4:13: Route.Destination: not an IP"),
        (NETWORKD, "[Route]\nMetric=x\n", "4:8: Route.Metric: not a metric: 'x'"),
        (RC, 'ifconfig_hn0="inet 10.0.0.300"\n', "1:20: ifconfig_hn0: not an IPv4 address"),
        (RC, 'ifconfig_hn0="inet 10.0.0.4/33"\n', "1:20: ifconfig_hn0: not an IPv4 address"),
        (RC, "ifconfig_hn0='DHCP mtu many'\n", "1:24: ifconfig_hn0: not an MTU from 72 to 65535"),
        (RC, 'ifconfig_hn0_ipv6="inet6 2001:db8:::1"\n', "1:26: ifconfig_hn0_ipv6: not an IPv6"),
        (RC, 'ifconfig_hn0=DHCP\ndefaultrouter="10.0.0.999"\n', "2:16: defaultrouter: not an IP"),
        (RC, "ifconfg_hn0=DHCP\n", "1:1: ifconfg_hn0: no key 'ifconfg_hn0' is known here (did you"),
    ],
)
def test_a_value_that_its_owner_takes_for_nothing_is_an_error_with_its_place(
    owner: Owner, lines: str, told: str
) -> None:
    (found,) = errors(owner, lines)
    assert found.startswith(f"{owner.file}:{told}")


@pytest.mark.parametrize(
    ("owner", "lines"),
    [
        (STATIC, " address 10.0.0.4/24\n gateway 10.0.0.1\n mtu 9000\n metric 0x10\n"),
        (STATIC, " address 10.1/16\n netmask 255.255.0.0\n broadcast +\n"),
        (STATIC, " address $(cat /etc/address)\n gateway `here`\n mtu ${MTU}\n"),
        (STATIC, " address fe80::1/64\n gateway fe80::2\n hwaddress random\n scope link\n"),
        (STATIC, " address 10.0.0.4\n netmask 24\n pointopoint 10.0.0.9\n my-own option\n"),
        (STATIC, " bond-mode 1\n gateway none\n hwaddress ether 0:d:3a:0:0:1\n"),
        (STATIC6, " address 2001:db8::1\n netmask 64\n gateway fe80::1\n"),
        (DHCP, " address anything\n gateway x\n metric by-a-script\n mtu many\n"),
        (BARE, "iface eth0\n address 10.0.0.4/24\n"),
        (BARE, "iface eth0 inet made-up\niface eth9\n use dhcp\n"),
        (BARE, "iface eth0 inet dhcp\niface eth9 inet inherits eth0\n address 10.0.0.4/24\n"),
        (BARE, "iface eth0 inet dhcp\niface vcan0 can static\n bitrate many\n"),
        (NM, "[ipv4]\nmethod=manual\naddress1=10.0.0.4/24,10.0.0.1\naddresses2=10.0.0.5;24;\n"),
        (NM, "[ipv4]\ndns=10.0.0.1#name;dns+tls://10.0.0.2;\nroute1=10.1.0.0/16,,7\ngateway=\n"),
        (NM, "[ipv6]\nmethod=ignore\nroute1=2001:db8::/64,7\nroute-metric=-1\nmtu=0x600\n"),
        (NM, "[ethernet]\ncloned-mac-address=stable\nmac-address=00-0D-3A-00-00-00\n[user]\na=b\n"),
        (NM, "[bond]\nmode=1\nmiimon=100\n[wifi]\nmethod=manul\nmtu=many\n"),
        (NETWORKD, "[Network]\nDHCP=both\nDNS=10.0.0.1:53%eth0#a.b [2001:db8::1]:53 fe80::1%2\n"),
        (NETWORKD, "[Network]\nAddress=\nAddress=10.0.0.4/24\nGateway=fe80::1\nIPv6AcceptRA=no\n"),
        (NETWORKD, "[Route]\nGateway=_dhcp4\nDestination=::/0\nMetric=0x10\nMTUBytes=1.5K\n"),
        (NETWORKD, "[MadeUp]\nAddress=x\n[Network]\nNewerKey=x\n[DHCPv4]\nRouteMetric=7\n"),
        (RC, 'ifconfig_hn0="inet backup.example.com netmask 0xffffff00 mtu 1500"\n'),
        (RC, 'ifconfig_hn0="10.0.0.4/24 descr 10.0.0.300"\ndefaultrouter="NO"\n'),
        (RC, 'ifconfig_hn0="inet 10.65535 mtu 1500x"\nipv4_addrs_hn0="10.0.0.1-5/24"\n'),
        (RC, 'ifconfig_hn0_ipv6="inet6 fe80::1%hn0 prefixlen 64"\nifconfg_vm0="DHCP"\n'),
        (RC, 'ifconfig_hn0="DHCP"\nmy_address="10.0.0.300"\nnginx_flags="inet 10.0.0.300"\n'),
    ],
)
def test_what_the_owner_takes_is_neither_an_error_nor_a_finding(owner: Owner, lines: str) -> None:
    assert errors(owner, lines) == []
    assert hints(owner, lines) == []


@pytest.mark.parametrize(
    ("owner", "lines", "told"),
    [
        (STATIC, " gatway 10.0.0.1\n", "2:2: eth0.inet.gatway did you mean 'gateway'?"),
        (STATIC, " adderss 10.0.0.1\n", "2:2: eth0.inet.adderss did you mean 'address'?"),
        (NM, "[ipv4]\nadress1=10.0.0.4/24\n", "6:1: ipv4.adress1 did you mean 'address'?"),
        (
            NETWORKD,
            "[Network]\nAdress=10.0.0.4/24\n",
            "4:1: Network.Adress did you mean",
        ),
        (RC, "ifconfig_hn0=DHCP\nifconfg_hn0_ipv6=x\n", "2:1: ifconfg_hn0_ipv6 did you mean"),
        (RC, "ifconfig_hn0=DHCP\ndefaultroute=x\n", "2:1: defaultroute did you mean"),
    ],
)
def test_a_key_that_is_one_slip_from_a_known_one_is_told_of(
    owner: Owner, lines: str, told: str
) -> None:
    (found,) = hints(owner, lines)
    assert found.startswith(f"{owner.file}:{told}")
    assert found.endswith("unknown-key")


def test_a_mistyped_key_is_told_of_beside_an_error() -> None:
    with pytest.raises(HypervNetError) as raised:
        texts = {INTERFACES: f"{STATIC.before} mtu many\n gatway 10.0.0.1\n"}
        load("ifupdown").adopt(texts, LINUX, Settings())
    assert [one.hint for one in raised.value.findings] == ["did you mean 'gateway'?"]


def test_all_that_is_wrong_in_all_files_is_told_at_once_in_the_order_of_the_files() -> None:
    more = "etc/network/interfaces.d/more"
    texts = {
        INTERFACES: "source /etc/network/interfaces.d/*\niface eth0 inet static\n mtu x\n"
        " metric y\n",
        more: "iface eth9 inet static\n address z\n",
    }
    with pytest.raises(HypervNetError) as raised:
        load("ifupdown").adopt(texts, LINUX, Settings())
    told = [one.where for one in (raised.value, *raised.value.others)]
    assert [(one.file, one.line) for one in told if not isinstance(one, str)] == [
        (INTERFACES, 3),
        (INTERFACES, 4),
        (more, 2),
    ]
