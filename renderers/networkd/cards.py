"""The cards that networkd's files are for, where no machine can be asked."""

from __future__ import annotations

from hyperv_net.decision.binding import NamedCard
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.given_names import completed, of_match
from hyperv_net.renderers.networkd.adopt.files import is_of_others, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def cards(existing: Mapping[str, str]) -> Iterator[NamedCard]:
    """Those that a .network file fits by name or address, with what they are given."""
    return completed(_own(existing), existing)


def _own(existing: Mapping[str, str]) -> Iterator[NamedCard]:
    for file in read(existing, "network", with_ours=True):
        if not is_of_others(file):
            yield from of_match(file, file.value("Match", "Name"))
            for one in file.value("Match", "Name").split():
                if not is_interface_name(one):
                    yield NamedCard(one, "", file.stands("Match", "Name"))
