"""A value that cannot be read is never replaced: the pair stays as it is, and the line is named."""

from __future__ import annotations

import pytest

from hyperv_net.model import Severity
from tests.at_line import at_line
from tests.renderers.freebsd.adopt.adopting import FILE, machine, planned

BEFORE = 'hostname="fb"\n'


@pytest.mark.parametrize(
    "text",
    [
        'if [ -f /x ]; then ifconfig_hn0="DHCP"; else ifconfig_hn0="inet 10.0.0.9/24"; fi\n',
        'case $hostname in fb) ifconfig_hn0="inet 10.0.0.9/24" ;; esac\n',
        '[ -f /x ] && ifconfig_hn0="inet 10.0.0.9/24"\n',
        '[ -f /x ] || ifconfig_hn0="inet 10.0.0.9/24"\n',
        'ifconfig_hn0="inet $(cat /etc/ip)/24"\n',
        'ifconfig_hn0="inet `cat /etc/ip`/24"\n',
        'ifconfig_hn0="inet ${ip:-10.0.0.9}/24"\n',
        'ifconfig_hn0="inet $ip/24"\n',
        'ifconfig_hn0="DHCP"; [ -f /x ] && ifconfig_hn0="inet 10.0.0.9/24"\n',
        'f() { ifconfig_hn0="inet 10.0.0.9/24"; }; f\n',
        'setvar ifconfig_hn0 "inet 10.0.0.9/24"\n',
        ': ${ifconfig_hn0:="inet 10.0.0.9/24"}\n',
        "for n in 0 1; do eval ifconfig_hn$n=DHCP; done\n",
        'ifconfig_hn0="DHCP"; unset ifconfig_hn0\n',
        "read ifconfig_hn0 < /etc/ip\n",
        'ifconfig_DEFAULT="$(cat /etc/default-line)"\n',
        '[ -f /x ] && ifconfig_DEFAULT="DHCP"\n',
        'ifconfig_hn0_name="$(cat /etc/name)"; ifconfig_DEFAULT=DHCP\n',
        'ifconfig_lagg0="$(cat /etc/line)"; ifconfig_hn0="DHCP"\n',
    ],
)
def test_a_value_that_only_the_shell_knows_leaves_its_pair_as_it_is(text: str) -> None:
    plan = planned(BEFORE + text)
    (error,) = [one for one in plan.findings if one.severity is Severity.ERROR]
    assert error.rule == "rc-conf-unknown-value"
    assert at_line(error.where) == f"{FILE}:2"
    assert error.hint
    assert plan.failed
    assert all(one.file.text == BEFORE + text for one in plan.changes if one.file.path == FILE)
    assert not [one for one in plan.findings if "settings are on lagg" in one.message]


@pytest.mark.parametrize("command", ["return", "exit 0", "[ -f /x ] && return 0"])
def test_an_rc_conf_that_ends_before_its_end_is_not_written_behind_that(command: str) -> None:
    plan = planned(f'ifconfig_hn0="DHCP"\n{command}\n')
    errors = [one for one in plan.findings if one.severity is Severity.ERROR]
    assert [(one.rule, at_line(one.where)) for one in errors] == [
        ("rc-conf-ends-early", f"{FILE}:2")
    ]


@pytest.mark.parametrize(
    "text",
    [
        'ifconfig_hn0="DHCP"\nf() { return 0; }\n[ "$ifconfig_hn0" = x ] && echo ifconfig_hn0\n',
        'ip=10.0.0.9\nifconfig_hn0="inet $ip/24"\n',
        'ifconfig_hn0="DHCP"\n[ -f /x ] && ifconfig_em0="$(cat /y)"\nsetvar ifconfig_em0 DHCP\n',
    ],
)
def test_what_is_known_or_about_another_nic_is_in_nobodys_way(text: str) -> None:
    assert not planned(text).failed


def test_the_other_pair_is_told_what_would_become_of_it() -> None:
    plan = planned('ifconfig_hn0="inet $(cat /etc/ip)/24"\nifconfig_hn1="DHCP"\n', machine(2))
    assert plan.failed
    told = {str(entry.source[0]): entry.action.value for entry in plan.ledger}
    assert told == {"ifconfig_hn1": "moved"}


def test_a_variable_that_is_moved_as_text_keeps_what_the_shell_makes_of_it() -> None:
    text = 'ifconfig_hn0="DHCP"\n[ -f /x ] && ifconfig_hn0_ipv6="inet6 $(cat /etc/ip)"\n'
    plan = planned(text)
    assert not plan.failed
    after = next(one.file.text for one in plan.changes if one.file.path == FILE)
    assert '[ -f /x ] && ifconfig_lagg0_ipv6="inet6 $(cat /etc/ip)"\n' in after
    assert [one.rule for one in plan.findings if "no_dad" in one.message] == [
        "rc-conf-unknown-value"
    ]
