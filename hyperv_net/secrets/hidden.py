"""A value that hides itself: whoever prints it, in whatever form, prints that it is hidden."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.tree import Scalar

#: What stands where a secret would be.
HIDDEN = "(hidden)"


class Hidden(str):
    """A text in which what is secret is hidden; `revealed` is the value itself."""

    __slots__ = ("revealed",)

    revealed: Scalar

    def __new__(cls, revealed: Scalar, shown: str = HIDDEN) -> Hidden:
        """`shown` is what everybody gets to see."""
        hidden = super().__new__(cls, shown)
        hidden.revealed = revealed
        return hidden
