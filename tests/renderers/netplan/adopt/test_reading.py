"""All that is wrong with netplan's files is told at once, and no file is passed over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Settings
from hyperv_net.netconfig.spans import telling_lines
from hyperv_net.renderers import load
from tests.building import linux, mac, synthetic, vf
from tests.debian.tools import SUITES, netplan_generate
from tests.files import put

ONE, OTHER = "etc/netplan/10-a.yaml", "etc/netplan/20-b.yaml"
HEAD = "network:\n  version: 2\n  ethernets:\n"
GOOD = f"{HEAD}    eth0: {{dhcp4: true}}\n"
#: What netplan refuses a file for, and where and how it is told.
REFUSED = {
    "netwrok:\n  version: 2\n": "1:1: netwrok: no key 'netwrok' is known here (did you mean",
    f"{GOOD}x-own: 1\n": "5:1: x-own: no key 'x-own' is known here (netplan refuses the file)",
    "version: 2\n": "1:1: version: no key 'version' is known here (put it below 'network:')",
    "- network\n": "not a mapping (begin with 'network:')",
    "network:\n": "1:1: network: has nothing below it",
    "network: [1]\n": "1:1: network: not a mapping",
    "network:\n  ethernet: {eth0: {dhcp4: true}}\n": "2:3: network.ethernet: no key 'ethernet'",
    f"{HEAD}    a: {{match: {{macaddress: 00-0d-3a-00-00-00}}}}\n": (
        "4:29: network.ethernets.a.match.macaddress: netplan takes no MAC address with '-'"
    ),
    f"{HEAD}    a: {{match: {{macaddress: '0:d:3a:0:0:0'}}}}\n": (
        "4:29: network.ethernets.a.match.macaddress: not a MAC address"
    ),
}


def adopted(texts: Mapping[str, str]) -> bool:
    with telling_lines(texts):
        found = load("netplan").adopt(texts, linux(synthetic(), vf()), Settings())
    return found is not None


def told(texts: Mapping[str, str]) -> list[str]:
    with pytest.raises(HypervNetError) as raised:
        adopted(texts)
    return [str(one) for one in (raised.value, *raised.value.others)]


def places(texts: Mapping[str, str]) -> list[str]:
    return [one.partition(": ")[0].removeprefix("etc/netplan/") for one in told(texts)]


def test_a_key_given_twice_hides_nothing_of_its_file_nor_of_another() -> None:
    twice = f"{HEAD}    eth0: {{mtu: 1400, mtu: 1500}}\n    eth1: {{mtu: lots}}\n"
    other = f"{HEAD}    eth0: {{addresses: [x]}}\n    eth9: {{dhcp4: maybe, dhcp4: no}}\n"
    assert places({ONE: twice, OTHER: other}) == [
        "10-a.yaml:4:23",
        "10-a.yaml:5:17",
        "20-b.yaml:4:24",
        "20-b.yaml:5:19",
        "20-b.yaml:5:26",
    ]
    # And beside a single file's own values, whose places are not those of what was merged.
    assert places({ONE: twice}) == ["10-a.yaml:4:23", "10-a.yaml:5:17"]


def test_what_is_mistyped_is_told_beside_a_key_given_twice() -> None:
    text = f"{HEAD}    eth0: {{mtu: 1400, mtu: 1500, dhpc4: true}}\n"
    with pytest.raises(HypervNetError) as raised:
        adopted({ONE: text})
    (finding,) = raised.value.findings
    assert str(finding.where).startswith(f"{ONE}:4:34") and finding.hint == "did you mean 'dhcp4'?"


def test_a_file_that_is_no_yaml_hides_no_wrong_value_of_another() -> None:
    """But what the others lack may stand in it."""
    other = f"{HEAD}    eth0: {{mtu: lots}}\n  vlans:\n    v9: {{link: eth0}}\n"
    assert places({ONE: "network: [\n", OTHER: other}) == ["10-a.yaml:1:10", "20-b.yaml:4:17"]
    assert places({ONE: GOOD, OTHER: other}) == ["20-b.yaml:4:17", "20-b.yaml:6:5"]


@pytest.mark.parametrize("text", REFUSED)
def test_a_file_that_netplan_refuses_is_told_of_and_hides_no_other(text: str) -> None:
    assert told({ONE: text})[0].startswith((f"{ONE}:{REFUSED[text]}", f"{ONE}: {REFUSED[text]}"))
    if "ethernet:" not in text:
        wrong = f"{HEAD}    eth5: {{mtu: lots}}\n"
        assert [one[: len(ONE)] for one in told({ONE: text, OTHER: wrong})] == [ONE, OTHER]


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "{}\n", "network: {}\n", "network: {version: 2}"]
)
def test_a_file_that_says_nothing_is_none(text: str) -> None:
    assert not adopted({ONE: text})
    assert adopted({ONE: text, OTHER: GOOD})


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_netplan_refuses_what_we_do(suite: str, tmp_path: Path) -> None:
    for number, text in enumerate([*REFUSED, "# nothing\n", "{}\n", "network: {}\n", GOOD]):
        put(tmp_path / str(number), ONE, text, 0o600)
        done = netplan_generate(suite, tmp_path / str(number))
        assert (done.status != 0) is (text in REFUSED), (text, done)


def test_a_mac_in_netplans_own_notation_is_taken() -> None:
    assert adopted({ONE: f"{HEAD}    a: {{match: {{macaddress: '{mac()}'}}, dhcp4: true}}\n"})
