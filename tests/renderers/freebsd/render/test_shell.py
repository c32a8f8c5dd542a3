"""What a shell makes of the rendered rc.conf, whatever stood in the configuration."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Rewritten
from tests.renderers.freebsd.render.rc_conf_case import case, rendered, sourced, text_of

SHELLS = [[path] for name in ("sh", "dash", "ash") if (path := shutil.which(name))]
SHELLS += [[path, "--posix"] for name in ("bash",) if (path := shutil.which(name))]

#: What rc does with a line: the variable is found by a name put together at run
#: time (or the default line is taken), rc's own words are sorted out, and the
#: rest is evaluated as a command.
RC = r"""
. ./rc.conf
ifconfig() { printf '<%s>' "$@"; printf '\n'; }
line_of() { eval "echo \${ifconfig_$1-$ifconfig_DEFAULT}"; }
run() {
    words=
    for word in $(line_of "$2"); do
        case $word in
        DHCP | SYNCDHCP | NOSYNCDHCP | NOAUTO) ;;
        *) words="$words $word" ;;
        esac
    done
    eval ifconfig "$1" $words
}
"""

RICH: dict[str, Any] = {
    "ethernets": {"ix0": {"mtu": 1400}},
    "bonds": {
        "lagg0": {
            "addresses": ["10.0.0.4/24", "10.0.0.5/24", "2001:db8::4/64"],
            "gateway4": "10.0.0.1",
            "routes": [{"to": "2001:db8:8::/48", "via": "fe80::9"}],
        },
        "lagg1": {"dhcp4": True, "mtu": 9000},
    },
    "vlans": {"web": {"id": 7, "link": "lagg0", "dhcp4": True}},
    "bridges": {"br0": {"interfaces": ["ix0", "web"]}},
}


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_values_survive_the_second_evaluation(shell: list[str], tmp_path: Path) -> None:
    text = text_of(rendered(case(RICH, vfs=("mce0", "mce1"), others=("ix0",))))
    (tmp_path / "rc.conf").write_text(text)
    commands = "".join(
        f"run {interface} {variable}\n"
        for interface, variable in [
            ("hn1", "hn1"),
            ("lagg0", "lagg0"),
            ("lagg0", "lagg0_ipv6"),
            ("lagg0", "lagg0_alias0"),
            ("br0", "br0"),
            ("mce0", "mce0"),
        ]
    )
    result = subprocess.run(
        [*shell, "-c", RC + commands],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        "<hn1><up><mtu><9000>",
        "<lagg0><inet><10.0.0.4><netmask><255.255.255.0><laggproto><failover>"
        "<laggport><hn0><laggport><mce0>",
        "<lagg0><inet6><no_dad><2001:db8::4><prefixlen><64>",
        "<lagg0><inet><10.0.0.5/32>",
        "<br0><addm><ix0><addm><web>",
        "<mce0>",
    ]


def test_sourcing_gives_exactly_the_intended_variables_and_those_that_were_there(
    tmp_path: Path,
) -> None:
    before = (
        "hostname='it is mine'; sshd_enable=YES # x\n"
        'greeting="a $(echo b) `echo c`"\n'
        "if true; then inner=1; fi\n"
        'cloned_interfaces="tap0"\n'
        "ifconfig_hn0=DHCP\n"
    )
    config = {"bonds": {"lagg0": {"dhcp4": True}}}
    assert sourced(text_of(rendered(case(config), before)), tmp_path) == {
        "hostname": "it is mine",
        "sshd_enable": "YES",
        "greeting": "a b c",
        "inner": "1",
        "cloned_interfaces": "tap0 lagg0",
        "ifconfig_hn0": "up",
        "ifconfig_mce0": "NOAUTO",
        "ifconfig_mlxen0": "NOAUTO",
        "ifconfig_mana0": "NOAUTO",
        "ifconfig_lagg0": "laggproto failover laggport hn0 laggport mce0 DHCP",
    }


HOSTILE = st.one_of(
    st.sampled_from(
        [
            "$(touch pwned)",
            "`touch pwned`",
            '"; touch pwned; "',
            "'; touch pwned; '",
            "x\ntouch pwned\nevil=1",
            "a;evil=1",
            "$evil",
            "\\",
            "x y",
            "é\u2028",
            "\0",
            "~root",
            "*",
            "lagg0",
            "hn0",
            "DEFAULT",
            "lagg0_ipv6",
            "10.0.0.1",
            "fe80::1%$(touch pwned)",
            "10.0.0.4/24; touch pwned",
        ]
    ),
    st.text(max_size=6),
)
KEYS = st.sampled_from(
    ["set-name", "macaddress", "gateway4", "gateway6", "control", "mtu", "wakeonlan", "x\ny=1"]
)
VALUES = st.one_of(HOSTILE, st.booleans(), st.integers(-1, 99999), st.none())
ADDRESSES = st.lists(st.one_of(HOSTILE, st.just("10.0.0.4/24")), max_size=3)
ROUTES = st.lists(
    st.dictionaries(
        st.sampled_from(["to", "via", "metric", "table", "on-link", "type", "mtu"]), VALUES
    ),
    max_size=3,
)
DEVICES = st.builds(
    lambda settings, addresses, routes, search, link, members: {
        **settings,
        "addresses": addresses,
        "routes": routes,
        "nameservers": {"search": search, "addresses": search},
        "link": link,
        "id": 5,
        "interfaces": members,
    },
    st.dictionaries(KEYS, VALUES, max_size=3),
    ADDRESSES,
    ROUTES,
    st.lists(HOSTILE, max_size=2),
    HOSTILE,
    st.lists(HOSTILE, max_size=2),
)
ALLOWED = re.compile(
    r"cloned_interfaces|ifconfig_\w+|vlans_\w+|create_args_\w+|(ipv6_)?(static_routes|route_\w+)"
    r"|(ipv6_)?defaultrouter"
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(["ethernets", "bonds", "bridges", "vlans"]),
        st.dictionaries(HOSTILE, DEVICES, max_size=2),
    ),
    DEVICES,
)
def test_hostile_text_is_refused_or_harmless(
    devices: dict[str, dict[str, Any]], settings_of_pair: dict[str, Any]
) -> None:
    for reserved in ("hn0", "lagg0"):
        for of_kind in devices.values():
            of_kind.pop(reserved, None)
    pair = {key: one for key, one in settings_of_pair.items() if key not in ("interfaces", "link")}
    config = {**devices, "bonds": {**devices.get("bonds", {}), "lagg0": pair}}
    try:
        result = rendered(case(config))
    except HypervNetError as error:
        assert "\n" not in str(error)
        return
    resolv = "".join(one.text for one in result.files if one.path == "etc/resolv.conf")
    for line in resolv.splitlines():
        assert re.fullmatch(r"nameserver [0-9a-f.:]+(%[\w.-]+)?|search [\w .-]+", line, re.ASCII)
    with TemporaryDirectory() as folder:
        found = sourced(text_of(result), Path(folder))
        second = "".join(f"run x {name[9:]}\n" for name in found if name.startswith("ifconfig_"))
        subprocess.run(["/bin/sh", "-c", RC + second], cwd=folder, check=True, capture_output=True)
        assert [one.name for one in Path(folder).iterdir()] == ["rc.conf"]
    assert [name for name in found if not ALLOWED.fullmatch(name)] == []


ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "dhcp4": st.booleans(),
        "dhcp6": st.booleans(),
        "accept-ra": st.booleans(),
        "mtu": st.sampled_from([1400, 9000]),
        "link-local": st.sampled_from([[], ["ipv6"], ["ipv4"]]),
        "addresses": st.lists(
            st.sampled_from(["10.0.0.4/24", "10.0.0.5/24", "2001:db8::4/64", "2001:db8::5/64"]),
            max_size=4,
        ),
        "routes": st.lists(
            st.sampled_from(
                [
                    {"to": "default", "via": "10.0.0.1"},
                    {"to": "default", "via": "fe80::1", "metric": 5},
                    {"to": "10.8.0.0/13", "via": "10.0.0.9", "on-link": True},
                    {"to": "10.8.0.0/13", "via": "10.0.0.8"},
                ]
            ),
            max_size=3,
        ),
        "nameservers": st.just({"addresses": ["10.0.0.2"], "search": ["a.example"]}),
        "wakeonlan": st.booleans(),
        "set-name": st.sampled_from(["wan", "lan"]),
    },
)
RC_LINES = st.lists(
    st.sampled_from(
        [
            'ifconfig_hn0="DHCP"',
            "ifconfig_hn0='SYNCDHCP fib 1 -tso mtu 4000 vhid 3'",
            'ifconfig_hn0_ipv6="inet6 accept_rtadv"',
            'ifconfig_hn0_alias0="inet 10.0.0.5/32" # a',
            'ifconfig_lagg0_alias0="inet 10.0.0.77/32"',
            'ifconfig_mce0_alias1="inet 10.0.0.78/32"',
            'ifconfig_DEFAULT="DHCP inet6 accept_rtadv"',
            'ifconfig_hn0_name="wan"',
            'ifconfig_mce0_name="eth0"',
            'cloned_interfaces="tap0"',
            'cloned_interfaces="${cloned_interfaces} lagg0"',
            "cloned_interfaces=$(echo tap1)",
            'vlans_hn0="30 40"; ifconfig_hn0_30="DHCP"',
            'static_routes="net:hn0"',
            "static_routes=`echo x`",
            'route_net="-net 10.77.0.0/16 -iface hn0"',
            'defaultrouter="10.0.0.99"',
            'network_interfaces="lo0 hn0 mce0"',
            "if true; then ifconfig_lagg0=x; fi",
            "ifconfig_lagg0='laggproto lacp laggport ix7 group a -arp'",
            "readonly ifconfig_mlxen0=DHCP",
            "readonly static_routes='own'",
            "readonly ifconfig_hn0='DHCP description uplink'",
            "# note",
            "",
        ]
    ),
    max_size=8,
)


def _machine(pair: dict[str, Any], plain: dict[str, Any], vf: str | None) -> Rewritten:
    identity = {key: pair[key] for key in ("set-name", "wakeonlan") if key in pair}
    settings_of_pair = {key: one for key, one in pair.items() if key not in identity}
    if identity.get("set-name") == plain.get("set-name"):
        plain = {key: one for key, one in plain.items() if key != "set-name"}
    config: dict[str, Any] = {
        "ethernets": {"hn0": identity, "ix0": plain},
        "bonds": {"lagg0": settings_of_pair},
        "vlans": {"lagg0.10": {"id": 10, "link": "lagg0", "addresses": ["10.10.0.1/24"]}},
        "bridges": {"br0": {"interfaces": ["ix0"]}},
    }
    return case(config, vfs=(vf,), others=("ix0",))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES, ENTRIES, RC_LINES, st.sampled_from(["mce0", "mana0", None]))
def test_rendering_its_own_output_changes_nothing(
    pair: dict[str, Any], plain: dict[str, Any], lines: list[str], vf: str | None
) -> None:
    machine = _machine(pair, plain, vf)
    first = rendered(machine, "\n".join(lines))
    again = rendered(machine, text_of(first))
    assert text_of(again) == text_of(first)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES, ENTRIES, RC_LINES)
def test_every_leaf_is_accounted_for_and_every_address_placed_is_in_the_text(
    pair: dict[str, Any], plain: dict[str, Any], lines: list[str]
) -> None:
    from hyperv_net.tree import at, leaves

    machine = _machine(pair, plain, "mce0")
    result = rendered(machine, "\n".join(lines))
    paths = {path for path, _ in leaves(machine.tree)}
    assert set(result.places) | set(result.dropped) == paths
    assert not set(result.places) & set(result.dropped)
    whole = "".join(one.text for one in result.files)
    for path, place in result.places.items():
        if path[-2:-1] == ("addresses",) or path[-1] in ("via", "mtu"):
            value = str(getattr(at(machine.tree, path), "value", "")).split("/")[0]
            assert value in whole, (path, place)
