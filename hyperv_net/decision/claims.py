"""Whether a file fits the VF of a card, and what it would do to it.

Both NICs of a card have one hardware address, and most of what picks a NIC out picks by that,
or by a name that any NIC may have.  Readers, one a format, turn files into `Claim`s; here is
the question that is put to each of them.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from hyperv_net.drivers import LINUX_SYNTHETIC_DRIVER, VF_DRIVERS, known_as
from hyperv_net.inventory.told import told_mac, told_name
from hyperv_net.model import Finding, Mode, Severity
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.model import Decision, Nic, Pair
    from hyperv_net.places import Place

#: What a file may pick a NIC by: the name it bears, the one it had when the kernel made it,
#: its driver, its hardware address.
NAME, KERNEL_NAME, DRIVER, MAC = "name", "kernel name", "driver", "mac"

#: Groups of claims of which the first that fits a NIC counts: systemd's files that name NICs,
#: its files that configure them, and what decides who gets a profile.
LINK_FILES, NETWORK_FILES, PROFILES = "link files", "network files", "profiles"

#: Names of a VF that is not there.  The kernel counts `eth%d` (alloc_etherdev_mqs()), and udev
#: makes `enP9p0s2` of its place; a pattern that fits neither is not meant for any NIC.
_KERNEL_NAMES = ("eth9",)
_NAMES = ("enP9p0s2", *_KERNEL_NAMES)


class Patterns(NamedTuple):
    """Globs of which one has to fit, or none where `is_inverted`."""

    globs: tuple[str, ...]
    is_inverted: bool = False

    def fit(self, values: Iterable[str]) -> bool:
        """Whether they fit a NIC that has these values."""
        return self.is_inverted != any(
            fnmatchcase(value, glob) for value in values for glob in self.globs
        )


def of_systemd(words: Iterable[str]) -> Patterns:
    """A list of systemd's: `!` before its first pattern inverts all of it.

    Name= and Driver= of systemd.network(5); config_parse_match_strv() of its src/shared.
    """
    first, *others = (*words, "")
    return Patterns(
        tuple(one for one in (first.removeprefix("!"), *others) if one), first[:1] == "!"
    )


#: All that is named in one has to fit; an empty one fits every NIC.
Selector = dict[str, Patterns]

EVERY_NIC: Selector = {}


def selects(selector: Selector, values: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether all that a selector names fits what a NIC has."""
    return all(patterns.fit(values[key]) for key, patterns in selector.items())


class Claim(NamedTuple):
    """A passage of a file that a program applies to every NIC that it fits.

    It fits where one of `selectors` does and none of `excepts`.  `does` says what then happens
    to a VF, a clause; empty where nothing does: the NIC is left alone.  Of the claims in one
    `group` the first that fits counts, by `order` (empty: before all others); those without
    a group count each.  `hint` may have `{driver}`, the synthetic NIC's.  `harms_alone` where it
    is as bad for a VF that the synthetic NIC is not meant beside it.
    """

    where: Place
    selectors: tuple[Selector, ...]
    does: str = ""
    hint: str = ""
    group: str = ""
    order: str = ""
    excepts: tuple[Selector, ...] = ()
    harms_alone: bool = False


def names_it(name: str) -> str:
    """What a claim does that names a NIC.

    rename_netif() of src/udev/udev-event.c in systemd fails with EEXIST for the second, and
    udev_event_execute_rules() then ends before it writes its database, so that no mark of a
    rule is kept, whichever of them stands first.
    """
    return (
        f"both are to be called {name}, and for the one that comes second udev fails with "
        "'File exists' and forgets every mark that its rules have made (NM_UNMANAGED too)"
    )


class Candidate(NamedTuple):
    """A NIC of a card, or one that it may come to have: all that it may be picked by."""

    label: str
    values: Mapping[str, tuple[str, ...]]


class Card(NamedTuple):
    """The synthetic NIC of a card, and its VF or the VFs that it may get."""

    synthetic: Candidate
    driver: str
    vfs: tuple[Candidate, ...]
    is_known: bool = True


def cards(decisions: Iterable[Decision]) -> tuple[Card, ...]:
    """The cards of a machine whose VF is to be left to the kernel or to an aggregate."""
    return tuple(
        Card(
            _present(one.pair.synthetic),
            one.pair.synthetic.driver or LINUX_SYNTHETIC_DRIVER,
            (_present(one.pair.vf),) if one.pair.vf else _awaited(one.pair),
        )
        for one in decisions
        if one.pair.synthetic is not None and one.mode in (Mode.AGGREGATE, Mode.TRANSPARENT)
    )


