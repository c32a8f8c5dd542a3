"""Adoption of rc.conf: the variables of a pair's synthetic NIC move to its aggregate.

The renderer for rc.conf carries over what the file says of a pair and the
network config does not.  So the network config of an adopted rc.conf names the
NICs and says nothing about them, and all their variables are carried over.
"""

from __future__ import annotations

from contextlib import suppress

from hyperv_net.decision.modes import decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import HypervNetError
from hyperv_net.model import (
    Action,
    Finding,
    Mode,
    NetworkConfig,
    Severity,
)
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.adopt.checking import checker_of
from hyperv_net.renderers.freebsd.adopt.ledger import WORD, entry_of, ledger_of
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.further import Setting, further
from hyperv_net.renderers.freebsd.rc_conf.later import includes, later_files
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from hyperv_net.renderers.freebsd.rc_conf.variables import interface_part, variable_part
from hyperv_net.renderers.freebsd.render import render as render_whole
from hyperv_net.renderers.freebsd.render.elsewhere import is_renamed, renamed_later
from hyperv_net.renderers.parts import Adopted
from hyperv_net.renderers.standing import Stood, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from hyperv_net.model import (
        Entry,
        Inventory,
        Rendered,
        Rewritten,
        Settings,
    )
    from hyperv_net.places import Place


def adopt(existing: Mapping[str, str], inventory: Inventory, settings: Settings) -> Adopted | None:
    """The synthetic NICs that need an aggregate and that rc.conf configures; None without any.

    Raises HypervNetError where rc.conf is no complete shell script, and for what ifconfig(8)
    refuses, or rc(8) never reads where it reads nothing else of the NICs.
    """
    if FILE not in existing:
        return None
    rc = RcFile(existing[FILE], FILE)
    pairing = find_pairs(inventory, settings.synthetic_drivers, settings.pairs)
    names = [
        one.pair.synthetic.name
        for one in decide(pairing.pairs, inventory, settings).decisions
        if one.mode is Mode.AGGREGATE and one.pair.synthetic is not None
    ]
    is_configured = _configured(rc, existing)
    configured = [name for name in names if is_configured(variable_part(name))]
    checker = checker_of(existing, inventory)
    if not configured:
        if names:
            checker.refuse_mistyped()
        return None
    ethernets = {name: Stood({}, _stands(rc, variable_part(name))) for name in configured}
    tree, stands = standing({"version": 2, "ethernets": ethernets})
    config = NetworkConfig(source=FILE, tree=tree, leaves=(), stands=stands)
    return Adopted(checker.checked(config), render)


def _stands(rc: RcFile, part: str) -> Place:
    """Where a NIC is configured: its own line, or the first variable that is about it."""
    own = f"ifconfig_{part}"
    about = (one for one in rc.names() if interface_part(one) == part)
    return rc.stands(own if rc.has(own) else next(about, own))


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The text with the NICs' variables moved, and an account of each of them."""
    rendered = render_whole(rewritten, existing)
    rc = RcFile(existing[FILE], FILE)
    done = {path[1] for path in rendered.places if path[0] == "bonds"}
    written = (one for one in rewritten.aggregates if one.name in done)
    moved = _moved(rewritten._replace(aggregates=tuple(written)), rc)
    ledger, said = ledger_of(rendered, moved, rc), _said_elsewhere(moved, existing)
    return rendered._replace(
        findings=(
            *_as_errors(rendered.findings, said),
            *_still_named(ledger, rc, moved),
            *_elsewhere(said),
            *_unknown_files(existing),
        ),
        ledger=(*ledger, *_renamed_elsewhere(existing, moved)),
    )


def _configured(rc: RcFile, existing: Mapping[str, str]) -> Callable[[str], bool]:
    """Whether rc sets something of a NIC, in whatever file, be it the name of the others."""
    files = [rc]
    for path in later_files(existing):
        with suppress(HypervNetError):  # The renderer has a finding for it.
            files.append(RcFile(existing[path], path))
    if any(one.value("ifconfig_DEFAULT") or one.is_unknown("ifconfig_DEFAULT") for one in files):
        return lambda part: True
    parts = {interface_part(variable) for one in files for variable in one.names()}
    settings = [Setting(further(one)) for one in files]
    return lambda part: part in parts or any(one.of(part) is not None for one in settings)


