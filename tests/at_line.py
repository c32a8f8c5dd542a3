"""Where a finding is, as far as the line, for tests that do not care about columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.places import Where


def at_line(where: Where) -> str:
    """`file:line`; the whole place where it has no line."""
    return str(where) if isinstance(where, str) or not where.line else f"{where.file}:{where.line}"
