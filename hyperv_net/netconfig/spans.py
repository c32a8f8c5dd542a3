"""Where each key of a YAML or JSON text stands in it, for whoever tells a person about one.

Values know by which keys they are reached (`tree`), and not at which line: that is looked up
here, from the text, once there is something to tell.  Nothing of this runs at a boot without
an error.
"""

from __future__ import annotations

from contextlib import contextmanager

import yaml

from hyperv_net.errors import HypervNetError, joined
from hyperv_net.netconfig.checks import UNKNOWN_KEY
from hyperv_net.netconfig.checks import place as place_of
from hyperv_net.netconfig.yaml_text import LOADER, at, read_yaml
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.tree import at as at_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, Protocol

    from hyperv_net.facts import Finding
    from hyperv_net.model import NetworkConfig
    from hyperv_net.places import Where
    from hyperv_net.tree import Key, Path

    _Stand = Callable[[Path], tuple[Path, list[tuple[Any, Any]]]]
    _Known = dict[str, _Stand]

if TYPE_CHECKING:

    class Spans(Protocol):
        """What tells where a key path stands: with its value, or the part of it that is named."""

        def __call__(self, path: Path, part: str = "") -> Span | None:
            """Its span; None where there is nothing."""


_MERGE = "tag:yaml.org,2002:merge"
#: The key below which a file may have its network config, and paths of it may begin.
_WRAPPER = "network"


class Span(NamedTuple):
    """A range of a text, in lines and characters from 1; the end is the first character behind."""

    line: int
    column: int
    end_line: int
    end_column: int


def composed(text: str, source: str) -> Any:
    """PyYAML's nodes of a text that `read_yaml` has read, for where each stands in it.

    Raises HypervNetError.
    """
    try:
        return yaml.compose(text, LOADER)
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        where = Place(source) if mark is None else at(source, mark)
        problem = getattr(error, "problem", None) or str(error)
        raise HypervNetError(f"not YAML: {problem}", where=where) from None


def spans(text: str) -> Spans:
    """What tells of a key path where it stands in `text`.

    The span is that of the key and its value, or of the key alone where the value is a mapping or
    a list, or stands elsewhere: what is below an alias or a merge key is at the anchor.  Of an
    element of a list it is the first line.  A key that is not there is told by the nearest
    mapping or list that should have it.  A path may leave out the `network:` at the top.
    Behind the path there may be `key` or `value`, where no more is meant (`part_of_error`).
    None for the text as a whole, and for one that is not YAML or not within the limits.
    """
    stand = _standing(text)

    def span(path: Path, part: str = "") -> Span | None:
        return _span_of(*stand(path), part)

    return span


def _standing(text: str) -> _Stand:
    """What gives of a path the one that the text has, and the nodes on the way, as far as it goes.

    Who speaks of a key of a network config may leave out the `network:` above all of them.
    """
    try:
        # libyaml builds nodes by recursion in C, which a text nested deeply enough would crash.
        read_yaml(text, "", [])
        root = composed(text.removeprefix("\ufeff"), "")
    except (HypervNetError, ValueError, OverflowError, RecursionError):
        return lambda path: (path, [])

    def stand(path: Path) -> tuple[Path, list[tuple[Any, Any]]]:
        found = _reached(root, path)
        if len(found) < len(path) and path[:1] != (_WRAPPER,):
            below = _reached(root, (_WRAPPER, *path))
            if len(below) > max(1, len(found)):
                return (_WRAPPER, *path), below
        return path, found

    return stand


def stands_at(file: str, text: str, *path: Key) -> Place:
    """Where a key of a YAML text stands, or what should have it; the file where nothing does."""
    return Place(file, (), *(spans(text)(path) or ()))


def _in_texts(where: Where, texts: Mapping[str, str], known: _Known, part: str = "") -> Where:
    """The place with its line, where its key stands in one of the texts; `known` is remembered.

    Its key is as that text has it.  `part` is `key` or `value` where no more is meant.
    """
    if isinstance(where, str) or where.line or not where.key or where.file not in texts:
        return where
    if where.file not in known:
        known[where.file] = _standing(texts[where.file])
    key, found = known[where.file](where.key)
    span = _span_of(key, found, part)
    return where if span is None else Place(where.file, key, *span)


def _span_of(path: Path, found: list[tuple[Any, Any]], part: str) -> Span | None:
    """The span of the last of the nodes on the way; of what is not there its nearest key's."""
    if not found:
        return None
    return _span(*found[-1], part if len(found) == len(path) else "")


