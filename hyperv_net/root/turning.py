"""Whether hyperv-net is to be turned off, as its settings say, and was (applying/turning.py).

The guard does it at each boot before cloud-init, `apply` at once, and a first boot where there
is no guard.  Until one of them has, an edited setting is not in force for events.
"""

from __future__ import annotations

import os

from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files
from hyperv_net.root.cloud_config import CLOUD_CFG, KERNEL_COMMAND_LINE, find_settings
from hyperv_net.root.system import system_of
from hyperv_net.root.turned_off import OFF, why_turned_off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.model import Settings
    from hyperv_net.root.files import Root

#: What is kept, and shown by `status`.
_WHY = "enabled: false among cloud-init's settings"


def why_to_turn_off(root: Root = "/") -> str:
    """Why it is to be turned off, in one line, by the settings below `root`; empty where it is not.

    Raises HypervNetError where they cannot be read.
    """
    return why_of(find_settings(root))


def why_of(settings: Settings) -> str:
    """Why these turn it off, in one line; empty where they do not."""
    return "" if settings.enabled else _WHY


def settings_files(root: Root = "/") -> list[str]:
    """The files below `root` that settings may stand in, of those that outlive a boot."""
    kept = [pattern for pattern in CLOUD_CFG if not pattern.startswith("run/")]
    found = [path for pattern in kept for path in files.find_below(root, pattern)]
    # The link by which cloud-init learns of hyperv-net leads nowhere as yet.
    return [*(path for path in found if files.exists_below(root, path)), KERNEL_COMMAND_LINE]


def turning_findings(root: Root) -> Iterator[Finding]:
    """That it is turned off, and where its settings and what was kept of them differ."""
    kept, wanted = why_turned_off(os.fspath(root)), why_to_turn_off(root)
    where = Place(OFF[system_of(root)])
    if kept and wanted:
        yield Finding("turned-off", Severity.NOTE, f"hyperv-net is turned off: {wanted}", where)
    elif kept or wanted:
        is_off, becomes = ("off", "on") if kept else ("on", "off")
        yield Finding(
            "switch-pending",
            Severity.WARNING,
            f"hyperv-net is turned {is_off} for events, and its settings turn it {becomes}",
            where,
            "it takes effect at the next boot, or at once with 'hyperv-net apply'",
        )