def _moved(rewritten: Rewritten, rc: RcFile) -> Mapping[str, str]:
    """Each name that a synthetic NIC has or had → its aggregate's."""
    moved: dict[str, str] = {}
    for one in rewritten.aggregates:
        for names in (rewritten.interfaces, rewritten.kernel_names):
            name = names.get(one.synthetic_id)
            if name is not None:
                renamed = rc.value(f"ifconfig_{variable_part(name)}_name")
                moved.update({each: one.name for each in (name, renamed) if each})
    return moved


def _still_named(
    ledger: tuple[Entry, ...], rc: RcFile, moved: Mapping[str, str]
) -> Iterator[Finding]:
    """A warning for each variable that stays and names a NIC whose settings have gone."""
    for entry in ledger:
        variable = str(entry.source[0])
        if interface_part(variable) is not None:
            continue  # Its name says which interface it is about.
        named = [word for word in WORD.findall(str(entry.value)) if word in moved]
        if entry.action is Action.KEPT and named:
            yield Finding(
                "names-a-member",
                Severity.WARNING,
                f"{variable} names {named[0]}, whose settings are on {moved[named[0]]} now",
                rc.line(variable),
                f"name {moved[named[0]]} there if it means the interface",
            )


def _said_elsewhere(
    moved: Mapping[str, str], existing: Mapping[str, str]
) -> Sequence[tuple[str, Place]]:
    """What other files say of a NIC: each variable, and where its line is."""
    parts = {variable_part(name) for name in moved}
    lines = {f"ifconfig_{part}" for part in parts}
    by_default = lines.isdisjoint(RcFile(existing[FILE], FILE).names())
    found: list[tuple[str, Place]] = []
    for path in later_files(existing):
        try:
            other = RcFile(existing[path], path)
        except HypervNetError:
            continue  # The renderer has a finding for it.
        said = {
            name: other.line(name)
            for name in other.names()
            if interface_part(name) in parts or (name == "ifconfig_DEFAULT" and by_default)
        }
        said.update(filter(None, map(Setting(further(other)).of, sorted(parts))))
        found += [one for one in said.items() if not one[0].endswith("_name")]
    return found


def _elsewhere(said: Iterable[tuple[str, Place]]) -> Iterator[Finding]:
    """An error for what other files say of a NIC: it would have no effect any more."""
    for variable, line in said:
        yield Finding(
            "adopted-elsewhere",
            Severity.ERROR,
            f"{variable} stands here, and only what {FILE} says is moved to the aggregate",
            line,
            f"move it to {FILE}",
        )


def _as_errors(
    findings: Iterable[Finding], told: Collection[tuple[str, Place]]
) -> Iterator[Finding]:
    """The renderer's findings, of which some mean that the adopted settings would be lost.

    That a line undoes ours is no second fault where it is `told` of as one that is to be
    moved.  What is included was read, so that only what the shell alone knows is left.
    """
    for one in findings:
        if one.rule == "rc-conf-overridden" and any(
            one.where == line and variable in one.message.split() for variable, line in told
        ):
            continue
        if one.rule in ("rc-conf-unreadable", "rc-conf-overridden"):
            yield one._replace(severity=Severity.ERROR)
        elif one.rule != "rc-conf-includes":
            yield one


def _unknown_files(existing: Mapping[str, str]) -> Iterator[Finding]:
    """An error for each line that reads, for the network, what only the shell knows."""
    for path, line, is_networks in includes(existing):
        if not path and is_networks:
            yield Finding(
                "rc-conf-includes",
                Severity.ERROR,
                "it reads or runs what only the shell knows, which may set anything of the NICs",
                line,
                "name the file there without variables, or give --network-config FILE",
            )


def _renamed_elsewhere(existing: Mapping[str, str], moved: Mapping[str, str]) -> Iterator[Entry]:
    """What became of the variables of later files in which a member is named."""
    for before, text, path in renamed_later(existing, moved):
        after = RcFile(text, path)
        for variable in before.names():
            if is_renamed(before, variable, moved):
                entry = entry_of(variable, variable, before, after, {})
                yield entry._replace(places=(f"{path}: {variable}",))
