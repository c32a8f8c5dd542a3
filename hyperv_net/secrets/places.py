"""A place of a secret in a text."""

from __future__ import annotations

from hyperv_net.records import NamedTuple


class Place(NamedTuple):
    """From `start` to `end` in the text, without quotes; `value` is what stands there for."""

    start: int
    end: int
    value: str
