"""A pair whose aggregate rc.conf cannot have keeps what it has, and is an error."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net import tree
from hyperv_net.model import Aggregate, Rendered, Rewritten, Settings, Severity
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from tests.building import dropped
from tests.renderers.freebsd.render.rc_conf_case import case, rendered, text_of

DHCP = {"bonds": {"lagg0": {"dhcp4": True}}}
BEFORE = 'hostname="x"\nifconfig_hn0="SYNCDHCP"\nifconfig_mce0="up"\n'


def errors(result: Rendered) -> list[str]:
    return [one.rule for one in result.findings if one.severity is Severity.ERROR]


def left_alone(machine: Rewritten, before: str, rule: str) -> Rendered:
    """The rendering of a machine with one pair, of which not a byte may change."""
    result = rendered(machine, before)
    assert text_of(result) == before
    assert errors(result) == [rule]
    return result


def test_an_unusable_name_of_the_synthetic_nic_leaves_its_pair_alone() -> None:
    machine = case({**DHCP, "ethernets": {"hn0": {"set-name": "wan:0"}}})
    result = left_alone(machine, BEFORE, "pair-name-unusable")
    reasons = dropped(result)
    assert "'wan:0'" in reasons["bonds.lagg0.dhcp4"]
    assert "'wan:0'" in reasons["ethernets.hn0.match.macaddress"]
    assert "'wan:0'" in reasons["ethernets.hn0-vf.match.macaddress"]
    assert list(result.places) == [("version",)]


def plan_of_bond(name: str, before: str) -> Any:
    """The plan for a machine with one pair, in a bond of the user's."""
    text = f"""
version: 2
ethernets: {{hn0: {{match: {{macaddress: "00:0d:3a:11:22:00"}}}}}}
bonds: {{"{name}": {{interfaces: [hn0], dhcp4: true, parameters: {{mode: active-backup}}}}}}
"""
    return make_plan(
        case().inventory,
        read_network_config(text, "network-config.yaml"),
        Settings(),
        load("freebsd"),
        {"etc/rc.conf": before},
    )


def test_an_unusable_name_of_a_users_bond_leaves_its_pair_alone() -> None:
    plan = plan_of_bond("bo:0", BEFORE)
    assert plan.failed
    assert not plan.differs


def test_a_usable_name_of_a_users_bond_does_not() -> None:
    plan = plan_of_bond("bo0", BEFORE)
    assert not plan.failed
    assert plan.differs


def test_an_unusable_bond_or_bridge_of_no_pair_is_not_created() -> None:
    config = {
        **DHCP,
        "bonds": {**DHCP["bonds"], "bo:0": {"interfaces": ["ix0"]}},
        "bridges": {"br:0": {"interfaces": ["ix0"]}},
    }
    text = text_of(rendered(case(config, others=("ix0",))))
    assert 'cloned_interfaces="lagg0"\n' in text
    assert "_name" not in text


def test_the_pairs_besides_get_their_aggregates() -> None:
    config: dict[str, Any] = {
        "bonds": {"lagg0": {"dhcp4": True}, "lagg1": {"dhcp4": True}},
        "ethernets": {"hn0": {"set-name": "wan:0"}},
        "vlans": {"lagg0.10": {"id": 10, "link": "lagg0"}},
    }
    machine = case(config, vfs=("mce0", "mce1"))
    result = rendered(machine, BEFORE)
    text = text_of(result)
    assert text.startswith(f"{BEFORE}\n")
    assert 'cloned_interfaces="lagg1"\n' in text
    assert 'ifconfig_lagg1="laggproto failover laggport hn1 laggport mce1 DHCP"\n' in text
    assert "lagg0" not in text
    assert errors(result) == ["pair-name-unusable"]
    assert text_of(rendered(machine, text)) == text


def test_a_pair_that_an_earlier_run_wrote_lives_on() -> None:
    earlier = text_of(rendered(case(DHCP), BEFORE))
    left_alone(case({"ethernets": {"hn0": {"set-name": "wan:0"}}}), earlier, "pair-name-unusable")


FOREIGN = 'ifconfig_{}="laggproto lacp laggport ix0 laggport ix1 10.9.0.1/24"\n'


@pytest.mark.parametrize(
    "before",
    [
        f'{BEFORE}cloned_interfaces="lagg0"\n{FOREIGN.format("lagg0")}',
        f'{BEFORE}cloned_interfaces="lagg0"\n'
        f'ifconfig_lagg0_name="trunk"\n{FOREIGN.format("trunk")}',
    ],
)
def test_a_lagg_over_other_nics_is_not_taken_over(before: str) -> None:
    left_alone(case(DHCP), before, "lagg-name-taken")


