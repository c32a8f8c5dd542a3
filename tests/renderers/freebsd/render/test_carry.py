"""What rc.conf says about a pair's NICs, and the network config does not, is on the aggregate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.model import Severity
from hyperv_net.places import Place
from tests.at_line import at_line
from tests.renderers.freebsd.render.rc_conf_case import case, rendered, sourced, text_of

DHCP = {"bonds": {"lagg0": {"dhcp4": True}}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'ifconfig_hn0_ipv6="inet6 accept_rtadv" # v6',
            'ifconfig_lagg0_ipv6="inet6 no_dad accept_rtadv" # v6',
        ),
        ("ifconfig_hn0_ipv6=$(v6)", "ifconfig_lagg0_ipv6=$(v6)"),
        ('ifconfig_hn0_alias0="inet 10.0.0.9/32"', 'ifconfig_lagg0_alias0="inet 10.0.0.9/32"'),
        (
            "ifconfig_hn0_aliases='inet 10.0.0.9-12/32'",
            "ifconfig_lagg0_aliases='inet 10.0.0.9-12/32'",
        ),
        ("ifconfig_hn0_descr='up $1 `link`'", "ifconfig_lagg0_descr='up $1 `link`'"),
        ('ifconfig_hn0_descr="hn0"', 'ifconfig_lagg0_descr="hn0"'),
        ('ipv4_addrs_hn0="10.0.0.1-5/24"', 'ipv4_addrs_lagg0="10.0.0.1-5/24"'),
        ('ipv6_prefix_hn0="2001:db8"', 'ipv6_prefix_lagg0="2001:db8"'),
        ('vlans_hn0="10"', 'vlans_lagg0="10"'),
        ('ifconfig_hn0_10="DHCP"', 'ifconfig_lagg0_10="DHCP"'),
        ('ifconfig_hn0_10_ipv6="inet6 auto"', 'ifconfig_lagg0_10_ipv6="inet6 no_dad auto"'),
        (
            'ifconfig_hn0_10_alias1="inet 10.1.0.1/32"',
            'ifconfig_lagg0_10_alias1="inet 10.1.0.1/32"',
        ),
        ('create_args_hn0_10="vlanpcp 3"', 'create_args_lagg0_10="vlanpcp 3"'),
        ('dhclient_flags_hn0="-q"', 'dhclient_flags_lagg0="-q"'),
        ('background_dhclient_hn0="YES"', 'background_dhclient_lagg0="YES"'),
        ('static_routes_hn0="a"', 'static_routes_lagg0="a"'),
        ('static_routes="net:hn0 b"', 'static_routes="net:lagg0 b"'),
        ('route_net="-net 10.1.0.0/16 -iface hn0"', 'route_net="-net 10.1.0.0/16 -iface lagg0"'),
        ('ipv6_route_n="2001:db8:: fe80::1%hn0"', 'ipv6_route_n="2001:db8:: fe80::1%lagg0"'),
        ('ipv6_defaultrouter="fe80::1%hn0"', 'ipv6_defaultrouter="fe80::1%lagg0"'),
        ('create_args_vlan7="vlan 7 vlandev hn0"', 'create_args_vlan7="vlan 7 vlandev lagg0"'),
        ('ifconfig_bridge3="addm hn0 addm ix1"', 'ifconfig_bridge3="addm lagg0 addm ix1"'),
        ('ipv6_network_interfaces="hn0 hn01"', 'ipv6_network_interfaces="lagg0 hn01"'),
        ("ipv6_default_interface=hn0", "ipv6_default_interface=lagg0"),
        ('rtadvd_interfaces="ix0 hn0"', 'rtadvd_interfaces="ix0 lagg0"'),
        ('firewall_nat_interface="hn0"', 'firewall_nat_interface="lagg0"'),
        ('natd_interface="hn0"', 'natd_interface="lagg0"'),
        ('ifconfig_mce0_alias0="inet 10.0.0.9/32"', 'ifconfig_lagg0_alias0="inet 10.0.0.9/32"'),
        ('network_interfaces="lo0 hn0 mce0"', 'network_interfaces="lo0 hn0"'),
        ('hostname="hn0"', 'hostname="hn0"'),
        ('ifconfig_hn01="DHCP"', 'ifconfig_hn01="DHCP"'),
    ],
)
def test_a_variable_is_moved_in_its_place_with_its_comment(before: str, after: str) -> None:
    text = text_of(rendered(case(DHCP), f"# a\n{before}\n# z\n"))
    assert text.startswith(f"# a\n{after}\n# z\n")
    assert text_of(rendered(case(DHCP), text)) == text


def test_aliases_of_rc_conf_are_numbered_behind_those_of_the_network_config() -> None:
    config: dict[str, Any] = {
        "bonds": {"lagg0": {"addresses": ["10.0.0.4/24", "10.0.0.5/24", "2001:db8::5/64"]}}
    }
    before = (
        'ifconfig_lagg0_alias0="inet 10.0.0.7/32"\n'
        'ifconfig_hn0_alias0="inet 10.0.0.5/32" # ours by now\n'
        'ifconfig_hn0_alias4="inet 10.0.0.8/32"\n'
        'ifconfig_hn0_alias5="inet 10.0.0.4/32"\n'
    )
    text = text_of(rendered(case(config), before))
    assert text.startswith(
        'ifconfig_lagg0_alias1="inet 10.0.0.7/32"\nifconfig_lagg0_alias4="inet 10.0.0.8/32"\n\n'
    )
    assert 'ifconfig_lagg0_alias0="inet 10.0.0.5/32"\n' in text
    assert text_of(rendered(case(config), text)) == text


def test_aliases_of_a_nic_of_no_pair_make_room_too() -> None:
    config = {"ethernets": {"ix0": {"dhcp4": True, "addresses": ["10.5.0.9/24"]}}}
    before = 'ifconfig_ix0_alias0="inet 10.5.0.1/32"\n'
    text = text_of(rendered(case(config, others=("ix0",)), before))
    assert text.startswith('ifconfig_ix0_alias1="inet 10.5.0.1/32"\n')
    assert 'ifconfig_ix0_alias0="inet 10.5.0.9/24"\n' in text


def test_vlans_of_rc_conf_and_of_the_network_config_are_one_list(tmp_path: Path) -> None:
    config = {**DHCP, "vlans": {"lagg0.20": {"id": 20, "link": "lagg0", "dhcp4": True}}}
    before = 'vlans_hn0="10"\nifconfig_hn0_10="DHCP"\n'
    text = text_of(rendered(case(config), before))
    found = sourced(text, tmp_path)
    assert found["vlans_lagg0"] == "10 20"
    assert found["ifconfig_lagg0_10"] == "DHCP"
    # The VLAN that the network config had, and has no more, goes; the other stays.
    assert sourced(text_of(rendered(case(DHCP), text)), tmp_path)["vlans_lagg0"] == "10"


def test_what_an_earlier_network_config_asked_for_goes_with_it(tmp_path: Path) -> None:
    before = (
        'cloned_interfaces="bridge5"\nstatic_routes="own"\nroute_own="-net 10.1.0.0/16 10.0.0.9"\n'
    )
    earlier: dict[str, Any] = {
        "ethernets": {"ix0": {}},
        "bonds": {
            "lagg0": {
                "addresses": ["10.0.0.4/24", "10.0.0.5/24"],
                "gateway4": "10.0.0.1",
                "routes": [{"to": "10.8.0.0/13", "via": "10.0.0.9"}],
            }
        },
        "bridges": {"br0": {"interfaces": ["ix0"]}},
    }
    text = text_of(rendered(case(earlier, others=("ix0",)), before))
    assert sourced(text, tmp_path)["cloned_interfaces"] == "lagg0 bridge5 bridge0"
    later = text_of(rendered(case(DHCP, others=("ix0",)), text))
    expected = text_of(rendered(case(DHCP, others=("ix0",)), before))
    assert later == expected


def test_a_main_line_gives_way_to_the_network_config_and_says_what_is_lost() -> None:
    result = rendered(case(DHCP), 'ifconfig_hn0="inet 10.3.3.3/24 vhid 1 -lro"\n')
    text = text_of(result)
    assert text.startswith('ifconfig_hn0="up -lro"\n')
    assert "10.3.3.3" not in text
    assert [(one.severity, at_line(one.where), one.message) for one in result.findings] == [
        (
            Severity.WARNING,
            "etc/rc.conf:1",
            "the network config does not have 10.3.3.3, which is taken out of it",
        ),
        (
            Severity.WARNING,
            "etc/rc.conf:1",
            "the network config takes the place of 'vhid 1' in it",
        ),
    ]


def test_a_main_line_counts_where_the_network_config_has_no_address() -> None:
    result = rendered(case(), 'ifconfig_hn0="inet 10.3.3.3 netmask 255.255.0.0 mtu 4000"\n')
    text = text_of(result)
    assert text.startswith('ifconfig_hn0="up mtu 4000"\n')
    assert (
        'ifconfig_lagg0="inet 10.3.3.3 netmask 255.255.0.0 '
        'laggproto failover laggport hn0 laggport mce0"\n'
    ) in text
    assert text_of(rendered(case(), text)) == text


def test_two_sources_of_one_variable_are_told_apart() -> None:
    before = 'dhclient_flags_hn0="-a"\ndhclient_flags_mce0="-b"\n'
    result = rendered(case(DHCP), before)
    assert text_of(result).startswith('dhclient_flags_lagg0="-a"\n\n')
    assert [one.rule for one in result.findings] == ["rc-conf-replaced"]


def test_a_list_that_the_shell_works_out_is_added_to(tmp_path: Path) -> None:
    before = "cloned_interfaces=$(echo tap0)\n"
    result = rendered(case(DHCP), before)
    text = text_of(result)
    assert text.startswith(before)
    assert sourced(text, tmp_path)["cloned_interfaces"] == "tap0 lagg0"
    assert [one.rule for one in result.findings] == ["rc-conf-unknown-value"]
    assert text_of(rendered(case(DHCP), text)) == text


def test_vlans_of_a_member_that_the_shell_works_out_are_added_to(tmp_path: Path) -> None:
    config = {**DHCP, "vlans": {"lagg0.20": {"id": 20, "link": "lagg0", "dhcp4": True}}}
    result = rendered(case(config), "vlans_hn0=$(echo 10)\n")
    assert sourced(text_of(result), tmp_path)["vlans_lagg0"] == "10 20"


def test_a_list_in_several_steps_is_understood(tmp_path: Path) -> None:
    before = 'cloned_interfaces="bridge0"\ncloned_interfaces="${cloned_interfaces} lagg0"\n'
    assert text_of(rendered(case(DHCP), before)).startswith(before)
    before = 'cloned_interfaces="bridge0"\ncloned_interfaces="$cloned_interfaces tap0" # t\n'
    text = text_of(rendered(case(DHCP), before))
    assert sourced(text, tmp_path)["cloned_interfaces"] == "lagg0 bridge0 tap0"
    assert text.count("\n") == text_of(rendered(case(DHCP))).count("\n") + 2


def test_an_assignment_on_a_condition_is_left_and_reported() -> None:
    before = 'if [ -f /x ]; then ifconfig_hn0="DHCP"; ifconfig_lagg0=DHCP; fi\n'
    result = rendered(case(DHCP), before)
    assert text_of(result).startswith(before)
    assert [one.rule for one in result.findings] == ["rc-conf-conditional"] * 2


def test_a_main_line_that_the_shell_works_out_is_replaced_and_reported() -> None:
    result = rendered(case(DHCP), "ifconfig_hn0=$(cat /etc/net)\n")
    assert text_of(result).startswith('ifconfig_hn0="up"\n')
    assert [one.rule for one in result.findings] == ["rc-conf-unknown-value"]


def test_ipv6_of_rc_conf_goes_where_the_network_config_wants_none() -> None:
    config = {"bonds": {"lagg0": {"dhcp4": True, "accept-ra": False}}}
    before = 'ifconfig_hn0_ipv6="inet6 accept_rtadv"\nifconfig_lagg0_ipv6="inet6 up"\n'
    result = rendered(case(config), before)
    assert "ipv6" not in text_of(result)
    assert [one.rule for one in result.findings] == ["rc-conf-replaced"] * 2


def test_a_second_lagg_over_a_member_is_left_and_reported() -> None:
    before = 'ifconfig_lagg9="laggproto failover laggport hn0 laggport hn01"\n'
    result = rendered(case(DHCP), before)
    assert text_of(result).startswith(before)
    (finding,) = result.findings
    assert (finding.rule, str(finding.where)) == (
        "rc-conf-conflict",
        "etc/rc.conf:1:1: ifconfig_lagg9",
    )
    assert isinstance(finding.where, Place) and finding.where.end_column == len(before)


def test_aliases_whose_address_cannot_be_read_are_all_kept() -> None:
    before = (
        'ifconfig_hn0_alias0="inet 10.0.0.9-12/32"\n'
        'ifconfig_hn0_alias1="inet 10.0.1.9-12/32"\n'
        "ifconfig_hn0_alias2=$(third)\n"
    )
    text = text_of(rendered(case(DHCP), before))
    assert text.startswith(before.replace("hn0", "lagg0"))


def test_an_address_that_the_network_config_has_too_is_not_reported() -> None:
    config = {"bonds": {"lagg0": {"addresses": ["10.3.3.3/24"]}}}
    before = 'ifconfig_hn0="inet 10.3.3.3 netmask 255.255.255.0"\n'
    assert rendered(case(config), before).findings == ()


@pytest.mark.parametrize("interface", ["mce0", "lagg0", "ix0"])
def test_an_address_is_never_taken_away_without_a_warning(interface: str) -> None:
    config: dict[str, Any] = {
        "bonds": {"lagg0": {"addresses": ["10.0.0.4/24"]}},
        "ethernets": {"ix0": {"dhcp4": True}},
    }
    before = f'ifconfig_{interface}="inet 10.3.3.3/24"\n'
    result = rendered(case(config, others=("ix0",)), before)
    assert "10.3.3.3" not in text_of(result)
    assert [(one.rule, one.severity) for one in result.findings] == [
        ("rc-conf-address-gone", Severity.WARNING)
    ]


def test_words_about_the_interface_go_where_its_addresses_go() -> None:
    before = 'ifconfig_hn0="DHCP description wan group outside -arp fib 1"\n'
    result = rendered(case(DHCP), before)
    text = text_of(result)
    assert text.startswith('ifconfig_hn0="up"\n')
    assert (
        'ifconfig_lagg0="laggproto failover laggport hn0 laggport mce0 '
        'description wan group outside -arp fib 1 DHCP"\n'
    ) in text
    assert result.findings == ()
    assert text_of(rendered(case(DHCP), text)) == text


def test_words_about_a_nic_of_no_pair_stay_in_its_line() -> None:
    config = {"ethernets": {"ix0": {"dhcp4": True}}}
    result = rendered(case(config, others=("ix0",)), 'ifconfig_ix0="DHCP group lan -arp"\n')
    assert text_of(result).startswith('ifconfig_ix0="group lan -arp DHCP"\n')
    assert result.findings == ()


def test_a_description_of_several_words_goes_to_a_variable_of_the_aggregate() -> None:
    result = rendered(case(DHCP), "ifconfig_hn0='DHCP description \"to the wan\"'\n")
    text = text_of(result)
    assert 'ifconfig_lagg0_descr="to the wan"\n' in text
    assert result.findings == ()
    assert text_of(rendered(case(DHCP), text)) == text


def test_a_description_that_may_not_be_written_is_reported() -> None:
    result = rendered(case(DHCP), "ifconfig_hn0='DHCP description \"to; the wan\"'\n")
    assert "to the wan" not in text_of(result)
    assert [(one.rule, one.severity) for one in result.findings] == [
        ("rc-conf-replaced", Severity.WARNING)
    ]


def test_words_about_the_driver_of_a_vf_are_reported() -> None:
    result = rendered(case(DHCP), 'ifconfig_mce0="up -lro"\n')
    assert [one.message for one in result.findings] == [
        "the network config takes the place of '-lro' in it"
    ]
