"""A class of our own for every class of a stock datasource module.

The classes add nothing.  They exist because cloud-init pickles its datasource
object under the name of the object's module: whenever that object comes back,
in a later stage or at the next boot, this package is imported with it and has
its patches in place before the network is looked at.
"""

from __future__ import annotations

import importlib
import sys

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.sources.failsafe import attempt

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

STOCK = "cloudinit.sources"


def extend_module(name: str) -> Callable[[Any], list[Any]]:
    """Put a class into the module `name` for each of the stock module's, and patch cloud-init.

    Returns the module's get_datasource_list.  Raises whatever goes wrong.
    """
    from hyperv_net.sources.patches import apply_patches

    stock = importlib.import_module(f"{STOCK}.{name.rpartition('.')[2]}")
    classes = {
        base.__name__: _extended(base, name)
        for base in vars(stock).values()
        if _is_datasource(base) and base.__module__ == stock.__name__
    }
    apply_patches()
    vars(sys.modules[name]).update(classes)

    def get_datasource_list(depends: Any) -> list[Any]:
        return attempt(
            lambda: [classes[base.__name__] for base in stock.get_datasource_list(depends)],
            otherwise=lambda: [],
        )

    return get_datasource_list


def _is_datasource(value: Any) -> bool:
    from cloudinit.sources import DataSource

    return isinstance(value, type) and issubclass(value, DataSource)


def _extended(base: type, module: str) -> type:
    """A subclass that differs from `base` in the module it is pickled under, and in no more."""
    return type(base)(base.__name__, (base,), {"__module__": module, "__doc__": base.__doc__})
