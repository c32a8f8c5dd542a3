"""The daemon's file is parsed, whatever is in it, and never run."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.kvp.injected import Injection, parse
from tests.kvp import texts


def shown(injection: Injection) -> tuple[str, ...]:
    """Everything but the name and the MAC, as texts."""
    return (
        f"dhcp {injection.dhcp}",
        *map(str, injection.addresses),
        *(f"via {one}" for one in injection.gateways),
        *(f"ask {one}" for one in injection.nameservers),
    )


IPV4 = ("dhcp False", "10.1.0.4/24", "via 10.1.0.1", "ask 10.1.0.53")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (texts.LINUX_IPV4, IPV4),
        (texts.LINUX_OLD, IPV4),
        (texts.FREEBSD_IPV4, IPV4),
        (texts.LINUX_IPV6, ("dhcp True", "2001:db8::4/64", "via fe80::1")),
        (texts.FREEBSD_IPV6, ("dhcp True", "2001:db8::4/64", "via fe80::1")),
        (texts.LINUX_DHCP, ("dhcp True",)),
        (texts.FREEBSD_DHCP, ("dhcp True", "10.1.0.4/24", "via 10.1.0.1")),
        (
            texts.LINUX,
            (
                "dhcp False",
                *("10.1.0.4/24", "10.1.0.5/24", "2001:db8::4/64", "2001:db8::5/64"),
                *("via 10.1.0.1", "via fe80::1", "ask 10.1.0.53", "ask 2001:db8::53"),
            ),
        ),
        (
            texts.FREEBSD,
            (
                "dhcp False",
                *("10.1.0.4/24", "10.1.0.5/24", "2001:db8::4/64"),
                *("via 10.1.0.1", "via fe80::1", "ask 10.1.0.53", "ask 2001:db8::53"),
            ),
        ),
    ],
)
def test_what_the_daemons_write_is_understood(text: str, expected: tuple[str, ...]) -> None:
    """Both daemons' forms: with and without numbers, lists, masks and prefix lengths."""
    assert shown(parse(text, "file")) == expected


def test_a_mac_address_may_lack_its_leading_zeros() -> None:
    """As ether_ntoa(3) of FreeBSD prints it, and in capitals as Linux's daemon does."""
    assert parse(texts.FREEBSD_IPV4, "file").mac == texts.MAC
    assert parse(texts.LINUX_IPV4, "file").mac == texts.MAC


@pytest.mark.parametrize("style", ["{}", "_{}"])
@pytest.mark.parametrize("first", [0, 1])
def test_numbers_may_begin_anywhere(style: str, first: int) -> None:
    """IPADDR0 or IPADDR_1: address and mask belong together by number, whatever their order."""
    lines = ["DEVICE=eth0", "DHCP=no"]
    for number in reversed(range(3)):
        suffix = style.format(number + first)
        lines += [
            f"IPADDR{suffix}=10.1.{number}.4",
            f"NETMASK{suffix}=255.255.255.{256 - 2**number}",
        ]
    found = [str(one) for one in parse("\n".join(lines), "file").addresses]
    assert found == ["10.1.0.4/32", "10.1.1.4/31", "10.1.2.4/30"]


