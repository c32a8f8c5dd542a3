"""`hyperv-net history`, as text and as JSON."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.hotplug.wanted import KEPT_IN
from hyperv_net.journal.entry import Entry, Happening
from hyperv_net.journal.kept import FILE, add
from hyperv_net.journal.lines import checked
from hyperv_net.journal.story import stories
from hyperv_net.journal.text import history_text
from hyperv_net.model import System
from hyperv_net.review.layout import Look
from hyperv_net.visible import BOLD, PLAIN, visible
from tests.journal.entries import BEGIN, OWNER, entry
from tests.journal.test_story import announced
from tests.owners import give_away

#: What a journal must not get to a terminal: a title, a colour, a line of its own, a bidi override.
HOSTILE = "\x1b]0;gone\x07 \x1b[31mred\x9b2J\nfake: line\r\u202eevil"

ENTRIES = [one._replace(label="bond0") if one.mac else one for one in announced().entries]

TEXT = """\
Announcements, drains and VFs that went
  azure:602d9444-d2cd-49c7-8624-8643e7171297
    announced        2026-10-01 00:00:00.000  freeze
    drained          2026-10-01 00:08:00.000  bond0
    not before       2026-10-01 00:10:00.000
    started          2026-10-01 00:10:00.000
    VF gone          2026-10-01 00:10:10.000  bond0
    VF back          2026-10-01 00:10:40.000  bond0, after 30.0 s
    VF joined        2026-10-01 00:10:41.500  bond0
    over             2026-10-01 00:11:40.000
    drained no more  2026-10-01 00:11:41.000  bond0
    packets  bond0: 900 received and 900 sent over the synthetic NIC, 20 and 20 over the VF

All that happened
  TIME (UTC)               WHAT       ABOUT
  2026-10-01 00:00:00.000  announced  azure:602d9444-d2cd-49c7-8624-8643e7171297  freeze
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    add(folder(tmp_path), ENTRIES)
    return tmp_path


def folder(root: Path) -> str:
    return f"{root}/{KEPT_IN[System.LINUX]}"


def history(root: Path, *words: str) -> int:
    return main(["history", "--root", str(root), *words])


