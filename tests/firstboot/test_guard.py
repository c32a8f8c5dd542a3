"""The guard: a package that is damaged, that another Python has, or that never returns.

All with `bake`'s own files, and the machine's network as stock cloud-init makes it.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.firstboot import damages
from tests.firstboot.cases import SHORT, Result, result
from tests.firstboot.checks import stock
from tests.firstboot.guarded import MEMORY, PACKAGE, VERDICT, baked, boot, guarded
from tests.firstboot.machine import Boot
from tests.firstboot.root import SUITES

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

#: A kind each.
SHORT_ONES = (
    "sources/DataSourceNoCloud.py half",
    "sources/patches.py never returns",
)


def came_to(booted: Boot) -> Result:
    """What it came to, but for the guard."""
    found = result(booted)
    assert found.statuses.pop("guard") == 0
    return found


def assert_alone(booted: Boot, suite: str) -> None:
    """As stock, with the reason in one line on the console and in the guard's file."""
    assert came_to(booted) == result(stock(suite))
    (said,) = booted["guard"].err.splitlines()
    assert said.startswith("hyperv-net: not in use, and cloud-init goes on alone: /usr/bin/python3")
    assert booted.text(VERDICT).startswith("refused: ")
    assert "Traceback" not in booted.log


@pytest.mark.parametrize("suite", SUITES)
def test_another_python_that_lacks_the_package_boots_as_stock(suite: str, tmp_path: Path) -> None:
    """Its Python went from 3.X to 3.X+1, and the files stayed in the folder of 3.X."""
    machine = baked(suite, tmp_path)
    behind = tmp_path / "usr/lib/python3.9/site-packages"
    behind.mkdir(parents=True)
    (tmp_path / PACKAGE).rename(behind / "hyperv_net")
    assert_alone(boot(machine), suite)


@cache
def whole(suite: str) -> Result:
    """What it comes to where nothing is damaged; once for all tests of a process."""
    files = Path(mkdtemp(prefix="firstboot-whole-"))
    booted = boot(baked(suite, files))
    assert booted.text(VERDICT) == "granted\n"
    assert any("bond0" in text for text in booted.network().values())
    found = came_to(booted)
    shutil.rmtree(files)
    return found


#: What is as good as whole: nothing at boot needs what is missing.
HARMLESS = ("__init__.py empty", "sources/__init__.py its last 20 bytes")

DAMAGES = [
    pytest.param(one, marks=SHORT if damages.name(one) in SHORT_ONES else (), id=damages.name(one))
    for one in (*damages.of_entrances(), *damages.endless())
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("suite", SUITES)
def test_a_damaged_package_boots_as_stock(
    suite: str, damage: damages.Damage, tmp_path: Path
) -> None:
    """What is compiled is damaged after a yes, and with its size and time as they were."""
    machine = baked(suite, tmp_path)
    if damages.is_compiled(damage):
        assert machine.run(guarded(machine)["guard"]).status == 0
        assert (tmp_path / MEMORY).exists()
    damages.do(damage, tmp_path / PACKAGE)
    booted = boot(machine)
    if damages.name(damage) in HARMLESS:
        assert came_to(booted) == whole(suite)
    else:
        assert_alone(booted, suite)
