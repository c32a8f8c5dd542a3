"""Values that decide whether a file is looked at at all: a wrong one is told, and hides nothing.

The real programs are asked the same in test_deciding_values_to_owners.py.
"""

from __future__ import annotations

import pytest

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Settings
from hyperv_net.renderers import load
from hyperv_net.renderers.networkmanager.adopt.config import read_config
from tests.building import mac
from tests.renderers.test_adoption_places import cut
from tests.renderers.test_impossible_values import KEYFILE, LINUX, NETWORK, Owner, errors, hints

HEAD = "[connection]\nid=eth0\ntype=ethernet\n"
NM = Owner("network-manager", KEYFILE, HEAD)
ANY_NM = Owner("network-manager", KEYFILE, "[connection]\nid=eth0\n")
MATCH = Owner("networkd", NETWORK, "[Match]\n")
LINK = Owner("networkd", "etc/systemd/network/70-lan.link", "[Match]\n")
NOTATIONS = (mac(), "0:d:3a:0:0:0", "00-0D-3A-00-00-00", "0-d-3a-0-0-0")
WRONG_MACS = ("zz:0:0:0:0:0", "00:0d:3a:00:00", "0:d:3a-0:0:0", "000d3a000000", "0:d:3a:0:0:0:0")


@pytest.mark.parametrize("written", WRONG_MACS)
def test_a_mac_that_is_none_is_told_at_its_value_and_hides_no_file(written: str) -> None:
    for owner, key, before in (
        (NM, "mac-address", "[ethernet]\n"),
        (NM, "mac-address-denylist", "[ethernet]\n"),
        (MATCH, "MACAddress", ""),
        (MATCH, "PermanentMACAddress", ""),
        (LINK, "MACAddress", ""),
    ):
        (told,) = errors(owner, f"{before}{key}={written}\n")
        assert told.startswith(f"{owner.file}:")
        assert f".{key}: not " in told and repr(written) in told


def test_a_profile_with_a_mac_that_is_none_is_for_whatever_else_it_says() -> None:
    """NetworkManager leaves the address out, so that the profile is used."""
    text = f"{HEAD}interface-name=eth0\n[ethernet]\nmac-address=zz\n"
    assert read_config({KEYFILE: text}, find_pairs(LINUX, ()).pairs) is not None
    assert read_config({KEYFILE: text.replace("eth0", "eth9")}, find_pairs(LINUX, ()).pairs) is None


@pytest.mark.parametrize("written", [*NOTATIONS, "0;13;58;0;0;0;"])
def test_a_profile_is_for_the_nic_of_its_address_in_each_notation(written: str) -> None:
    assert errors(NM, f"[ethernet]\nmac-address={written}\n") == []
    assert hints(NM, f"[ethernet]\nmac-address={written}\n") == []
    other = written.replace("3a", "3b").replace("3A", "3B").replace("58", "59")
    text = f"{HEAD}[ethernet]\nmac-address={other}\n"
    assert load("network-manager").adopt({KEYFILE: text}, LINUX, Settings()) is None
    barred = f"{HEAD}[ethernet]\nmac-address-denylist={written}\n"
    if ";" not in written:
        assert load("network-manager").adopt({KEYFILE: barred}, LINUX, Settings()) is None


@pytest.mark.parametrize("written", [*NOTATIONS, "000d.3a00.0000", "d.3a00.0"])
def test_a_file_of_networkd_is_for_the_nic_of_its_address_in_each_notation(written: str) -> None:
    assert errors(MATCH, f"MACAddress={written}\n") == []
    assert hints(MATCH, f"MACAddress={mac(7)} {written}\n") == []


@pytest.mark.parametrize(
    ("owner", "lines", "told"),
    [
        (ANY_NM, "type=ethenet\n", "3:6: connection.type: no connection type 'ethenet' is known"),
        (NM, "interface-name=a/b\n", "4:16: connection.interface-name: not an interface's name"),
        (NM, "interface-name=far-too-long-name\n", "4:16: connection.interface-name: not an"),
        (MATCH, "Name=a/b\n", "2:6: Match.Name: not names of interfaces"),
        (MATCH, "MACAdress=00:0d:3a:00:00:00\n", "2:1: Match.MACAdress: no key 'MACAdress' is"),
        (MATCH, "Nmae=eth0\n", "2:1: Match.Nmae: no key 'Nmae' is known here (did you mean"),
    ],
)
def test_what_decides_and_cannot_be_read_is_an_error(owner: Owner, lines: str, told: str) -> None:
    (found,) = errors(owner, lines)
    assert found.startswith(f"{owner.file}:{told}")


