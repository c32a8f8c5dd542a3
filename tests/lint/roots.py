"""Roots of images without trouble, and what the rules say of a root."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hyperv_net.lint import lint
from tests.at_line import at_line
from tests.files import put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hyperv_net.places import Where

ALL_DRIVERS = "".join(
    f"kernel/drivers/net/ethernet/{path}:\n"
    for path in ("mellanox/mlx4/mlx4_en.ko.xz", "mellanox/mlx5/core/mlx5_core.ko", "x/mana.ko.zst")
)
LINUX = {"lib/modules/6.12.0-amd64/modules.dep": ALL_DRIVERS}
FREEBSD = {
    "bin/freebsd-version": "#!/bin/sh\n",
    "boot/kernel/kernel": "",
    "boot/kernel/mlx4en.ko": "",
    "boot/kernel/mlx5en.ko": "",
    "boot/kernel/if_mana.ko": "",
}


def findings(root: Path, tree: Mapping[str, str]) -> list[tuple[str, str]]:
    """Rule, file and line of each finding about a root, once the files of `tree` are in it."""
    return [(rule, at_line(where)) for rule, where in placed(root, tree)]


def placed(root: Path, tree: Mapping[str, str]) -> list[tuple[str, Where]]:
    """The same with the whole place."""
    for path, text in tree.items():
        put(root, path, text)
    found = lint(root)
    assert all(one.hint for one in found if one.rule != "unreadable-file"), found
    return [(one.rule, one.where) for one in found]