BASE = "DEVICE=eth0\nDHCP=no\nIPADDR=10.1.0.4\nNETMASK=255.255.255.0\n"


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        (BASE + "IPADDR0=10.1.0.5\n", "file:5: IPADDR0", "given twice"),
        (BASE + "DEVICE=eth0\n", "file:5: DEVICE", "given twice"),
        (BASE + "IF_NAME=eth1\n", "file:1: DEVICE", "IF_NAME says 'eth1'"),
        (BASE + "HOSTNAME=x\n", "file:5: HOSTNAME", "no key that hv_kvp_daemon writes"),
        (BASE + "DNS1=$(reboot)\n", "file:5", "not KEY=value"),
        (BASE + "DNS1=`reboot`\n", "file:5", "not KEY=value"),
        (BASE + 'DNS1="10.0.0.1"\n', "file:5", "not KEY=value"),
        (BASE + "DNS1=10.0.0.1\\\n", "file:5", "not KEY=value"),
        (BASE + "DNS1=10.0.0.1\r\n", "file:5", "not KEY=value"),
        (BASE + "reboot\n", "file:5", "not KEY=value"),
        (BASE + "DNS1=10.0.0.1; reboot\n", "file:5: DNS", "not a name server's address: 'reboot'"),
        (BASE + "GATEWAY=10.1.0.256\n", "file:5: GATEWAY", "not a gateway's address"),
        (BASE + "GATEWAY=224.0.0.1\n", "file:5: GATEWAY", "not a gateway's address"),
        (BASE + "IPV6ADDR=10.1.0.9\n", "file:5: IPV6ADDR", "for the other family"),
        (BASE + "IPV6ADDR=2001:db8::1\n", "file:5: IPV6ADDR", "has no mask"),
        (BASE + "IPV6ADDR=2001:db8::1/64\nIPV6NETMASK=56\n", "file:5: IPV6ADDR", "two masks"),
        (BASE + "NETMASK7=255.0.0.0\n", "file:5: NETMASK7", "a mask without its address"),
        (BASE + "HWADDR=hello\n", "file:5: HWADDR", "not a MAC address"),
        (BASE + "HWADDR=\n", "file:5: HWADDR", "not a MAC address"),
        (BASE + "BOOTPROTO=dhcp\n", "file:5: BOOTPROTO", "contradicts DHCP"),
        (BASE.replace("DHCP=no", "DHCP=maybe"), "file:2: DHCP", "not one of"),
        (BASE.replace("DHCP=no\n", ""), "file", "whether DHCP is on"),
        (BASE.replace("DEVICE=eth0\n", ""), "file", "names no interface"),
        (BASE.replace("eth0", "eth0;id"), "file:1: DEVICE", "not an interface name"),
        (BASE.replace("eth0", "../../x"), "file:1: DEVICE", "not an interface name"),
        (BASE.replace("255.255.255.0", "255.0.255.0"), "file:4: NETMASK", "not a mask of IPv4"),
        (BASE.replace("255.255.255.0", "0.0.0.0"), "file:4: NETMASK", "not a mask of IPv4"),
        (BASE.replace("10.1.0.4", "127.0.0.1"), "file:3: IPADDR", "that an interface can have"),
        (BASE.replace("10.1.0.4", "0.0.0.0"), "file:3: IPADDR", "that an interface can have"),
        ("DEVICE=eth0\nDHCP=no\nDNS1=10.0.0.1\n", "file", "neither DHCP nor an address"),
        ("DEVICE=eth0\nDHCP=no\nDNS=" + "10.0.0.1;" * 65, "file:3: DNS", "more than 64"),
        ("#" * 70000, "file", "larger than 64 KiB"),
        ("", "file", "names no interface"),
    ],
)
def test_anything_else_is_an_error_of_one_line(text: str, place: str, what: str) -> None:
    """It says where and what; nothing of it is believed, not even the rest."""
    with pytest.raises(HypervNetError) as caught:
        parse(text, "file")
    assert what in str(caught.value)
    assert place in str(caught.value.where)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250  # longer lines are cut by hv_kvp_daemon


def test_no_gateway_may_be_said_as_zero() -> None:
    """0.0.0.0 and :: are no gateways, and no reason to refuse the rest."""
    text = BASE + "GATEWAY=0.0.0.0\nIPV6_DEFAULTGW=::\n"
    assert parse(text, "file").gateways == ()


KEYS = st.one_of(
    st.sampled_from(["HWADDR", "IF_NAME", "DEVICE", "DHCP", "BOOTPROTO", "ONBOOT", "PATH"]),
    st.builds(
        "{}{}".format,
        st.sampled_from(["IPADDR", "NETMASK", "IP_ADDR", "SUBNET", "GATEWAY", "DNS", "IPV6ADDR"])
        | st.sampled_from(["IPV6NETMASK", "IPV6_DEFAULTGW"]),
        st.sampled_from(["", "0", "1", "_1"]),
    ),
)
VALUES = st.one_of(
    st.sampled_from(
        [
            *("eth0", "hn0", "1", "0", "dhcp", "none", "no", texts.MAC, "10.1.0.4", "10.1.0.5;"),
            *("255.255.255.0", "64", "/64", "2001:db8::4", "2001:db8::5;10.0.0.1", "fe80::1"),
            *("$(id)", "`id`", "x; id", '"', "'", "a\nDHCP=1", "\x00", "٣٣", "9" * 5000, ""),
        ]
    ),
    st.text(max_size=20),
)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=12), st.text(max_size=20))
def test_parsing_never_raises_anything_else(lines: list[tuple[str, str]], more: str) -> None:
    """Whatever the host writes, the answer is an injection or a HypervNetError."""
    with suppress(HypervNetError):
        parse("\n".join(f"{key}={value}" for key, value in lines) + more, "file")


@given(st.text())
def test_nor_does_any_text(text: str) -> None:
    """Also one that is no such file at all."""
    with suppress(HypervNetError):
        parse(text, "file")
