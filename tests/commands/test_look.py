"""Texts as a terminal shows them: within its width, coloured by meaning, and folded."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.cli import main
from hyperv_net.review.layout import Look, table
from hyperv_net.status.text import status_text
from tests.commands.calling import NETPLAN, Capture, example
from tests.paths import EXAMPLES
from tests.status.scenes import Scene

FREEBSD = EXAMPLES / "azure-freebsd-mce"
WIDTHS = (80, 100, 120)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    """Standard output as a terminal that knows some letters."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self._letters = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The letters that it knows."""
        return self._letters

    def isatty(self) -> bool:
        """It is one."""
        return True


def shown(*words: str, encoding: str = "utf-8") -> str:
    """What a terminal gets, colours and all."""
    out = Terminal(encoding)
    with contextlib.redirect_stdout(out):
        main(words)
    return out.getvalue()


@pytest.fixture(autouse=True)
def no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has said what they want of colours."""
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "folder", [one.parent for one in sorted(EXAMPLES.glob("*/network-config.yaml"))], ids=str
)
def test_no_line_is_longer_than_the_terminal_is_wide(
    folder: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    given_files = example(folder)
    for words in (
        ["plan", *given_files],
        ["plan", *given_files, "--show", "all"],
        ["review", *given_files],
        ["review", *given_files, "--show", "all"],
        ["inventory", "--inventory", str(folder / "inventory.json")],
        ["simulate", *given_files],
    ):
        lines = COLOURS.sub("", shown(*words)).splitlines()
        assert lines and [one for one in lines if len(one) > width] == [], words


@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_of_schemas_fits_too(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert max(map(len, shown("schema").splitlines())) <= width


def test_a_pair_that_needs_an_aggregate_and_gets_none_is_said_to_be_left_alone(
    tmp_path: Path, capsys: Capture
) -> None:
    config = tmp_path / "other.yaml"
    config.write_text("version: 2\nethernets: {eth9: {dhcp4: true}}\n")
    given = ["--inventory", str(NETPLAN / "inventory.json"), "--target", "netplan"]
    given += ["--synthetic-driver", "virtio_net", "--network-config", str(config)]
    for verb in (["plan"], ["review"], ["review", "--format", "markdown"]):
        main([*verb, *given])
        assert "needs an aggregate, left alone" in capsys.readouterr().out
    main(["inventory", "--inventory", given[1], "--synthetic-driver", "virtio_net"])
    out = capsys.readouterr().out
    assert "  aggregate\n" in out and "left alone" not in out


@pytest.mark.parametrize("width", WIDTHS)
def test_a_status_fits_too(tmp_path: Path, width: int) -> None:
    scene = Scene(tmp_path)
    status, verdict = scene.status(), scene.verdict()
    text = status_text(status, verdict, Look(width=width))
    assert max(map(len, text.splitlines())) <= width
    words = status_text(status, verdict).split()
    assert [one for one in words if len(one) < width // 3 and one not in text.split()] == []


def test_a_pipe_gets_whole_lines_whatever_the_width_and_a_terminal_every_word_of_them(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    for columns in ("40", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        main(["plan", *example(FREEBSD)])
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    findings = said[0].partition("\nFindings\n")[2].partition("\n\n")[0]
    assert max(map(len, findings.splitlines())) > 120
    monkeypatch.setenv("COLUMNS", "80")
    text = COLOURS.sub("", shown("plan", *example(FREEBSD)))
    words = " ".join(text.split())
    assert [one for one in findings.splitlines() if " ".join(one.split()) not in words] == []


@pytest.mark.parametrize("verb", ["plan", "review"])
def test_what_few_look_for_is_folded_and_shown_when_asked_for(
    verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(verb, *example(FREEBSD))
    assert "  3 settings kept as in the file (--show all)\n" in text
    assert "  1 file for the running machine, without settings in it (--show all)\n" in text
    assert "wanted.json" not in text and "+cloned_interfaces" in text
    everything = shown(verb, *example(FREEBSD), "--show", "all")
    assert "--show all" not in everything
    assert everything.count("  kept ") == 3 and "+++ b/var/db/hyperv-net/wanted.json" in everything


def test_a_plan_for_a_pipe_has_everything_and_a_review_is_folded_there_too(capsys: Capture) -> None:
    main(["plan", *example(FREEBSD)])
    assert "+++ b/var/db/hyperv-net/wanted.json" in capsys.readouterr().out
    main(["review", *example(FREEBSD)])
    assert "wanted.json" not in capsys.readouterr().out
    main(["review", *example(FREEBSD), "--show", "all"])
    assert "+++ b/var/db/hyperv-net/wanted.json" in capsys.readouterr().out


def test_plan_and_review_say_the_same_in_the_same_order(capsys: Capture) -> None:
    """But for the verdict, with which a review begins, and the last line."""
    main(["plan", *example(FREEBSD)])
    plan = capsys.readouterr().out
    main(["review", *example(FREEBSD), "--show", "all"])
    review = capsys.readouterr().out
    inside = plan.rpartition("\n1 aggregate")[0]
    assert inside.startswith("Pairs\n") and f"\n\n{inside}\n\n1 aggregate" in review


def test_a_colour_says_nothing_that_no_word_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("rich", "rich.console", "rich.syntax"):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setenv("COLUMNS", "100")
    for words in (
        ["plan", *example(FREEBSD)],
        ["review", *example(FREEBSD)],
        ["inventory", "--inventory", str(EXAMPLES / "three-same-mac/inventory.json")],
    ):
        monkeypatch.delenv("NO_COLOR", raising=False)
        coloured = shown(*words)
        assert COLOURS.search(coloured)
        monkeypatch.setenv("NO_COLOR", "1")
        assert COLOURS.sub("", coloured) == shown(*words)


def test_a_terminal_without_the_letter_gets_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert "…" in shown("plan", *example(FREEBSD))
    plain = shown("plan", *example(FREEBSD), encoding="ascii")
    assert plain.isascii() and "..." in plain


def test_a_terminal_that_obeys_is_told_of_escapes_that_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    file = tmp_path / f"{chr(27)}[31m{'x' * 60}{chr(27)}[0m"
    file.write_text((NETPLAN / "network-config.yaml").read_text())
    given_files = [
        *("--inventory", str(NETPLAN / "inventory.json"), "--root", str(NETPLAN / "root")),
        *("--network-config", str(file)),
    ]
    text = shown("review", *given_files)
    assert "\x1b[31mx" not in text
    assert max(map(len, COLOURS.sub("", text).splitlines())) <= 80


CELLS = st.lists(st.text("ab -", max_size=40), min_size=3, max_size=3)


@given(st.lists(CELLS, min_size=1, max_size=4), st.integers(30, 90))
def test_a_table_fits_and_is_as_it_is_where_that_does(rows: list[list[str]], width: int) -> None:
    lines = table(rows, Look(width=width), taken=4)
    assert max(map(len, lines)) <= width - 4
    natural = sum(max(map(len, column)) for column in zip(*rows)) + 2 * 2
    if natural <= width - 4:
        assert lines == table(rows)
