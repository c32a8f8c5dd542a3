"""What is kept of a drain: what was kept is read, and nothing else in a file is a drain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net.hotplug.act.converge import Outcome
from hyperv_net.hotplug.kept import drains
from hyperv_net.hotplug.kept.drains import keep_drains, owning_events, read_drains
from hyperv_net.hotplug.kept.worker import work_alone, workers_kept_away
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.model import System
from hyperv_net.owners import MOST_OWNERS
from tests.hotplug.kernel.devices import MAC
from tests.hotplug.machines import NOW, OTHER, arrive, drain, hook, joined

DRAIN = Drain(MAC, 3, "enP1s1", Phase.HELD, "always", True, NOW)


def test_what_is_kept_is_what_is_read(tmp_path: Path) -> None:
    directory = str(tmp_path / "run")
    assert read_drains(directory) == ()
    both = (DRAIN, Drain(OTHER, 0, "mce0"))
    keep_drains(directory, both)
    assert read_drains(directory) == both
    keep_drains(directory, both[1:])
    assert read_drains(directory) == both[1:]
    keep_drains(directory, ())
    assert read_drains(directory) == ()
    assert list((tmp_path / "run/drained").iterdir()) == []


@pytest.mark.parametrize(
    "changes",
    [
        *({name: ...} for name in ("schema", "mac", "vf", "vf_name", "phase", "reselect", "since")),
        {"was_active": ...},
        {"reselect": 3},
        {"schema": "hyperv-net/drained/2"},
        {"mac": OTHER},
        {"vf": "3"},
        {"vf_name": "eth0; reboot"},
        {"vf_name": 3},
        {"phase": "gone"},
        {"reselect": "../x"},
        {"was_active": "yes"},
        {"since": "\u001b[2J"},
        {"since": None},
        {"uptime": "3"},
        {"uptime": True},
        {"uptime": None},
        {"event_uptime": -1},
        {"event_uptime": 1e300},
        {"vf_name": ""},
        {"owners": []},
        {"owners": "person"},
        {"owners": 3},
        {"owners": ["person", "person"]},
        {"owners": ["azure:x; reboot"]},
        {"owners": [["azure:F1"]]},
        {"owners": [f"azure:{number}" for number in range(MOST_OWNERS + 1)]},
    ],
)
def test_anything_else_in_a_record_is_no_drain(changes: dict[str, object], tmp_path: Path) -> None:
    """A file that somebody damaged must not keep a VF from carrying traffic."""
    keep_drains(str(tmp_path), [DRAIN])
    file = tmp_path / "drained" / MAC
    fields = {**json.loads(file.read_text()), **changes}
    file.write_text(json.dumps({name: one for name, one in fields.items() if one is not ...}))
    assert read_drains(str(tmp_path)) == ()


def test_a_record_of_before_there_were_owners_is_a_persons(tmp_path: Path) -> None:
    file = tmp_path / "drained" / MAC
    for phase, owners in (("held", ("person",)), ("ending", ())):
        keep_drains(str(tmp_path), [DRAIN])
        fields = json.loads(file.read_text())
        for added in ("owners", "uptime", "event_uptime"):
            del fields[added]
        file.write_text(json.dumps({**fields, "phase": phase}))
        assert read_drains(str(tmp_path)) == (DRAIN._replace(phase=Phase(phase), owners=owners),)


def test_the_longest_record_that_there_can_be_is_read(tmp_path: Path) -> None:
    owners = tuple(f"{'s' * 32}:{number:0>128}" for number in range(MOST_OWNERS))
    full = DRAIN._replace(
        owners=owners, vf=2**31, vf_name="x" * 15, uptime=1e9 / 3, event_uptime=9e9
    )
    keep_drains(str(tmp_path), [full])
    assert read_drains(str(tmp_path)) == (full,)


def test_a_drain_whose_vf_was_away_from_the_beginning_is_read(tmp_path: Path) -> None:
    away = DRAIN._replace(vf=0, vf_name="", owners=("azure:F1", "person"))
    keep_drains(str(tmp_path), [away])
    assert read_drains(str(tmp_path)) == (away,)


def test_a_record_that_is_no_record_and_a_file_beside_it_are_passed_over(tmp_path: Path) -> None:
    keep_drains(str(tmp_path), [DRAIN])
    record = (tmp_path / "drained" / MAC).read_text()
    (tmp_path / "drained" / MAC).write_text("[" * 5000)
    (tmp_path / "drained" / "notes").write_text(record.replace(MAC, "notes"))
    (tmp_path / "drained" / OTHER).mkdir()
    assert read_drains(str(tmp_path)) == ()


def test_a_record_may_have_whole_seconds(tmp_path: Path) -> None:
    keep_drains(str(tmp_path), [DRAIN._replace(uptime=5)])
    assert read_drains(str(tmp_path)) == (DRAIN._replace(uptime=5.0),)


def test_where_nothing_is_drained_nothing_is_made(tmp_path: Path) -> None:
    keep_drains(str(tmp_path), ())
    assert [*tmp_path.iterdir()] == []


def test_a_record_that_cannot_be_written_anew_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_drains(str(tmp_path), [DRAIN])

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drains, "replace", fails)
    with pytest.raises(OSError, match="No space"):
        keep_drains(str(tmp_path), [DRAIN._replace(phase=Phase.AWAY)])
    assert read_drains(str(tmp_path)) == (DRAIN,)


def test_the_events_that_own_drains_are_each_told_once_and_persons_never(tmp_path: Path) -> None:
    first = DRAIN._replace(owners=("azure:F1", "person"))
    second = Drain(OTHER, 0, "mce0", owners=("directory:x", "azure:F1"))
    keep_drains(str(tmp_path), [first, second])
    assert owning_events(str(tmp_path)) == ["azure:F1", "directory:x"]


def test_an_event_during_a_drain_is_served_before_the_drain_goes_home(tmp_path: Path) -> None:
    kernel = joined(System.LINUX)
    served: list[Outcome] = []
    with workers_kept_away(str(tmp_path), 0, lambda: served.append(hook(kernel))):
        drain(kernel)
        assert not work_alone(str(tmp_path), lambda: None)
        kernel.remove("enP1s1")
        arrive(kernel)
    assert len(served) == 1 and kernel.members("bond0") == ["eth0", "enP1s1"]
