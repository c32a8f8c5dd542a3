"""Fuzz every target for its share of the seconds, or put one input through its target."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.fuzz.campaign import fuzz, told
from tests.fuzz.targets import NAMES, load
from tests.paths import CHECKOUT


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="of all targets together")
    parser.add_argument("--target", choices=NAMES, action="append", help="this one alone")
    parser.add_argument("--input", type=Path, help="an input that failed, for the one target")
    asked = parser.parse_args()
    chosen = asked.target or NAMES
    if asked.input:
        load(chosen[0]).once(asked.input.read_bytes())
        print("nothing is wrong with this input")
        return 0
    folder = CHECKOUT / ".cache" / "fuzz"
    found = []
    for name in chosen:
        found.append(fuzz(name, max(1, asked.seconds // len(chosen)), folder))
        for path in found[-1].failures:
            print(f"{name}: failed; {sys.executable} -m tests.fuzz --target {name} --input {path}")
    text = "\n".join(told(found))
    (folder / "figures.txt").write_text(text + "\n")
    print(text)
    return 1 if any(one.failures for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
