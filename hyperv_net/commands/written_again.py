"""What of a plan cloud-init would write once more, by itself."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.marks import MADE
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import load
from hyperv_net.root import files
from hyperv_net.root.cloud_config import writes_network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.plan.flow import Plan
    from hyperv_net.root.files import Root


def written_again(plan: Plan, root: Root | None) -> HypervNetError | None:
    """What is wrong where cloud-init would write a file of the plan again, and without us."""
    again = load(plan.target).cloud_init.writes
    mine = [one.file.path for one in plan.changes if one.differs and one.file.path in again]
    if root is None or not mine or not writes_network(root):
        return None
    return HypervNetError(
        "cloud-init writes it again at a next boot, and the members would have addresses",
        where=Place(mine[0]),
        hint="put hyperv-net into cloud-init with 'hyperv-net bake', or have cloud-init leave the"
        " network with 'network: {config: disabled}' in a file of /etc/cloud/cloud.cfg.d",
    )


#: How what cloud-init writes begins (NETWORK_FILE_HEADER of cloudinit/distros/debian.py).
_CLOUD_INITS = "# This file is generated from information provided by"


def edited_there(plan: Plan, root: Root | None) -> Iterator[Finding]:
    """A note for each file that cloud-init writes again and that no longer reads as if it had."""
    mine = [one for one in load(plan.target).cloud_init.writes if one in plan.stays]
    if root is None or not mine or not writes_network(root):
        return
    for path, text in files.read_matching(root, mine).items():
        if not text.startswith((_CLOUD_INITS, MADE)):
            yield Finding(
                "written-again",
                Severity.NOTE,
                "cloud-init writes it again for a new instance, on Azure at every boot, and what "
                "was changed by hand is lost",
                Place(path),
                "put it into a file of another name",
            )
