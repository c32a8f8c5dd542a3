"""A capture has the journal, and no secret that is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.capture.kept import INSTEAD
from hyperv_net.cli import main
from hyperv_net.hotplug.wanted import KEPT_IN
from hyperv_net.journal.entry import Happening
from hyperv_net.journal.kept import FILE, OLDER, add
from hyperv_net.model import Inventory, System
from tests.capture.made import captured
from tests.journal.entries import entry
from tests.secrets.places import make_root

SECRET = "qHusch-Husch+42/Zq"


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("system", list(System))
def test_the_history_of_a_machine_is_that_of_its_capture(
    system: System, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """But for a secret that stands elsewhere on the machine too."""
    root = make_root(tmp_path / "root", system.value, SECRET)
    folder = f"{root}/{KEPT_IN[system]}"
    add(folder, [entry(0, Happening.STEP, "join vf0 to bond0")])
    Path(folder, FILE).rename(Path(folder, OLDER))
    add(folder, [entry(1, Happening.FAILED, f"wpa: {SECRET}"), entry(2, Happening.VF_LEFT, "x")])
    file = captured(root, tmp_path / "machine.tar.gz", Inventory(system, "", ()))
    assert main(["history", "--root", str(root), "--format", form]) == 0
    there = capsys.readouterr()
    assert SECRET in there.out and "join vf0 to bond0" in there.out
    assert main(["history", "--root", str(file), "--format", form]) == 0
    assert capsys.readouterr() == (there.out.replace(SECRET, INSTEAD), there.err)
