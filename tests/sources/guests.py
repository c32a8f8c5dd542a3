"""Roots of small guests for the tests of the datasource extension, and what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.inventory.captured import CAPTURES, capture, materialise, output

__all__ = ["CAPTURES", "MAC", "freebsd", "linux", "v2", "written"]

MAC = "00:0d:3a:11:22:33"


def linux(root: Path, name: str, settings: str = "") -> Path:
    """A Linux guest with the NICs of a capture, and hyperv-net's settings in its cloud.cfg.d."""
    materialise(capture(name), root)
    (root / "etc/network").mkdir(parents=True)
    (root / "etc/network/interfaces").write_text("source /etc/network/interfaces.d/*\n")
    folder = root / "etc/cloud/cloud.cfg.d"
    folder.mkdir(parents=True)
    (folder / "50-hyperv-net.cfg").write_text(f"hyperv_net: {{{settings}}}\n")
    return root


def freebsd(root: Path, transparent: bool = False) -> dict[str, Any]:
    """What inside.py needs for a FreeBSD guest with hn0 and mce0; its rc.conf is in `root`."""
    (root / "etc").mkdir(parents=True)
    (root / "etc/rc.conf").write_text('hostname="guest"  # ours\nsshd_enable="YES"\n')
    (root / "etc/resolv.conf").write_text("")
    sysctl = output("azure-15-mce.sysctl")
    if not transparent:
        sysctl = sysctl.replace("hw.hn.vf_transparent: 1", "hw.hn.vf_transparent: 0")
    return {
        "root": str(root),
        "freebsd": True,
        "ifconfig": output("azure-15-mce.ifconfig"),
        "sysctl": sysctl,
        "up": "mce0 hn0\n",
    }


def v2(mac: str = MAC, **settings: Any) -> dict[str, Any]:
    """A version 2 config with one NIC, eth0."""
    entry = {"match": {"macaddress": mac}, "set-name": "eth0", **(settings or {"dhcp4": True})}
    return {"version": 2, "ethernets": {"eth0": entry}}


def written(root: Path) -> dict[str, tuple[str, int]]:
    """Text and mode of every file below etc and var but cloud-init's own configuration."""
    return {
        str(path.relative_to(root)): (path.read_text(), path.stat().st_mode & 0o777)
        for folder in ("etc", "var")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file() and "etc/cloud/" not in str(path)
    }
