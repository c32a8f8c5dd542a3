"""The account of every leaf: where it went, or why it could not go anywhere."""

from __future__ import annotations

from hyperv_net.model import Action, Entry
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.secrets.hidden import Hidden
from hyperv_net.secrets.masking import masked_line, masked_message
from hyperv_net.secrets.names import is_secret_path
from hyperv_net.tree import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hyperv_net.model import NetworkConfig, Rendered, Rewritten
    from hyperv_net.tree import Key, Node, Path, Scalar


def build_ledger(
    config: NetworkConfig, rewritten: Rewritten, rendered: Rendered | None
) -> tuple[Entry, ...]:
    """One entry a leaf of the file, in the file's order.

    Where there is no aggregate nothing changes, and every leaf is kept: also
    one that only version 1 can say, since cloud-init renders it and not we.
    `rendered` is None there, and may be None for an account of the rewrite
    alone.  A leaf that no stage accounts for is dropped as `UNACCOUNTED`,
    which is a fault of this program.  A text that was adopted brings its own.
    """
    if rendered is not None and rendered.ledger is not None:
        return tuple(map(_without_secrets, rendered.ledger))
    if not rewritten.aggregates:
        found = _by_origin(config.tree)
        kept = (_kept(source, value, found.get(source, ())) for source, value in config.leaves)
        return tuple(map(_without_secrets, kept))
    refused = {**dict(config.dropped), **dict(rewritten.refused)}
    before = _by_origin(config.tree)
    after = _by_origin(rewritten.tree)
    text = _Text(_by_prefix(rendered.places), _by_prefix(rendered.dropped)) if rendered else None
    entries = (
        _entry(source, value, before.get(source, ()), after.get(source, ()), text, refused)
        for source, value in config.leaves
    )
    return tuple(map(_without_secrets, entries))


def _without_secrets(entry: Entry) -> Entry:
    """The entry with values that hide themselves where they are secrets, or hold some.

    What was adopted has lines of its files as values.
    """
    if is_secret_path(entry.source):
        return with_values(entry, Hidden)
    return with_values(entry, _as_shown)._replace(reason=masked_message(entry.reason))


def with_values(entry: Entry, shown: Callable[[Scalar], Scalar]) -> Entry:
    """The entry with each of its values, given and resulting, as it is `shown`."""
    return entry._replace(
        value=shown(entry.value),
        result=shown(entry.result),
        results=tuple(map(shown, entry.results)),
        placed=tuple(map(shown, entry.placed)),
    )


def _as_shown(value: Scalar) -> Scalar:
    if not isinstance(value, str):
        return value
    shown = masked_line(value)
    return value if shown == value else Hidden(value, shown)


UNACCOUNTED = "no stage of the rewrite accounts for it; please report this"


class _Text(NamedTuple):
    """What a renderer says of every path of the tree, containers too: places, and reasons."""

    places: Mapping[Path, str]
    dropped: Mapping[Path, str]


def _kept(source: Path, value: Scalar, found: Sequence[tuple[Path, Node]]) -> Entry:
    return Entry(source, value, Action.KEPT, tuple(path for path, _ in found), value)


def _entry(
    source: Path,
    value: Scalar,
    before: Sequence[tuple[Path, Node]],
    after: Sequence[tuple[Path, Node]],
    text: _Text | None,
    refused: Mapping[Path, str],
) -> Entry:
    if not after:
        reason = refused.get(source, UNACCOUNTED)
        return Entry(source, value, Action.DROPPED, reason=reason)
    to = tuple(path for path, _ in after)
    result = _result(value, after)
    results = tuple(_scalar(node, value) for _, node in after)
    results = () if all(_is_same(one, result) for one in results) else results
    if text is None:
        return Entry(source, value, _action(before, after), to, result, results=results)
    placed = _placed(value, after, text.places)
    places = tuple(placed)
    if places:
        # One leaf of version 1 can become several, of which the target may not know all.
        partly = (
            text.dropped[path] for path, node in after if node.is_leaf and path in text.dropped
        )
        reason = next(partly, "")
        return Entry(
            *(source, value, _action(before, after), to, result, places, reason),
            results=results,
            placed=tuple(placed.values()) if results else (),
        )
    reasons = (text.dropped[path] for path in to if path in text.dropped)
    reason = next(reasons, refused.get(source, UNACCOUNTED))
    return Entry(source, value, Action.DROPPED, to, result, reason=reason, results=results)


def _placed(
    value: Scalar, after: Sequence[tuple[Path, Node]], places: Mapping[Path, str]
) -> dict[str, Scalar]:
    """Each place with the value there, which is one that turns something on where there is any."""
    found: dict[str, Scalar] = {}
    for path, node in after:
        place = places.get(path)
        if place is not None:
            found[place] = found.get(place) or _scalar(node, value)
    return found


def _action(before: Sequence[tuple[Path, Node]], after: Sequence[tuple[Path, Node]]) -> Action:
    if {path[:2] for path, _ in before} != {path[:2] for path, _ in after}:
        return Action.MOVED
    if {_keys(path) for path, _ in before} != {_keys(path) for path, _ in after}:
        return Action.REWRITTEN
    return Action.KEPT if _scalars(before) == _scalars(after) else Action.REWRITTEN


def _scalars(nodes: Sequence[tuple[Path, Node]]) -> list[Scalar]:
    """The values of those that are leaves: a container's is its children's business."""
    return [_scalar(node, None) for _, node in nodes]


def _keys(path: Path) -> tuple[Key, ...]:
    """A path without list positions: a list may grow before an element."""
    return tuple(key for key in path if isinstance(key, str))


def _scalar(node: Node, otherwise: Scalar) -> Scalar:
    """The value of a leaf; of a container, the value that became structure."""
    return otherwise if isinstance(node.value, (tuple, dict)) else node.value


def _result(value: Scalar, after: Sequence[tuple[Path, Node]]) -> Scalar:
    """The value now; of several places the one that still has the file's."""
    results = [_scalar(node, value) for _, node in after]
    return value if value in results else results[0]


def _is_same(value: Scalar, other: Scalar) -> bool:
    return type(value) is type(other) and value == other


def _by_origin(tree: Node) -> dict[Path, list[tuple[Path, Node]]]:
    found: dict[Path, list[tuple[Path, Node]]] = {}
    for path, node in walk(tree):
        for origin in node.origins:
            found.setdefault(origin, []).append((path, node))
    return found


def _by_prefix(notes: Mapping[Path, str]) -> dict[Path, str]:
    """For every path with a note at or below it, the first such note."""
    found: dict[Path, str] = {}
    for path, note in notes.items():
        for length in range(len(path), -1, -1):
            if path[:length] in found:
                break
            found[path[:length]] = note
    return found
