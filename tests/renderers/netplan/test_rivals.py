"""Files of others that speak of a member, and what takes them back."""

from __future__ import annotations

from hyperv_net.model import Severity
from hyperv_net.renderers.netplan.paths import FILE
from tests.renderers.linux_pairs import MAC, joined, pair
from tests.renderers.netplan.written import HOTPLUG_AZURE, network, render


def test_a_later_file_is_taken_back_by_one_that_sorts_after_it() -> None:
    """DHCP that another file puts on the synthetic NIC is off again in the last file."""
    later = {"etc/netplan/99-local.yaml": "network: {ethernets: {eth0: {dhcp4: true}}}"}
    rendered = render(pair(), later)
    last = "etc/netplan/zz-hyperv-net.yaml"
    assert [file.path for file in rendered.files] == [FILE, last]
    assert network(rendered, last)["ethernets"] == {"eth0": pair()["ethernets"]["eth0"]}
    assert [finding.rule for finding in rendered.findings] == ["netplan-rival"]
    own = {file.path: file.text for file in rendered.files}
    assert render(pair(), {**later, **own}) == rendered, "our own files are no reason for more"


def test_an_earlier_file_needs_no_taking_back() -> None:
    """Ours is merged over it."""
    earlier = {"etc/netplan/00-installer.yaml": "network: {ethernets: {eth0: {dhcp4: true}}}"}
    rendered = render(pair(), earlier)
    assert [file.path for file in rendered.files] == [FILE] and not rendered.findings


def test_an_address_on_a_member_calls_for_a_stand_in() -> None:
    """Netplan adds lists up, so the member is declared again under an id read first."""
    earlier = {"etc/netplan/00-x.yaml": "network: {ethernets: {eth0: {addresses: [10.0.0.9/24]}}}"}
    rendered = render(pair(), earlier)
    found = network(rendered)
    assert found["ethernets"]["0-hyperv-net-eth0"] == found["ethernets"]["eth0"]
    assert found["bonds"]["bond0"]["interfaces"] == ["eth0", "eth0-vf", "0-hyperv-net-eth0"]
    assert "addresses" in rendered.findings[0].message


def test_an_id_that_comes_first_calls_for_a_stand_in() -> None:
    """Azure's `ephemeral` sorts before eth1 and matches it; what matches eth0 sorts after it."""
    existing = {"etc/netplan/90-hotplug-azure.yaml": HOTPLUG_AZURE}
    rendered = render(joined(pair(0), pair(1)), existing)
    found = network(rendered)
    assert set(found["ethernets"]) == {"eth0", "eth0-vf", "eth1", "eth1-vf", "0-hyperv-net-eth1"}
    assert rendered == render(joined(pair(0), pair(1)), {**existing, FILE: rendered.files[0].text})


def test_a_stand_in_of_the_vf_is_primary_in_its_place() -> None:
    """networkd takes PrimarySlave from the one file that it applies."""
    existing = {
        "etc/netplan/10-all.yaml": "network: {ethernets: {all-en: {match: {name: 'en*'},"
        " dhcp4: true}}}"
    }
    bond = network(render(pair(), existing))["bonds"]["bond0"]
    assert bond["parameters"]["primary"] == "0-hyperv-net-eth0-vf"
    assert "0-hyperv-net-eth0-vf" in bond["interfaces"]


def test_what_cannot_be_taken_back_is_an_error() -> None:
    """A name taken, a member of something else, an id before all, a file that hides ours."""
    cases = {
        "netplan-name-taken": "network: {bridges: {bond0: {}}}",
        "netplan-member-taken": "network: {bridges: {br9: {interfaces: [eth0]}}}",
        "netplan-first": f'network: {{ethernets: {{"!a": {{match: {{macaddress: "{MAC}"}}}}}}}}',
    }
    for rule, text in cases.items():
        findings = render(pair(), {"etc/netplan/10-x.yaml": text}).findings
        assert (rule, Severity.ERROR) in {(each.rule, each.severity) for each in findings}
    hidden = render(pair(), {"run/netplan/50-cloud-init.yaml": "network: {}"}).findings
    assert [each.rule for each in hidden] == ["netplan-hidden"]


def test_a_broken_file_is_a_warning() -> None:
    """Netplan would refuse everything, which is worth saying before."""
    for text in ("network: [", "a: &a [*a]: b", "\x00"):
        findings = render(pair(), {"etc/netplan/10-x.yaml": text}).findings
        assert [each.rule for each in findings] == ["netplan-broken"]
