"""What decides whether a file is looked at, as the real programs of Debian read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building import mac
from tests.debian.tools import SUITES
from tests.renderers.networkd.real import run
from tests.renderers.networkmanager.nmcli import normalised, settings
from tests.renderers.test_deciding_values import ANY_NM, HEAD, MATCH, NM, NOTATIONS, WRONG_MACS
from tests.renderers.test_impossible_values import Owner, errors

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

ADDRESS = ("ethernet", "mac-address")


def test_network_manager_reads_each_notation_of_an_address(suite: str) -> None:
    for written in (*NOTATIONS, "0;13;58;0;0;0;"):
        text = f"{HEAD}[ethernet]\nmac-address={written}\n"
        assert settings(normalised(suite, text))[ADDRESS] == mac()


def test_network_manager_leaves_out_an_address_that_is_none(suite: str) -> None:
    for written in WRONG_MACS:
        text = f"{HEAD}[ethernet]\nmac-address={written}\n"
        assert ADDRESS not in settings(normalised(suite, text))


@pytest.mark.parametrize(
    ("owner", "lines"),
    [
        (NM, "[ethernet]\nmac-address-blacklist=zz\n"),
        (NM, "interface-name=a/b\n"),
        (NM, "interface-name=far-too-long-name\n"),
        (ANY_NM, "type=ethenet\n"),
    ],
)
def test_network_manager_refuses_the_profile(suite: str, owner: Owner, lines: str) -> None:
    assert errors(owner, lines)
    with pytest.raises(AssertionError):
        normalised(suite, owner.before + lines)


def test_networkd_reads_each_address_that_we_do_and_no_other(suite: str, tmp_path: Path) -> None:
    good = (*NOTATIONS, "000d.3a00.0000", "d.3a00.0", "10.0.0.1", "fe80::1", ":".join(["11"] * 20))
    bad = (*WRONG_MACS, f"!{mac()}", "00:0d:3a:*")
    files = {
        f"{number:02}-{kind}.network": f"[Match]\nMACAddress={written}\n"
        for kind, some in (("good", good), ("bad", bad))
        for number, written in enumerate(some)
    }
    files["90-typo.network"] = f"[Match]\nMACAdress={mac()}\n"
    files["91-name.network"] = "[Match]\nName=a/b\n"
    ran = run(suite, tmp_path, files, mac(), {"eth0"})
    assert ran.file_of["eth0"] == "00-good.network"
    refused = {
        line.partition("/etc/systemd/network/")[2].partition(":")[0]
        for line in ran.lines
        if "No valid settings found in the [Match] section, ignoring file" in line
    }
    assert refused == {name for name in files if not name.endswith("-good.network")}
    for written in bad:
        assert errors(MATCH, f"MACAddress={written}\n"), written
    for written in good:
        assert errors(MATCH, f"MACAddress={written}\n") == [], written
