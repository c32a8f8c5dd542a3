"""A comment about a machine that has more than a comment holds."""

from __future__ import annotations

import json
from typing import Any

from hyperv_net.review import draw, review
from tests.commands.calling import NETPLAN


def of_many(pairs: int) -> tuple[str, str]:
    """The config and the inventory of a machine with so many pairs, each with a mistyped key."""
    document: dict[str, Any] = json.loads((NETPLAN / "inventory.json").read_text())
    of_one = {one["name"]: one for one in document["nics"] if one["name"] in ("eth0", "ens17")}
    lines, nics = [], []
    for number in range(pairs):
        mac = f"00:0d:3a:22:{number // 256:02x}:{number % 256:02x}"
        for name, one in of_one.items():
            text = json.dumps(one).replace(of_one["eth0"]["mac"], mac)
            nics.append({**json.loads(text), "name": f"{name[:3]}{number}"})
        entry = {"match": {"macaddress": mac}, "dhcp4": True, "mtuu": 1500, "mtu": 9000}
        lines.append(f"  eth{number}: {json.dumps(entry)}\n")
    config = f"version: 2\nethernets:\n{''.join(lines)}"
    return config, json.dumps({**document, "nics": nics})


def test_a_machine_of_four_hundred_nics_is_one_comment_cut_between_its_parts() -> None:
    config, inventory = of_many(200)
    drivers = {"synthetic_drivers": ["virtio_net"]}
    found = review(config, inventory, target="netplan", settings=drivers)
    assert (len(found.nics), len(found.pairs)) == (400, 200)
    text = draw(found, "markdown")
    assert len(text) < 65_000
    assert text.splitlines()[2] == f"### ⚠ {found.verdict.sentence}"
    assert text.count("<details") == text.count("</details>") > 2
    assert text.count("```") % 2 == 0
    assert "Left out, since it would be too long here: " in text.splitlines()[-1]
