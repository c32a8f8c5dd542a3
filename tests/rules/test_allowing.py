"""Findings that are allowed: which are meant, and which count all the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.errors import UsageError
from hyperv_net.facts import Finding, Severity
from hyperv_net.places import Place, Where
from hyperv_net.rules.allowing import Allow, allows_it, judged, parsed

KEY = ("ethernets", "eth0", "dhcp4-overrides", "route-metric")
DROPPED = Place("network-config.yaml", KEY)
HERE = Place("/tmp/checkout/a/network-config.yaml", KEY, 3, 5)
ODD = Place("f.yaml", ("vlans", "eth0.5", "addresses", 1))


def finding(
    where: Where = DROPPED, rule: str = "setting-dropped", severity: Severity = Severity.WARNING
) -> Finding:
    return Finding(rule, severity, "it is gone", where)


@pytest.mark.parametrize(
    ("path", "where"),
    [
        *((str(place), place) for place in (DROPPED, HERE, ODD)),
        ("network-config.yaml", HERE),
        ("a/network-config.yaml", HERE),
        ("tmp/checkout/a/network-config.yaml", HERE),
        ("*.yaml", HERE),
        ("a/*", HERE),
        ("ethernets", HERE),
        ("ethernets.eth0", HERE),
        ("ethernets.*.dhcp4-overrides.route-metric", HERE),
        ("network-config.yaml:ethernets.eth0", HERE),
        ("network-config.yaml: ethernets.eth?", HERE),
        ("network-config.yaml:3", HERE),
        ("network-config.yaml:3:ethernets", HERE),
        ("*.yaml:*.*.dhcp?-overrides", HERE),
        ("/etc/rc.conf", Place("etc/rc.conf", line=3)),
        ("rc.conf:3", Place("etc/rc.conf", line=3)),
        ("etc/rc.conf:ifconfig_*", Place("etc/rc.conf", ("ifconfig_hn0_name",))),
        ("ifconfig_hn0_name", Place("etc/rc.conf", ("ifconfig_hn0_name",))),
        ("vlans.*.addresses", ODD),
        ("vlans['eth0.5']", ODD),
        ('f.yaml:vlans["eth0.*"].addresses[1]', ODD),
        ("vlans.*.addresses[*]", ODD),
        ("vlans.five", Place("", ("vlans", "five"))),
        ("ethernets.eth0", Place("f.yaml", ("network", *KEY))),
        ("network.ethernets.eth0", Place("f.yaml", ("network", *KEY))),
        ("bond0", "bond0"),
        ("bond?", "bond0"),
        ("pairs: ens2=ens3", "pairs: ens2=ens3"),
    ],
    ids=str,
)
def test_a_path_means_a_file_a_key_or_both_as_the_line_of_a_finding_has_them(
    path: str, where: Where
) -> None:
    assert allows_it(parsed(f"setting-dropped@{path}"), finding(where))


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("config.yaml", HERE),
        ("other/network-config.yaml", HERE),
        ("network-config", HERE),
        ("eth0", HERE),
        ("ethernets.eth", HERE),
        ("ethernets.eth0.dhcp4", HERE),
        ("ethernets.*.route-metric", HERE),
        ("ethernets.eth0.dhcp4-overrides.route-metric.x", HERE),
        ("other.yaml:ethernets.eth0", HERE),
        ("network-config.yaml:ethernets.eth1", HERE),
        ("network-config.yaml:7", HERE),
        ("network-config.yaml:7:ethernets", HERE),
        ("rc.conf:33", Place("etc/rc.conf", line=3)),
        ("etc/rc.conf", Place("etc/rc.conf.local", line=3)),
        ("etc/rc.conf", Place("etc/rc.conf.d/netif")),
        ("vlans.six", Place("", ("vlans", "five"))),
        ("f.yaml:vlans", Place("", ("vlans", "five"))),
        ("vlans.*.*[2]", ODD),
        ("eth0", "bond0"),
        (":", HERE),
        (".", HERE),
    ],
    ids=str,
)
def test_a_path_means_nothing_else(path: str, where: Where) -> None:
    assert not allows_it(parsed(f"setting-dropped@{path}"), finding(where))


def test_another_rule_is_not_allowed_with_it() -> None:
    assert not allows_it(parsed("setting-dropped"), finding(rule="hn-renamed"))
    assert allows_it(parsed("setting-dropped"), finding())


def test_an_error_is_allowed_at_its_place_alone_and_one_without_a_place_by_its_rule() -> None:
    error = finding(Place("etc/rc.conf", line=1), "lagg-name-taken", Severity.ERROR)
    assert not allows_it(parsed("lagg-name-taken"), error)
    assert allows_it(parsed("lagg-name-taken@etc/rc.conf"), error)
    nowhere = finding("", "pair-ambiguous", Severity.ERROR)
    assert allows_it(parsed("pair-ambiguous"), nowhere)
    (_, note) = judged([error], [parsed("lagg-name-taken")]).findings
    assert note.rule == "allowed-nothing" and "lagg-name-taken@" in note.hint


def test_all_findings_stay_and_what_allows_nothing_is_one_more() -> None:
    kept = finding(Place("f.yaml", ("ethernets", "eth1")))
    findings = (finding(), kept)
    result = judged(
        findings, [parsed("setting-dropped@ethernets.eth0"), parsed("hn-renamed@etc/rc.conf")]
    )
    assert result.allowed == {finding()}
    assert result.findings[:2] == findings
    (note,) = result.findings[2:]
    assert (note.rule, note.severity) == ("allowed-nothing", Severity.NOTE)
    assert note.where == "--allow hn-renamed@etc/rc.conf"
    assert judged(findings, []) == (findings, frozenset())


def test_an_option_that_is_given_twice_is_told_of_once() -> None:
    assert len(judged((), [parsed("vf-down"), parsed("vf-down")]).findings) == 1


@pytest.mark.parametrize("given", ["setting-droped", "setting-droped@x", "", "@etc/rc.conf"])
def test_a_rule_that_there_is_not_is_wrong_usage_and_says_what_may_be_meant(given: str) -> None:
    with pytest.raises(UsageError) as raised:
        parsed(given)
    assert raised.value.where == f"--allow {given}"
    assert ("did you mean setting-dropped" in raised.value.hint) == given.startswith("setting")


PLACES = st.one_of(
    st.text(),
    st.builds(Place, st.text(), st.lists(st.text()).map(tuple), st.integers(0, 9)),
)


@given(st.text(), PLACES, st.sampled_from(list(Severity)))
def test_any_path_is_compared_with_any_place(path: str, where: Where, severity: Severity) -> None:
    """No path stops the program, and the place itself as it stands in a line is always meant."""
    one = finding(where, severity=severity)
    allows_it(Allow("setting-dropped", path), one)
    assert str(where) == "" or allows_it(Allow("setting-dropped", str(where)), one)