def part_of_error(error: HypervNetError) -> str:
    """What an error marks of a key and its value."""
    return "key" if error.is_of_key else "value"


def part_of_finding(finding: Finding) -> str:
    """What a finding marks of a key and its value: both, but for a key that is none."""
    return "key" if finding.rule == UNKNOWN_KEY else ""


def all_located(
    findings: Iterable[Finding], texts: Mapping[str, str], config: NetworkConfig | None = None
) -> tuple[Finding, ...]:
    """The findings with lines where only the key was known, by the texts of files by name.

    Of a `config` that is none of these texts the keys are those of its tree, each with the place
    of what it was made of: version 1 has other keys, and what was adopted is of other formats.
    """
    known: _Known = {}
    found = []
    for one in findings:
        where = _in_texts(one.where, texts, known, part_of_finding(one))
        if config is not None and not isinstance(where, str) and where.file == config.source:
            where = _by_origin(where, config, known.get(where.file))
        found.append(one._replace(where=where))
    return tuple(found)


def _by_origin(where: Place, config: NetworkConfig, stand: _Stand | None) -> Place:
    for length in range(len(where.key), 0, -1) if not where.line else ():
        key = where.key[:length]
        node = at_path(config.tree, key)
        made_of = (*node.origins, place_of(node)) if node is not None else ()
        for origin in (*made_of, key):
            stood = config.stands.get(origin)
            if stood is not None:
                return stood._replace(key=where.key)
            found = stand(origin)[1] if stand is not None else None
            if found:
                return Place(where.file, where.key, *_span(*found[-1]))
    return where


def with_lines(error: HypervNetError, texts: Mapping[str, str]) -> HypervNetError:
    """The error that is to be raised, with all lines in the `texts` of files by name.

    The first of a file comes first, and the files as they are given.
    """
    known: _Known = {}
    errors, error.others = [error, *error.others], ()
    for one in errors:
        one.where = _in_texts(one.where, texts, known, part_of_error(one))
    error.findings = tuple(
        one._replace(where=_in_texts(one.where, texts, known, part_of_finding(one)))
        for one in error.findings
    )
    places = [*(one.where for one in errors), *(one.where for one in error.findings)]
    named = {place.file for place in places if not isinstance(place, str)}
    error.texts = {
        **{name: text for name, text in texts.items() if name in named},
        **error.texts,
    }
    order = {name: at for at, name in enumerate(texts)}

    def place(one: HypervNetError) -> tuple[int, int, int]:
        where = one.where
        if isinstance(where, str) or where.file not in order:
            return (-1, 0, 0)
        return (order[where.file], where.line, where.column)

    return joined(sorted(errors, key=place), error.findings)


@contextmanager
def telling_lines(texts: Mapping[str, str]) -> Iterator[None]:
    """Have errors that are raised inside know the texts of the files, and their lines in them."""
    try:
        yield
    except HypervNetError as error:
        raise with_lines(error, texts) from None


def _reached(root: Any, path: Path) -> list[tuple[Any, Any]]:
    """The key node (None in a list) and the node of each step of the way, as far as it goes."""
    steps: list[tuple[Any, Any]] = []
    node = root
    for key in path:
        step = next(_children(node, key), None)
        if step is None:
            break
        steps.append(step)
        node = step[1]
    return steps


def _children(node: Any, key: Key) -> Iterator[tuple[Any, Any]]:
    """What stands under `key`: in a mapping itself before what it merges, the strongest first."""
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        yield None, node.value[key]
    elif isinstance(node, yaml.MappingNode):
        yield from ((name, child) for name, child in node.value if name.value == key)
        for name, merged in node.value:
            if name.tag == _MERGE:
                bases = merged.value if isinstance(merged, yaml.SequenceNode) else [merged]
                for base in bases:
                    yield from _children(base, key)


def _span(key: Any, value: Any, part: str = "") -> Span:
    start, end = (key or value).start_mark, value.end_mark
    if key is not None and (
        part == "key"
        or not isinstance(value, yaml.ScalarNode)
        or value.start_mark.index < key.end_mark.index
    ):
        end = key.end_mark
    elif part == "value" and end.index > value.start_mark.index:
        start = value.start_mark
    elif isinstance(value, yaml.CollectionNode) and end.line > start.line:
        first = next(_scalars(value), value)
        end = first.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _scalars(node: Any) -> Iterator[Any]:
    """The first scalar of a collection: its first key, or its first element."""
    while isinstance(node, yaml.CollectionNode) and node.value:
        first = node.value[0]
        node = first[0] if isinstance(first, tuple) else first
    if isinstance(node, yaml.ScalarNode):
        yield node
