"""What a network config does not want of a lease, in dhclient.conf."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.marks import BEGIN, END
from hyperv_net.model import Rewritten
from tests.building import dropped
from tests.renderers.freebsd.adopt.adopting import planned
from tests.renderers.freebsd.render.rc_conf_case import case, lagg0, rendered, text_of

PATH = "etc/dhclient.conf"
REST = "subnet-mask, broadcast-address, time-offset"
NO_DNS = f"{REST}, classless-routes, routers, domain-name, host-name, domain-search, interface-mtu"
OWN = 'timeout 30;\ninterface "em0" { send host-name "x"; }\n'


def _leases(first: dict[str, Any], second: dict[str, Any] | None = None) -> Rewritten:
    bonds = {"lagg0": {"dhcp4": True, "dhcp4-overrides": first}}
    if second is None:
        return case({"bonds": bonds})
    bonds["lagg1"] = {"dhcp4": True, "dhcp4-overrides": second}
    return case({"bonds": bonds}, vfs=("mce0", "mce1"))


def _block(*declarations: tuple[str, str]) -> str:
    text = "".join(
        f'interface "{name}" {{\n\trequest {asked};\n}}\n' for name, asked in declarations
    )
    return f"{BEGIN}\n{text}{END}\n"


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ("use-dns", ["domain-name-servers"]),
        ("use-domains", ["domain-name", "domain-search"]),
        ("use-hostname", ["host-name"]),
        ("use-mtu", ["interface-mtu"]),
        ("use-routes", ["classless-routes", "routers"]),
    ],
)
def test_what_is_not_wanted_of_a_lease_is_not_asked_for(key: str, gone: list[str]) -> None:
    result = rendered(_leases({key: False}), etc__dhclient_conf=OWN)
    text = text_of(result, PATH)
    assert text.startswith(f"{OWN}\n{BEGIN}\n")
    (line,) = (one for one in text.splitlines() if "request" in one)
    asked = line.strip("\t;").removeprefix("request ").split(", ")
    assert len(asked) == 10 - len(gone) and not set(gone) & set(asked)
    assert dropped(result) == {}
    (note,) = (one for one in result.findings if one.rule == "dhcp-may-come-unasked")
    assert note.message.startswith(f"{key}: lagg0 does not request this")
    again = rendered(_leases({key: False}), text_of(result), etc__dhclient_conf=text)
    assert PATH not in [one.path for one in again.files]


def test_of_two_leases_the_one_of_the_lower_metric_brings_the_routes() -> None:
    """Azure's own config for two NICs."""
    second = {"route-metric": 200, "use-dns": False}
    result = rendered(_leases({"route-metric": 100}, second))
    asked = f"{REST}, domain-name, host-name, domain-search, interface-mtu"
    assert text_of(result, PATH) == _block(("lagg1", asked))
    assert dropped(result) == {}
    (note,) = (one for one in result.findings if one.rule == "dhcp-routes-of-one")
    assert "lagg1" in note.message and "metric 100" in note.message


@pytest.mark.parametrize("second", [None, {"route-metric": 100}, {}])
def test_a_metric_with_nothing_to_compare_is_dropped(second: dict[str, Any] | None) -> None:
    result = rendered(_leases({"route-metric": 100}, second))
    assert "bonds.lagg0.dhcp4-overrides.route-metric" in dropped(result)
    assert PATH not in [one.path for one in result.files]


METRICS = ({"route-metric": 100}, {"route-metric": 200})
OF_METRIC = "bonds.lagg1.dhcp4-overrides.route-metric"


def test_what_ones_own_requests_have_of_it_is_left_and_told_of() -> None:
    """Without it for this interface alone: the others may live on what is in the list."""
    own = "request subnet-mask, routers, domain-name-servers; # and more\n"
    second = {**METRICS[1], "use-dns": False}
    result = rendered(_leases(METRICS[0], second), etc__dhclient_conf=own)
    lost = dropped(result)
    advice = 'add at its end interface "lagg1" { request subnet-mask; }'
    assert all(advice in lost[f"bonds.lagg1.dhcp4-overrides.{key}"] for key in second)
    assert PATH not in [one.path for one in result.files]
    followed = f'{own}interface "lagg1" {{ request subnet-mask; }}\n'
    result = rendered(_leases(METRICS[0], second), etc__dhclient_conf=followed)
    assert dropped(result) == {} and PATH not in [one.path for one in result.files]


def test_a_request_for_the_interface_alone_is_what_has_to_change() -> None:
    """Also where it is still under a member's name."""
    own = 'interface "hn1" { send host-name "request x;"; request routers, host-name; }\n'
    reason = dropped(rendered(_leases(*METRICS), etc__dhclient_conf=own))[OF_METRIC]
    assert reason.endswith("a request of its own for lagg1: take routers out of it")


@pytest.mark.parametrize(
    "own",
    [
        'interface "em0" {\n\trequest routers;\n}\n',
        "# request routers;\n",
        'send host-name "request routers;";\n',
        'alias { interface "lagg1"; request routers; }\n',
    ],
)
def test_requests_of_another_interface_are_no_matter(own: str) -> None:
    result = rendered(_leases(*METRICS), etc__dhclient_conf=own)
    assert dropped(result) == {}
    assert 'interface "lagg1" {\n\trequest subnet-mask' in text_of(result, PATH)


def test_what_is_wanted_again_is_asked_for_again() -> None:
    """The block goes, and what somebody has in the file stays."""
    before = f"{OWN}\n{_block(('lagg0', NO_DNS))}"
    assert text_of(rendered(_leases({}), etc__dhclient_conf=before), PATH) == OWN


def test_a_members_declaration_becomes_its_aggregates() -> None:
    own = 'interface "hn0" {\n\tsend host-name "x";\n}\n'
    result = rendered(case(lagg0({"dhcp4": True})), etc__dhclient_conf=own)
    assert text_of(result, PATH) == own.replace("hn0", "lagg0")
    assert "names-a-member" not in [one.rule for one in result.findings]


def test_an_adoption_leaves_what_a_network_config_asked_for() -> None:
    """rc.conf says nothing of leases; a lagg that has none any more takes its declaration along."""
    block = _block(("lagg0", NO_DNS))
    plan = planned('ifconfig_hn0="DHCP"\n', more={PATH: block})
    assert PATH not in [one.file.path for one in plan.changes]
    plan = planned('ifconfig_hn0="inet 10.0.0.4/24"\n', more={PATH: block})
    assert [one.file.text for one in plan.changes if one.file.path == PATH] == [""]
