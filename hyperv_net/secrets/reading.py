"""Whoever reads a text remembers it here, so that no view of it and no error can be forgotten."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets import known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def remember(text: str) -> None:
    """Have what is printed from now on looked through for the secrets in `text`."""
    known.keep(text, _hiding)


def _hiding(texts: Iterable[str]) -> Callable[[str], str]:
    # Where nothing is printed nothing is searched.
    from hyperv_net.secrets.masking import hiding

    return hiding(texts)
