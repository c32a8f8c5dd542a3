"""What an adoption does not change: numbers, NOAUTO, words of others."""

from __future__ import annotations

import pytest

from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from tests.at_line import at_line
from tests.renderers.freebsd.adopt.adopting import FILE, machine, planned, text_of


def test_aliases_keep_their_numbers_which_mean_something_to_their_owner() -> None:
    lines = [
        f'ifconfig_hn0_alias{n}="inet vhid {n} pass x alias 10.0.0.{n}/32"' for n in (4, 5, 44)
    ]
    text = text_of(planned('ifconfig_hn0="inet 10.0.0.9/24"\n' + "\n".join(lines) + "\n"))
    assert "\n".join(lines).replace("hn0", "lagg0") in text


@pytest.mark.parametrize("line", ["NOAUTO DHCP", "NOAUTO inet 10.0.0.4/24", "DHCP noauto"])
def test_a_nic_that_is_left_alone_at_boot_is_left_alone_on_its_lagg(line: str) -> None:
    once = text_of(planned(f'ifconfig_hn0="{line}"\n'))
    assert (RcFile(once, FILE).value("ifconfig_lagg0") or "").split()[-1] == "NOAUTO"
    assert text_of(planned(once)) == once


def test_words_that_stay_in_their_line_are_not_told_to_be_left_out() -> None:
    text = (
        'ifconfig_hn0="DHCP"\ncloned_interfaces="bridge0"\nifconfig_bridge0="addm hn0 stp hn0 up"\n'
    )
    plan = planned(text)
    assert 'ifconfig_bridge0="addm lagg0 stp lagg0 up"\n' in text_of(plan)
    assert not [one for one in plan.ledger if one.reason]


@pytest.mark.parametrize(
    "vlan",
    [
        'vlans_hn0="office"\ncreate_args_office="vlan 20"\n',
        'cloned_interfaces="office"\ncreate_args_office="vlan 20 vlandev hn0"\n',
        'cloned_interfaces="office"\nifconfig_office="vlan 20 vlandev hn0"\n',
    ],
)
def test_a_vlan_of_any_name_over_a_lagg_has_no_duplicate_address_detection(vlan: str) -> None:
    line = 'ifconfig_office_ipv6="inet6 2001:db8::4/64"\n'
    once = text_of(planned(f'ifconfig_hn0="DHCP"\n{vlan}{line}ifconfig_em0_ipv6="inet6 auto"\n'))
    assert 'ifconfig_office_ipv6="inet6 no_dad 2001:db8::4/64"\n' in once
    assert 'ifconfig_em0_ipv6="inet6 auto"\n' in once
    assert text_of(planned(once)) == once


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # Microsoft's set-up of a bridge over two NICs.
        ("bridge0", "lagg0 lagg1 bridge0"),
        ("lo1 tap0 bridge0 lo2", "lo1 tap0 lagg0 lagg1 bridge0 lo2"),
        ("office", "lagg0 lagg1 office"),
        ("lo1", "lo1 lagg0 lagg1"),
    ],
)
def test_a_lagg_is_made_before_what_is_over_it(before: str, after: str) -> None:
    """clone_up() of network.subr goes through them in order, and netif in the kernel's."""
    over = 'ifconfig_bridge0="addm hn0 addm hn1 up"\ncreate_args_office="vlan 2 vlandev hn0"\n'
    nics = 'ifconfig_hn0="up"\nifconfig_hn1="up"\n'
    once = text_of(planned(f'cloned_interfaces="{before}"\n{over}{nics}', machine(2)))
    assert f'cloned_interfaces="{after}"\n' in once
    assert 'ifconfig_bridge0="addm lagg0 addm lagg1 up"\n' in once
    assert text_of(planned(once, machine(2))) == once


def test_jails_of_rc_conf_go_where_the_addresses_go_and_jail_conf_is_named() -> None:
    jails = 'jail_www_ip="hn0|10.0.0.3/32"\njail_www_interface="hn0"\njail_list="www hn0"\n'
    more = {"etc/jail.conf": 'a { ip4.addr = "hn0|10.0.0.30/32"; }\n'}
    plan = planned(f'ifconfig_hn0="inet 10.0.0.8/24"\n{jails}', more=more)
    assert 'jail_www_ip="lagg0|10.0.0.3/32"\njail_www_interface="lagg0"\n' in text_of(plan)
    assert 'jail_list="www hn0"\n' in text_of(plan)
    assert "etc/jail.conf:1" in [at_line(one.where) for one in plan.findings]


def test_every_line_of_another_file_that_names_a_member_is_told() -> None:
    rules = 'ext="hn0"\nrdr on hn0 to (hn0)\npass on $ext\n'
    plan = planned('ifconfig_hn0="DHCP"\n', more={"etc/pf.conf": rules})
    told = [at_line(one.where) for one in plan.findings if one.rule == "names-a-member"]
    assert told == ["etc/pf.conf:1", "etc/pf.conf:2"]
