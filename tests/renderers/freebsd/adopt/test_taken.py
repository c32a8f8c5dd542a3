"""A lagg that somebody has over other NICs keeps its name, and the pair gets another."""

from __future__ import annotations

import json

import pytest

from hyperv_net.model import Severity
from hyperv_net.renderers import load
from hyperv_net.renderers.freebsd.running import activation
from tests.renderers.freebsd.adopt.adopting import FILE, machine, planned, text_of

OWN = """\
cloned_interfaces="lagg0"
ifconfig_ix0="up"
ifconfig_ix1="up"
ifconfig_lagg0="laggproto lacp laggport ix0 laggport ix1 10.9.0.1/24"
ifconfig_hn0="DHCP"
"""
RENAMED = OWN.replace("ifconfig_lagg0=", 'ifconfig_lagg0_name="lagg1"\nifconfig_lagg1=')
CREATED = OWN.replace("ifconfig_lagg0=", "create_args_lagg0=")


@pytest.mark.parametrize(("rc", "lagg"), [(OWN, "lagg1"), (RENAMED, "lagg2"), (CREATED, "lagg1")])
def test_the_pair_gets_the_next_free_name_and_all_that_follows_has_it(rc: str, lagg: str) -> None:
    plan = planned(rc)
    text = text_of(plan)
    assert [one for one in plan.findings if one.severity is Severity.ERROR] == []
    assert f'\ncloned_interfaces="lagg0 {lagg}"\n' in f"\n{text}"
    assert f'ifconfig_{lagg}="laggproto failover laggport hn0 laggport mce0 DHCP"' in text
    (kept,) = (line for line in rc.splitlines() if "lacp" in line)
    assert kept in text.splitlines()
    wanted = next(one.file.text for one in plan.changes if one.file.path.endswith("wanted.json"))
    assert [one["aggregate"] for one in json.loads(wanted)["pairs"]] == [lagg]
    assert text_of(planned(text)) == text
    back = [one.command for one in activation({FILE: text}, {FILE: rc})]
    assert [one for one in back if "destroy" in one] == [("ifconfig", lagg, "destroy")]


def test_the_other_pairs_keep_the_names_that_their_numbers_give() -> None:
    plan = planned(f'{OWN}ifconfig_hn1="DHCP"\n', machine(2))
    names = {
        one.pair.synthetic.name: one.name for one in plan.rewritten.aggregates if one.pair.synthetic
    }
    assert names == {"hn0": "lagg2", "hn1": "lagg1"}


@pytest.mark.parametrize(
    "ports", ["laggport hn0", "laggport mlxen3", "laggport eth0 laggport ix0", ""]
)
def test_a_lagg_with_a_port_of_a_pair_takes_no_name(ports: str) -> None:
    """Under its first name or the one that rc.conf gives it, or of a VF that is away."""
    rc = f'ifconfig_hn0_name="eth0"\nifconfig_lagg0="laggproto failover {ports}"\n'
    assert load("freebsd").taken_names({FILE: rc}, ["hn0", "mce0"]) == frozenset()


def test_an_rc_conf_that_is_no_script_takes_no_name() -> None:
    assert load("freebsd").taken_names({FILE: 'a="'}, ["hn0"]) == frozenset()
