"""What a run leaves for the next is believed where nobody else could have left it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.companions.wanted_file import to_json
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Mode, System
from hyperv_net.hotplug.kept import last
from hyperv_net.hotplug.kept.drains import keep_drains, read_drains
from hyperv_net.hotplug.kept.wanted import find_wanted
from hyperv_net.hotplug.kept.worker import remember_aggregates, seen_aggregates
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.hotplug.running import wanted_here
from hyperv_net.hotplug.wanted import PATHS, Wanted, WantedPair
from hyperv_net.root.extension import VERDICT, find_extension
from tests.bake.images import DEBIAN, make
from tests.commands.calling import Capture
from tests.files import put
from tests.owners import NOBODY, give_away

MAC = "00:0d:3a:11:22:33"
DRAIN = Drain(MAC, 3, "enP1s1", Phase.HELD, "always", True, "2026-01-01T00:00:00Z")
RUN = last.Run("2026-01-01T00:00:00Z", ("joined",))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run directory with all that can be left in it."""
    run = tmp_path / "run"
    run.mkdir(0o755)
    directory = str(run)
    keep_drains(directory, [DRAIN])
    remember_aggregates(directory, frozenset({"bond0"}))
    last.record(directory, RUN)
    return run


def left(run: Path) -> tuple[int, int, bool]:
    """How much of it is believed: drains, aggregates, the last run."""
    directory = str(run)
    return (
        len(read_drains(directory)),
        len(seen_aggregates(directory)),
        last.read(directory) is not None,
    )


def test_what_is_ours_is_believed(run: Path) -> None:
    assert left(run) == (1, 1, True)


def test_nothing_in_a_folder_of_somebody_elses_is(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_away(run, monkeypatch)
    assert left(run) == (0, 0, False)


@pytest.mark.parametrize(
    ("path", "believed"),
    [
        (f"drained/{MAC}", (0, 1, True)),
        ("drained", (0, 1, True)),
        ("seen", (1, 0, True)),
        ("last.json", (1, 1, False)),
        ("", (0, 0, False)),
    ],
)
def test_what_others_may_write_is_passed_over(
    path: str, believed: tuple[int, int, bool], run: Path
) -> None:
    place = run / path
    place.chmod(place.stat().st_mode | 0o002)
    assert left(run) == believed


def test_a_link_in_the_place_of_a_record_is_passed_over(run: Path) -> None:
    for name in ("last.json", "seen", f"drained/{MAC}"):
        elsewhere = run / f"of-{name.replace('/', '-')}"
        (run / name).rename(elsewhere)
        (run / name).symlink_to(elsewhere)
    assert left(run) == (0, 0, False)


def configured(root: Path) -> Path:
    """A machine with a wanted state."""
    pair = WantedPair(MAC, Mode.AGGREGATE, "eth0", ("hv_netvsc",), "bond0")
    put(root, PATHS[System.LINUX], to_json(Wanted(System.LINUX, "netplan", (pair,))))
    return root


def test_an_event_acts_on_no_wanted_state_that_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = configured(tmp_path / "root")
    assert wanted_here(str(root)) is not None
    user = give_away(root, monkeypatch)
    with pytest.raises(HypervNetError, match=f"{root}: belongs to user {user}"):
        wanted_here(str(root))


def test_of_another_root_a_wanted_state_only_says_what_would_be_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A captured tree is whoever's; on this machine it has to be believed."""
    root = configured(tmp_path / "root")
    give_away(root, monkeypatch)
    assert find_wanted(root) is not None
    monkeypatch.setattr(os.path, "realpath", lambda path: "/")
    with pytest.raises(HypervNetError, match="belongs to user"):
        find_wanted(root)


def as_somebody(look: Callable[[], object]) -> str:
    """What an ordinary user comes to."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            os.write(theirs, repr(look()).encode())
        except BaseException as error:
            os.write(theirs, repr(error).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return os.read(ours, 9999).decode()


def test_where_only_root_may_look_an_ordinary_user_is_told_nothing_and_no_error(
    run: Path, tmp_path: Path, capsys: Capture
) -> None:
    """`status` has to go on: systemd may make the folder with mode 0700."""
    root = make(tmp_path / "root", {**DEBIAN, VERDICT[System.LINUX]: "refused: no\n"})
    assert main(["bake", "--root", str(root)]) == 0
    capsys.readouterr()
    for folder in (run, root / VERDICT[System.LINUX].rpartition("/")[0]):
        # Of an ordinary user's own not even he may look into one of mode 0.
        folder.chmod(0o700 if os.geteuid() == 0 else 0)
    for folder in tmp_path.parents:
        if os.geteuid() == 0 and folder.stat().st_uid == 0:
            folder.chmod(folder.stat().st_mode | 0o055)
    tmp_path.chmod(0o755)
    assert as_somebody(lambda: left(run)) == "(0, 0, False)"
    assert "refused=''" in as_somebody(lambda: find_extension(root, System.LINUX))
    for folder in (run, root / VERDICT[System.LINUX].rpartition("/")[0]):
        folder.chmod(0o755)