@pytest.mark.parametrize("port", ["hn0", "mce0", "mlxen0"])
def test_a_lagg_with_a_port_of_the_pair_is_its_own(port: str) -> None:
    result = rendered(case(DHCP), f'ifconfig_lagg0="laggproto failover laggport {port}"\n')
    assert errors(result) == []


@pytest.mark.parametrize(
    "line",
    [
        "readonly ifconfig_hn0=DHCP\n",
        "ifconfig_hn0=DHCP\nreadonly ifconfig_hn0\n",
        "readonly ifconfig_mce0=DHCP\n",
        "readonly ifconfig_lagg0=DHCP\n",
        "readonly cloned_interfaces=tap0\n",
    ],
)
def test_a_readonly_variable_of_the_pair_leaves_it_alone(line: str) -> None:
    left_alone(case(DHCP), line, "rc-conf-readonly")


@pytest.mark.parametrize(
    "line",
    [
        "readonly ifconfig_ix0=DHCP\n",
        "readonly ifconfig_mlxen0=DHCP\n",
        "readonly static_routes=$(x)\n",
        'readonly defaultrouter="10.0.0.9"\n',
    ],
)
def test_another_readonly_variable_is_an_error_and_not_assigned_again(line: str) -> None:
    config: dict[str, Any] = {
        "bonds": {
            "lagg0": {
                "addresses": ["10.0.0.4/24"],
                "gateway4": "10.0.0.1",
                "routes": [{"to": "10.8.0.0/13", "via": "10.0.0.2"}],
            }
        },
        "ethernets": {"ix0": {"addresses": ["10.1.0.1/24"]}},
    }
    machine = case(config, others=("ix0",))
    result = rendered(machine, line)
    text, name = text_of(result), line.split()[1].partition("=")[0]
    assert text.startswith(line)
    assert f"\n{name}=" not in text
    assert errors(result) == ["rc-conf-readonly"]
    assert f"etc/rc.conf: {name}" not in result.places.values()
    assert text_of(rendered(machine, text)) == text


def two_pairs(**parameters: str) -> Rewritten:
    """Two pairs in one bond of the user's."""
    bond = {"interfaces": ["hn0", "hn0-vf", "hn1", "hn1-vf"], "dhcp4": True}
    machine = case({"bonds": {"lagg0": bond}}, vfs=("mce0", "mce1"))
    plain = tree.to_plain(machine.tree)
    del plain["bonds"]["lagg1"]
    plain["bonds"]["lagg0"]["parameters"].update(parameters)
    return machine._replace(
        tree=tree.canonical(tree.from_plain(plain)),
        aggregates=tuple(
            Aggregate("lagg0", one.pair, one.synthetic_id, one.vf_id, administrators=True)
            for one in machine.aggregates
        ),
    )


def test_two_pairs_in_one_bond_are_both_placed() -> None:
    before = 'ifconfig_hn0="SYNCDHCP mtu 4000"\nifconfig_hn1="DHCP -lro"\n'
    result = rendered(two_pairs(), before)
    text = text_of(result)
    assert text.startswith('ifconfig_hn0="up mtu 4000"\nifconfig_hn1="up -lro"\n')
    ports = "laggport hn0 laggport mce0 laggport hn1 laggport mce1"
    assert f'ifconfig_lagg0="laggproto failover {ports} SYNCDHCP"\n' in text
    assert text_of(rendered(two_pairs(), text)) == text
    assert not result.dropped


@pytest.mark.parametrize(
    ("primary", "ports"),
    [
        ("hn1", ["hn1", "hn0", "mce0", "mce1"]),
        ("hn1-vf", ["mce1", "hn0", "mce0", "hn1"]),
    ],
)
def test_the_primary_of_a_bond_over_pairs_is_the_first_port(primary: str, ports: list[str]) -> None:
    machine = two_pairs(primary=primary)
    result = rendered(machine)
    line = " ".join(f"laggport {port}" for port in ports)
    assert f'ifconfig_lagg0="laggproto failover {line} DHCP"\n' in text_of(result)
    assert text_of(rendered(machine, text_of(result))) == text_of(result)
    assert not result.dropped


def test_a_vf_in_front_of_a_nic_with_an_mtu_is_reported() -> None:
    result = rendered(two_pairs(primary="hn0-vf"), 'ifconfig_hn0="DHCP mtu 4000"\n')
    assert [one.rule for one in result.findings] == ["lagg-mtu"]


def test_a_foreign_lagg_that_a_condition_may_assign_anew_is_not_taken_over() -> None:
    foreign = "ifconfig_lagg0='laggproto lacp laggport ix7'\n"
    before = f"{BEFORE}{foreign}if true; then ifconfig_lagg0=x; fi\n"
    left_alone(case(DHCP), before, "lagg-name-taken")
