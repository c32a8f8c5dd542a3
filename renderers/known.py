"""Systems that are known and not written: by what they are recognised, and what works there.

None of them is a target: no plan makes their files, and none of their files is edited, since a
file that is half understood would be half written.  They are refused by their names, with the
way on, where a pair needs an aggregate; and a plan that makes none says which one it met.

The facts are those of the programs themselves: network-functions of Fedora's initscripts and
network-scripts, ifcfg-bonding(5) of openSUSE/wicked, interfaces(5) and the executors of
ifupdown-ng/ifupdown-ng, libexec/nuageinit of freebsd/freebsd-src, which writes `network` and
`routing` below /etc/rc.conf.d, and src/etc/inc/interfaces.inc of opnsense/core (installed below
/usr/local/etc) and of pfsense/pfsense (below /etc), which make all interfaces of config.xml.
"""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Finding, Severity, System
from hyperv_net.lint.tools import MDEV, UDEV
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.sysconfig.paths import OF_NICS, OF_NICS_ON_SUSE, WICKED
from hyperv_net.root import files
from hyperv_net.root.cloud_init import NUAGEINIT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.root.files import Root


class Known(NamedTuple):
    """A way to configure a network that hyperv-net does not write.

    One of the patterns `evidence` shows that it is there, unless one of `unless` fits; of
    `and_of`, where there are any, one has to fit as well.  `files` is what people call its files,
    `configured_in` where they begin.  `why` says in a clause why none are made, and `way_on`
    what to do where a pair needs an aggregate.  `by_cloud_init` where cloud-init's own renderer
    writes them, from the config that it is given; `is_beside` where a target of ours configures
    the machine, and this one only changes it at a first boot.
    """

    name: str
    system: System
    files: str
    configured_in: str
    evidence: tuple[str, ...]
    and_of: tuple[str, ...]
    unless: tuple[str, ...]
    why: str
    way_on: str
    by_cloud_init: bool = False
    is_beside: bool = False


#: What needs no configuration of the system, and so works on each of these.
WORKS = {
    System.LINUX: "a transparent pair needs none, and inventory, guard, status and drain work here",
    # Its hn(4) switches by itself in transparent mode, and there is nothing to drain.
    System.FREEBSD: "a transparent pair needs none, and inventory and status work here",
}

_FIREWALLS = (
    "it makes the network from /conf/config.xml at each boot, whatever rc.conf says, and a "
    "member of its lagg that is away at boot is never joined later"
)
_FIREWALLS_WAY = (
    "leave hn(4) in transparent mode, as it is by default, and put hn itself on wan or lan, "
    "never the VF"
)

KNOWN = (
    Known(
        name="OPNsense",
        system=System.FREEBSD,
        files="config.xml of OPNsense",
        configured_in="conf/config.xml",
        evidence=("usr/local/opnsense",),
        and_of=(),
        unless=(),
        why=_FIREWALLS,
        way_on=_FIREWALLS_WAY,
    ),
    Known(
        name="pfSense",
        system=System.FREEBSD,
        files="config.xml of pfSense",
        configured_in="conf/config.xml",
        evidence=("etc/inc/pfsense-utils.inc", "etc/inc/interfaces.inc"),
        and_of=(),
        unless=(),
        why=_FIREWALLS,
        way_on=_FIREWALLS_WAY,
    ),
    Known(
        name="nuageinit",
        system=System.FREEBSD,
        files="rc.conf.d of nuageinit",
        configured_in="etc/rc.conf.d/network",
        evidence=(NUAGEINIT,),
        # rc(8) runs what has the keyword firstboot where this is.
        and_of=("firstboot",),
        unless=(),
        why="a first boot with a config drive or seed that has a network config writes it into "
        "/etc/rc.conf.d, which outranks rc.conf",
        way_on="give the machine none, or apply after its first boot",
        is_beside=True,
    ),
    Known(
        name="ifupdown-ng and mdev (Alpine)",
        system=System.LINUX,
        files="interfaces of ifupdown-ng, beside mdev,",
        configured_in="etc/network/interfaces",
        evidence=MDEV,
        and_of=("etc/network/interfaces",),
        unless=UDEV,
        why="mdev reads none of the rules that join a VF when it comes back, and stanzas of "
        "ifupdown-ng are other ones than ifupdown's",
        way_on="install eudev (setup-devd udev) and plan again, or name a target with --target",
    ),
    Known(
        name="wicked and sysconfig (SUSE)",
        system=System.LINUX,
        files="ifcfg files of SUSE",
        configured_in="etc/sysconfig/network/",
        evidence=(WICKED, *OF_NICS_ON_SUSE),
        and_of=(),
        unless=(),
        why="they name a bond's ports, so that a VF that comes back under another name stays out",
        way_on="have another program configure the NIC, and name it with --target, or give the "
        "config of a first boot with --network-config FILE",
        by_cloud_init=True,
    ),
    Known(
        name="ifcfg (RHEL 7 and 8)",
        system=System.LINUX,
        files="ifcfg files of RHEL",
        configured_in="etc/sysconfig/network-scripts/",
        evidence=OF_NICS,
        and_of=(),
        unless=(),
        why="they tell NICs apart by their address, which both of a card have, or by name, under "
        "which a VF need not come back",
        way_on="make keyfiles of them with 'nmcli connection migrate' and name another target with "
        "--target, or give the config of a first boot with --network-config FILE",
        by_cloud_init=True,
    ),
)


def known(root: Root, system: System) -> Known | None:
    """The first of KNOWN that the root is of; None where it is of none."""
    for one in KNOWN:
        groups = filter(None, (one.evidence, one.and_of))
        is_there = one.system is system and all(_is_there(root, group) for group in groups)
        if is_there and not _is_there(root, one.unless):
            return one
    return None


def _is_there(root: Root, patterns: tuple[str, ...]) -> bool:
    return any(files.find_below(root, pattern) for pattern in patterns)


def refused(one: Known, root: Root, names: Iterable[str]) -> HypervNetError:
    """Why nothing is made for the NICs `names`, whose pairs need an aggregate."""
    return HypervNetError(
        f"{', '.join(names)} needs an aggregate, and {one.files} are neither adopted nor written: "
        f"{one.why}",
        where=Place(f"{root}/{one.configured_in}"),
        hint=f"{one.way_on}; {WORKS[one.system]}",
    )


def met(one: Known) -> Finding:
    """What a plan says of such a system where it goes on all the same."""
    if one.is_beside:
        what = f"{one.name} is here: {one.why}"
        return Finding("known-system", Severity.WARNING, what, Place(one.configured_in), one.way_on)
    return Finding(
        "known-system",
        Severity.NOTE,
        f"{one.files} configure this machine: hyperv-net knows them, and does not write them",
        Place(one.configured_in),
        WORKS[one.system],
    )
