"""For any injection, on any of some machines: what is read back is what was injected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_interface
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.kvp.injected import Injection, parse
from hyperv_net.kvp.settings import device_of, render, replaces_ipv6, wanted_by
from hyperv_net.renderers import load
from hyperv_net.renderers.ifupdown import render as ifupdown
from hyperv_net.renderers.netplan import render as netplan
from tests.kvp import texts
from tests.kvp.linux import OTHER, SOURCE, STATIC
from tests.kvp.test_injected import KEYS, VALUES
from tests.renderers.freebsd.inject.guest import WITH_PAIR, WITH_PAIR_DHCP
from tests.renderers.linux_pairs import pair, rewritten

SITUATIONS = [
    (target, with_pair, static)
    for target in ("netplan", "ifupdown", "freebsd")
    for with_pair in (True, False)
    for static in (True, False)
]


@cache
def _files(target: str, with_pair: bool, static: bool) -> tuple[tuple[str, str], ...]:
    settings: dict[str, Any] = STATIC if static else {"dhcp4": True}
    if target == "freebsd":
        text = WITH_PAIR if static else WITH_PAIR_DHCP
        if not with_pair:
            text = 'ifconfig_hn0="DHCP inet6 accept_rtadv"\nifconfig_hn1="inet 10.5.0.9/24"\n'
        return (("etc/rc.conf", text),)
    tree = pair(**settings)
    if not with_pair:
        del tree["bonds"]
        tree["ethernets"] = {"eth0": {"set-name": "eth0", **settings}}
    tree["ethernets"].update(OTHER)
    rendered = {"netplan": netplan, "ifupdown": ifupdown}[target].render(rewritten(tree), {})
    interfaces = [SOURCE] if target == "ifupdown" else []
    patterns = ("etc/netplan/", "etc/network/")
    return tuple(
        (one.path, one.text)
        for one in [*interfaces, *rendered.files]
        if one.path.startswith(patterns)
    )


def after(target: str, existing: Mapping[str, str], injection: Injection) -> dict[str, str]:
    """The files after an injection."""
    record = load(target)
    device = record.injecting.owner(existing, injection.interface, injection.mac)
    settings = device_of(injection, on_link=target == "netplan")
    rendered = record.injecting.put(
        existing,
        device,
        settings,
        lambda existing: render(device, settings, record, existing),
        replaces_ipv6=replaces_ipv6(injection),
    )
    return {**existing, **{file.path: file.text for file in rendered}}


@st.composite
def injections(draw: st.DrawFn) -> Injection:
    """One that a host could mean, by way of its text."""
    dhcp = draw(st.booleans())
    fours = draw(st.lists(st.integers(2, 250), max_size=3, unique=True))
    sixes = draw(st.lists(st.integers(2, 0xFFFF), min_size=not (dhcp or fours), max_size=3))
    site = draw(st.integers(0, 255))
    lines = ["DEVICE=eth0", f"HWADDR={texts.MAC}", f"BOOTPROTO={'dhcp' if dhcp else 'none'}"]
    for number, host in enumerate(fours):
        lines += [f"IPADDR{number}=10.{site}.0.{host}", f"NETMASK{number}=255.255.255.0"]
    for number, host in enumerate(dict.fromkeys(sixes)):
        lines += [f"IPV6ADDR_{number}=2001:db8:{site:x}::{host:x}", f"IPV6NETMASK_{number}=64"]
    if draw(st.booleans()):
        lines += [f"GATEWAY=10.{site}.0.1", f"IPV6_DEFAULTGW=2001:db8:{site:x}::1"]
    servers = draw(st.lists(st.integers(1, 250), max_size=3, unique=True))
    lines += [f"DNS{number}=192.0.2.{host}" for number, host in enumerate(servers, 1)]
    return parse("\n".join(lines), "file")


@given(st.sampled_from(SITUATIONS), st.lists(injections(), min_size=1, max_size=3))
def test_what_is_injected_is_what_is_read(
    situation: tuple[str, bool, bool], given_: list[Injection]
) -> None:
    """After any sequence: DHCP, addresses and servers are the last one's, IPv6 the last said."""
    target, *_ = situation
    module, existing = load(target).injecting, dict(_files(*situation))
    name = "hn0" if target == "freebsd" else "eth0"
    for one in given_:
        injection = Injection(name, one.mac, one.dhcp, one.addresses, one.gateways, one.nameservers)
        before = module.addressing(existing, module.owner(existing, name, one.mac))
        existing = after(target, existing, injection)
        found = module.addressing(existing, module.owner(existing, name, one.mac))
        wanted = wanted_by(injection)
        assert found.dhcp == wanted.dhcp
        # Leased addresses that the host sends back are not made static.
        assert not (one.dhcp and _hosts(found.addresses, 4))
        assert _hosts(found.addresses, 4) == _hosts(wanted.addresses, 4)
        said6 = wanted if replaces_ipv6(injection) else before
        assert _hosts(found.addresses, 6) == _hosts(said6.addresses, 6)
        if wanted.nameservers:
            assert set(found.nameservers) == set(wanted.nameservers)
        assert after(target, existing, injection) == existing


def _hosts(addresses: tuple[str, ...], version: int) -> set[str]:
    found = map(ip_interface, addresses)
    return {str(one.ip) for one in found if one.version == version}


_ADDRESS = r"[0-9a-f.:]+(/[0-9]+)?"
#: What a line that an injection adds or changes may look like.
ADDED = {
    "netplan": re.compile(
        rf"#.*|[ ]*(- )?((network|ethernets|bonds|eth0|bond0|addresses|search|routes|nameservers):"
        rf'|version: 2|example.org|"{_ADDRESS}"|to: (default|"{_ADDRESS}")|via: "{_ADDRESS}"'
        r"|on-link: true|dhcp[46]: (true|false)|(eth0|bond0): \{\})"
    ),
    "ifupdown": re.compile(
        r"|(auto|iface) (eth0|bond0)( inet6? (static|dhcp))?"
        rf"|    (address|gateway|dns-nameservers)( {_ADDRESS})+"
    ),
    "freebsd": re.compile(
        r"|# hyperv-net: .*|(ifconfig_(hn0|lagg0)(_ipv6|_alias[0-9]+)?|(ipv6_)?defaultrouter)"
        r'="[A-Za-z0-9 .:/%_]*"( +#.*)?'
    ),
}


@given(
    st.sampled_from(SITUATIONS),
    st.lists(st.tuples(KEYS, VALUES), max_size=8),
)
def test_nothing_hostile_reaches_a_file(
    situation: tuple[str, bool, bool], lines: list[tuple[str, str]]
) -> None:
    """Whatever is in the daemon's file: an error, or lines that say addresses and no more."""
    target, *_ = situation
    existing = dict(_files(*situation))
    name = "hn0" if target == "freebsd" else "eth0"
    text = "\n".join([f"DEVICE={name}", "DHCP=1", *(f"{key}={value}" for key, value in lines)])
    try:
        written = after(target, existing, parse(text, "file"))
    except HypervNetError:
        return
    for path, new in written.items():
        if path != "etc/resolv.conf":
            known = set(existing.get(path, "").splitlines())
            added = [line for line in new.splitlines() if line not in known]
            assert all(ADDED[target].fullmatch(line) for line in added), added
