"""A network config of version 1 or 2: refused, or every leaf of it accounted for on any target."""

from __future__ import annotations

from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from tests.fuzz.inputs import choice, refused_in_one_line, texts
from tests.fuzz.machines import ALWAYS, MACHINES, is_sound


def once(data: bytes) -> None:
    parts = texts(data, 1)
    if parts is None:
        return
    target, text = choice(parts[0], sorted(MACHINES))
    with refused_in_one_line():
        config = read_network_config(text, "config")
        inventory = MACHINES[target]
        first = make_plan(inventory, config, ALWAYS, load(target), {})
        assert {one.source for one in first.ledger} == {path for path, _ in config.leaves}
        is_sound(first, {})
        written = {one.file.path: one.file.text for one in first.changes}
        second = make_plan(inventory, config, ALWAYS, load(target), written)
        assert not second.differs, "what was written is not what would be written"
