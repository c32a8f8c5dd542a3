"""Where in the rendered files each setting of a plan stands."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import load
from hyperv_net.review.model import Place, value_of
from hyperv_net.secrets.hidden import Hidden
from hyperv_net.tree import Node, at, leaves

if TYPE_CHECKING:
    from collections.abc import Callable

    from hyperv_net.model import Entry
    from hyperv_net.plan.flow import Plan


def locating(plan: Plan) -> Callable[[Entry], tuple[Place, ...]]:
    """What gives an entry's places, each with the file and the line where these are known."""
    texts = {change.file.path: change.file.text for change in plan.changes}
    locate = load(plan.target).locate

    def places_of(entry: Entry) -> tuple[Place, ...]:
        beside = _beside(plan, entry)
        now = entry.result if entry.result is not None else entry.value
        found = []
        for place, value in zip(entry.places, entry.placed or (now,) * len(entry.places)):
            file, _, key = place.partition(": ")
            line = None
            if key and file in texts:
                own = value.revealed if isinstance(value, Hidden) else value
                line = locate(texts[file], key, (str(own), *beside))
            found.append(Place(place, file if file in texts else None, line, value_of(value)))
        return tuple(found)

    return places_of


def _beside(plan: Plan, entry: Entry) -> tuple[str, ...]:
    """The values that stand beside the setting's."""
    return tuple(
        str(leaf.value)
        for path in entry.to
        if isinstance(path[-2:-1] and path[-2], int)
        for _, leaf in leaves(at(plan.rewritten.tree, path[:-1]) or Node(()))
    )
