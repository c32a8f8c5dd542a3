"""The target's own program is asked before anything is replaced."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from hyperv_net import processes
from hyperv_net.applying import below, trial, writing
from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Change, RenderedFile, System
from hyperv_net.processes import Ended
from hyperv_net.renderers import load
from tests.applying.disk import Unsynced, snapshot
from tests.commands import calling
from tests.debian.tools import SUITES, netplan_generate
from tests.files import put

FILE = "etc/netplan/50-cloud-init.yaml"
GOOD = "network: {version: 2, ethernets: {eth0: {dhcp4: true}}}\n"
BAD = "network: {version: 2, vlans: {v7: {id: 7}}}\n"
WORDS = b"/x/etc/netplan/50-cloud-init.yaml:1:2: Error in network definition: no link\n  v7\n  ^\n"


class Netplan:
    """Refuses whatever has a VLAN in it; knows in which folders it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, command: Sequence[str], environment: Mapping[str, str], s: float) -> Ended:
        self.asked.append(tuple(command[:-1]))
        folder = Path(command[-1])
        assert folder.stat().st_mode & 0o77 == 0, "others can read what may be a secret"
        texts = [path.read_text() for path in folder.rglob("*.yaml")]
        refused = any("vlans" in text for text in texts)
        return Ended(int(refused), b"", WORDS.replace(b"/x", str(folder).encode()))


def asked(root: Path, new: str, run: trial.Run) -> HypervNetError | None:
    path = root / FILE
    before = {FILE: path.read_text()} if path.exists() else {}
    change = Change(RenderedFile(FILE, new), before.get(FILE))
    would = writing.apply_files(root, System.LINUX, [change], dry_run=True)
    return trial.refusal(load("netplan"), before, would, run)


def test_what_it_refuses_is_an_error_with_its_own_first_words(tmp_path: Path) -> None:
    put(tmp_path, FILE, GOOD)
    refused = asked(tmp_path, BAD, Netplan())
    assert refused is not None
    assert "netplan would refuse what is to be written: etc/netplan/50-cloud-init.yaml:1:2" in (
        str(refused)
    )
    assert "\n" not in str(refused)


def test_what_it_takes_or_refused_before_is_none(tmp_path: Path) -> None:
    put(tmp_path, FILE, GOOD)
    netplan = Netplan()
    assert asked(tmp_path, GOOD.replace("true", "false"), netplan) is None
    assert netplan.asked == [("netplan", "generate", "--root-dir")]
    put(tmp_path, FILE, BAD)
    assert asked(tmp_path, BAD.replace("7", "8"), netplan) is None


def test_where_it_is_not_at_hand_or_takes_too_long_nothing_is_asked(tmp_path: Path) -> None:
    def run(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> Ended:
        raise HypervNetError("cannot be run", where=command[0])

    assert asked(tmp_path, BAD, run) is None


def test_where_there_is_no_room_to_ask_in_nobody_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    netplan = Netplan()
    assert asked(tmp_path, BAD, netplan) is None
    assert netplan.asked == []


def test_a_target_without_such_a_program_asks_nobody(tmp_path: Path) -> None:
    would = writing.apply_files(tmp_path, System.LINUX, [], dry_run=True)
    netplan = Netplan()
    assert trial.refusal(load("ifupdown"), {}, would, netplan) is None
    assert not netplan.asked


@pytest.mark.parametrize("is_this", [True, False])
def test_apply_writes_nothing_that_is_refused_on_this_machine_and_asks_of_no_other(
    is_this: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: calling.Capture
) -> None:
    monkeypatch.setattr(below, "os", Unsynced())
    monkeypatch.setattr("hyperv_net.commands.apply.is_this_machine", lambda root: is_this)
    netplan = Netplan()
    monkeypatch.setattr(processes, "run", netplan)
    monkeypatch.setattr(trial.refusal, "__defaults__", (netplan,))
    put(tmp_path, "etc/hostname", "x")
    config = put(tmp_path.parent, "c.yaml", calling.ethernet("{dhcp4: true}"))
    more = "vlans: {v7: {id: 7, link: eth0, dhcp4: true}}\n"
    config.write_text(config.read_text() + more)
    before = snapshot(tmp_path)
    command = ["apply", *calling.with_config(config), "--root", str(tmp_path)]
    assert main(command) == (1 if is_this else 0)
    if is_this:
        assert "netplan would refuse" in capsys.readouterr().err.splitlines()[-1]
        assert snapshot(tmp_path) == before
    else:
        assert not netplan.asked


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_the_real_one_refuses_what_is_refused_and_takes_what_is_taken(
    suite: str, tmp_path: Path
) -> None:
    def run(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> Ended:
        ran = netplan_generate(suite, Path(command[-1]))
        return Ended(ran.status, b"", ran.err.encode())

    put(tmp_path, FILE, GOOD)
    assert asked(tmp_path, GOOD.replace("dhcp4", "dhcp6"), run) is None
    refused = asked(tmp_path, BAD, run)
    assert refused is not None and "v7: missing 'link' property" in str(refused)
