"""The wanted state of a plan, as the file that the hook reads."""

from __future__ import annotations

import json

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER
from hyperv_net.facts import Mode, System
from hyperv_net.hotplug.wanted import OPTION_VALUE, OPTIONS, PATHS, SCHEMA, Wanted, WantedPair
from hyperv_net.model import Finding, RenderedFile, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.rewrite.matching import bearers
from hyperv_net.tree import Node, at
from hyperv_net.tuning import SYNTHETIC, VF, tuning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hyperv_net.model import Aggregate, Decision, Pair, Rewritten

_NEEDED_OPTIONS = {"mode": "active-backup", "miimon": "100"}


def wanted_from(rewritten: Rewritten, decisions: Iterable[Decision], target: str) -> Wanted:
    """The wanted state of a plan: its aggregates, and the pairs that the kernel drives."""
    decided = tuple(decisions)
    names = _given_names(rewritten, decided)
    aggregates = [
        _tuned(_aggregate(one, rewritten), one.pair, rewritten) for one in rewritten.aggregates
    ]
    transparent = [
        _tuned(
            WantedPair(
                mac=one.pair.mac,
                mode=Mode.TRANSPARENT,
                synthetic=names.get(synthetic.name, synthetic.name) if synthetic else "",
                synthetic_drivers=_drivers(synthetic.driver if synthetic else None, rewritten),
            ),
            one.pair,
            rewritten,
        )
        for one in decided
        for synthetic in (one.pair.synthetic,)
        if one.mode is Mode.TRANSPARENT
    ]
    pairs = sorted((*aggregates, *transparent), key=lambda pair: (pair.mac, pair.aggregate))
    return Wanted(rewritten.inventory.system, target, tuple(pairs))


def _given_names(rewritten: Rewritten, decided: Iterable[Decision]) -> dict[str, str]:
    """The NICs that udev is to rename, by what they are called now."""
    if rewritten.inventory.system is not System.LINUX:
        return {}
    ethernets = rewritten.tree.get("ethernets") or Node({})
    pairs = tuple(one.pair for one in decided)
    found = {}
    for one, nics in bearers(rewritten.tree, rewritten.inventory, pairs).items():
        given = (ethernets.get(one) or Node({})).get("set-name")
        if given is not None and len(nics) == 1:
            found[nics[0].name] = str(given.value)
    return found


def _aggregate(aggregate: Aggregate, rewritten: Rewritten) -> WantedPair:
    synthetic = aggregate.pair.synthetic
    bond = at(rewritten.tree, ("bonds", aggregate.name)) or Node({})
    parameters = bond.get("parameters") or Node({})
    mtu, primary = bond.get("mtu"), parameters.get("primary")
    is_linux = rewritten.inventory.system is System.LINUX
    return WantedPair(
        mac=aggregate.pair.mac,
        mode=Mode.AGGREGATE,
        synthetic=rewritten.interfaces.get(aggregate.synthetic_id, aggregate.synthetic_id),
        synthetic_drivers=_drivers(synthetic.driver if synthetic else None, rewritten),
        aggregate=aggregate.name,
        mtu=mtu.value if mtu is not None and isinstance(mtu.value, int) else None,
        primary=_prefers_vf(aggregate, primary, is_linux=is_linux),
        options=_options(parameters) if is_linux else (),
        vf=aggregate.pair.vf_told,
    )


def _prefers_vf(aggregate: Aggregate, primary: Node | None, *, is_linux: bool) -> bool:
    """Whether the VF has to be told to the aggregate as the member to send through.

    A lagg over hn(4) need not be told: hn has no link as long as its VF is up.  Any other
    synthetic NIC has, and a failover lagg(4) sends through its primary.
    """
    synthetic = aggregate.pair.synthetic
    if primary is not None and primary.value != aggregate.vf_id:
        return False
    if is_linux:
        return primary is not None
    is_hn = synthetic is None or synthetic.driver == FREEBSD_SYNTHETIC_DRIVER
    return not is_hn and not aggregate.administrators


