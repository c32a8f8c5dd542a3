"""A file for systemd-networkd that keeps it off the VFs of any machine."""

from __future__ import annotations

from hyperv_net.companions.udev_rules import KEPT_OFF
from hyperv_net.marks import FOR_ANY
from hyperv_net.model import RenderedFile
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.paths import KEEP_OFF_FILE

if TYPE_CHECKING:
    from collections.abc import Callable


def keep_off(
    asks_for_vf: Callable[[str], str], is_there: Callable[[str], bool]
) -> tuple[RenderedFile, ...]:
    """For what udev's rule has marked.

    networkd goes by ID_NET_MANAGED_BY since 255, and by such a property since 243 (NEWS of
    systemd), and waits for udev's word on a device in any version.
    """
    lines = ["[Match]", f"Property={KEPT_OFF}=1", "", "[Link]", "Unmanaged=yes", ""]
    return (RenderedFile(KEEP_OFF_FILE, FOR_ANY + "\n".join(lines)),)
