"""One target under atheris, in a process of its own: `python -m tests.fuzz.guided TARGET ...`.

What follows are libFuzzer's options (llvm.org/docs/LibFuzzer.html).
"""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import walk_packages
from typing import Any


def main(name: str, options: list[str]) -> None:
    atheris: Any = import_module("atheris")
    # What is imported here is watched; a module that is first imported by an input is not.
    with atheris.instrument_imports(include=["hyperv_net", "yaml"]):
        import yaml  # noqa: F401

        import hyperv_net

        for module in walk_packages(hyperv_net.__path__, "hyperv_net."):
            # The datasources need cloud-init, and a program's own module would run.
            if ".sources" not in module.name and not module.name.endswith("__main__"):
                import_module(module.name)
        from tests.fuzz.targets import load

        target = load(name)
    atheris.Setup([sys.argv[0], *options], target.once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
