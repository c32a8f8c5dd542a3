"""The profiles that NetworkManager reads, and which NICs each is for."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hyperv_net.drivers import known_as
from hyperv_net.inventory.told import fits_path
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.networkmanager.keyfile import ether_address, read
from hyperv_net.renderers.networkmanager.paths import CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.renderers.networkmanager.keyfile import Keyfile

_NO = frozenset(("false", "0", "no", "off"))
_ETHERNET = frozenset(("ethernet", "802-3-ethernet"))
#: Of profiles with one UUID that in the first folder counts (cmp_fcn() of nms-keyfile-storage.c):
#: what the file is called decides nothing.
_PRECEDENCE = (CONNECTIONS[1], CONNECTIONS[0], CONNECTIONS[2])
_EXTENSION = ".nmconnection"
#: Made by netplan at each boot: what is to be changed is in its own files.
_OF_NETPLAN = f"{CONNECTIONS[1]}/netplan-"


class Nic(NamedTuple):
    """A NIC by what a profile may be for: what people call it, name, permanent address, driver.

    `device` is the path of its device below /sys.
    """

    label: str
    name: str
    mac: str
    driver: str | None
    device: str | None = None


def visible(existing: Mapping[str, str]) -> Iterator[tuple[str, Keyfile]]:
    """The files that count, in the order of their paths, but for those that netplan makes."""
    chosen: dict[str, str] = {}
    profiles = {path: read(text) for path, text in existing.items() if _is_profile(path)}
    for folder in _PRECEDENCE:
        for path in sorted(profiles):
            if path.rpartition("/")[0] == folder:
                # Without one it has a UUID of its path.
                chosen.setdefault(profiles[path].plain("connection", "uuid") or path, path)
    for path in sorted(chosen.values()):
        if not path.startswith(_OF_NETPLAN):
            yield path, profiles[path]


def _is_profile(path: str) -> bool:
    """As nm_keyfile_utils_ignore_filename() has it: below /etc no ending is asked for."""
    folder, _, name = path.rpartition("/")
    if folder not in CONNECTIONS or name.startswith(".") or not name:
        return False
    if folder != CONNECTIONS[0]:
        return name.endswith(_EXTENSION) and name != _EXTENSION
    return not name.lower().endswith(("~", ".pem", ".der", ".nmmeta"))


def is_ethernet(profile: Keyfile) -> bool:
    """Whether it is for a NIC."""
    return profile.plain("connection", "type") in _ETHERNET


def connects_itself(profile: Keyfile) -> bool:
    """Whether NetworkManager brings it up without being told."""
    return profile.plain("connection", "autoconnect").lower() not in _NO


def priority(profile: Keyfile) -> int:
    """Its autoconnect-priority: of the profiles that fit a NIC that with the highest is taken."""
    text = profile.plain("connection", "autoconnect-priority")
    try:
        return int(text)
    except ValueError:
        return 0


def is_yes(value: str) -> bool:
    """A boolean as GKeyFile and NetworkManager read it."""
    return value.lower() in ("true", "1", "yes", "on")


def master_of(profile: Keyfile) -> str:
    """The interface or the UUID of what it is a port of; empty where it is none."""
    said = profile.plain("connection", "controller")
    return said or profile.plain("connection", "master")


def has_ports_addresses(profile: Keyfile) -> bool:
    """Whether it is a port whose addresses are those of what it is in; a VRF's has its own."""
    kind = profile.plain("connection", "port-type") or profile.plain("connection", "slave-type")
    return bool(master_of(profile)) and kind != "vrf"


def is_for_one_nic(profile: Keyfile) -> bool:
    """Whether no other NIC can have it: by a name, or by an address."""
    return bool(profile.plain("connection", "interface-name") or profile.plain(*_ADDRESS))


def rank(profile: Keyfile) -> tuple[int, int]:
    """NetworkManager goes by the priority, and then by which was up last, which no file tells."""
    return priority(profile), sum(bool(profile.get(*at)) for at in _NARROWING)


_ADDRESS = ("ethernet", "mac-address")
#: What a profile may be narrowed by.
_NARROWING = (
    ("connection", "interface-name"),
    _ADDRESS,
    ("match", "interface-name"),
    ("match", "driver"),
    ("match", "path"),
)


def fits(profile: Keyfile, nic: Nic) -> bool:
    """Whether it may be taken for a NIC; what is not known of that here is believed to fit.

    check_connection_compatible() of nm-device.c and nm-device-ethernet.c.
    """
    if not is_ethernet(profile) or not connects_itself(profile):
        return False
    name = profile.plain("connection", "interface-name")
    address = profile.plain("ethernet", "mac-address")
    if name and name != nic.name:
        return False
    # One that cannot be read is left out of the profile.
    if ether_address(address) not in (None, nic.mac):
        return False
    barred = (*profile.elements("ethernet", "mac-address-blacklist"),)
    barred += profile.elements("ethernet", "mac-address-denylist")
    if any(ether_address(one) == nic.mac for one in barred):
        return False
    if fits_path(profile.elements("match", "path"), nic.device) is False:
        return False
    by_name = _match(profile.elements("match", "interface-name"), (nic.name,))
    drivers = known_as(nic.driver)
    return by_name and (not drivers or _match(profile.elements("match", "driver"), drivers))


def _match(patterns: tuple[str, ...], values: tuple[str, ...]) -> bool:
    """One of the optional patterns has to fit, and each that `&` makes necessary.

    nm_wildcard_match_check(); an inverted one is necessary unless `|` stands before it
    (_pattern_parse()).
    """
    optional: list[bool] = []
    for pattern in patterns:
        mark, bare = (pattern[0], pattern[1:]) if pattern[:1] in ("&", "|") else ("", pattern)
        is_inverted = bare.startswith("!")
        bare = bare[1:] if is_inverted else bare
        found = any(fnmatchcase(value, bare.removeprefix("\\")) for value in values)
        if mark == "&" or (is_inverted and mark != "|"):
            if found == is_inverted:
                return False
        else:
            optional.append(found != is_inverted)
    return not optional or any(optional)
