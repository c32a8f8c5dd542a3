"""What the cloud-init that runs has to be able to do for networkd."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def check(renderer: Any) -> None:
    """Raise HypervNetError where cloud-init's renderer cannot make an aggregate.

    It has `render_bonds` (cloudinit/net/networkd.py) since 25.2.
    """
    if not hasattr(renderer, "render_bonds"):
        raise HypervNetError(
            "this cloud-init's renderer for networkd knows no bonds, as that of 25.2 does"
        )
