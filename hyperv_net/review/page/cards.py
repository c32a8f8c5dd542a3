"""The devices before and after, by what belongs together: a picture each of one card."""

from __future__ import annotations

from dataclasses import dataclass

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.page.drawing import drawing_of

if TYPE_CHECKING:
    from hyperv_net.review.model import Device, Pair, Review
    from hyperv_net.review.page.drawing import Drawing


@dataclass(frozen=True)
class Card:
    """A pair with all that stands on it, or (without a pair) all other devices."""

    title: str
    pairs: tuple[Pair, ...]
    before: Drawing
    after: Drawing


def cards_of(review: Review) -> tuple[Card, ...]:
    """The cards of a machine, in the order of its pairs, and then what is in no pair."""
    owner = _together(review)
    titles: dict[str, list[Pair]] = {}
    for pair in review.pairs:
        titles.setdefault(_root(owner, _names(pair)[0]), []).append(pair)
    cards = []
    for root, pairs in titles.items():
        sides = [
            [one for one in side if _root(owner, one.name) == root]
            for side in (review.before, review.after)
        ]
        title = ", ".join(" + ".join(one for one in (p.synthetic, p.vf) if one) for p in pairs)
        cards.append(_card(title, tuple(pairs), *sides))
    others = [
        [one for one in side if _root(owner, one.name) not in titles]
        for side in (review.before, review.after)
    ]
    if any(others):
        cards.append(_card("In no pair" if cards else "Devices", (), *others))
    return tuple(cards)


def _card(title: str, pairs: tuple[Pair, ...], before: list[Device], after: list[Device]) -> Card:
    return Card(title, pairs, drawing_of(before), drawing_of(after))


def _names(pair: Pair) -> list[str]:
    return [one for one in (pair.synthetic, pair.vf, pair.aggregate) if one is not None]


def _together(review: Review) -> dict[str, str]:
    """Device → another that it belongs to, up to one that stands for all (a union-find)."""
    owner: dict[str, str] = {}
    names = [_names(pair) for pair in review.pairs]
    names += [
        [one.name, *(low.name for low in one.lowers)] for one in (*review.before, *review.after)
    ]
    for first, *others in names:
        for other in others:
            owner[_root(owner, other)] = _root(owner, first)
    return {name: root for name, root in owner.items() if name != root}


def _root(owner: dict[str, str], name: str) -> str:
    while name in owner and owner[name] != name:
        name = owner[name]
    return name
