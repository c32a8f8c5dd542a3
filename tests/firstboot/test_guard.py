"""The guard: a package that is damaged, that another Python has, or that never returns.

All with `bake`'s own files, and the machine's network as stock cloud-init makes it.
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import pytest

from hyperv_net.model import System
from hyperv_net.root.turned_off import OFF
from tests.firstboot import damages
from tests.firstboot import root as machine_root
from tests.firstboot.cases import SHORT, Result, result
from tests.firstboot.checks import OBJECT, stock
from tests.firstboot.guarded import MEMORY, PACKAGE, VERDICT, baked, boot, guarded
from tests.firstboot.machine import NETWORK, Boot
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
    for one in (*damages.of_entrances(), *damages.of_plug(), *damages.endless())
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


@pytest.mark.parametrize("suite", SUITES)
def test_a_later_boot_goes_on_alone_and_the_one_after_the_mending_does_not(
    suite: str, tmp_path: Path
) -> None:
    """cloud-init remembers a datasource whose class is in the package, and loads that with it."""
    machine = baked(suite, tmp_path)
    steps = {**NETWORK, "object": OBJECT}
    first = boot(machine, steps)
    assert first["object"].out.startswith("hyperv_net.sources.DataSourceNoCloud ")
    network = kept(first)
    (damage,) = (one for one in damages.endless() if one[0] == "sources/patches.py")
    whole_text = (tmp_path / PACKAGE / damage[0]).read_bytes()
    damages.do(damage, tmp_path / PACKAGE)
    second = boot(machine, steps)
    assert "a module was not through after 8 s" in second.text(VERDICT)
    assert {step: one.status for step, one in second.outcomes.items()} == dict.fromkeys(
        second.outcomes, 0
    )
    assert second["object"].out.startswith("cloudinit.sources.DataSourceNoCloud ")
    assert kept(second) == network and not second.troubles
    (tmp_path / PACKAGE / damage[0]).write_bytes(whole_text)
    third = boot(machine, steps)
    assert third.text(VERDICT) == "granted\n"
    assert third["object"].out == first["object"].out
    assert kept(third) == network and not third.troubles


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_turned_off_after_baking_boots_as_stock_and_comes_back(
    suite: str, tmp_path: Path
) -> None:
    """By a file of cloud-init's that somebody has added; nothing is said on the console."""
    machine = baked(suite, tmp_path)
    # A yes of before, which rests on the settings too.
    assert machine.run(guarded(machine)["guard"]).status == 0
    machine.write("etc/cloud/cloud.cfg.d/93-off.cfg", "hyperv_net: {enabled: false}\n")
    off = boot(machine)
    assert came_to(off) == result(stock(suite))
    assert off["guard"].err == ""
    assert off.text(VERDICT) == "off: enabled: false among cloud-init's settings\n"
    assert (tmp_path / OFF[System.LINUX]).exists()
    (tmp_path / "etc/cloud/cloud.cfg.d/93-off.cfg").unlink()
    on = boot(machine)
    assert on.text(VERDICT) == "granted\n"
    assert not (tmp_path / OFF[System.LINUX]).exists()


def kept(booted: Boot) -> dict[str, str]:
    """The files of its network that outlive a boot."""
    return {path: text for path, text in booted.network().items() if path.startswith("etc/")}


@pytest.mark.parametrize("suite", SUITES)
def test_what_starts_cloud_init_first_waits_for_the_guard(suite: str) -> None:
    """By the units of the package; those that run in later stages come after these."""
    folder = machine_root.packages(suite).root / "usr/lib/systemd/system"
    starting = {
        path.name: path.read_text()
        for path in folder.glob("cloud-*.service")
        if re.search(r"^ExecStart=/usr/bin/cloud-init", path.read_text(), re.M)
    }
    before = ("Before=network-pre.target", "Before=cloud-init-local.service")
    firsts = {name for name, text in starting.items() if any(one in text for one in before)}
    assert firsts
    drop_ins = {path.parent.name for path in _drop_ins(suite)}
    assert {f"{name}.d" for name in firsts} <= drop_ins


def _drop_ins(suite: str) -> list[Path]:
    with TemporaryDirectory() as folder:
        baked(suite, Path(folder))
        return list(Path(folder).glob("usr/lib/systemd/system/cloud-init*.d/hyperv-net.conf"))


def test_a_yes_holds_until_something_changes(tmp_path: Path) -> None:
    """cloud-init's own work at a first boot changes nothing that it rests on."""
    machine = baked("trixie", tmp_path)
    boot(machine)
    (tmp_path / "usr/libexec/hyperv-net/loads.py").write_text("raise SystemExit('asked')\n")
    assert boot(machine).text(VERDICT) == "granted\n"
    damages.do(next(iter(damages.of_entrances())), tmp_path / PACKAGE)
    assert boot(machine).text(VERDICT).startswith("refused: ")
