"""The locks of devd's hook: nobody but root can hold one, and no event is dropped over one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hotplug import freebsd_scripts as scripts
from tests.hotplug.freebsd_guest import HOOK, Guest, guest, install
from tests.hotplug.test_freebsd_hook import LOOK, PROGRAM, SHELLS, recorder, with_others

RUN = "/var/run/hyperv-net"
NAMES = ("apart", "next", "turn")
FOREIGN = "hyperv_vfup hn1"

#: Whatever time one would wait for, it is over at once.
IMPATIENT = scripts.LOCKF.replace('"-w $2"', '"-w 0"')


@pytest.fixture(params=SHELLS)
def one(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Guest]:
    """The machine in one of the shells; `hyperv-net` only says that it was run."""
    with guest(tmp_path, shell=request.param, prepare=with_others) as made:
        install(made.machine, PROGRAM, recorder(made.machine, "hyperv-net"))
        yield made


def hold(one: Guest, path: str) -> None:
    """Have a lock held until /tmp/go is there."""
    waits = "touch /tmp/held; while [ ! -e /tmp/go ]; do /usr/bin/sleep 0.05; done"
    command = f"rm -f /tmp/held; setsid flock -o {path} sh -c '{waits}' >/dev/null 2>&1 &"
    assert one.inside(command).status == 0
    one.wait(lambda: (one.machine.root / "tmp/held").exists())


def let_go(one: Guest) -> None:
    assert one.inside(": >/tmp/go").status == 0


def both(one: Guest) -> tuple[list[str], list[str]]:
    """What an event of our pair and one of another came to."""
    return one.called(LOOK), one.called("hyperv_vfup")


def fire(one: Guest) -> None:
    for event in ("vf-up hn0", "vf-up hn1"):
        assert one.inside(f"{HOOK} {event}").status == 0


def test_an_event_does_what_it_does_and_its_locks_are_roots_alone(one: Guest) -> None:
    """The control of all that follows."""
    fire(one)
    one.rest()
    assert both(one) == ([LOOK], [FOREIGN])
    folder = one.machine.root / f"{RUN[1:]}/locks"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == set(NAMES)
    assert [path.name for path in folder.parent.iterdir()] == ["locks"]


def test_files_that_everybody_may_lock_keep_no_event(one: Guest) -> None:
    """They were the locks once."""
    assert one.inside(f"mkdir -p {RUN}").status == 0
    for name in NAMES:
        hold(one, f"{RUN}/{name}")
    hold(one, RUN)
    fire(one)
    one.wait(lambda: both(one) == ([LOOK], [FOREIGN]))
    let_go(one)
    one.rest()


@pytest.mark.parametrize("name", ["apart", "turn"])
def test_an_event_waits_for_a_lock_as_long_as_it_takes(name: str, tmp_path: Path) -> None:
    with guest(tmp_path, prepare=with_others) as one:
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net"))
        install(one.machine, "/usr/bin/lockf", IMPATIENT)
        assert one.inside(f"mkdir -p {RUN} && mkdir -m 700 {RUN}/locks").status == 0
        hold(one, f"{RUN}/locks/{name}")
        fire(one)
        free = ([LOOK], []) if name == "apart" else ([], [FOREIGN])
        one.wait(lambda: both(one) == free)
        let_go(one)
        one.rest()
        assert both(one) == ([LOOK], [FOREIGN])


@pytest.mark.parametrize(
    "instead",
    [
        "mkdir -m 755 locks; : >locks/next",
        "mkdir -m 777 locks",
        # Only root can give a folder away.
        *(["mkdir -m 700 locks; chown 1234 locks"] if os.geteuid() == 0 else []),
        "ln -s /tmp locks",
        ": >locks",
    ],
)
def test_what_is_in_the_place_of_the_folder_gets_another_name(instead: str, tmp_path: Path) -> None:
    with guest(tmp_path, prepare=with_others) as one:
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net"))
        assert one.inside(f"mkdir -p {RUN} && cd {RUN} && {instead}").status == 0
        fire(one)
        one.rest()
        assert both(one) == ([LOOK], [FOREIGN])
        folder = one.machine.root / f"{RUN[1:]}/locks"
        assert stat.S_IMODE(folder.lstat().st_mode) == 0o700 and not folder.is_symlink()
        assert {path.name for path in folder.iterdir()} == set(NAMES)


def test_where_there_can_be_no_lock_an_event_goes_on_without(tmp_path: Path) -> None:
    with guest(tmp_path, prepare=with_others) as one:
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net"))
        assert one.inside(f": >{RUN}").status == 0
        fire(one)
        one.rest()
        assert both(one) == ([LOOK], [FOREIGN])
