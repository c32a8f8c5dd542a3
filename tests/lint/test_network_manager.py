"""What NetworkManager's files say of the devices that it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.lint import lint
from tests.files import put

CONF = "etc/NetworkManager/conf.d/90-vf.conf"
DRIVERS = "driver:mlx4_core;driver:mlx5_core;driver:mana"


def said(root: Path, text: str) -> list[tuple[str, str]]:
    put(root, "usr/sbin/NetworkManager", "")
    put(root, CONF, text)
    found = [one for one in lint(root) if one.rule == "fits-the-vf"]
    return [(one.where, one.message.partition(" as well")[0]) for one in found]


@pytest.mark.parametrize("section", ["device-vf-unmanaged", "device"])
@pytest.mark.parametrize("no", ["0", "false", "no"])
def test_a_section_of_devices_that_are_not_managed_is_a_list_of_them(
    section: str, no: str, tmp_path: Path
) -> None:
    """As Red Hat's manual says it: match-device beside managed=0."""
    text = f"[{section}]\nmatch-device={DRIVERS}\nmanaged={no}\n"
    assert said(tmp_path, text) == []
    lacking = text.replace(";driver:mana", "")
    assert said(tmp_path, lacking) == [(f"{CONF}:2", "it fits a VF of mana")]


def test_several_sections_and_the_list_add_up(tmp_path: Path) -> None:
    first, second, third = DRIVERS.split(";")
    text = (
        f"[device-a]\nmatch-device={first}\nmanaged=0\n"
        f"[device-b]\nmanaged=0\nmatch-device={second}\n"
        f"[keyfile]\nunmanaged-devices={third}\n"
    )
    assert said(tmp_path, text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"[device-vf]\nmatch-device={DRIVERS}\n",
        f"[device-vf]\nmatch-device={DRIVERS}\nmanaged=1\n",
        f"[connection-vf]\nmatch-device={DRIVERS}\nmanaged=0\n",
    ],
)
def test_a_section_that_does_not_say_so_is_none(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == [("usr/sbin/NetworkManager", "it fits any VF")]


def test_a_section_that_has_a_driver_managed_counts_against_others_and_not_against_the_list(
    tmp_path: Path,
) -> None:
    managed = "[device-one]\nmatch-device=driver:mana\nmanaged=1\n"
    section = f"[device-vf]\nmatch-device={DRIVERS}\nmanaged=0\n"
    assert said(tmp_path, section + managed) == [(f"{CONF}:2", "it fits a VF of mana")]
    assert said(tmp_path, f"[keyfile]\nunmanaged-devices={DRIVERS}\n{managed}") == []


def test_a_section_without_a_match_is_for_all_devices(tmp_path: Path) -> None:
    assert said(tmp_path, "[device]\nmanaged=0\n") == []
