"""hyperv-net turned off by its settings, whenever they were edited: the next boot goes by them."""

from __future__ import annotations

from pathlib import Path

from tests.bake.test_guard_program import Guarded
from tests.files import put


def test_settings_that_turn_it_off_keep_it_out_of_the_boot_and_of_events(tmp_path: Path) -> None:
    """What was edited after a yes counts, and so does the way back."""
    guarded = Guarded(tmp_path)
    guarded.run()
    assert guarded.is_plugged and not (tmp_path / "state/off").exists()
    put(guarded.bin, "settings", "enabled: false in a file\n")
    for _ in range(2):
        done = guarded.run()
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert not (tmp_path / "run/plug.cfg").is_symlink()
        assert guarded.verdict == "off: enabled: false in a file\n"
        assert (tmp_path / "state/off").read_text() == "enabled: false in a file\n"
    (guarded.bin / "settings").unlink()
    guarded.run()
    assert guarded.is_plugged
    assert not (tmp_path / "state/off").exists()


def test_a_yes_holds_while_the_settings_are_as_they_were(tmp_path: Path) -> None:
    guarded = Guarded(tmp_path)
    put(guarded.bin, "settings", "\n")
    for _ in range(3):
        guarded.run()
    assert guarded.is_plugged and len(guarded.starts) == 1
    put(guarded.bin, "settings", "\n\n")
    guarded.run()
    assert guarded.is_plugged and len(guarded.starts) == 2


def test_settings_that_cannot_be_read_turn_nothing_off(tmp_path: Path) -> None:
    """A broken file of somebody else's must not cost the machine its aggregate."""
    guarded = Guarded(tmp_path)
    put(guarded.bin, "settings/a-folder", "")
    guarded.run()
    assert guarded.is_plugged


def test_a_package_that_does_not_load_says_nothing_of_the_switch(tmp_path: Path) -> None:
    guarded = Guarded(tmp_path)
    put(tmp_path / "state", "off", "as it was\n")
    put(guarded.bin, "hyperv_net/later.py", "raise ValueError\n")
    guarded.run()
    assert guarded.verdict.startswith("refused: ")
    assert (tmp_path / "state/off").read_text() == "as it was\n"
