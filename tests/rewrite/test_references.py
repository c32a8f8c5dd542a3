"""Moving references to a device over to what stands in its place."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.rewrite.references import contradictions, move_references
from hyperv_net.tree import at, format_path, from_plain, to_plain

NAMES = {"eth0": ("bond0",), "enP0s1": ("bond0",), "all": ("eth1", "eth2")}


def moved(plain: Any) -> Any:
    return to_plain(move_references(from_plain(plain), NAMES))


@pytest.mark.parametrize("key", ["link", "peer", "primary"])
def test_a_single_reference_is_moved(key: str) -> None:
    assert moved({key: "eth0"}) == {key: "bond0"}
    assert moved({key: "eth9"}) == {key: "eth9"}
    assert moved({key: "all"}) == {key: "eth1"}


@pytest.mark.parametrize(
    ("label", "afterwards"),
    [
        ("eth0:9", "bond0:9"),
        ("eth9:9", "eth9:9"),
        ("eth0", "eth0"),
        ("eth0:0123456789", "eth0:0123456789"),
    ],
)
def test_the_label_of_an_address_is_moved_where_it_has_room(label: str, afterwards: str) -> None:
    assert moved({"addresses": [{"10.0.0.9/24": {"label": label}}]}) == {
        "addresses": [{"10.0.0.9/24": {"label": afterwards}}]
    }


def test_members_are_moved_and_named_once_with_the_origins_of_both() -> None:
    tree = move_references(from_plain({"interfaces": ["eth0", "eth9", "enP0s1"]}), NAMES)
    assert to_plain(tree) == {"interfaces": ["bond0", "eth9"]}
    first = at(tree, ("interfaces", 0))
    assert first is not None
    assert first.origins == (("interfaces", 0), ("interfaces", 2))


def test_a_member_that_became_several_is_replaced_by_all_of_them() -> None:
    assert moved({"interfaces": ["all", "eth2", "eth3"]}) == {
        "interfaces": ["eth1", "eth2", "eth3"]
    }


@pytest.mark.parametrize("key", ["path-cost", "port-priority"])
def test_parameters_by_port_move_to_the_new_port(key: str) -> None:
    assert moved({"parameters": {key: {"eth0": 5, "eth9": 7}}}) == {
        "parameters": {key: {"bond0": 5, "eth9": 7}}
    }


def test_parameters_of_two_ports_that_agree_become_one_with_both_origins() -> None:
    tree = move_references(from_plain({"path-cost": {"eth0": 5, "enP0s1": 5}}), NAMES)
    cost = at(tree, ("path-cost", "bond0"))
    assert cost is not None
    assert (cost.value, cost.origins) == (5, (("path-cost", "eth0"), ("path-cost", "enP0s1")))
    assert list(contradictions(from_plain({"path-cost": {"eth0": 5, "enP0s1": 5}}), NAMES)) == []


def test_parameters_of_two_ports_that_disagree_are_refused_and_not_merged() -> None:
    plain = {"parameters": {"path-cost": {"eth0": 5, "enP0s1": 7}}}
    tree = move_references(from_plain(plain), NAMES)
    cost = at(tree, ("parameters", "path-cost", "bond0"))
    assert cost is not None
    assert (cost.value, cost.origins) == (5, (("parameters", "path-cost", "eth0"),))
    refused = [(format_path(o.origin), o.reason) for o in contradictions(from_plain(plain), NAMES)]
    assert refused == [("parameters.path-cost.enP0s1", "path-cost.eth0 says 5 for the same card")]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("fe80::1%eth0", "fe80::1%bond0"),
        ("fe80::1%enP0s1", "fe80::1%bond0"),
        ("fe80::1%eth01", "fe80::1%eth01"),
        ("fe80::1%eth9", "fe80::1%eth9"),
        ("fe80::1", "fe80::1"),
        ("default", "default"),
    ],
)
def test_the_zone_of_an_ipv6_address_is_moved(text: str, result: str) -> None:
    assert moved({"routes": [{"via": text}], "nameservers": {"addresses": [text]}}) == {
        "routes": [{"via": result}],
        "nameservers": {"addresses": [result]},
    }


@pytest.mark.parametrize(
    "text", ["pass%eth0", "50%eth0", "a:b%eth0 c", "x:%eth0", "fe80::1%eth0 x"]
)
def test_other_text_with_a_percent_sign_stays(text: str) -> None:
    assert moved({"auth": {"password": text}}) == {"auth": {"password": text}}


def test_names_that_are_no_references_stay() -> None:
    plain = {"set-name": "eth0", "match": {"name": "eth0"}, "search": ["eth0"], "eth0": {"mtu": 5}}
    assert moved(plain) == plain