def any_card() -> Card:
    """A card of the machine that an image may come to boot on.

    Its address is nobody's yet, so that no file can have it.
    """
    driver = LINUX_SYNTHETIC_DRIVER
    values = {NAME: ("eth0",), KERNEL_NAME: ("eth0",), DRIVER: (driver,), MAC: ()}
    return Card(Candidate("a synthetic NIC", values), driver, _expected(None), is_known=False)


def _present(nic: Nic) -> Candidate:
    return Candidate(
        nic.name,
        {
            NAME: (nic.name,),
            KERNEL_NAME: (nic.name, *_KERNEL_NAMES),
            DRIVER: known_as(nic.driver),
            MAC: (nic.hardware_mac,) if nic.hardware_mac else (),
        },
    )


def _awaited(pair: Pair) -> tuple[Candidate, ...]:
    name, mac = told_name(pair.vf_told), told_mac(pair.vf_told)
    return _expected(mac if pair.vf_told else pair.mac, (name,) if name else _NAMES)


def _expected(mac: str | None, names: tuple[str, ...] = _NAMES) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            f"a VF of {one.name}",
            {
                NAME: names,
                KERNEL_NAME: _KERNEL_NAMES,
                DRIVER: known_as(one.binds),
                MAC: (mac,) if mac else (),
            },
        )
        for one in VF_DRIVERS
    )


def fits(claim: Claim, nic: Candidate) -> bool:
    """Whether a claim is about a NIC."""
    return any(selects(one, nic.values) for one in claim.selectors) and not any(
        selects(one, nic.values) for one in claim.excepts
    )


class _Claims:
    """Claims by the addresses that they name, since many cards are not to cost their square."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._of_any: list[Claim] = []
        self._by_mac: dict[str, list[Claim]] = {}
        for claim in claims:
            named = [one.get(MAC) for one in claim.selectors]
            if any(one is None or one.is_inverted for one in named):
                self._of_any.append(claim)
                continue
            for mac in {glob for one in named if one is not None for glob in one.globs}:
                self._by_mac.setdefault(mac, []).append(claim)

    def in_force(self, nic: Candidate) -> Iterator[Claim]:
        """Those that count for a NIC."""
        of_it = [claim for mac in nic.values[MAC] for claim in self._by_mac.get(mac, ())]
        decided = set()
        for claim in sorted((*self._of_any, *of_it), key=lambda one: one.order):
            if claim.group not in decided and fits(claim, nic):
                if claim.group:
                    decided.add(claim.group)
                yield claim


def findings(claims: Iterable[Claim], the_cards: Iterable[Card]) -> Iterator[Finding]:
    """A warning for each claim on a VF that is one on its synthetic NIC too, or bad by itself.

    A machine that is not known yet is asked the first alone: its own first boot keeps what is
    for VFs off them.
    """
    known = _Claims(claims)
    about: dict[tuple[Place, str], _Claimed] = {}
    for card in the_cards:
        for vf in card.vfs:
            for claim in known.in_force(vf):
                is_of_both = fits(claim, card.synthetic)
                if claim.does and (is_of_both or (claim.harms_alone and card.is_known)):
                    # A selector is no key: two claims of one passage differ in what they do.
                    found = about.setdefault(
                        (claim.where, claim.does), _Claimed(claim, card, is_of_both, [])
                    )
                    found.vfs.append(vf.label)
    for found in about.values():
        is_any = len(found.vfs) == len(found.card.vfs) > 1
        which = "any VF" if is_any else " and ".join(dict.fromkeys(found.vfs))
        synthetic = found.card.synthetic.label
        yield Finding(
            "fits-the-vf",
            Severity.WARNING,
            f"it fits {which} as well as {synthetic}: {found.claim.does}"
            if found.is_of_both
            else f"it fits {which}, of one card with {synthetic}: {found.claim.does}",
            found.claim.where,
            found.claim.hint.format(driver=found.card.driver)
            if found.is_of_both
            else f"leave the VF out of it: what {synthetic} has is for both",
        )


class _Claimed(NamedTuple):
    """A claim on a VF."""

    claim: Claim
    card: Card
    is_of_both: bool
    vfs: list[str]
