"""A bond that was deleted, made again: NetworkManager does all of it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.wanted import WantedPair


def rebuild(pair: WantedPair, means: Means) -> None:
    """Bring up the profile that makes the bond; one of somebody's own may be called anything.

    Its ports come up with it (connection.autoconnect-slaves).  Raises HypervNetError where that
    fails.
    """
    means.run_long(("nmcli", "connection", "up", *_profile(pair.aggregate, means)))


def _profile(aggregate: str, means: Means) -> tuple[str, str]:
    """What nmcli(1) is told of the bond's profile: its UUID, or cloud-init's name for it."""
    shown = means.run(("nmcli", "-g", "UUID,TYPE", "connection", "show"))
    for line in shown.splitlines():
        uuid, _, kind = line.partition(":")
        if kind == "bond":
            asked = ("nmcli", "-g", "connection.interface-name", "connection", "show", "uuid", uuid)
            if means.run(asked).strip() == aggregate:
                return "uuid", uuid
    return "id", f"cloud-init {aggregate}"
