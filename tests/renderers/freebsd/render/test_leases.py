"""Of several leases one brings the default route, and one that can."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.model import Rendered
from tests.building import dropped
from tests.renderers.freebsd.render.rc_conf_case import case, mac, rendered, text_of

PATH = "etc/dhclient.conf"
ABSENT = {"match": {"macaddress": mac(77)}}


def _lease(metric: int, **more: Any) -> dict[str, Any]:
    overrides = {"route-metric": metric, **more.pop("overrides", {})}
    return {"dhcp4": True, "dhcp4-overrides": overrides, **more}


def _asks_for_routes(result: Rendered, interface: str) -> bool:
    conf = text_of(result, PATH) if PATH in [one.path for one in result.files] else ""
    _, found, rest = conf.partition(f'interface "{interface}" {{')
    return not found or "routers" in rest.partition("}")[0]


@pytest.mark.parametrize(
    ("device", "more"),
    [
        ("ethernets", {"eth9": _lease(100, **ABSENT)}),
        ("ethernets", {"em0": _lease(100, overrides={"use-routes": False})}),
        ("ethernets", {"em0": _lease(100, **{"activation-mode": "manual"})}),
        ("ethernets", {"em0": {**_lease(100), "dhcp4": False}}),
        ("vlans", {"eth9.5": _lease(100, id=5, link="eth9")}),
        ("vlans", {"a": _lease(100, id=5, link="b"), "b": _lease(100, id=6, link="a")}),
        ("bridges", {"bridge9": _lease(100, interfaces=["eth9"])}),
        ("tunnels", {"tun9": _lease(100, mode="gre")}),
    ],
)
def test_a_lease_that_cannot_bring_a_route_takes_none_from_another(
    device: str, more: dict[str, Any]
) -> None:
    config = {"bonds": {"lagg0": _lease(200)}, device: more}
    if device != "ethernets":
        config["ethernets"] = {"eth9": ABSENT}
    result = rendered(case(config, others=("em0",)))
    assert _asks_for_routes(result, "lagg0")
    assert "bonds.lagg0.dhcp4-overrides.route-metric" in dropped(result)
    assert "dhcp-routes-of-one" not in [one.rule for one in result.findings]


@pytest.mark.parametrize(
    ("device", "more"),
    [
        ("ethernets", {"em0": _lease(100)}),
        ("ethernets", {"uplink": _lease(100, match={"name": "em*"})}),
        ("ethernets", {"em0": _lease(100, control="manual")}),
        ("vlans", {"em0.5": _lease(100, id=5, link="em0")}),
        ("bridges", {"bridge9": _lease(100, interfaces=["em0", "eth9"])}),
    ],
)
def test_a_lease_that_can_is_preferred_by_its_metric(device: str, more: dict[str, Any]) -> None:
    config = {"bonds": {"lagg0": _lease(200)}, device: more}
    if device != "ethernets":
        config["ethernets"] = {"em0": {}, "eth9": ABSENT}
    result = rendered(case(config, others=("em0",)))
    assert not _asks_for_routes(result, "lagg0")
    assert "bonds.lagg0.dhcp4-overrides.route-metric" not in dropped(result)


LEASES = st.fixed_dictionaries(
    {"dhcp4": st.booleans()},
    optional={
        "activation-mode": st.sampled_from(["manual", "off"]),
        "dhcp4-overrides": st.fixed_dictionaries(
            {},
            optional={
                "route-metric": st.sampled_from([0, 100, 200, 300]),
                "use-routes": st.booleans(),
                "use-dns": st.booleans(),
            },
        ),
    },
)


def _brings_routes(device: dict[str, Any]) -> bool:
    is_refused = device.get("dhcp4-overrides", {}).get("use-routes") is False
    return device["dhcp4"] and "activation-mode" not in device and not is_refused


@settings(max_examples=300, deadline=None)
@given(st.lists(LEASES, min_size=5, max_size=5))
def test_where_a_lease_brings_a_route_without_us_one_does_with_us(
    leases: list[dict[str, Any]],
) -> None:
    """Two pairs, a NIC, a VLAN over it, and an entry of a card that is not here."""
    devices = dict(zip(("lagg0", "lagg1", "em0", "em0.5", "eth9"), leases))
    config = {
        "bonds": {name: devices[name] for name in ("lagg0", "lagg1")},
        "ethernets": {"em0": devices["em0"], "eth9": {**devices["eth9"], **ABSENT}},
        "vlans": {"em0.5": {**devices["em0.5"], "id": 5, "link": "em0"}},
    }
    result = rendered(case(config, vfs=("mce0", "mce1"), others=("em0",)))
    here = ["lagg0", "lagg1", "em0"]
    if "activation-mode" not in devices["em0"]:
        here.append("em0.5")
    able = [name for name in here if _brings_routes(devices[name])]
    assert not able or any(_asks_for_routes(result, name) for name in able)
