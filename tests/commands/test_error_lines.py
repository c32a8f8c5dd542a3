"""What the command line tells of the mistakes in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net import terminal
from hyperv_net.cli import main
from hyperv_net.facts import Inventory, System
from hyperv_net.inventory.snapshot import as_document
from tests.building import synthetic, vf

TYPE_CHECKING = False
if TYPE_CHECKING:
    Capture = pytest.CaptureFixture[str]

WRONG = """\
version: 2
ethernets:
  eth0:
    mtu: lots
    dhcp4: maybe
    auth: {password: "hunter2hunter2", method: none}
"""


def planned(tmp_path: Path, text: str, *options: str) -> int:
    """Plan this network config for a machine with a pair."""
    inventory = Inventory(System.LINUX, "6.1.0", (synthetic(), vf()))
    (tmp_path / "inventory.json").write_text(json.dumps(as_document(inventory)))
    (tmp_path / "net.yaml").write_text(text)
    given = ("--inventory", str(tmp_path / "inventory.json"), "--target", "netplan")
    return main(["plan", *given, "--network-config", str(tmp_path / "net.yaml"), *options])


def test_each_is_a_line_with_its_place(tmp_path: Path, capsys: Capture) -> None:
    """In a log and a pipe it is all there is."""
    assert planned(tmp_path, WRONG) == 1
    shown = capsys.readouterr()
    file = tmp_path / "net.yaml"
    assert shown.out == ""
    assert shown.err.splitlines() == [
        f"hyperv-net: {file}:4:10: ethernets.eth0.mtu: not an MTU from 68 to 65536: 'lots'",
        f"hyperv-net: {file}:5:12: ethernets.eth0.dhcp4: not true or false: 'maybe'",
    ]


def test_a_terminal_shows_the_lines_with_carets(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below each error."""
    monkeypatch.setattr(terminal, "is_watched", lambda: True)
    monkeypatch.setenv("COLUMNS", "300")
    assert planned(tmp_path, WRONG) == 1
    shown = capsys.readouterr().err.splitlines()
    assert shown[1:3] == ["      mtu: lots", "           ^^^^"]
    assert shown[4:] == ["      dhcp4: maybe", "             ^^^^^"]


@pytest.mark.parametrize("width", [80, 120])
def test_what_a_terminal_shows_fits_it(
    width: int, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words of a message are kept whole, and of a long line the part is shown that is meant."""
    # A path is not broken, and a folder of a test may be longer than a line.
    monkeypatch.chdir(tmp_path)
    keys = ", ".join(f"k{at}: {at}" for at in range(40))
    text = f"version: 2\nethernets: {{eth0: {{{keys}, mtu: 'a value of many words'}}}}\n"
    planned(Path(), text)
    in_a_pipe = capsys.readouterr().err
    assert len(in_a_pipe.splitlines()) == 1
    monkeypatch.setattr(terminal, "is_watched", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    assert planned(Path(), text) == 1
    *message, line, carets = capsys.readouterr().err.splitlines()
    assert max(map(len, (*message[1:], line, carets))) <= width
    assert " ".join(" ".join(message).split()) == in_a_pipe.strip()
    assert "mtu: 'a value" in line and carets.strip("^ ") == ""


def test_a_secret_on_the_line_of_a_mistake_is_hidden(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "is_watched", lambda: True)
    monkeypatch.setenv("COLUMNS", "300")
    text = 'version: 2\nwifis: {w: {auth: {password: "hunter2hunter2"}, mtu: x}}\n'
    assert planned(tmp_path, text) == 1
    shown = capsys.readouterr().err.splitlines()
    assert shown[1:] == [
        '  wifis: {w: {auth: {password: "(hidden)"}, mtu: x}}',
        "                                                 ^",
    ]


def test_more_than_twenty_are_counted(tmp_path: Path, capsys: Capture) -> None:
    """A wrong template would fill the screen."""
    devices = "".join(f"  eth{at}: {{mtu: x}}\n" for at in range(50))
    assert planned(tmp_path, f"version: 2\nethernets:\n{devices}") == 1
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 21 and shown[-1] == "hyperv-net: and 30 more"


def test_a_finding_about_a_key_has_its_line_in_text_and_json(
    tmp_path: Path, capsys: Capture
) -> None:
    """A key that is almost a known one is such a finding, and stops nothing."""
    text = "network:\n  version: 2\n  ethernets:\n    eth0: {dhpc4: true}\n"
    where = f"{tmp_path / 'net.yaml'}:4:12: network.ethernets.eth0.dhpc4"
    assert planned(tmp_path, text) == 0
    assert f"warning: {where}: no key 'dhpc4' is known here (did you mean 'dhcp4'?)" in (
        capsys.readouterr().out
    )
    assert planned(tmp_path, text, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    (said,) = (one for one in found if one["rule"] == "unknown-key")
    assert said["where"] == where and said["key"] == ["network", "ethernets", "eth0", "dhpc4"]
    numbers = [said[one] for one in ("line", "column", "end_line", "end_column")]
    assert numbers == [4, 12, 4, 17]


def test_a_wrong_setting_has_its_line(tmp_path: Path, capsys: Capture) -> None:
    """With what was meant by a name that is none."""
    folder = tmp_path / "root/etc/cloud/cloud.cfg.d"
    folder.mkdir(parents=True)
    (folder / "91.cfg").write_text("# ours\nhyperv_net:\n  agregate: never\n")
    assert planned(tmp_path, "version: 2\n", "--root", str(tmp_path / "root")) == 1
    assert capsys.readouterr().err.startswith(
        "hyperv-net: etc/cloud/cloud.cfg.d/91.cfg:3:3: hyperv_net.agregate: no such setting: "
        "'agregate' (did you mean 'aggregate'? the settings are enabled, aggregate, "
    )
