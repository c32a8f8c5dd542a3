"""Which NICs NetworkManager takes: all that no list keeps it from (NetworkManager.conf(5))."""

from __future__ import annotations

from hyperv_net.decision.claims import DRIVER, EVERY_NIC, MAC, NAME, PROFILES, Claim, Patterns
from hyperv_net.drivers import VF_DRIVERS
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.keyfile import ether_address
from hyperv_net.renderers.networkmanager.paths import FOLDERS, MAIN, MASKED, OTHERS, PROGRAMS
from hyperv_net.root.drop_ins import in_order
from hyperv_net.root.ini import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.decision.claims import Selector

#: Read in this order, whatever hides what.
_READ_IN = (*FOLDERS[2:], FOLDERS[1], MAIN, FOLDERS[0])

_NO, _YES = frozenset({"0", "no", "false", "off"}), frozenset({"1", "yes", "true", "on"})

_KEYS = {"interface-name": NAME, "mac": MAC, "driver": DRIVER}


def claims(texts: Mapping[str, str], paths: frozenset[str]) -> Iterator[Claim]:
    """What it takes, and what it is told to leave alone."""
    program = next((one for one in PROGRAMS if one in paths), None)
    if program is None or MASKED in paths:
        return
    said = _said(texts)
    taken = [one for _, value in _lists_of_devices(said, _YES) for one in _selectors(value)[0]]
    lists = [(*one, tuple(taken)) for one in _lists_of_devices(said, _NO)]
    if "unmanaged-devices" in said.get("keyfile", {}):
        lists.append((*said["keyfile"]["unmanaged-devices"], ()))
    for where, value, managed in lists:
        positive, negative = _selectors(value)
        if positive or negative:
            fitting, excepts = tuple(positive or [EVERY_NIC]), (*negative, *managed)
            yield Claim(where, fitting, group=PROFILES, excepts=excepts)
    speaking = [
        where
        for where, value, _ in lists
        if any(f"driver:{one.binds}" in value for one in VF_DRIVERS)
    ]
    if not speaking and not paths.isdisjoint(OTHERS):
        return  # Beside another manager it is a rival altogether, and found as one.
    drivers = ";".join(f"driver:{one.binds}" for one in VF_DRIVERS)
    yield Claim(
        speaking[-1] if speaking else Place(program),
        (EVERY_NIC,),
        "NetworkManager makes a profile for every NIC that it is not told to leave alone",
        f"name all drivers of VFs in [keyfile] unmanaged-devices={drivers}, in the initrd too",
        group=PROFILES,
        order="~",
    )


def _said(texts: Mapping[str, str]) -> dict[str, dict[str, tuple[Place, str]]]:
    """Section → key → where it is and what it says; a later file replaces, or adds with `+=`."""
    said: dict[str, dict[str, tuple[Place, str]]] = {}
    visible = set(in_order(texts, FOLDERS))
    files = [
        path
        for place in _READ_IN
        for path in sorted(texts)
        if path == place or (path.rpartition("/")[0] == place and path in visible)
    ]
    for path in files:
        for one in settings(texts[path]):
            section, key = said.setdefault(one.section, {}), one.key.rstrip("+-")
            _, before = section.get(key, ("", ""))
            value = f"{before};{one.value}" if one.key.endswith("+") else one.value
            section[key] = (one.stands(path), value)
    return said


def _lists_of_devices(
    said: Mapping[str, Mapping[str, tuple[Place, str]]], managed: frozenset[str]
) -> Iterator[tuple[Place, str]]:
    """Where sections such as [device-vf] say `managed`, and of which devices.

    The list of [keyfile] is not overruled by them (NM_UNMANAGED_USER_SETTINGS beside
    NM_UNMANAGED_USER_CONF in src/core/devices/nm-device.h).  Of sections that differ about a
    device it is not told which stands first, so that it is not taken for left alone.
    """
    for section, keys in said.items():
        if section.startswith("device") and keys.get("managed", ("", ""))[1].lower() in managed:
            where, _ = keys["managed"]
            yield keys.get("match-device", (where, "*"))


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
        address = ether_address(glob) if _KEYS[key] == MAC else None
        return {_KEYS[key]: Patterns((address or glob,))}
    address = ether_address(word)
    return {MAC: Patterns((address,))} if address else None
