"""Files that an earlier boot made of a network config, where this one makes none of them.

cloud-init writes some of its files anew at every boot, and what hyperv-net has put there goes with
that.  The others it knows nothing of: an image that was captured with an aggregate would have its
bond and its members at each later first boot, on a machine that needs none or has other NICs.
"""

from __future__ import annotations

from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hyperv_net.renderers.target import Target


def left_behind(
    existing: Mapping[str, str], target: Target, made: Collection[str]
) -> tuple[str, ...]:
    """Their paths: wholly ours, below etc/, and none of those that are made now."""
    return tuple(
        path
        for path, text in sorted(existing.items())
        if path.startswith("etc/")
        and text.startswith(FROM_CONFIG)
        and path not in made
        and path not in target.cloud_init.writes
    )


def told(path: str) -> Finding:
    """That a first boot takes the file away."""
    return Finding(
        "left-behind",
        Severity.NOTE,
        "an earlier boot made it of another network config, and this one takes it away",
        Place(path),
    )
