"""Whether the settings let the host ask for addresses, and set them."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import KvpPolicy
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.cloud_config import find_settings

if TYPE_CHECKING:
    from hyperv_net.root.files import Root


def why_untold(root: Root) -> str:
    """The setting by which the host is told nothing; empty where there is none.

    The settings below `root` are read each time, so that an edit is in force at once.  Raises
    HypervNetError where they cannot be read: then the host may nothing.
    """
    settings = find_settings(root)
    if not settings.enabled:
        return "enabled: false"
    return "kvp: off" if settings.kvp is KvpPolicy.OFF else ""


def check_injection(root: Root) -> None:
    """Raise HypervNetError where the host may not set addresses."""
    why = why_untold(root)
    policy = find_settings(root).kvp
    if why or policy is not KvpPolicy.INJECT:
        raise HypervNetError(
            "the host may not set addresses", where=f"setting {why or f'kvp: {policy.value}'}"
        )
