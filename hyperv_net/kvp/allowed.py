"""Whether the settings let the host ask for addresses, and set them."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import KvpPolicy
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.cloud_config import find_settings

if TYPE_CHECKING:
    from hyperv_net.root.files import Root


def check_allowed(root: Root, *, sets: bool) -> None:
    """Raise HypervNetError where the host may not ask, or with `sets` may not set addresses.

    The settings below `root` are read each time, so that an edit is in force at once; where
    they cannot be read the host may nothing.
    """
    settings = find_settings(root)
    if not settings.enabled:
        what = "enabled: false"
    elif settings.kvp is KvpPolicy.OFF or (sets and settings.kvp is not KvpPolicy.INJECT):
        what = f"kvp: {settings.kvp.value}"
    else:
        return
    raise HypervNetError(
        "the host may not set addresses" if sets else "the host is told nothing",
        where=f"setting {what}",
    )
