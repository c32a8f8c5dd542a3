"""A key that is almost one of those that are known."""

from __future__ import annotations

import pytest

from hyperv_net.netconfig.read import read_network_config


def unknown(text: str) -> list[str]:
    """The places and hints of the findings."""
    found = read_network_config(text, "f").findings
    return [f"{one.where} {one.hint}" for one in found if one.rule == "unknown-key"]


@pytest.mark.parametrize(
    ("text", "place", "meant"),
    [
        ("ethernets: {eth0: {dhpc4: true}}", "ethernets.eth0.dhpc4", "dhcp4"),
        ("ethernets: {eth0: {adresses: []}}", "ethernets.eth0.adresses", "addresses"),
        ("ethernet: {eth0: {}}", "ethernet", "ethernets"),
        ("bonds: {b: {parameters: {mod: 1}}}", "bonds.b.parameters.mod", "mode"),
        ("bonds: {b: {parameters: {all-member-active: true}}}", "", "all-members-active"),
    ],
)
def test_it_is_a_warning_with_what_was_meant(text: str, place: str, meant: str) -> None:
    """And the file is read, since what is not known here may be known to others."""
    (said,) = unknown(f"{{version: 2, {text}}}")
    assert said.startswith(f"f: {place}") and said.endswith(f"did you mean {meant!r}?")


@pytest.mark.parametrize(
    "text",
    [
        "ethernets: {eth0: {dhcp4: true, x-site-note: 7}}",
        "ethernets: {dhpc4: {dhcp4: true}}",
        "openvswitch: {dhpc4: 1}",
    ],
)
def test_a_key_that_is_like_none_is_left_alone_and_so_is_a_name(text: str) -> None:
    assert unknown(f"{{version: 2, {text}}}") == []


@pytest.mark.parametrize(
    ("entry", "place", "meant"),
    [
        ("mac_adress: '00:0d:3a:11:22:33'", "config[0].mac_adress", "mac_address"),
        ("subnet: [{type: dhcp}]", "config[0].subnet", "subnets"),
        ("subnets: [{type: dhcp, metrik: 7}]", "config[0].subnets[0].metrik", "metric"),
    ],
)
def test_in_version_1_it_is_a_key_of_version_1_that_was_meant(
    entry: str, place: str, meant: str
) -> None:
    (said,) = unknown(f"{{version: 1, config: [{{type: physical, name: eth0, {entry}}}]}}")
    assert said.startswith(f"f: {place}") and said.endswith(f"did you mean {meant!r}?")
