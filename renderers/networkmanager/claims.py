"""Which NICs NetworkManager takes: all that no list keeps it from (NetworkManager.conf(5))."""

from __future__ import annotations

from hyperv_net.decision.claims import DRIVER, EVERY_NIC, MAC, NAME, PROFILES, Claim, Patterns
from hyperv_net.drivers import VF_DRIVERS
from hyperv_net.inventory import identifiers
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.paths import FOLDERS, MAIN, MASKED, OTHERS, PROGRAMS
from hyperv_net.root.drop_ins import in_order
from hyperv_net.root.ini import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.decision.claims import Selector

#: Read in this order, whatever hides what.
_READ_IN = (*FOLDERS[2:], FOLDERS[1], MAIN, FOLDERS[0])

_KEYS = {"interface-name": NAME, "mac": MAC, "driver": DRIVER}


def claims(texts: Mapping[str, str], paths: frozenset[str]) -> Iterator[Claim]:
    """What it takes, and what it is told to leave alone."""
    program = next((one for one in PROGRAMS if one in paths), None)
    if program is None or MASKED in paths:
        return
    where, value = _list_of_unmanaged(texts)
    positive, negative = _selectors(value)
    if positive or negative:
        yield Claim(where, tuple(positive or [EVERY_NIC]), group=PROFILES, excepts=tuple(negative))
    speaks_of_vfs = any(f"driver:{one.binds}" in value for one in VF_DRIVERS)
    if not speaks_of_vfs and not paths.isdisjoint(OTHERS):
        return  # Beside another manager it is a rival altogether, and found as one.
    drivers = ";".join(f"driver:{one.binds}" for one in VF_DRIVERS)
    yield Claim(
        where if speaks_of_vfs else program,
        (EVERY_NIC,),
        "NetworkManager makes a profile for every NIC that it is not told to leave alone",
        f"name all drivers of VFs in [keyfile] unmanaged-devices={drivers}, in the initrd too",
        group=PROFILES,
        order="~",
    )


def _list_of_unmanaged(texts: Mapping[str, str]) -> tuple[str, str]:
    """Where the list is and what it says; a later file replaces it, or adds with `+=`."""
    where, value = "", ""
    visible = set(in_order(texts, FOLDERS))
    files = [
        path
        for place in _READ_IN
        for path in sorted(texts)
        if path == place or (path.rpartition("/")[0] == place and path in visible)
    ]
    for path in files:
        for one in settings(texts[path]):
            if one.section == "keyfile" and one.key.rstrip("+-") == "unmanaged-devices":
                where = f"{path}:{one.line}"
                value = f"{value};{one.value}" if one.key.endswith("+") else one.value
    return where, value


def _selectors(value: str) -> tuple[list[Selector], list[Selector]]:
    """Those that it names, and those that it excepts; words that are not understood fit nothing."""
    positive: list[Selector] = []
    negative: list[Selector] = []
    for word in value.replace(",", ";").split(";"):
        word = word.strip()
        bare = word.removeprefix("except:")
        selector = _selector(bare)
        if selector is not None:
            (negative if bare != word else positive).append(selector)
    return positive, negative


def _selector(word: str) -> Selector | None:
    if word in ("*", "type:ethernet"):
        return EVERY_NIC
    key, _, wanted = word.partition(":")
    if key in _KEYS and wanted:
        glob = wanted.lstrip("=~")
        return {_KEYS[key]: Patterns((identifiers.mac(glob) or glob,))}
    if identifiers.mac(word):
        return {MAC: Patterns((word.lower(),))}
    return None
