"""A file for each target: `once` takes an input, and raises where something is wrong with it.

In `words/` is what a made-up input is put together from, beside what the corpus has: a
dictionary of libFuzzer for each target.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, cast

CORPUS = Path(__file__).parents[1] / "corpus"
WORDS = CORPUS.with_name("words")
NAMES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py")))


class Target(NamedTuple):
    """What takes an input, the words that mean something to it, and the inputs to begin with."""

    once: Callable[[bytes], None]
    words: Sequence[bytes]
    seeds: Sequence[Path]


def load(name: str) -> Target:
    module = import_module(f"{__name__}.{name}")
    lines = (WORDS / name).read_text().splitlines()
    words = [cast("bytes", literal_eval(f"b{line}")) for line in lines]
    return Target(module.once, words, sorted((CORPUS / name).iterdir()))
