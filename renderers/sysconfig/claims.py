"""Names that ifcfg files give to NICs by HWADDR.

`60-net.rules` of Fedora's initscripts (package initscripts-rename-device) has rename_device
print the DEVICE of the file whose HWADDR is the NIC's address, whatever the NIC
(src/rename_device.c there).
"""

from __future__ import annotations

from hyperv_net.decision.claims import EVERY_NIC, MAC, Claim, Patterns, names_it
from hyperv_net.inventory import identifiers
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.sysconfig.paths import IFCFG
from hyperv_net.root.patterns import fits
from hyperv_net.root.udev import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RENAMES = "rename_device"

_HINT = (
    "leave HWADDR out, or remove the package initscripts-rename-device: marks in an earlier rule "
    "would be forgotten too"
)


def claims(texts: Mapping[str, str], paths: frozenset[str]) -> Iterator[Claim]:
    """One for each file with an address, where there is a rule that looks at it."""
    rule = next((one for one in rules_of(texts) if _RENAMES in one.value_of("PROGRAM")), None)
    if rule is None:
        return
    found = [
        claim for path in sorted(texts) if fits(path, IFCFG) for claim in _of(path, texts[path])
    ]
    yield from found
    if not found:
        yield Claim(
            rule.where,
            (EVERY_NIC,),
            f"{_RENAMES} names a NIC by the HWADDR of its ifcfg file, which cloud-init writes, and "
            + names_it("so"),
            _HINT,
        )


def _of(path: str, text: str) -> Iterator[Claim]:
    said: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        key, _, value = line.strip().partition("=")
        said[key] = (value.strip().strip("\"'"), number)
    address, at_line = said.get("HWADDR", ("", 0))
    name, _ = said.get("DEVICE", ("", 0))
    mac = identifiers.mac(address.replace("-", ":"))
    # Without DEVICE the file gives no name; an alias has that of its device.
    if mac is not None and name and ":" not in name:
        yield Claim(Place(path, line=at_line), ({MAC: Patterns((mac,))},), names_it(name), _HINT)
