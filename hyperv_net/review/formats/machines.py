"""What machines and pairs are called in a report of several."""

from __future__ import annotations

from collections import Counter

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.formats.locating import in_checkout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.review.model import Pair, Review


def machine_names(reviews: Sequence[Review]) -> list[str]:
    """A name for each: that of its network config, and of what else tells it from another."""
    configs = [in_checkout(one, one.network_config) for one in reviews]
    known = Counter(configs)
    names = []
    for config, one in zip(configs, reviews):
        told = f" ({in_checkout(one, one.inventory)})" if one.inventory else ""
        names.append(f"{config}{told}" if known[config] > 1 else config)
    again = Counter[str]()
    for place, name in enumerate(names):
        again[name] += 1
        names[place] = name if again[name] == 1 else f"{name} #{again[name]}"
    return names


def pair_name(pair: Pair) -> str:
    """The names of its NICs that are there."""
    return " + ".join(name for name in (pair.synthetic, pair.vf) if name) or pair.mac
