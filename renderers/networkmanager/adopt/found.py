"""The profiles of a root, and which of them has the settings of a NIC."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.networkmanager.profiles import (
    Nic,
    fits,
    is_ethernet,
    is_for_one_nic,
    master_of,
    rank,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.model import Pair
    from hyperv_net.places import Place
    from hyperv_net.renderers.networkmanager.keyfile import Keyfile


class Found(NamedTuple):
    """A profile that counts, and its file."""

    path: str
    profile: Keyfile

    def stands(self, section: str, key: str) -> Place:
        """Where the value of a key is; the file where it is not there."""
        return self.profile.stands(self.path, (section, key))

    @property
    def label(self) -> str:
        """What it is called."""
        name = self.path.rpartition("/")[2].removesuffix(".nmconnection")
        return self.profile.plain("connection", "id") or name

    @property
    def master(self) -> str:
        """The interface or the UUID of what it is a port of."""
        return master_of(self.profile)

    @property
    def interface(self) -> str:
        """The interface that it makes or is for, where it names one."""
        return self.profile.plain("connection", "interface-name")

    @property
    def uuid(self) -> str:
        """Its UUID, where it has one."""
        return self.profile.plain("connection", "uuid")

    @property
    def is_for_one_nic(self) -> bool:
        """Whether no other NIC can have it: by a name, or by an address."""
        return is_for_one_nic(self.profile)


def profiles_of(existing: Mapping[str, str]) -> list[Found]:
    """All that count, by their paths."""
    return [Found(path, profile) for path, profile in visible(existing)]


def nics_of(pair: Pair) -> list[Nic]:
    """The NICs of a pair that are there, the synthetic one first."""
    return [
        Nic(one.name, one.name, one.hardware_mac or pair.mac, one.driver, one.device)
        for one in (pair.synthetic, pair.vf)
        if one is not None
    ]


def donor(found: Iterable[Found], pair: Pair) -> Found | None:
    """The profile that has the settings of a pair: the synthetic NIC's, or else the VF's."""
    everything = list(found)
    for nic in nics_of(pair):
        best = max(
            (one for one in everything if fits(one.profile, nic)),
            key=lambda one: (*rank(one.profile), one.path),
            default=None,
        )
        if best is not None:
            return best
    return None


def bond_over(found: Iterable[Found], one: Found) -> Found | None:
    """The bond that a profile is a port of, where that is one."""
    if not one.master:
        return None
    for other in found:
        is_bond = other.profile.plain("connection", "type") == "bond"
        if is_bond and one.master in (other.interface, other.uuid):
            return other
    return None


def ports_of(found: Iterable[Found], bond: Found) -> Iterator[Found]:
    """The ports of a bond."""
    for one in found:
        if is_ethernet(one.profile) and one.master in {bond.interface, bond.uuid} - {""}:
            yield one
