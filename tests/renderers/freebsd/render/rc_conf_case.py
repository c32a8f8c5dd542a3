"""Rewritten FreeBSD configurations made by hand, and a shell to source rc.conf with."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hyperv_net import tree
from hyperv_net.model import Aggregate, Inventory, Nic, Pair, Rendered, Rewritten, System
from hyperv_net.renderers.freebsd import render as rc_conf

LAGG = "laggproto failover laggport hn0 laggport mce0"
"""What is said of the ports of the first pair's lagg."""

QUIET = {"dhcp4": False, "dhcp6": False, "accept-ra": False, "link-local": [], "optional": True}


def mac(unit: int) -> str:
    """The address of the pair with this unit."""
    return f"00:0d:3a:11:22:{unit:02x}"


def case(
    config: Mapping[str, Any] | None = None,
    *,
    vfs: Iterable[str | None] = ("mce0",),
    others: Iterable[str] = (),
    administrators: bool = False,
) -> Rewritten:
    """A machine with one pair for each of `vfs` (None: away) and NICs `others` beside them.

    The tree is what the rewrite makes of it, with `config` laid over it; an
    aggregate `lagg<N>` holds hnN and its VF.
    """
    plain: dict[str, Any] = {"version": 2, "ethernets": {}, "bonds": {}}
    nics, aggregates = [], []
    interfaces: dict[str, str] = {}
    kernel_names: dict[str, str] = {}
    for unit, vf_name in enumerate(vfs):
        name, vf_id, lagg = f"hn{unit}", f"hn{unit}-vf", f"lagg{unit}"
        plain["ethernets"][name] = {"match": {"macaddress": mac(unit), "driver": "hn"}, **QUIET}
        plain["ethernets"][vf_id] = {"match": {"macaddress": mac(unit), "driver": "!hn"}, **QUIET}
        plain["bonds"][lagg] = {
            "interfaces": [name, vf_id],
            "parameters": {"mode": "active-backup"},
        }
        synthetic = Nic(name, mac=mac(unit), driver="hn", bus="vmbus", device=name)
        vf = Nic(vf_name, mac=mac(unit), driver="mlx5", bus="pci") if vf_name else None
        nics += [synthetic, *([vf] if vf else [])]
        aggregates.append(
            Aggregate(lagg, Pair(mac(unit), synthetic, vf), name, vf_id, administrators)
        )
        interfaces[name] = kernel_names[name] = name
        if vf_name:
            interfaces[vf_id] = kernel_names[vf_id] = vf_name
    for number, name in enumerate(others):
        nics.append(Nic(name, mac=f"00:15:5d:00:00:{number:02x}", bus="pci", device=name))
        interfaces[name] = kernel_names[name] = name
    _lay_over(plain, config or {})
    for name, entry in plain["ethernets"].items():
        if "set-name" in entry:
            interfaces[name] = entry["set-name"]
    return Rewritten(
        tree=tree.canonical(tree.from_plain(plain)),
        aggregates=tuple(aggregates),
        interfaces=interfaces,
        kernel_names=kernel_names,
        inventory=Inventory(System.FREEBSD, "14.1-RELEASE", tuple(nics), vf_transparent=False),
    )


def lagg0(settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A config, for `case`, in which lagg0 has these settings."""
    return {"bonds": {"lagg0": settings}, **more}


def _lay_over(plain: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(plain.get(key), dict):
            _lay_over(plain[key], value)
        else:
            plain[key] = value


def rendered(rewritten: Rewritten, rc_conf_text: str = "", **files: str) -> Rendered:
    """What the renderer makes of it; further files as `etc__pf_conf=…`."""
    existing = {name.replace("__", "/").replace("_conf", ".conf"): t for name, t in files.items()}
    return rc_conf.render(rewritten, {"etc/rc.conf": rc_conf_text, **existing})


def text_of(result: Rendered, path: str = "etc/rc.conf") -> str:
    """The text of one rendered file."""
    return next(one.text for one in result.files if one.path == path)


def variables(result: Rendered) -> dict[str, str]:
    """The variables of our block, read off the text."""
    pairs = (line.partition("=") for line in text_of(result).splitlines() if "=" in line)
    return {name: value.strip('"') for name, _, value in pairs}


def sourced(text: str, folder: Path, shell: str = "/bin/sh") -> dict[str, str]:
    """The variables that sourcing `text` sets or changes, by a real shell in `folder`."""
    script = folder / "rc.conf"
    script.write_text(text)
    found = [
        subprocess.run(
            [shell, "-c", f"{command}; export -p >/dev/null; set"],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for command in (":", ". ./rc.conf")
    ]
    before, after = (_variables(one) for one in found)
    volatile = {"_", "PPID", "BASH_EXECUTION_STRING", "BASHPID", "RANDOM", "SECONDS"}
    return {
        name: value
        for name, value in after.items()
        if before.get(name) != value and name not in volatile
    }


def _variables(output: str) -> dict[str, str]:
    """The output of `set` in dash: name='value', a quote in it as '"'"'."""
    import shlex

    variables: dict[str, str] = {}
    for word in shlex.split(output, posix=True):
        name, _, value = word.partition("=")
        variables[name] = value
    return variables
