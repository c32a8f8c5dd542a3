"""`hyperv-net reconcile` as it is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.companions.wanted_file import to_json
from hyperv_net.hotplug.wanted import PATHS, Wanted
from hyperv_net.model import System
from tests.inventory.captured import capture, materialise
from tests.paths import CHECKOUT
from tests.status.scenes import BOND


def _machine(root: Path, system: System = System.LINUX) -> Path:
    target = "netplan" if system is System.LINUX else "freebsd"
    path = root / PATHS[system]
    path.parent.mkdir(parents=True)
    path.write_text(to_json(Wanted(system, target, (BOND,))))
    return materialise(capture("virtio-bond"), root)


def test_a_dry_run_prints_the_steps_for_a_captured_tree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reconcile", "--dry-run", "--root", str(_machine(tmp_path))]) == 0
    assert capsys.readouterr() == ("make ens17 the primary of bond0\n", "")


def test_nothing_is_printed_where_there_is_nothing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = _machine(tmp_path)
    (root / "sys/class/net/bond0/bonding/primary").write_text("ens17\n")
    assert main(["reconcile", "--dry-run", "--root", str(root)]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_machine_that_was_never_configured_has_nothing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reconcile", "--dry-run", "--root", str(tmp_path)]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--root", "{root}"], "only this machine can be changed (add --dry-run)"),
        (["--root", "{root}/nowhere", "--dry-run"], "not a directory"),
        (["--root", "{root}", "--dry-run"], "wanted.json:1:2: not JSON"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_1(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (_machine(tmp_path) / PATHS[System.LINUX]).write_text("{")
    given = [one.format(root=tmp_path) for one in arguments]
    assert main(["reconcile", *given]) == 1
    printed = capsys.readouterr().err
    assert says in printed and printed.count("\n") == 1


def test_a_captured_freebsd_machine_is_an_error_that_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = _machine(tmp_path, System.FREEBSD)
    assert main(["reconcile", "--root", str(root), "--dry-run"]) == 1
    assert "no files that tell of its NICs" in capsys.readouterr().err


def test_nothing_slow_is_loaded_on_the_way(tmp_path: Path) -> None:
    """No YAML, no cloud-init, no rendering: the hook runs at every event."""
    program = (
        "import sys\n"
        "from hyperv_net.cli import main\n"
        f"main(['reconcile', '--dry-run', '--root', {str(_machine(tmp_path))!r}])\n"
        "slow = {'yaml', 'cloudinit', 'netifaces', 'difflib', 'subprocess',\n"
        "        'hyperv_net.plan.flow', 'hyperv_net.netconfig.read',\n"
        "        'hyperv_net.rewrite.failover'}\n"
        "print(sorted(slow & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=CHECKOUT,
    )
    assert done.stdout.splitlines()[-1] == "[]"
