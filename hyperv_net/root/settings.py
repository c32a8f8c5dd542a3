"""hyperv-net's own settings, from cloud.cfg.d or from options."""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.guessing import did_you_mean
from hyperv_net.inventory.told import ToldPair, told
from hyperv_net.model import AggregatePolicy, Announcer, KvpPolicy, Settings
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.tuning_settings import read_rules
from hyperv_net.tree import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import Enum
    from typing import Any, TypeVar

    _Word = TypeVar("_Word", bound=Enum)

_DRIVER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")

#: miimon is an int of milliseconds in the kernel; 0 turns link detection off,
#: which loses thousands of packets at each return of a VF, and is refused.
MII_MONITOR_INTERVALS = range(1, 60_001)

#: Seconds before an announced migration; Azure tells of most of them 15 minutes ahead.
DRAIN_AHEAD = range(901)

#: A folder's path, as a line of a unit may have it.
_FOLDER = re.compile(r"(/[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,254}){1,16}\Z")

#: Where the settings stand that no file has.
_OPTIONS = Place("", ("options",))


def with_values(settings: Settings, values: Mapping[str, Any], where: Place = _OPTIONS) -> Settings:
    """`settings` with those in `values` (plain YAML values by name) in their place.

    Raises HypervNetError for a name or value that is not one, naming `where`: their place in
    a file, or else the options.
    """
    checks: Mapping[str, Callable[[Any, Place], Any]] = {
        "enabled": _boolean,
        "aggregate": lambda value, where: _one_of(AggregatePolicy, value, where),
        "synthetic_drivers": _drivers,
        "mii_monitor_interval": _interval,
        "kvp": lambda value, where: _one_of(KvpPolicy, _word(value), where),
        "pairs": _pairs,
        "tuning": read_rules,
        "announcements": _announcers,
        "drain_ahead": _ahead,
        "acknowledge": _boolean,
        "metrics": _folder,
    }
    changed: dict[str, Any] = {}
    for name, value in values.items():
        if name not in checks:
            guess = did_you_mean(name, checks)
            known = f"the settings are {', '.join(Settings._fields)}"
            hint = f"{guess} {known}" if guess else known
            # A key of a mapping in YAML is text; whatever else came is told by the message.
            at = where.below(name) if isinstance(name, str) else where
            what = f"no such setting: {name!r}"
            raise HypervNetError(what, where=at, hint=hint, is_of_key=True)
        changed[name] = checks[name](value, where.below(name))
    return settings._replace(**changed)


def _boolean(value: Any, where: Place) -> bool:
    if not isinstance(value, bool):
        raise HypervNetError(f"not true or false: {as_written(value)}", where=where)
    return value


def _one_of(policies: type[_Word], value: Any, where: Place) -> _Word:
    try:
        return policies(value)
    except ValueError:
        choices = ", ".join(policy.value for policy in policies)
        raise HypervNetError(f"not one of {choices}: {as_written(value)}", where=where) from None


def _word(value: Any) -> Any:
    """`off` without quotes is the boolean of YAML 1.1, which PyYAML reads."""
    return KvpPolicy.OFF if value is False else value


def _drivers(value: Any, where: Place) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise HypervNetError(f"not a list of driver names: {as_written(value)}", where=where)
    for driver in value:
        if not isinstance(driver, str) or not _DRIVER.match(driver):
            raise HypervNetError(f"not a driver name: {driver!r}", where=where)
    return tuple(value)


def _pairs(value: Any, where: Place) -> tuple[ToldPair, ...]:
    if not isinstance(value, (list, tuple)):
        raise HypervNetError(f"not a list of pairs: {as_written(value)}", where=where)
    return tuple(_pair(one, where.below(index)) for index, one in enumerate(value))


def _pair(value: Any, where: Place) -> ToldPair:
    synthetic, equals, vf = str(value).partition("=")
    found = [told(one) for one in (synthetic, vf)] if equals and isinstance(value, str) else []
    if None in found or len(found) != 2:
        raise HypervNetError(
            f"not SYNTHETIC=VF: {as_written(value)}",
            where=where,
            hint="tell each by its name, MAC address or PCI address, as in ens2=52:54:00:12:34:56",
        )
    return ToldPair(*map(str, found))


def _announcers(value: Any, where: Place) -> tuple[Announcer, ...]:
    """Each once, in the order in which they are named; a single one may stand without a list."""
    several = value if isinstance(value, (list, tuple)) else [value]
    places = [where.below(index) if several is value else where for index in range(len(several))]
    found = [_one_of(Announcer, one, place) for one, place in zip(several, places)]
    return tuple(dict.fromkeys(found))


def _folder(value: Any, where: Place) -> str:
    text = value if isinstance(value, str) else None
    if text is None or (text and not _FOLDER.match(text)):
        raise HypervNetError(
            f"not the path of a folder: {as_written(value)}",
            where=where,
            hint="write it as in /var/lib/prometheus/node-exporter",
        )
    return text


def _ahead(value: Any, where: Place) -> int:
    return _number(value, DRAIN_AHEAD, "seconds", where)


def _interval(value: Any, where: Place) -> int:
    return _number(value, MII_MONITOR_INTERVALS, "milliseconds", where)


def _number(value: Any, allowed: range, unit: str, where: Place) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        raise HypervNetError(
            f"not {allowed[0]} to {allowed[-1]} {unit}: {as_written(value)}", where=where
        )
    return value
