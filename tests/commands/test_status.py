"""`hyperv-net status` as it is called."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.hotplug.kept.last import Last, Run
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.model import System
from hyperv_net.review.document import as_plain
from hyperv_net.status.as_json import status_document
from hyperv_net.status.document import SCHEMA
from hyperv_net.status.linux import see_linux
from hyperv_net.status.text import status_text
from tests.paths import CHECKOUT
from tests.status.scenes import ADDRESSES, MAC, NETPLAN, NOW, Scene


def test_a_healthy_machine_is_told_in_full(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.counted("eth0", 20, 10)
    scene.counted("ens17", 989, 990)
    scene.networkd(3, "run/systemd/network/10-netplan-eth0-vf.network", "[Network]\nBond=bond0\n")
    assert status_text(scene.status(), scene.verdict()) == (
        "linux 6.1.0-56-amd64, configured by hyperv-net for netplan\n"
        "\n"
        "Pairs\n"
        "  bond0  00:0d:3a:11:22:33  aggregate\n"
        "    traffic  through ens17 (VF) of bond0; 98 % of packets received and 99 % of packets "
        "sent went over the VF\n"
        "    address  10.77.0.50/24, fe80::20d:3aff:fe11:2233/64\n"
        "    NIC    ROLE       DRIVER      STATE        IN     RECEIVED  SENT  MANAGED BY\n"
        "    eth0   synthetic  virtio_net  up, link up  bond0  20        10    -\n"
        "    ens17  VF         e1000e      up, link up  bond0  989       990   "
        "networkd (10-netplan-eth0-vf.network)\n"
        "\n"
        "Last reconcile\n"
        "  2026-11-22T12:00:00Z  nothing to do\n"
        "\n"
        "healthy\n"
    )


def test_what_is_wrong_and_what_was_done_is_told(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.drained(Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW))
    scene.addresses += "3: ens17    inet 10.0.0.9/24 scope global ens17\n"
    change = Run(NOW, ("join ens17 to bond0", "make ens17 the primary of bond0"))
    last = Last(Run("2026-11-22T13:00:00Z", failures=("cannot x: y",), settled=False), change)
    status = scene.status()._replace(last=last)
    text = status_text(status, scene.verdict())
    assert "    drained  since 2026-11-22T12:00:00Z\n" in text
    scene.drained(Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW, ("azure:F1",)))
    for_event = status_text(scene.status()._replace(last=last), scene.verdict())
    assert "    drained  since 2026-11-22T12:00:00Z for azure:F1\n" in for_event
    assert (
        "Last reconcile\n"
        "  2026-11-22T13:00:00Z  cannot x: y\n"
        "                        ended with steps left\n"
        "  before that\n"
        "    2026-11-22T12:00:00Z  join ens17 to bond0\n"
        "                          make ens17 the primary of bond0\n"
    ) in text
    assert "  error: ens17: ens17 has 10.0.0.9/24, which belongs on bond0" in text
    assert text.endswith("\nunhealthy: 1 error\n")


def test_the_workers_own_directory_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where reconcile keeps what it did is said in one place."""
    monkeypatch.setitem(RUN_DIRECTORY, System.LINUX, "/run/elsewhere")
    scene = Scene(tmp_path)
    assert see_linux(str(scene.root), None).last is None
    (scene.root / "run/hyperv-net").rename(scene.root / "run/elsewhere")
    assert see_linux(str(scene.root), None).last == Last(Run(NOW), None)


def test_a_machine_that_was_never_configured_is_told_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Scene(tmp_path, "azure-transparent-mlx5", None).root
    assert main(["status", "--root", str(root)]) == 0
    text = capsys.readouterr().out
    assert "not configured by hyperv-net" in text
    assert "eth0  60:45:bd:9d:ea:9c  transparent\n" in text
    assert "Last reconcile" not in text
    assert "addresses: a captured tree has no file that shows them" in text


def test_a_guarded_machine_says_so_and_whom_udev_has_not_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what to do where a manager was there before the rules."""
    scene = Scene(tmp_path, "azure-transparent-mlx5", None)
    scene.write("run/NetworkManager/devices/3", "[device]\nmanaged=true\nconnection-uuid=bbbb\n")
    scene.write("run/udev/data/n3", "I:1\nE:ID_NET_DRIVER=mlx5_core\n")
    arguments = ["status", "--root", str(scene.root)]
    assert main(arguments) == 1
    assert "`hyperv-net guard` keeps everybody off it" in capsys.readouterr().out
    assert main(["guard", "--root", str(scene.root)]) == 0
    capsys.readouterr()
    assert main(arguments) == 1
    text = capsys.readouterr().out
    assert "not configured by hyperv-net, VFs kept off by its guard\n" in text
    assert "[vf-not-marked]" in text and "boot again" in text
    scene.write("run/udev/data/n3", "I:1\nE:HYPERV_NET_KEPT_OFF=1\n")
    scene.write("run/NetworkManager/devices/3", "[device]\nmanaged=false\n")
    assert main(arguments) == 0
    assert "vf-not-marked" not in capsys.readouterr().out


def test_a_drain_that_is_over_is_none_where_nobody_puts_it_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a machine that was never configured there may be no worker."""
    scene = Scene(tmp_path, "azure-transparent-mlx5", None)
    scene.drained(Drain("60:45:bd:9d:ea:9c", 99, "enP9s9", since=NOW))
    assert main(["status", "--root", str(scene.root)]) == 0
    assert "drained" not in capsys.readouterr().out


