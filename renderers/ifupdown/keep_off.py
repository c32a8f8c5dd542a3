"""A script of ifupdown that keeps it off the VFs of any machine."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.marks import FOR_ANY
from hyperv_net.model import RenderedFile
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.ifupdown.paths import KEEP_OFF_FILE, PROGRAMS
from hyperv_net.root.turned_off import OFF

if TYPE_CHECKING:
    from collections.abc import Callable


def keep_off(
    asks_for_vf: Callable[[str], str], is_there: Callable[[str], bool]
) -> tuple[RenderedFile, ...]:
    """Where ifupdown is, a script that it runs before it configures a NIC.

    udev's marks say nothing to it: its own rule asks interfaces(5) alone (80-ifupdown.rules of
    Debian), and so do the helper of Debian's cloud images, waagent's `ifup` and a person's.  One
    that fails ends `ifup` before the NIC is touched (interfaces(5): scripts of if-pre-up.d are run
    with run-parts --exit-on-error).
    """
    if not any(map(is_there, PROGRAMS)):
        return ()
    text = f"""\
#!/bin/sh
{FOR_ANY}[ -e /{OFF[System.LINUX]} ] && exit 0
case "$IFACE" in */* | --all | "") exit 0 ;; esac
if ({asks_for_vf('"/sys/class/net/$IFACE"')}); then
	echo "$IFACE is the VF of a card whose settings its synthetic NIC has: left alone" >&2
	exit 1
fi
exit 0
"""
    return (RenderedFile(KEEP_OFF_FILE, text, 0o755),)
