"""An inventory in JSON: refused, or the same when it is written and read again; and its pairs."""

from __future__ import annotations

from hyperv_net.decision.modes import decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.inventory.snapshot import from_json, to_json
from hyperv_net.model import Settings
from tests.fuzz.inputs import refused_in_one_line, texts


def once(data: bytes) -> None:
    parts = texts(data, 1)
    if parts is None:
        return
    with refused_in_one_line():
        inventory = from_json(parts[0], "inventory.json")
        assert from_json(to_json(inventory), "again") == inventory
        pairs = find_pairs(inventory, Settings().synthetic_drivers).pairs
        decide(pairs, inventory, Settings())
