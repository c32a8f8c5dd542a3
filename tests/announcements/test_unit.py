"""The unit that watches, beside the one that it is modelled on and what its program needs."""

from __future__ import annotations

import re

import pytest

from hyperv_net.announcements import kept
from hyperv_net.announcements.__main__ import CONFINED
from hyperv_net.announcements.asking import METADATA
from hyperv_net.facts import System
from hyperv_net.hotplug.wanted import KEPT_IN
from hyperv_net.journal import kept as journal
from tests.firstboot.root import SUITES, packages
from tests.paths import CHECKOUT

DATA = CHECKOUT / "hyperv_net/data/linux"


def keys(unit: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (DATA / f"hyperv-net-{unit}.service").read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


WATCH, RECONCILE = keys("watch"), keys("reconcile")
#: Of the worker's, what is about its events.
OF_EVENTS = {"Type", "ExecStartPre", "ExecStart", "TimeoutStartSec", "After", "Description"}


def test_it_may_do_what_the_worker_may_and_reach_one_address_besides() -> None:
    more = {"IPAddressAllow", "ReadWritePaths"}
    for key, value in RECONCILE.items():
        if key not in OF_EVENTS | more:
            assert WATCH[key] == value, key
    assert WATCH["IPAddressAllow"] == [METADATA.host]
    (writable,), (of_the_worker,) = WATCH["ReadWritePaths"], RECONCILE["ReadWritePaths"]
    kept_in = f"/{KEPT_IN[System.LINUX]}"
    assert writable == f"{of_the_worker} -{kept_in}/{kept.FOLDER}"
    assert f"{kept_in}/{journal.FOLDER} {kept_in}/{kept.FOLDER}" in WATCH["ExecStartPre"][0]


def test_it_runs_a_module_of_the_package_that_knows_what_it_may_not() -> None:
    assert WATCH["ExecStart"] == [f"/usr/bin/python3 -I -m hyperv_net.announcements {CONFINED}"]


def test_it_is_started_again_when_it_fails_and_no_sooner_than_a_source_wants_to_be_asked() -> None:
    """The sources' shortest wait is 5 seconds, and that of a folder costs nobody anything."""
    assert WATCH["Restart"] == ["on-failure"]
    assert int(WATCH["RestartSec"][0]) >= 10


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_it_begins_once_cloud_init_has_had_the_network_whatever_that_stage_is_called(
    suite: str,
) -> None:
    """cloud-init.service, and cloud-init-network.service since 24.3 (canonical/cloud-init#5489)."""
    units = (packages(suite).root / "usr/lib/systemd/system").glob("cloud-init*.service")
    follows = "\nAfter=cloud-init-local.service\n"
    following = {one.name for one in units if follows in one.read_text()}
    stages = following - {"cloud-init-hotplugd.service"}
    assert len(stages) == 1
    assert stages <= {*WATCH["After"][0].split()}


def test_its_folders_stay_when_it_is_stopped() -> None:
    """They are the worker's too, with the drains that its end leaves as they are."""
    assert WATCH["RuntimeDirectoryPreserve"] == ["yes"]
    assert re.fullmatch(r"[0-9]+M", WATCH["MemoryMax"][0])
