"""The values that flow from the facts to the text.

Every type here is frozen: a stage of the flow receives some of them and
returns others, and nothing is changed on the way.
"""

from __future__ import annotations

from enum import Enum

from hyperv_net.drivers import LINUX_SYNTHETIC_DRIVER
from hyperv_net.facts import Finding, Inventory, Kind, Mode, Nic, Severity, System
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.inventory.told import ToldPair
    from hyperv_net.places import Place
    from hyperv_net.tree import Node, Path, Scalar
    from hyperv_net.tuning import TuningRule

__all__ = [
    "Action",
    "Aggregate",
    "AggregatePolicy",
    "Announcer",
    "Change",
    "Decision",
    "Entry",
    "Finding",
    "Inventory",
    "Kind",
    "Mode",
    "NetworkConfig",
    "Nic",
    "Pair",
    "Rendered",
    "RenderedFile",
    "Rewritten",
    "Settings",
    "Severity",
    "System",
]


class Pair(NamedTuple):
    """Two NICs that are one card, or one of them while the other is away.

    `mac` is the synthetic NIC's address, or that of a VF alone.  `is_told` where a person has
    said that they are one card; `vf_told` is how the VF was told (`told`), where it has
    another address than the synthetic NIC.
    """

    mac: str
    synthetic: Nic | None
    vf: Nic | None
    is_told: bool = False
    vf_told: str = ""


class Decision(NamedTuple):
    """A pair's mode, the reason in one sentence, and the evidence it rests on.

    `aggregate` is the name of an aggregate that exists over the synthetic NIC.
    """

    pair: Pair
    mode: Mode
    reason: str
    evidence: tuple[str, ...] = ()
    aggregate: str | None = None