def test_a_machine_without_pairs_is_healthy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sys/class/net").mkdir(parents=True)
    assert main(["status", "--root", str(tmp_path)]) == 0
    assert "No pairs: no synthetic NIC was found" in capsys.readouterr().out


def test_a_vf_only_and_an_unhealthy_machine_exit_with_0_and_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(tmp_path)
    assert main(["status", "--root", str(scene.root)]) == 0
    scene.out_of_its_master("ens17")
    assert main(["status", "--root", str(scene.root)]) == 1
    assert "unhealthy" in capsys.readouterr().out


def test_json_has_a_schema_and_the_same_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(tmp_path)
    scene.out_of_its_master("ens17")
    scene.counted("eth0", 4, 0)
    scene.counted("ens17", 0, 0)
    assert main(["status", "--root", str(scene.root), "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["healthy"]) == (SCHEMA, False)
    assert "vf-not-joined" in [one["rule"] for one in document["findings"]]
    (pair,) = document["pairs"]
    assert pair["share"]["percent"] == {"received": 0.0, "sent": None}


def test_every_key_of_the_json_is_documented(tmp_path: Path) -> None:
    """docs/status.md names each key, and docs/rules.md each rule that a finding may have."""
    scene = Scene(tmp_path)
    scene.addresses = ADDRESSES
    scene.counted("eth0", 1, 1)
    scene.counted("ens17", 1, 1)
    scene.networkd(3, "x/y.network")
    scene.drained(Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW))
    scene.reconciled()
    status = scene.status()
    last = status.last
    assert last is not None
    status = status._replace(last=Last(last.run, last.run))
    document = as_plain(status_document(status, scene.verdict()))
    text = (CHECKOUT / "docs/status.md").read_text()
    missing = [key for key in _keys(document) if f"`{key}`" not in text]
    assert missing == []
    source = "".join(
        (CHECKOUT / "hyperv_net" / name).read_text()
        for name in (
            "status/judge.py",
            "status/of_pair.py",
            "decision/pairing.py",
            "inventory/sysfs.py",
        )
    )
    rules = {
        word
        for word in source.replace("(", "\n").split('"')
        if word.islower() and "-" in word and word.replace("-", "").isalpha()
    } - {"network-manager"}
    assert len(rules) > 20
    told = (CHECKOUT / "docs/rules.md").read_text()
    assert [rule for rule in sorted(rules) if f"### {rule}\n" not in told] == []


@pytest.mark.parametrize(
    "module", ["lint/tools.py", "decision/claims.py", "rewrite/splitting.py", "commands/plan.py"]
)
def test_what_a_plan_or_an_image_is_told_of_is_documented_too(module: str) -> None:
    source = (CHECKOUT / "hyperv_net" / module).read_text()
    rules = re.findall(r'(?:Finding\(\s*|rule=)"([a-z-]+)"', source)
    text = (CHECKOUT / "docs/rules.md").read_text()
    assert rules
    assert [one for one in rules if f"### {one}\n" not in text] == []


def _keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_keys, value.values()))
    return set().union(*map(_keys, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_it_wants_none(
    no_color: str, coloured: bool, tmp_path: Path
) -> None:
    root = Scene(tmp_path).root
    master, slave = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hyperv_net", "status", "--root", str(root)],
            stdout=slave,
            env={**os.environ, "NO_COLOR": no_color},
            check=False,
            cwd=CHECKOUT,
        )
        os.set_blocking(master, False)
        text = os.read(master, 65536)
    finally:
        os.close(slave)
        os.close(master)
    assert done.returncode == 0
    assert (b"\33[" in text) == coloured


def test_a_hostile_tree_is_told_without_its_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What managers and the hook left may be anybody's text in a captured tree."""
    scene = Scene(tmp_path)
    scene.networkd(3, "run/x\33[2J")
    scene.write("run/network/ifstate", "ens17=a\33[31mb\n")
    scene.reconciled(("cannot \33[2J join",))
    for kind in ("text", "json"):
        main(["status", "--root", str(scene.root), "--format", kind])
        assert "\33" not in capsys.readouterr().out


def test_a_directory_that_is_closed_to_the_caller_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(tmp_path)
    closed = str(tmp_path / "run/hyperv-net")
    scandir = os.scandir

    def refuse(path: str = ".") -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert scene.status().not_seen == ("/run/hyperv-net: Permission denied (run it as root)",)


def test_a_machine_whose_addresses_cannot_be_asked_for_says_so(tmp_path: Path) -> None:
    from hyperv_net.errors import HypervNetError
    from hyperv_net.status.linux import Live, see_linux

    def run(command: object) -> str:
        raise HypervNetError("cannot be run: No such file or directory", where="ip")

    seen = see_linux(str(Scene(tmp_path).root), Live(run, lambda name: None, lambda name: None))
    assert not seen.addresses_are_known
    why = "ip: cannot be run: No such file or directory"
    assert seen.not_seen == (f"addresses: {why}", f"default routes: {why}")


def test_what_is_not_a_directory_is_one_line_and_exit_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["status", "--root", "/no/such/place"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_nic_that_carries_the_traffic_is_told_with_how_it_stands_to_the_aggregate(
    tmp_path: Path,
) -> None:
    missing = Scene(tmp_path / "missing", "virtio-bare", NETPLAN)
    said = status_text(missing.status(), missing.verdict())
    assert "traffic  through eth0 (synthetic), without bond0, which is not there\n" in said
    outside = Scene(tmp_path / "outside")
    outside.out_of_its_master("ens17")
    outside.bonding(active_slave="ens17")
    said = status_text(outside.status(), outside.verdict())
    assert "through ens17 (VF), outside of bond0" in said
