"""A plan as people and programs read it.

Programs in Python review with `review`, `compare` and `draw` (docs/python.md), which are
imported when they are asked for.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.review.in_process import compare, draw, review
    from hyperv_net.review.model import Review

__all__ = ["Review", "compare", "draw", "review"]

_HOMES = {
    "Review": "model",
    **dict.fromkeys(("compare", "draw", "review"), "in_process"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = __import__(f"{__name__}.{_HOMES[name]}", fromlist=(name,))
    return getattr(home, name)


def __dir__() -> list[str]:
    return [*__all__]