@pytest.mark.parametrize(
    ("owner", "lines"),
    [
        (ANY_NM, "type=a-later-type\n[ethernet]\nmtu=1500\n"),
        (ANY_NM, "type=ovs-bridge\ninterface-name=a-bridge-of-twenty\n"),
        (MATCH, "Type=wlan\nWithLaterKeys=yes\n"),
        (MATCH, "MACAddress=10.0.0.1 fe80::1\n"),
        (MATCH, "Name=a-name-that-only-other-names-may-be eth9\n"),
        (LINK, "OriginalName=*\n[Link]\nMACAddresPolicy=none\nMTUBytes=many\n"),
    ],
)
def test_what_decides_and_may_be_meant_is_none(owner: Owner, lines: str) -> None:
    assert errors(owner, lines) == []


@pytest.mark.parametrize(
    ("owner", "lines", "key"),
    [
        (NM, "interface-name=eth0\n[ipv4]\n  adress1 = 10.0.0.4/24\n", "adress1"),
        (MATCH, "Name=eth0\n[Network]\n\tAdress = \\\n 10.0.0.4/24\n", "Adress"),
        (MATCH, "Name=eth0\n[Network]\n\x0bGatewy=10.0.0.1\n", "Gatewy"),
    ],
)
def test_a_mistyped_key_is_marked_itself(owner: Owner, lines: str, key: str) -> None:
    """And not its value, which is as good as any."""
    texts = {owner.file: owner.before + lines}
    adopted = load(owner.target).adopt(texts, owner.machine, Settings())
    assert adopted is not None
    (found,) = adopted.config.findings
    assert not isinstance(found.where, str)
    assert cut(texts, found.where) == key


@pytest.mark.parametrize(
    ("file", "match", "at"),
    [
        ("20-w.network", "Name=wlan0\nHots=laptop\n", "3:1: Match.Hots"),
        ("05-e.network", "Name=eth0\nHots=laptop\n", "3:1: Match.Hots"),
        ("05-w.network", "Nmae=wlan0\n", "2:1: Match.Nmae"),
        ("05-w.network", "MACAdress=00:0d:3a:11:11:11\n", "2:1: Match.MACAdress"),
        ("05-w.network", "Tpye=wlan\n", "2:1: Match.Tpye"),
        ("70-lan.link", "MACAdress=00:0d:3a:00:00:00\n", "2:1: Match.MACAdress"),
        ("30-v.netdev", "Hots=laptop\n", "2:1: Match.Hots"),
    ],
)
def test_a_mistyped_key_that_decides_nothing_about_a_pair_is_a_warning(
    file: str, match: str, at: str
) -> None:
    """networkd passes over the key, and over a file with no other in its [Match]."""
    theirs = f"etc/systemd/network/{file}"
    texts = {NETWORK: "[Match]\nName=eth0\n", theirs: f"[Match]\n{match}"}
    adopted = load("networkd").adopt(texts, LINUX, Settings())
    assert adopted is not None
    assert adopted.config.source == (theirs if "Name=eth0" in match else NETWORK)
    (found,) = adopted.config.findings
    assert (str(found.where), found.rule, found.severity) == (
        f"{theirs}:{at}",
        "unknown-key",
        "warning",
    )


@pytest.mark.parametrize("match", ["Hots=laptop\n", "Name=\nPaht=pci-*\n", "Nmae=e*\n"])
def test_a_mistyped_key_alone_that_may_be_about_a_pair_is_an_error(match: str) -> None:
    (told,) = errors(MATCH, match)
    assert "is known here (did you mean" in told


def test_what_hides_a_file_is_told_with_all_else() -> None:
    texts = {KEYFILE: f"{HEAD}[ethernet]\nmac-address=x\n[ipv4]\nmethod=manul\n"}
    with pytest.raises(HypervNetError) as raised:
        load("network-manager").adopt(texts, LINUX, Settings())
    told = [str(one.where) for one in (raised.value, *raised.value.others)]
    assert told == [f"{KEYFILE}:5:13: ethernet.mac-address", f"{KEYFILE}:7:8: ipv4.method"]
