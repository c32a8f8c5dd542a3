"""One target under atheris, in a process of its own: `python -m tests.fuzz.guided TARGET ...`.

What follows are libFuzzer's options (llvm.org/docs/LibFuzzer.html).
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def main(name: str, options: list[str]) -> None:
    atheris: Any = import_module("atheris")
    # What is imported here is watched.  Many a module is imported by the first input that needs it.
    with atheris.instrument_imports(include=["hyperv_net", "yaml"]):
        from tests.fuzz.targets import load

        target = load(name)
        for seed in target.seeds:
            target.once(seed.read_bytes())
    atheris.Setup([sys.argv[0], *options], target.once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
