"""What the initramfs says of a pair, said of its synthetic NIC.

klibc's ipconfig asks for an address on every NIC there is, so the one that it
tells of may be the VF; and it is in use already, for which cloud-init has
`control: manual`.  An aggregate is not in use yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hyperv_net.model import Pair


def of_synthetic_nics(config: Mapping[str, Any], pairs: Iterable[Pair]) -> dict[str, Any]:
    """The version 1 config that cloud-init makes of the initramfs's files, for these pairs.

    Its entries are all `physical`, each with a name and its subnets
    (cloudinit/net/cmdline.py, config_from_klibc_net_cfg).
    """
    synthetics = {
        nic.name: pair.synthetic
        for pair in pairs
        for nic in (pair.synthetic, pair.vf)
        if nic is not None
    }
    entries: dict[str, dict[str, Any]] = {}
    for entry in config["config"]:
        synthetic = synthetics.get(entry["name"])
        if synthetic is None:
            entries[entry["name"]] = entry
            continue
        told = entries.setdefault(
            synthetic.name,
            {
                "type": "physical",
                "name": synthetic.name,
                "mac_address": synthetic.hardware_mac,
                "subnets": [],
            },
        )
        for subnet in entry["subnets"]:
            wanted = {key: value for key, value in subnet.items() if key != "control"}
            if wanted not in told["subnets"]:
                told["subnets"].append(wanted)
    return {**config, "config": list(entries.values())}
