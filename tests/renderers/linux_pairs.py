"""Rewritten configurations made by hand, as the rewrite leaves a Linux pair."""

from __future__ import annotations

from typing import Any

from hyperv_net.model import Aggregate, Inventory, Nic, Pair, Rendered, Rewritten, System
from hyperv_net.tree import Node, canonical, from_plain

MAC = "00:0d:3a:11:22:33"
SECRETS: dict[str, Any] = {
    "wifis": {
        "wl0": {
            "access-points": {"home": {"password": "hunter2", "psk": "hunter2"}},
            "auth": {"password": "hunter2", "client-key-password": "hunter2"},
        }
    },
    "modems": {"wwan0": {"password": "hunter2", "pin": "hunter2"}},
    "tunnels": {
        "wg0": {"mode": "wireguard", "key": "hunter2", "keys": {"private": "hunter2"}},
        "gre0": {"mode": "gre", "key": "hunter2"},
        "wg1": {"mode": "wireguard", "peers": [{"keys": {"shared": "hunter2", "x": "hunter2"}}]},
    },
}
"""Devices whose settings hold the secret hunter2 wherever one can stand."""


def mac(unit: int) -> str:
    """The MAC of the pair with this number."""
    return f"00:0d:3a:11:22:{0x33 + unit:02x}"


def pair(unit: int = 0, /, **settings: Any) -> dict[str, Any]:
    """A tree with one pair ethN/ethN-vf below bondN that bears these settings."""
    quiet = {
        "dhcp4": False,
        "dhcp6": False,
        "accept-ra": False,
        "link-local": [],
        "optional": True,
    }
    nic = f"eth{unit}"
    return {
        "version": 2,
        "ethernets": {
            nic: {
                "match": {"macaddress": mac(unit), "driver": "hv_netvsc"},
                "set-name": nic,
                **quiet,
            },
            f"{nic}-vf": {"match": {"macaddress": mac(unit), "driver": "!hv_netvsc"}, **quiet},
        },
        "bonds": {
            f"bond{unit}": {
                "interfaces": [nic, f"{nic}-vf"],
                "macaddress": mac(unit),
                "parameters": {
                    "mode": "active-backup",
                    "mii-monitor-interval": 100,
                    "primary": f"{nic}-vf",
                    "primary-reselect-policy": "always",
                    "all-slaves-active": True,
                },
                **(settings or {"dhcp4": True}),
            }
        },
    }


def joined(*trees: dict[str, Any]) -> dict[str, Any]:
    """The trees put together, mapping by mapping."""
    whole: dict[str, Any] = {}
    for tree in trees:
        for key, value in tree.items():
            whole[key] = joined(whole.get(key, {}), value) if isinstance(value, dict) else value
    return whole


def rewritten(plain: dict[str, Any], vf_present: bool = True) -> Rewritten:
    """The tree with an aggregate for each ethN-vf in it; every value has an origin."""
    tree: Node = canonical(from_plain(plain))
    aggregates, interfaces, nics = [], {}, []
    for vf_id in (one for one in plain.get("ethernets", {}) if one.endswith("-vf")):
        nic = vf_id[: -len("-vf")]
        unit = int(nic[len("eth") :])
        synthetic = Nic(name=nic, mac=mac(unit), driver="hv_netvsc", bus="vmbus")
        vf = Nic(name=f"enP{unit}s2", mac=mac(unit), driver="mlx5_core", bus="pci")
        nics += [synthetic, vf] if vf_present else [synthetic]
        interfaces[nic] = nic
        if vf_present:
            interfaces[vf_id] = vf.name
        pair_of_nics = Pair(mac(unit), synthetic, vf if vf_present else None)
        aggregates.append(Aggregate(f"bond{unit}", pair_of_nics, nic, vf_id))
    inventory = Inventory(System.LINUX, "4.9.0", tuple(nics))
    return Rewritten(tree, tuple(aggregates), interfaces, dict(interfaces), inventory)


def reasons(rendered: Rendered) -> dict[str, str]:
    """Path with dots → reason, of what was dropped."""
    return {".".join(map(str, path)): reason for path, reason in rendered.dropped.items()}