class AggregatePolicy(str, Enum):
    """The setting `aggregate`: where an aggregate is wanted."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class KvpPolicy(str, Enum):
    """The setting `kvp`: what the host may do by way of hv_kvp_daemon.

    ANSWER tells it of addresses and takes none, INJECT does both, OFF neither.
    """

    ANSWER = "answer"
    INJECT = "inject"
    OFF = "off"


class Announcer(str, Enum):
    """An element of the setting `announcements`: who tells of what will take the VFs away.

    AZURE's Scheduled Events, files that a script leaves in a DIRECTORY, the HOST_POOL of
    Hyper-V's key-value pairs, and GOOGLE's maintenance events.
    """

    AZURE = "azure"
    DIRECTORY = "directory"
    HOST_POOL = "host-pool"
    GOOGLE = "google"


class Settings(NamedTuple):
    """hyperv-net's own settings (`hyperv_net:` in cloud.cfg.d, or options).

    Without `announcements` nothing watches.  `drain_ahead` is how many seconds before an
    announced migration the traffic is moved, `acknowledge` whether its announcer is told then
    to go ahead, and `metrics` the folder of a textfile for node_exporter ('' for none).
    """

    enabled: bool = True
    aggregate: AggregatePolicy = AggregatePolicy.AUTO
    synthetic_drivers: tuple[str, ...] = (LINUX_SYNTHETIC_DRIVER,)
    mii_monitor_interval: int = 100
    kvp: KvpPolicy = KvpPolicy.INJECT
    pairs: tuple[ToldPair, ...] = ()
    tuning: tuple[TuningRule, ...] = ()
    announcements: tuple[Announcer, ...] = ()
    drain_ahead: int = 120
    acknowledge: bool = False
    metrics: str = ""


class NetworkConfig(NamedTuple):
    """A network config, read and checked, in version 2's shape.

    `tree` is a mapping with `version`, perhaps `renderer`, and one mapping a
    device type (`ethernets`, `bonds`, …).  What version 1 can say and version
    2 cannot stands under keys of its own: top level `nameservers` and
    `routes` (no device), and in a device `control` (auto, manual, hotplug,
    off) and `dhcp6-stateless`.  Each node knows the places in the file it came from;
    `leaves` are all leaves of the file, and `dropped` those that could not
    be brought into this shape, with the reason.  Of a config that was adopted from files of
    another format `stands` tells where in them each origin of its tree is.  `is_nameless` says
    that NICs are in it which only their MAC addresses tell, and whose ids are made up.
    """

    source: str
    tree: Node
    leaves: tuple[tuple[Path, Scalar], ...]
    dropped: tuple[tuple[Path, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    stands: Mapping[Path, Place] = {}
    is_nameless: bool = False


class Aggregate(NamedTuple):
    """One failover aggregate in a rewritten configuration.

    `name` is both its id in the tree (below `bonds`) and its interface name.
    `synthetic_id` and `vf_id` are the members' ids below `ethernets`.
    `administrators` is true where the configuration already had it.
    """

    name: str
    pair: Pair
    synthetic_id: str
    vf_id: str
    administrators: bool = False


class Rewritten(NamedTuple):
    """A configuration after the rewrite, and all a renderer needs besides.

    `interfaces` gives for each id below `ethernets` the name the interface
    bears once configured (after set-name); `kernel_names` the name it has
    before that.  An id that no NIC of the inventory answers to is in neither,
    and a renderer takes the id (or set-name) itself; a VF that is away has no
    name at all.  `inventory` is the machine's.  `refused` are leaves of the
    file (by origin) that found no place, with the reason.  `catch_alls` are entries for
    NICs yet unseen, as they were, that became those of pairs: a target that can say such
    a thing says it again for NICs that are attached later.
    """

    tree: Node
    aggregates: tuple[Aggregate, ...]
    interfaces: Mapping[str, str]
    kernel_names: Mapping[str, str]
    inventory: Inventory
    settings: Settings = Settings()
    findings: tuple[Finding, ...] = ()
    refused: tuple[tuple[Path, str], ...] = ()
    catch_alls: tuple[tuple[str, Node], ...] = ()

    @property
    def member_ids(self) -> frozenset[str]:
        """The ids of all members of aggregates."""
        return frozenset(one for each in self.aggregates for one in (each.synthetic_id, each.vf_id))


class RenderedFile(NamedTuple):
    """One file of the result: path below the root without a leading slash, text, mode.

    `in_place` is true where the text is that of the file that is there with
    some lines changed, so that nothing of somebody else's is lost with it.
    `is_link` is true for a symbolic link, whose target `text` is, and `is_own` for a file of
    this program itself, which has nothing of a machine's settings.
    """

    path: str
    text: str
    mode: int = 0o644
    in_place: bool = False
    is_link: bool = False
    is_own: bool = False


class Rendered(NamedTuple):
    """What a renderer returns.

    `places` tells for every leaf of the rewritten tree that is in the text
    where it is (`etc/rc.conf: ifconfig_lagg0`); `dropped` those the target
    cannot express, with the reason.  `ledger` is the account of a text that was
    adopted, of which the network config says nothing.  `needs` are the packages
    without which its devices are not made.  `superseded` are files of ours that an
    adopted config was read from too, and whose contents are in `files` now.
    """

    files: tuple[RenderedFile, ...]
    places: Mapping[Path, str]
    dropped: Mapping[Path, str]
    findings: tuple[Finding, ...] = ()
    ledger: tuple[Entry, ...] | None = None
    needs: tuple[str, ...] = ()
    superseded: tuple[str, ...] = ()


class Action(str, Enum):
    """What became of a leaf of the file."""

    KEPT = "kept"
    MOVED = "moved"
    REWRITTEN = "rewritten"
    DROPPED = "dropped"


class Entry(NamedTuple):
    """One leaf of the network config, and where it is now.

    `source` is its path in the file, `to` its paths in the rewritten
    configuration, `places` where the text has it.  `result` is its value
    there, which differs from `value` where a reference was rewritten; `results` are its values at
    each of `to`, and `placed` those at each of `places`, where one leaf became several.
    `reason` says why a leaf was dropped, or some of what became of it.  The
    values of secrets are hidden.  `where` is where the value of an adopted text stands.
    """

    source: Path
    value: Scalar
    action: Action
    to: tuple[Path, ...] = ()
    result: Scalar = None
    places: tuple[str, ...] = ()
    reason: str = ""
    where: Place | None = None
    results: tuple[Scalar, ...] = ()
    placed: tuple[Scalar, ...] = ()


class Change(NamedTuple):
    """A rendered file beside what stands in its place now (None: no such file).

    A companion holds no settings: it is for the running machine.
    """

    file: RenderedFile
    before: str | None
    is_companion: bool = False

    @property
    def differs(self) -> bool:
        """Whether writing the file would change anything."""
        return self.before != self.file.text
