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
