"""Which kernels of an image lack a driver that a VF may need."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.lint import lint
from hyperv_net.model import Severity
from tests.lint.roots import ALL_DRIVERS, FREEBSD, LINUX, findings


def test_each_kernel_is_asked_for_each_driver(tmp_path: Path) -> None:
    """A kernel without MANA's driver is named, the one beside it is not."""
    lacking = ALL_DRIVERS.replace("mana.ko", "other.ko")
    tree = {**LINUX, "lib/modules/5.10.0-cloud/modules.dep": lacking}
    assert findings(tmp_path, tree) == [("vf-driver-missing", "lib/modules/5.10.0-cloud")]


def test_a_driver_built_into_the_kernel_is_there(tmp_path: Path) -> None:
    """What stands in modules.builtin needs no module."""
    tree = {
        "lib/modules/6.12.0/modules.dep": ALL_DRIVERS.replace("mana.ko", "other.ko"),
        "lib/modules/6.12.0/modules.builtin": "kernel/drivers/net/mana/mana.ko\n",
    }
    assert findings(tmp_path, tree) == []


def test_a_kernel_seen_through_a_link_is_named_once(tmp_path: Path) -> None:
    """/lib is a link to /usr/lib on merged systems, which shows each kernel twice."""
    (tmp_path / "usr/lib").mkdir(parents=True)
    (tmp_path / "lib").symlink_to("usr/lib")
    tree = {"usr/lib/modules/6.1.0/modules.dep": ALL_DRIVERS.replace("mana.ko", "other.ko")}
    assert [rule for rule, _ in findings(tmp_path, tree)] == ["vf-driver-missing"]


def test_freebsds_modules_are_looked_for_where_ports_put_them_too(tmp_path: Path) -> None:
    """A module of its own in boot/modules serves as well as one of the kernel's."""
    tree = {key: "" for key in FREEBSD if "if_mana" not in key}
    assert findings(tmp_path, tree) == [("vf-driver-missing", "boot/kernel")]
    assert findings(tmp_path, {"boot/modules/if_mana.ko": ""}) == []


def test_a_driver_that_is_asked_for_needs_a_kernel_to_be_in(tmp_path: Path) -> None:
    """An image without one, or whose modules nobody has listed, cannot be said to have it."""
    linux, freebsd = tmp_path / "linux", tmp_path / "freebsd"
    builtin = {"lib/modules/6.1.0/modules.builtin": "kernel/fs/ext4.ko\n"}
    assert findings(linux, builtin) == []
    assert findings(freebsd, {"bin/freebsd-version": ""}) == []
    for root, where in ((linux, "lib/modules"), (freebsd, "boot/kernel")):
        (found,) = lint(root, expected_drivers=["mlx5"])
        assert (found.rule, str(found.where), found.severity) == (
            "no-kernel",
            where,
            Severity.ERROR,
        )
