"""Adopted roots as the real systemd-networkd reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.renderers.networkd.paths import FOLDERS
from hyperv_net.root.drop_ins import in_order
from tests.debian.tools import SUITES
from tests.renderers.networkd.adopt.adopting import MAC, ROOTS, SOURCES, after, existing
from tests.renderers.networkd.real import SYNTHETIC, run

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

NICS = ("enp1s0", "ens17")


def seen(texts: dict[str, str]) -> dict[str, str]:
    """The files that count, by name, for one folder; with what the test's NICs are in truth."""
    return {
        path.rpartition("/")[2]: texts[path]
        .replace("virtio_net", SYNTHETIC)
        .replace("Kind=!*\n", "")
        .replace("Driver=!veth dummy\n", "")
        for path in in_order(texts, FOLDERS)
        if not path.endswith(".link")
    }


@pytest.mark.parametrize("root", sorted(SOURCES))
def test_before_one_of_theirs_and_after_ours_are_for_the_nics(
    suite: str, root: str, tmp_path: Path
) -> None:
    texts = existing(ROOTS / root)
    before = run(suite, tmp_path / "before", seen(texts), MAC, {"enp1s0"}, NICS)
    now = run(suite, tmp_path / "after", seen(after(texts)), MAC, set(NICS), NICS)
    assert "hyperv-net" not in before.file_of["enp1s0"]
    ours = "hyperv-net-enp1s0"
    assert f"{ours}-vf.network" in now.file_of["ens17"]
    is_theirs = root == "their-bond"
    assert is_theirs or f"{ours}.network" in now.file_of["enp1s0"]
    assert [line for line in now.complaints if "hyperv-net" in line and "Made-Up" not in line] == []
