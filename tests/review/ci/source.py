"""The program as somebody else's CI gets it, and the settings by which pip asks nobody for it."""

from __future__ import annotations

import os
import shutil
import sysconfig
from pathlib import Path

from tests.paths import CHECKOUT

_PARTS = (
    *("hyperv_net", "renderers", "setup.cfg", "pyproject.toml", "README.md", "LICENSE"),
    *("action.yml", ".pre-commit-hooks.yaml"),
)


def copy_source(to: Path) -> Path:
    """The parts of the checkout that an installation needs, so that it builds in a copy."""
    for one in _PARTS:
        source = CHECKOUT / one
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, to / one, symlinks=True, ignore=ignored)
        else:
            to.mkdir(exist_ok=True)
            shutil.copy(source, to / one)
    return to


def offline() -> dict[str, str]:
    """The environment in which pip takes what the tests have themselves, and no index."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_CONFIG_FILE": os.devnull,
    }
