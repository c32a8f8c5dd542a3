"""From a rewritten configuration to files: one module a target, loaded when it is asked for.

To add a target: write a module with the two names of `Renderer`, and a line in RENDERERS.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from hyperv_net.model import Rendered, Rewritten

RENDERERS: dict[str, str] = {
    "freebsd": "rc_conf",
    "netplan": "netplan",
    "ifupdown": "ifupdown",
    "networkd": "networkd",
    "network-manager": "passed_on",
    "sysconfig": "passed_on",
}
"""Target → module of this package."""


class Renderer(Protocol):
    """What a renderer's module offers.

    READS are glob patterns, below the root, of the files it wants to see.
    """

    READS: tuple[str, ...]

    def render(self, rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
        """The files of this target; `existing` maps path below the root to text.

        Pure and deterministic; with its own output among `existing` the
        result is the same.
        """
        ...  # pragma: no cover


def load(target: str) -> Renderer:
    """The renderer of a target; KeyError where there is no such target."""
    return cast(Renderer, import_module(f"hyperv_net.renderers.{RENDERERS[target]}"))
