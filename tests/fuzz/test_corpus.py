"""Each target with the inputs that are kept for it, and with some that are nearly those."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from tests.fuzz.targets import CORPUS, NAMES, WORDS, load
from tests.paths import CHECKOUT

CHANGED = 300
"""So many changed inputs for each target: a start, where `make fuzz` goes on."""


def test_each_target_has_a_small_corpus_and_each_corpus_a_target() -> None:
    assert {path.name for path in CORPUS.iterdir()} == {*NAMES}
    assert {path.name for path in WORDS.iterdir()} == {*NAMES}
    for path in CORPUS.glob("*/*"):
        assert path.stat().st_size < 8192, path


def test_the_figures_name_each_target() -> None:
    told = (CHECKOUT / "docs" / "trust.md").read_text()
    assert [name for name in NAMES if f"| `{name}` |" not in told] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_for_a_target_goes_through_it(name: str) -> None:
    target = load(name)
    for path in target.seeds:
        target.once(path.read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_what_is_nearly_that_is_refused_in_one_line_or_understood(name: str) -> None:
    target, random = load(name), Random(name)
    seeds = [path.read_bytes() for path in target.seeds]
    for _ in range(CHANGED):
        data = changed(random, random.choice(seeds), target.words)
        try:
            target.once(data)
        except Exception as error:
            raise AssertionError(f"{name}: {data!r}") from error


def changed(random: Random, data: bytes, words: Sequence[bytes]) -> bytes:
    """The input with some bytes taken out, put in or moved."""
    for _ in range(random.choice((1, 1, 2, 4))):
        at, to = sorted(random.randrange(len(data) + 1) for _ in range(2))
        how = random.randrange(5)
        if how == 0:
            data = data[:at] + data[min(to, at + 20) :]
        elif how == 1:
            data = data[:at] + random.choice(words) + data[at:]
        elif how == 2:
            data = data[:at] + bytes([random.randrange(128)]) + data[at + 1 :]
        elif how == 3:
            data = data[:at] + random.choice(words) + data[min(to, at + 20) :]
        else:
            data = data[:to] + data[at:]
    return data
