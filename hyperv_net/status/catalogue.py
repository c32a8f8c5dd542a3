"""All metrics there are; docs/monitoring.md lists the same.

Names are as prometheus.io has them in "Metric and label naming": base units at the end, `_total`
for what only grows, and no label that grows without bound, such as an event's id.
"""

from __future__ import annotations

from hyperv_net.status.exposition import Kind, Metric

_PAIR = ("mac", "device")
_MEMBER = (*_PAIR, "nic", "role")


def _gauge(name: str, told: str, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(f"hyperv_net_{name}", Kind.GAUGE, told, labels, _unit(name))


def _counter(name: str, told: str, labels: tuple[str, ...]) -> Metric:
    return Metric(f"hyperv_net_{name}", Kind.COUNTER, told, labels, _unit(name))


def _unit(name: str) -> str:
    """A base unit at the end of a name; OpenMetrics has it before the suffix of a counter."""
    return next((one for one in ("seconds", "bytes") if name.endswith(f"_{one}")), "")


def _info(name: str, told: str, labels: tuple[str, ...]) -> Metric:
    return Metric(f"hyperv_net_{name}", Kind.INFO, told, labels)


BUILD = _info("build", "Which version wrote this.", ("version",))
MACHINE = _info(
    "machine",
    "The system, its kernel, and what hyperv-net configured the network for.",
    ("system", "kernel", "target"),
)
HEALTHY = _gauge("healthy", "Whether no finding of status is an error.")
FINDINGS = _gauge("findings", "What status finds of the machine, by rule.", ("rule", "severity"))
DUPLICATES = _gauge("duplicate_addresses", "Addresses that are on more than one device.")
ROUTE = _gauge("default_route", "Whether there is a default route.", ("family",))
ROUTE_WANTED = _gauge(
    "default_route_wanted", "Whether the configuration asks for one.", ("family",)
)

PAIR = _info(
    "pair",
    "A pair, the mode it needs, and whether hyperv-net configured it.",
    (*_PAIR, "mode", "configured", "synthetic", "aggregate"),
)
PAIR_FINDINGS = _gauge("pair_findings", "What status finds of the pair.", (*_PAIR, "severity"))
PATH = _gauge("pair_path", "Whether the traffic takes this path.", (*_PAIR, "path"))
VFS = _gauge("pair_vfs", "VFs that are there.", _PAIR)
MEMBERS = _gauge("pair_members", "NICs that are joined.", _PAIR)
DRAINED = _gauge("pair_drained", "Whether the traffic is kept off the VF.", _PAIR)
DRAINED_SINCE = _gauge(
    "pair_drained_since_timestamp_seconds", "When the drain of the pair began.", _PAIR
)
OWNERS = _gauge(
    "pair_drain_owners",
    "Who keeps the traffic off the VF: a person, or events by the source that announced them.",
    (*_PAIR, "source"),
)
PACKETS = _counter(
    "pair_packets",
    "Packets over each path, counted since its NIC is there.",
    (*_PAIR, "path", "direction"),
)
BYTES = _counter(
    "pair_bytes",
    "Bytes over each path, counted since its NIC is there.",
    (*_PAIR, "path", "direction"),
)
FAILOVERS = _counter(
    "pair_failovers",
    "How often the traffic was seen to have moved to another NIC, but for drains.",
    _PAIR,
)
DRAIN_MOVES = _counter(
    "pair_drain_moves",
    "How often the traffic was seen to have moved by a drain, or by its end.",
    _PAIR,
)
FAILOVERS_SINCE = _gauge(
    "failovers_since_timestamp_seconds", "When the counting of failovers began in this boot."
)

UP = _gauge("member_up", "Whether the NIC is set up.", _MEMBER)
LINK = _gauge("member_link", "Whether the NIC has a link; not told where unknown.", _MEMBER)
JOINED = _gauge("member_joined", "Whether the NIC is where it belongs.", _MEMBER)
ACTIVE = _gauge("member_active", "Whether the traffic goes through the NIC.", _MEMBER)

RECONCILED = _gauge(
    "last_reconcile_timestamp_seconds", "When the last reconcile of this boot ended."
)
SUCCESS = _gauge("last_reconcile_success", "Whether it ended with nothing failed or left to do.")
STEPS = _gauge("last_reconcile_steps", "Steps that it took.")
FAILURES = _gauge("last_reconcile_failures", "Steps that failed.")
OBSTACLES = _gauge("last_reconcile_obstacles", "What is in the way of a pair.")
CHANGED = _gauge("last_change_timestamp_seconds", "When one last took a step in this boot.")

WATCHING = _gauge("watch_running", "Whether a service watches for announcements.")
ANSWERS = _gauge(
    "announcement_source_answers", "Whether the source answers the service.", ("source",)
)
ANNOUNCEMENTS = _gauge(
    "announcements",
    "What is announced to this machine, by what it comes to here.",
    ("source", "standing"),
)
NOT_BEFORE = _gauge(
    "announcement_not_before_timestamp_seconds",
    "When the next that is announced may begin, as its source says.",
    ("source",),
)

CATALOGUE = tuple(one for one in tuple(globals().values()) if isinstance(one, Metric))