def _tuned(wanted: WantedPair, pair: Pair, rewritten: Rewritten) -> WantedPair:
    """Linux's alone: ifconfig(8) of FreeBSD has a line of its own for each NIC."""
    if rewritten.inventory.system is not System.LINUX:
        return wanted
    names, rules = _names(pair, wanted.aggregate), rewritten.settings.tuning
    return wanted._replace(
        vf_tuning=tuning_of(rules, VF, names),
        synthetic_tuning=tuning_of(rules, SYNTHETIC, names),
    )


def _names(pair: Pair, aggregate: str) -> tuple[str, ...]:
    """What a person may call a pair."""
    return (pair.mac, *filter(None, (aggregate, pair.synthetic and pair.synthetic.name)))


def unmet_tuning(rewritten: Rewritten, decisions: Iterable[Decision]) -> Iterator[Finding]:
    """Rules of the setting `tuning` that are about no pair of the machine, or no system for it."""
    rules = rewritten.settings.tuning
    if rules and rewritten.inventory.system is not System.LINUX:
        yield Finding(
            "tuning-unmet",
            Severity.WARNING,
            "hyperv-net tunes the NICs of Linux alone",
            "tuning",
            "write it into the ifconfig_ line of the NIC",
        )
        return
    names = {name for one in decisions for name in _names(one.pair, "")}
    names.update(one.name for one in rewritten.aggregates)
    for pair in dict.fromkeys(rule.pair for rule in rules):
        if pair and pair not in names:
            yield Finding(
                "tuning-unmet",
                Severity.WARNING,
                f"no pair of the machine goes by {pair}, so nothing of it is tuned",
                "tuning",
                "name its synthetic NIC, its aggregate or its MAC address, or leave `pair` out",
            )


def _drivers(own: str | None, rewritten: Rewritten) -> tuple[str, ...]:
    if rewritten.inventory.system is System.FREEBSD:
        return (own or FREEBSD_SYNTHETIC_DRIVER,)
    return tuple(sorted({*rewritten.settings.synthetic_drivers, *([own] if own else [])}))


def _options(parameters: Node) -> tuple[tuple[str, str], ...]:
    """The parameters that a bond made anew is to have; what is not a plain word is left out."""
    options = {}
    for key, name in OPTIONS.items():
        parameter = parameters.get(key)
        value = parameter.value if parameter is not None else None
        text = str(int(value)) if isinstance(value, bool) else str(value)
        if value is not None and OPTION_VALUE.match(text):
            options[name] = text
    # Without a monitor a bond never notices that a link is gone.
    if options.get("miimon", "0") == "0":
        options["miimon"] = _NEEDED_OPTIONS["miimon"]
    merged = {**_NEEDED_OPTIONS, **options}
    return tuple((name, merged[name]) for name in OPTIONS.values() if name in merged)


def wanted_file(wanted: Wanted) -> RenderedFile:
    """The file to be written beside the configuration."""
    return RenderedFile(PATHS[wanted.system], to_json(wanted))


def to_json(wanted: Wanted) -> str:
    """The text of the file; the same for the same state."""
    fields = {"schema": SCHEMA, "system": wanted.system.value, "target": wanted.target}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in fields.items()]
    # A line a pair, since people read it in diffs.
    pairs = [f"    {json.dumps(_pair_document(pair))}" for pair in wanted.pairs]
    return "\n".join(["{", *lines, '  "pairs": [', ",\n".join(pairs), "  ]", "}\n"])


def _pair_document(pair: WantedPair) -> dict[str, object]:
    document: dict[str, object] = {
        "mac": pair.mac,
        "mode": pair.mode.value,
        "synthetic": pair.synthetic,
        "synthetic_drivers": list(pair.synthetic_drivers),
    }
    if pair.mode is Mode.AGGREGATE:
        document["aggregate"] = pair.aggregate
        document["primary"] = pair.primary
        document["mtu"] = pair.mtu
        document["options"] = dict(pair.options)
        if pair.vf:
            document["vf"] = pair.vf
    tuning = {VF: dict(pair.vf_tuning), SYNTHETIC: dict(pair.synthetic_tuning)}
    if any(tuning.values()):
        document["tuning"] = {nic: settings for nic, settings in tuning.items() if settings}
    return document
