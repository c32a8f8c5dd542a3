"""What the initramfs says of a pair, said of its synthetic NIC.

klibc's ipconfig asks for an address on every NIC there is, so the one that it
tells of may be the VF; and it is in use already, for which cloud-init has
`control: manual`.  An aggregate is not in use yet.
"""

from __future__ import annotations

from hyperv_net.model import Mode
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from hyperv_net.model import Decision


def of_synthetic_nics(config: Mapping[str, Any], decisions: Iterable[Decision]) -> dict[str, Any]:
    """The version 1 config that cloud-init makes of the initramfs's files, for these pairs.

    Its entries are all `physical`, each with a name and its subnets
    (cloudinit/net/cmdline.py, config_from_klibc_net_cfg).  Those of NICs that
    need no aggregate are as they were.
    """
    cards = {
        nic.name: one.pair
        for one in decisions
        if one.mode is Mode.AGGREGATE
        for nic in (one.pair.synthetic, one.pair.vf)
        if nic is not None
    }
    entries: list[Mapping[str, Any]] = []
    told: dict[str, dict[str, Any]] = {}
    for entry in config["config"]:
        card = cards.get(entry["name"])
        if card is None or card.synthetic is None:
            entries.append(entry)
            continue
        if card.mac not in told:
            told[card.mac] = {
                "type": "physical",
                "name": card.synthetic.name,
                "mac_address": card.mac,
                "subnets": [],
            }
            entries.append(told[card.mac])
        for subnet in entry["subnets"]:
            wanted = {key: value for key, value in subnet.items() if key != "control"}
            if wanted not in told[card.mac]["subnets"]:
                told[card.mac]["subnets"].append(wanted)
    return {**config, "config": entries}
