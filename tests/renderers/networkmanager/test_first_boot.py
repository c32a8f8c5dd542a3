"""The first boot: our profiles in place of cloud-init's, which stands where no pair needs one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.renderers.networkmanager.nmcli import lost, normalised
from tests.sources import guests
from tests.sources.cloud import SUITES, run

pytestmark = pytest.mark.debian

FOLDER = "etc/NetworkManager/system-connections/cloud-init-"


@pytest.mark.parametrize("suite", SUITES)
def test_a_first_boot_writes_the_pair_as_our_own_profiles(suite: str, tmp_path: Path) -> None:
    root = guests.linux(tmp_path, "hv-netvsc-on-virtio")
    job = {"root": str(root), "config": guests.v2(), "renderer": "network-manager"}
    result = run(suite, "render", **job)
    files = {path: file for path, file in guests.written(root).items() if path.startswith(FOLDER)}
    assert sorted(path[len(FOLDER) :] for path in files) == [
        "bond0.nmconnection",
        "eth0-vf.nmconnection",
        "eth0.nmconnection",
    ]
    assert "driver=!hv_netvsc;\n" in files[f"{FOLDER}eth0-vf.nmconnection"][0]
    assert "cloned-mac-address=00:0d:3a:11:22:33\n" in files[f"{FOLDER}bond0.nmconnection"][0]
    for text, mode in files.values():
        assert mode == 0o600
        assert lost(text, normalised("trixie", text)) == {}
    # By this name cloud-init's activator finds the file.
    assert result["interfaces"] == ["bond0"]


@pytest.mark.parametrize("suite", SUITES)
def test_without_a_pair_that_needs_one_the_profiles_are_cloud_inits(
    suite: str, tmp_path: Path
) -> None:
    found = []
    for plugin in (False, True):
        root = guests.linux(tmp_path / str(plugin), "hv-netvsc-on-virtio", "aggregate: never")
        job = {"root": str(root), "config": guests.v2(), "renderer": "network-manager"}
        run(suite, "render", **job, plugin=plugin)
        found.append({k: v for k, v in guests.written(root).items() if k.startswith(FOLDER)})
    assert found[0] == found[1] and len(found[0]) == 1
