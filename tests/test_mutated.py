"""Real configurations with something wrong in them: refused in one line, or accounted for."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

import pytest
import yaml

from hyperv_net.errors import HypervNetError
from hyperv_net.model import AggregatePolicy, Settings
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.flow import make_plan
from hyperv_net.plan.ledger import UNACCOUNTED
from hyperv_net.renderers import load
from tests.building import freebsd, hn, linux, mac, mce, nic, synthetic, vf
from tests.netconfig.test_shapes import SHAPES
from tests.paths import EXAMPLES

#: A fault is found by thousands; so many are what a run of the tests can spare.
ROUNDS = 100
MACHINES = {
    "netplan": linux(synthetic(), vf(), synthetic(1), vf(1), nic("eth7", 7)),
    "ifupdown": linux(synthetic(), vf()),
    "freebsd": freebsd(hn(), mce(), hn(1), mce(1)),
    "network-manager": linux(synthetic(), vf()),
}
NAMES = ("eth0", "eth1", "hn0", "bond0", "lagg0", "br0", "v5")
VALUES: tuple[Any, ...] = (
    *(None, True, 0, "", [], {}, [None], "eth0", "eth0:1", "10.0.0.4/24", "fe80::1%eth0"),
    *("default", 9000, "manual", mac(0), mac(1), "e*", "hv_netvsc", ["eth0"]),
    *({"addresses": ["10.0.0.1"]}, [{"10.0.0.9/24": {"label": "eth0:9", "lifetime": 0}}]),
)


def originals() -> list[dict[str, Any]]:
    paths = sorted([*EXAMPLES.glob("*/network-config*"), *SHAPES.glob("*.yaml")])
    read = (yaml.safe_load(path.read_text()) for path in paths)
    return [one.get("network") or one for one in read if isinstance(one, dict)]


def below(plain: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all that is below a plain value."""
    if not isinstance(plain, (dict, list)):
        return [path]
    children = plain.items() if isinstance(plain, dict) else enumerate(plain)
    inner = [one for key, child in children for one in below(child, (*path, key))]
    return [path, *inner] if path else inner


def mutated(random: Random, config: dict[str, Any], fragments: list[tuple[str, Any]]) -> Any:
    changed = copy.deepcopy(config)
    for _ in range(random.choice((1, 1, 2, 3))):
        places = below(changed)
        if not places:
            break
        *above, last = random.choice(places)
        inside: Any = changed
        for key in above:
            inside = inside[key]
        name, value = random.choice(fragments)
        how = random.randrange(5)
        if how == 0:
            del inside[last]
        elif how == 1:
            inside[last] = copy.deepcopy(random.choice(VALUES))
        elif how == 2 and isinstance(inside[last], dict):
            inside[last][name] = copy.deepcopy(value)
        elif how == 3 and isinstance(inside, dict):
            inside[random.choice(NAMES)] = inside.pop(last)
        else:
            inside[last] = copy.deepcopy(value)
    return changed


@pytest.mark.parametrize("target", MACHINES)
@pytest.mark.parametrize("seed", range(3))
def test_a_config_with_a_mistake_is_one_line_or_every_leaf_of_it_is_accounted_for(
    target: str, seed: int
) -> None:
    random, configs = Random(seed), originals()
    pairs = [(config, path) for config in configs for path in below(config)]
    fragments = []
    for config, path in pairs:
        value: Any = config
        for key in path:
            value = value[key]
        if isinstance(path[-1], str):
            fragments.append((path[-1], value))
    settings = Settings(aggregate=AggregatePolicy.ALWAYS)
    for _ in range(ROUNDS):
        text = json.dumps(mutated(random, random.choice(configs), fragments), default=str)
        text = text.replace('"eth', '"hn') if target == "freebsd" else text
        try:
            read = read_network_config(text, "config")
            plan = make_plan(MACHINES[target], read, settings, load(target), {})
        except HypervNetError as error:
            assert "\n" not in str(error)
            continue
        assert {one.source for one in plan.ledger} == {path for path, _ in read.leaves}, text
        assert not [one for one in plan.ledger if one.reason == UNACCOUNTED], text
