"""How far a long change is, for whoever is looking on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from hyperv_net.applying.decision import Operation

#: Goes through operations and shows how far it is; the text says what is being done.
Track = Callable[[str, Sequence[Operation]], Iterable[Operation]]


def untracked(what: str, operations: Sequence[Operation]) -> Iterable[Operation]:
    """Show nothing."""
    return operations
