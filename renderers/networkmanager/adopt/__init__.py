"""Adoption of keyfiles: the profile of a pair's NIC becomes its bond's, text for text.

It keeps its UUID, by which VLANs and others refer to it, and all that it says of addresses,
routes, names and zones.  What is of the card goes to a profile of the synthetic NIC's own, and the
VF gets one too.
"""

from __future__ import annotations

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.model import Rendered, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.adopt.checking import checker_of
from hyperv_net.renderers.networkmanager.adopt.config import read_config
from hyperv_net.renderers.networkmanager.adopt.draft import Drafts
from hyperv_net.renderers.networkmanager.adopt.found import (
    bond_over,
    donor,
    nics_of,
    ports_of,
    profiles_of,
)
from hyperv_net.renderers.networkmanager.adopt.move import (
    Move,
    become_bond,
    complete_bond,
    editable,
    follow,
)
from hyperv_net.renderers.networkmanager.adopt.ports import (
    Port,
    first_of_all,
    identity_in,
    is_port_for,
    port_file,
)
from hyperv_net.renderers.networkmanager.identity import path_of
from hyperv_net.renderers.networkmanager.keyfile import read
from hyperv_net.renderers.networkmanager.profiles import fits, priority
from hyperv_net.renderers.networkmanager.render import render as render_whole
from hyperv_net.renderers.parts import Adopted
from hyperv_net.rewrite.devices import pairs_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hyperv_net.model import Aggregate, Inventory, Pair, Rewritten, Settings
    from hyperv_net.renderers.networkmanager.adopt.found import Found
    from hyperv_net.renderers.networkmanager.profiles import Nic


def adopt(existing: Mapping[str, str], inventory: Inventory, settings: Settings) -> Adopted | None:
    """What the profiles configure; None where no NIC of a pair has one.

    Raises HypervNetError for what NetworkManager takes for nothing.
    """
    config = read_config(existing, _pairs(inventory, settings))
    checker = checker_of(profiles_of(existing))
    if config is None:
        # What is wrong may be why no NIC has a profile.
        checker.refuse()
        return None
    return Adopted(checker.checked(config), render)


def _pairs(inventory: Inventory, settings: Settings) -> tuple[Pair, ...]:
    return find_pairs(inventory, settings.synthetic_drivers, settings.pairs).pairs


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The edits of the profiles, and those of the ports."""
    whole = render_whole(pairs_alone(rewritten), {})
    texts = {file.path: file.text for file in whole.files}
    drafts = Drafts(profiles_of(existing), existing)
    moves = []
    for aggregate in rewritten.aggregates:
        has = donor(drafts.found, aggregate.pair)
        if has is None:
            continue
        own = read(texts[path_of(aggregate.name)])
        options = own.section("bond")
        bond = bond_over(drafts.found, has)
        names = tuple(nic.name for nic in nics_of(aggregate.pair))
        if bond is None:
            mac = own.get("ethernet", "cloned-mac-address")
            move = Move(aggregate, has, options, names, mac)
            moves.append(move)
            _ports(drafts, aggregate, None, become_bond(drafts, move), texts)
        else:
            complete_bond(drafts, bond, options)
            _ports(drafts, aggregate, bond, {}, texts)
    follow(drafts, tuple(moves))
    return Rendered(
        files=drafts.files(),
        places=whole.places,
        dropped={},
        findings=tuple(dict.fromkeys(drafts.findings)),
        ledger=drafts.entries(),
    )


def _ports(
    drafts: Drafts,
    aggregate: Aggregate,
    bond: Found | None,
    card: Mapping[str, Mapping[str, str]],
    texts: Mapping[str, str],
) -> None:
    """A profile for each NIC that the bond has none for which tells it from the other."""
    pair, synthetic = aggregate.pair, aggregate.pair.synthetic
    if synthetic is None:
        return
    theirs = list(ports_of(drafts.found, bond)) if bond is not None else []
    nics = nics_of(pair)
    others = [one for one in drafts.found if one not in theirs and one.path not in drafts.changed]
    above = first_of_all(others, nics)
    for name, is_vf in ((synthetic.name, False), (aggregate.vf_id, True)):
        identity = identity_in(read(texts[path_of(name)]))
        known = [one for one in theirs if is_port_for(one, identity) or one.interface == name]
        if known:
            above = min([above, *(priority(one.profile) for one in known)])
            continue
        alone = [one for one in theirs if not one.interface and fits(one.profile, nics[0])]
        if alone and not is_vf:
            # By the address alone it fits the VF too.
            above = min(above, priority(alone[0].profile))
            draft = editable(drafts, alone[0])
            if draft is not None:
                draft.put("match", "driver", identity["match"]["driver"])
            continue
        port = Port(name, aggregate.name, identity, {} if is_vf else card)
        drafts.made.append(port_file(port, first_of_all(others, nics)))
    _tell_of_others(drafts, aggregate.name, others, nics, above)


def _tell_of_others(
    drafts: Drafts, bond: str, others: Iterable[Found], nics: Sequence[Nic], above: int
) -> None:
    """Profiles that a NIC of a pair might get in place of its port, or whose settings are lost.

    `above` is the lowest priority of a port.  Of two with one priority NetworkManager takes that
    which was up last, or goes by the UUID (nm_settings_connection_cmp_autoconnect_priority()).
    """
    vf = nics[1] if len(nics) > 1 else None
    for one in others:
        fitting = [nic for nic in nics if fits(one.profile, nic)]
        if not fitting:
            continue
        if priority(one.profile) >= above:
            drafts.tell(
                "profile-rival",
                Severity.WARNING,
                f"fits {fitting[0].label}, a port of {bond}, and its autoconnect-priority "
                f"{priority(one.profile)} is not below that of the port, {above}",
                one.profile.tells_priority(one.path),
                "remove it, or give it a lower autoconnect-priority",
            )
        if fitting == [vf]:
            drafts.tell(
                "adopted-vf",
                Severity.WARNING,
                f"it configures {fitting[0].label}, a member of {bond} that has nothing of its own",
                one.profile.tells_nic(one.path),
                "move what is to hold for the card into the profile of its synthetic NIC",
            )