def test_the_stories_come_first_and_the_newest_last(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert history(root) == 0
    out = capsys.readouterr().out
    assert out.startswith(TEXT)
    assert len(out.splitlines()) == len(TEXT.splitlines()) - 1 + len(ENTRIES)
    assert out.splitlines()[-1].split()[:2] == ["2026-10-01", "00:11:41.000"]


def test_the_document_has_the_stories_and_each_entry_as_it_was(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That it fits its schema, the tests' own watch over what is printed tells."""
    assert history(root, "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "hyperv-net/history/1"
    assert [checked(one) for one in document["entries"]] == ENTRIES
    (story,) = document["stories"]
    assert (story["owner"], story["ended"], story["acknowledged"]) == (OWNER, "over", None)
    assert story["pairs"][0]["away_seconds"] == 30.0
    assert story["pairs"][0]["packets"]["vf"] == {"received": 20, "sent": 20}


@pytest.mark.parametrize(
    ("since", "stories", "entries"),
    [
        ("2026-10-01", 1, len(ENTRIES)),
        ("2026-10-01T00:10:10Z", 1, 5),
        ("2026-10-01 00:11:41.001", 0, 0),
    ],
)
def test_what_was_over_before_a_time_is_left_out(
    since: str,
    stories: int,
    entries: int,
    root: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of a story that goes on then all is told."""
    assert history(root, "--since", since, "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (len(document["stories"]), len(document["entries"])) == (stories, entries)


@pytest.mark.parametrize(
    ("ago", "seconds"), [("0m", 0), ("30m", 1800), ("2h", 7200), ("3d", 259_200), ("999999d", None)]
)
def test_so_long_ago_is_reckoned_from_now(
    ago: str,
    seconds: int | None,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Further back than clocks begin is from their beginning."""
    last = BEGIN + 701
    for late, count in ((0, 1), (1, 0 if seconds is not None else 1)):
        now = last + (seconds or 0) + late
        monkeypatch.setattr(time, "time", lambda now=now: float(now))
        assert history(root, "--since", ago, "--format", "json") == 0
        assert len(json.loads(capsys.readouterr().out)["stories"]) == count


@pytest.mark.parametrize("since", ["", "yesterday", "2026-10-01T10:00+02:00", "5", "-1d"])
def test_what_is_no_time_is_wrong_usage(
    since: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert history(root, f"--since={since}") == 64
    assert "--since: no time" in capsys.readouterr().err


def test_a_machine_without_a_journal_has_no_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert history(tmp_path) == 0
    assert capsys.readouterr() == ("Nothing has happened that is told\n", "")


def test_a_damaged_line_is_counted_and_the_rest_is_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path(folder(root), FILE).open("ab") as file:
        file.write(b'{"time": "cut of\n\xff\xfe\n')
    assert history(root) == 0
    out = capsys.readouterr().out
    assert out.startswith(TEXT)
    assert out.endswith("\n\n2 lines of the journal are damaged, and not told\n")


MORE = """\
Announcements, drains and VFs that went
  azure:602d9444-d2cd-49c7-8624-8643e7171297
    announced     2026-10-01 00:00:00.000  freeze
    acknowledged  2026-10-01 00:00:00.000
    given up      2026-10-01 00:00:02.000
    wrong    eth0 has no link
  unannounced, 00:0d:3a:00:00:01
    VF gone    2026-10-01 00:00:10.000  00:0d:3a:00:00:01
    VF back    2026-10-01 00:00:20.000  00:0d:3a:00:00:01, after 10.0 s
    VF joined  2026-10-01 00:00:21.000  00:0d:3a:00:00:01
  drained by a person, 00:0d:3a:00:00:01, bond1
    drained          2026-10-01 00:00:30.000  00:0d:3a:00:00:01
    drained          2026-10-01 00:00:30.000  bond1
    VF back          2026-10-01 00:00:31.000  00:0d:3a:00:00:01
    drained no more  2026-10-01 00:00:32.000  00:0d:3a:00:00:01

All that happened
  TIME (UTC)               WHAT            ABOUT
  2026-10-01 00:00:00.000  announced       azure:602d9444-d2cd-49c7-8624-8643e7171297  freeze
  2026-10-01 00:00:00.000  acknowledged    azure:602d9444-d2cd-49c7-8624-8643e7171297
  2026-10-01 00:00:01.000  not drained     00:0d:3a:00:00:01                           eth0 has no link
  2026-10-01 00:00:02.000  given up        azure:602d9444-d2cd-49c7-8624-8643e7171297
  2026-10-01 00:00:10.000  vf left         00:0d:3a:00:00:01
  2026-10-01 00:00:20.000  vf came         00:0d:3a:00:00:01
  2026-10-01 00:00:21.000  vf joined       00:0d:3a:00:00:01
  2026-10-01 00:00:30.000  drained         00:0d:3a:00:00:01
  2026-10-01 00:00:30.000  drained         bond1
  2026-10-01 00:00:31.000  vf came         00:0d:3a:00:00:01
  2026-10-01 00:00:32.000  undrained       00:0d:3a:00:00:01
  2026-10-01 00:00:40.000  source unheard  -                                           no answer
"""  # noqa: E501


def test_each_story_has_a_title_and_a_pair_without_a_name_is_its_address() -> None:
    entries = [
        entry(0, Happening.ANNOUNCED, "freeze", "", OWNER),
        entry(0, Happening.ACKNOWLEDGED, "", "", OWNER),
        entry(1, Happening.NOT_DRAINED, "eth0 has no link", owner=OWNER),
        entry(2, Happening.GIVEN_UP, "", "", OWNER),
        entry(10, Happening.VF_LEFT),
        entry(20, Happening.VF_CAME),
        entry(21, Happening.JOINED),
        entry(30, Happening.DRAINED, owner="person"),
        entry(30, Happening.DRAINED, "", "00:0d:3a:00:00:02", "person")._replace(label="bond1"),
        entry(31, Happening.VF_CAME),
        entry(32, Happening.UNDRAINED, owner="person"),
        entry(40, Happening.UNHEARD, "no answer", ""),
    ]
    assert history_text(stories(entries), entries, 0) == MORE
    coloured = history_text(stories(entries), entries, 0, Look(coloured=True))
    for heading in (MORE.splitlines()[0], "All that happened"):
        assert f"{BOLD}{heading}{PLAIN}\n" in coloured


def hostile() -> list[Entry]:
    """Entries that somebody wrote who means harm to whoever reads them."""
    return [
        entry(0, Happening.ANNOUNCED, HOSTILE, "", OWNER),
        entry(1, Happening.FAILED, HOSTILE, owner=OWNER),
        entry(2, Happening.STEP, HOSTILE),
    ]


@pytest.mark.parametrize("words", [(), ("--format", "json")])
def test_no_text_of_a_journal_reaches_a_terminal_as_more_than_text(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(folder(tmp_path), hostile())
    assert history(tmp_path, *words) == 0
    out = capsys.readouterr().out
    assert out == visible(out) and "evil" in out
    assert not re.search(r"^\s*fake", out, re.MULTILINE)
    if words:
        assert json.loads(out)["entries"][2]["text"] == HOSTILE


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_left_out(width: int) -> None:
    entries = [*ENTRIES, *hostile()]
    found = stories(entries)
    text = history_text(found, entries, 0, Look(width=width))
    assert max(map(len, text.splitlines())) <= width
    if width == 200:
        assert text.split() == history_text(found, entries, 0).split()


def test_a_journal_that_others_could_have_written_is_told_of_no_machine_but_another(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is said of a captured tree is said of it, whosever it is."""
    give_away(root / "var", monkeypatch)
    assert history(root) == 0
    capsys.readouterr()
    monkeypatch.setattr("hyperv_net.commands.history.os.path.realpath", lambda path: "/")
    assert history(root) == 1
    assert "belongs to user" in capsys.readouterr().err


def test_it_is_bounded_what_a_hostile_file_costs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(folder(tmp_path), ENTRIES[:1])
    with Path(folder(tmp_path), FILE).open("ab") as file:
        file.write(b"[" * (8 << 20))
    assert history(tmp_path) == 0
    assert "1 line of the journal is damaged" in capsys.readouterr().out
