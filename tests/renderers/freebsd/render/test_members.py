"""The names, ports and silence of the two NICs of a pair."""

from __future__ import annotations

from hyperv_net.model import Severity
from hyperv_net.renderers.freebsd import render as rc_conf
from tests.at_line import at_line
from tests.renderers.freebsd.render.rc_conf_case import (
    LAGG,
    case,
    lagg0,
    rendered,
    text_of,
    variables,
)


def test_a_renamed_synthetic_nic_is_configured_under_its_new_name() -> None:
    config = lagg0({"dhcp4": True}, ethernets={"hn0": {"set-name": "eth0"}})
    result = rendered(
        case(config), 'ifconfig_hn0="SYNCDHCP"\nifconfig_hn0_alias0="inet 10.1.1.1/32"\n'
    )
    found = variables(result)
    assert found["ifconfig_hn0_name"] == "eth0"
    assert found["ifconfig_eth0"] == "up"
    assert found["ifconfig_lagg0"] == "laggproto failover laggport eth0 laggport mce0 SYNCDHCP"
    assert found["ifconfig_lagg0_alias0"] == "inet 10.1.1.1/32"
    assert "ifconfig_hn0" not in found
    (note,) = result.findings
    assert (note.rule, note.severity) == ("hn-renamed", Severity.NOTE)
    assert "inject addresses into hn0 while it is called eth0" in note.message


def test_a_rename_that_rc_conf_has_already_counts() -> None:
    found = variables(rendered(case(lagg0({"dhcp4": True})), 'ifconfig_hn0_name="wan"\n'))
    assert found["ifconfig_wan"] == "up"
    assert found["ifconfig_lagg0"] == "laggproto failover laggport wan laggport mce0 DHCP"


def test_stock_cloud_inits_rename_of_the_vf_is_taken_out() -> None:
    before = 'ifconfig_mce0_name="eth0"\nifconfig_lagg0_name="eth0"\nifconfig_hn0="DHCP"\n'
    result = rendered(case(lagg0({"dhcp4": True})), before)
    assert "_name" not in text_of(result)
    assert [(one.rule, one.severity) for one in result.findings] == [
        ("pair-renamed", Severity.WARNING)
    ] * 2


def test_members_stay_without_ipv6_where_there_is_a_default_line() -> None:
    found = variables(
        rendered(case(lagg0({"dhcp4": True})), 'ifconfig_DEFAULT="DHCP inet6 accept_rtadv"\n')
    )
    for name in ("hn0", "mce0", "mlxen0", "mana0"):
        assert found[f"ifconfig_{name}_ipv6"] == ""
    assert found["ifconfig_lagg0_ipv6"] == "inet6 no_dad accept_rtadv"


def test_the_default_line_speaks_for_a_pair_of_which_nothing_else_does() -> None:
    found = variables(rendered(case(), 'ifconfig_DEFAULT="SYNCDHCP accept_rtadv"\n'))
    assert found["ifconfig_lagg0"] == f"{LAGG} SYNCDHCP"


def test_a_default_line_gives_members_of_a_bridge_no_address() -> None:
    config = {"ethernets": {"ix0": {}}, "bridges": {"bridge0": {"interfaces": ["ix0"]}}}
    found = variables(
        rendered(case(config, others=("ix0",)), 'ifconfig_DEFAULT="DHCP inet6 accept_rtadv"\n')
    )
    assert (found["ifconfig_ix0"], found["ifconfig_ix0_ipv6"]) == ("up", "")
    assert found["ifconfig_bridge0"] == "addm ix0"


def test_every_name_a_vf_may_return_under_is_kept_quiet_and_no_other_nics() -> None:
    rewritten = case(vfs=("mce0", None), others=("mlxen1", "mana7"))
    found = variables(rendered(rewritten))
    quiet = {name for name, value in found.items() if value == "NOAUTO"}
    names = ("mce0", "mce1", "mlxen0", "mlxen2", "mana0", "mana1")
    assert quiet == {f"ifconfig_{name}" for name in names}
    assert found["ifconfig_lagg1"] == "laggproto failover laggport hn1"


def test_an_address_under_a_vfs_possible_name_is_left_alone() -> None:
    before = 'ifconfig_mlxen0="inet 10.7.0.1/24"\n'
    result = rendered(case(lagg0({"dhcp4": True})), before)
    assert text_of(result).startswith(before)
    assert [one.rule for one in result.findings] == ["vf-name-in-use"]


def test_a_vf_that_is_away_keeps_its_port() -> None:
    before = f'ifconfig_lagg0="{LAGG} DHCP"\n'
    found = variables(rendered(case(lagg0({"dhcp4": True}), vfs=(None,)), before))
    assert found["ifconfig_lagg0"] == f"{LAGG} DHCP"


def test_a_vf_that_returned_under_another_name_takes_the_old_ones_port() -> None:
    before = f'ifconfig_lagg0="{LAGG} DHCP"\n'
    found = variables(rendered(case(lagg0({"dhcp4": True}), vfs=("mana0",)), before))
    assert found["ifconfig_lagg0"] == "laggproto failover laggport hn0 laggport mana0 DHCP"


def test_the_ports_of_an_aggregate_that_exists_are_kept_with_the_pair_first() -> None:
    before = 'ifconfig_lagg0="laggproto failover laggport ix5 laggport hn0"\n'
    found = variables(rendered(case(lagg0({"dhcp4": True})), before))
    assert found["ifconfig_lagg0"] == f"{LAGG} laggport ix5 DHCP"


def test_files_that_name_a_member_or_overrule_rc_conf_are_reported() -> None:
    result = rendered(
        case(lagg0({"dhcp4": True})),
        etc__pf_conf="# hn0\next_if = hn0 # hn0\nint_if = hn01\n",
        etc__rc_conf__local="",
    )
    assert [(one.rule, at_line(one.where)) for one in result.findings] == [
        ("names-a-member", "etc/pf.conf:2")
    ]
    local = {"etc/rc.conf.local": 'ifconfig_lagg0="DHCP"\n', "etc/start_if.hn0": "echo\n"}
    found = rc_conf.render(case(lagg0({"dhcp4": True})), local).findings
    assert [(one.rule, at_line(one.where)) for one in found] == [
        ("rc-conf-overridden", "etc/rc.conf.local:1"),
        ("names-a-member", "etc/start_if.hn0"),
    ]


def test_words_of_rc_conf_that_mean_something_to_a_shell_are_not_written_anew() -> None:
    before = "ifconfig_lagg0='laggport $(touch x) laggport hn0 laggport ix5'\n"
    text = text_of(rendered(case(lagg0({"dhcp4": True})), before))
    assert text.startswith(f'ifconfig_lagg0="{LAGG} laggport ix5 DHCP"\n')
