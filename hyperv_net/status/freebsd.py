"""What can be seen of a running FreeBSD machine."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.kept import last
from hyperv_net.hotplug.kept.drains import read_drains
from hyperv_net.hotplug.kept.worker import seen_aggregates
from hyperv_net.hotplug.look.counters import NETSTAT, netstat_counters
from hyperv_net.hotplug.look.freebsd import dhcp_client_of, read_freebsd_state
from hyperv_net.hotplug.look.managers import Manager
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.inventory import rooted
from hyperv_net.kvp.scripts import DAEMONS_FOLDER, SCRIPTS, is_ours
from hyperv_net.model import System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.status.linux import Seen
from hyperv_net.status.routes import FREEBSD, families

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hyperv_net.hotplug.look.counters import Counters
    from hyperv_net.model import Inventory


def see_freebsd(
    inventory: Inventory,
    run: Callable[[Sequence[str]], str],
    directory: str = RUN_DIRECTORY[System.FREEBSD],
    root: str = "/",
) -> Seen:
    """The facts of the machine that this runs on.  Raises what `run` raises for ifconfig.

    `root` is where its files are, and `directory` what hyperv-net keeps of this boot.
    """
    actual = read_freebsd_state(run, lambda name: dhcp_client_of(name, run))
    not_seen = []
    counters: Mapping[str, Counters] = {}
    try:
        counters = netstat_counters(run(NETSTAT))
    except HypervNetError as error:
        not_seen.append(f"packets: {error}")
    routes = None
    try:
        routes = families(FREEBSD, run)
    except HypervNetError as error:
        not_seen.append(f"default routes: {error}")
    return Seen(
        inventory=inventory,
        actual=actual._replace(seen=seen_aggregates(directory), drains=read_drains(directory)),
        managers={
            link.nic.name: (Manager("dhclient", f"process {link.dhcp_client}"),)
            for link in actual.links
            if link.dhcp_client is not None
        },
        counters=counters,
        last=last.read(directory),
        addresses_are_known=True,
        default_routes=routes,
        stock_scripts=tuple(_stock_scripts(root)),
        not_seen=tuple(not_seen),
    )


def _stock_scripts(root: str) -> Iterator[str]:
    """The daemon's scripts that an upgrade has put back, or that never were ours."""
    for name in SCRIPTS:
        path = f"{DAEMONS_FOLDER[System.FREEBSD]}/{name}"
        script = rooted.regular_text(f"{root}/{path}")
        if script is not None and not is_ours(script):
            yield path
