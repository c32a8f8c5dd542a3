"""What is measured: the checkout that this module is in, run by an interpreter of its own.

The interpreter is that of a virtual environment in which this checkout and
PyYAML are, and nothing else.  Hooks that other software has for Python, as
setuptools has one in its environments, would count for both sides and hide our
own cost.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bench.machines import freebsd_inventory, network_config, write_machine

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Subject:
    """How to run it.  `environment` is that of every process, `folder` has room for files.

    `python` is isolated (-I), as systemd starts it: it heeds no variable, not
    even PYTHONPATH, and finds modules only where they are installed.
    """

    folder: Path
    python: tuple[str, ...]
    environment: Mapping[str, str]

    @property
    def bare(self) -> list[str]:
        """The command that starts the interpreter, and nothing more."""
        return [*self.python, "-c", "pass"]

    def command(self, *arguments: str) -> list[str]:
        """The command that runs hyperv-net with these arguments."""
        return [*self.python, "-m", "hyperv_net", *arguments]

    def output(self, *arguments: str) -> str:
        """What hyperv-net prints when it is run with these arguments; not measured."""
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment,
            stdout=subprocess.PIPE,
            check=True,
            encoding="utf-8",
        )
        return done.stdout

    def machine(self, pairs: int) -> Path:
        """A machine with so many pairs, made at the first call.

        Its tree is in `root`; `network-config.yaml` and `inventory.json` are beside it.
        """
        machine = self.folder / str(pairs)
        if not machine.exists():
            write_machine(machine / "root", pairs)
            (machine / "network-config.yaml").write_text(network_config(pairs))
            inventory = self.output("inventory", "--root", f"{machine}/root", "--format", "json")
            (machine / "inventory.json").write_text(inventory)
        return machine

    def freebsd(self, pairs: int) -> Path:
        """The same of FreeBSD, of which a tree of files tells nothing: without a `root`."""
        machine = self.folder / f"freebsd-{pairs}"
        if not machine.exists():
            machine.mkdir()
            (machine / "network-config.yaml").write_text(network_config(pairs))
            (machine / "inventory.json").write_text(freebsd_inventory(pairs))
        return machine


def on(machine: Path, verb: str, facts: str, target: str = "netplan") -> list[str]:
    """The arguments for a machine whose facts come from its `inventory.json` or its `root`."""
    source = ["--" + facts.partition(".")[0], str(machine / facts)]
    config = ["--network-config", str(machine / "network-config.yaml")]
    return [verb, *source, *config, "--target", target]


def make_subject(folder: Path) -> Subject:
    """Make the virtual environment in `folder`; modules are compiled when they are first run."""
    home = folder / "venv"
    venv.EnvBuilder(symlinks=True).create(home)
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "hyperv_net").symlink_to(REPOSITORY / "hyperv_net")
    (packages / "yaml").symlink_to(Path(yaml.__file__).parent)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return Subject(folder, (str(home / "bin/python"), "-I"), kept)


def interpreter() -> str:
    """The interpreter's own binary: no version manager's stand-in, no virtual environment."""
    return os.path.realpath(sys.executable)
