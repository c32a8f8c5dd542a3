"""Static routes of an adopted rc.conf: what route(8) does not take, or rc(8) does not find."""

from __future__ import annotations

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Settings
from hyperv_net.renderers import load
from tests.renderers.test_impossible_values import RC, RC_CONF, Owner, hints

DHCP = 'ifconfig_hn0="DHCP"\n'
LISTED = Owner("freebsd", RC_CONF, f'{DHCP}static_routes="lan:hn0"\n', RC.machine)
LISTED6 = Owner("freebsd", RC_CONF, f'{DHCP}ipv6_static_routes="lan"\n', RC.machine)


def warnings(owner: Owner, lines: str) -> list[str]:
    """What is told of the routes, and no error: the plan goes on."""
    texts = {owner.file: owner.before + lines}
    adopted = load(owner.target).adopt(texts, owner.machine, Settings())
    assert adopted is not None
    found = adopted.config.findings
    assert {(one.rule, one.severity) for one in found} <= {("route-refused", "warning")}
    return [f"{one.where}: {one.message} ({one.hint})" for one in found]


@pytest.mark.parametrize(
    ("words", "wrong", "what"),
    [
        ("-net 10.0.0.0/33 10.0.0.1", "10.0.0.0/33", "an IPv4 network"),
        ("10.0.0.300/24 10.0.0.1", "10.0.0.300/24", "an IPv4 network"),
        ("-net 10.1.0.0/16 10.0.0.300", "10.0.0.300", "an IPv4 address"),
        ("-net 10.1.0.0/16 10.0.0.1/24", "10.0.0.1/24", "an IPv4 address"),
        ("-net 10.1.0.0 -netmask 255.0.0.999 10.0.0.1", "255.0.0.999", "an IPv4 address"),
        ("-net 10.1.0.0 10.0.0.1 255.0.0.999", "255.0.0.999", "an IPv4 address"),
        ("-net 10.1.0.0 -prefixlen 33 10.0.0.1", "33", "a prefix length"),
        ("2001:db8::/32 gateway", "2001:db8::/32", "an IPv4 network"),
        ("-inet6 2001:db8::/129 2001:db8::1", "2001:db8::/129", "an IPv6 network"),
        ("-inet6 2001:db8::/32 2001:db8:::1", "2001:db8:::1", "an IPv6 address"),
        ("-gateway 10.0.0.300 -dst 10.1.0.0/16", "10.0.0.300", "an IPv4 address"),
        ("10.1.0.0/16 10.0.0.1 -mtu many", "many", "a number"),
        ("10.1.0.0/16 10.0.0.1 -fib x", "x", "a routing table"),
        ("10.1.0.0/16 10.0.0.1 -mtu", "-mtu", "an option with what belongs to it"),
        ("-netmsk 255.0.0.0 10.0.0.0 10.0.0.1", "-netmsk", "an option of route(8)"),
        ("-net 10.1.0.0/16", "-net 10.1.0.0/16", "a route with a gateway"),
        ("-net", "-net", "a route with a destination"),
    ],
)
def test_a_word_that_route_does_not_take_is_a_warning_at_its_place(
    words: str, wrong: str, what: str
) -> None:
    line = f"route_lan='{words}'"
    (told,) = warnings(LISTED, f"{line}\n")
    place = f"{RC_CONF}:3:{line.index(wrong) + 1}: route_lan"
    assert told == f"{place}: not {what}: {wrong!r} (route refuses it, and the others are added)"


@pytest.mark.parametrize(
    "words",
    [
        "-net 10.1.0.0/16 10.0.0.1",
        "-net 10/8 gateway.example.com",
        "-host backup 10.1 -static -fib 0-3,5",
        "default 10.0.0.1",
        "-net 10.1.0.0 -netmask 0xffff0000 10.0.0.1 -mtu 0x500",
        "-net 10.1.0.0 10.0.0.1 255.255.0.0",
        "-net 10.1.0.0 -prefixlen 16 10.0.0.1",
        "-net 10.1.0.0/16 -interface hn0",
        "-iface -net 10.1.0.0/16 10.0.0.300",
        "-net 10.1.0.0/16 -blackhole",
        "-6 2001:db8::/32 fe80::1%hn0",
        "-inet6 default fe80::1%hn0 -ifp hn0",
        "-link 0:1:2:3:4:5 6:7:8:9:a:b",
        "-net 10.1.0.0/16 10.0.0.1 -a-later-one 10.0.0.300",
        "-net 10.1.0.0/16 $(cat /etc/gateway)",
    ],
)
def test_a_route_that_route_takes_is_none(words: str) -> None:
    assert warnings(LISTED, f'route_lan="{words}"\n') == []


def test_routes_of_ipv6_are_without_the_word_for_it() -> None:
    assert warnings(LISTED6, 'ipv6_route_lan="2001:db8::/32 fe80::1%hn0"\n') == []
    assert warnings(LISTED6, 'ipv6_route_lan="2001:db8:: -prefixlen 64 ::1 -reject"\n') == []
    (told,) = warnings(LISTED6, 'ipv6_route_lan="2001:db8::/32 fe80::1/64"\n')
    assert told.startswith(f"{RC_CONF}:3:31: ipv6_route_lan: not an IPv6 address: 'fe80::1/64'")


def test_a_name_without_a_route_is_a_warning_at_the_name() -> None:
    (told,) = warnings(RC, f'{DHCP}static_routes="lan wan-2:hn0"\nroute_lan="10/8 10.0.0.1"\n')
    where, _, what = told.partition(": static_routes: ")
    assert (where, what) == (
        f"{RC_CONF}:2:20",
        "there is no route_wan_2 (set it, or take the name out)",
    )
    both = f'{DHCP}static_routes="a.b"\nroute_a_b="10/8 10.0.0.1"\n'
    assert warnings(RC, both) == []


def test_a_route_that_is_lost_already_is_no_error_where_no_nic_is_configured() -> None:
    """There an option that is almost a known one is one."""
    texts = {RC_CONF: 'static_routes="old"\n'}
    assert load("freebsd").adopt(texts, RC.machine, Settings()) is None
    texts = {RC_CONF: f"{texts[RC_CONF]}ifconfg_hn0=DHCP\n"}
    with pytest.raises(HypervNetError) as raised:
        load("freebsd").adopt(texts, RC.machine, Settings())
    assert [one.where for one in (raised.value, *raised.value.others)] == [raised.value.where]
    assert "ifconfg_hn0" in str(raised.value)


@pytest.mark.parametrize(
    "further",
    [
        'setvar route_wan "10/8 10.0.0.1"\n',
        'eval "route_$x=y"\n',
        ". /etc/routes.conf\n",
        '. "$dir/routes"\n',
        'if [ -e /etc/wan ]; then route_wan="10/8 10.0.0.1"; fi\n',
    ],
)
def test_a_route_that_may_be_set_by_what_only_the_shell_knows_is_none(further: str) -> None:
    assert warnings(RC, f'{DHCP}static_routes="wan"\n{further}') == []


def test_a_variable_that_is_not_listed_is_somebodys_own() -> None:
    assert hints(RC, f'{DHCP}route_lan="10.0.0.0/33"\n') == []
