"""NetworkManager beside another manager, and what of others it reads or is followed by."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity, System
from hyperv_net.places import Place, of_line
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.keyfile import ether_address
from hyperv_net.renderers.networkmanager.paths import MASKED, OTHERS, PROFILES, PROGRAMS
from hyperv_net.renderers.networkmanager.profiles import is_ethernet, visible
from hyperv_net.renderers.sysconfig.paths import IFCFG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.lint.image import Image

#: SUSE's: what its rule for udev and its script for NetworkManager's dispatcher run.
_CLOUD_NETCONFIG = (
    "usr/libexec/cloud-netconfig/cloud-netconfig",
    "usr/libexec/netconfig/scripts/cloud-netconfig",
)

READS: tuple[str, ...] = (*PROFILES, IFCFG)
LOOKS_FOR = (*PROGRAMS, *OTHERS, MASKED, *_CLOUD_NETCONFIG)


def check(image: Image) -> Iterator[Finding]:
    """Warnings where two would have one NIC."""
    if image.system is System.FREEBSD:
        return
    yield from _cloud_netconfig(image)
    if image.has(MASKED):
        return
    yield from _two_profiles(image.matching(*PROFILES), image.matching(IFCFG))
    for path in sorted(image.paths) if image.has(*OTHERS) else ():
        if path in PROGRAMS:
            yield Finding(
                "rival-manager",
                Severity.WARNING,
                "NetworkManager makes a profile for every NIC it is not told to leave alone, "
                "VFs too",
                Place(path),
                "disable it, unless the rules of 'hyperv-net bake' are in the image and its initrd",
            )
            return


def _two_profiles(profiles: Mapping[str, str], ifcfg: Mapping[str, str]) -> Iterator[Finding]:
    """ifcfg files beside keyfiles: its plugin ifcfg-rh reads them too, up to RHEL 9."""
    known: dict[str, str] = {}
    for path, profile in visible(profiles):
        known.setdefault(profile.plain("connection", "interface-name"), path)
        if is_ethernet(profile):
            address = ether_address(profile.plain("ethernet", "mac-address"))
            known.setdefault(address or "", path)
    for path in sorted(ifcfg):
        said = _said(ifcfg[path])
        if said.get("NM_CONTROLLED", "").lower() in ("no", "false", "n", "f", "0"):
            continue
        for key, word in (
            ("DEVICE", said.get("DEVICE", "")),
            ("HWADDR", said.get("HWADDR", "").lower()),
        ):
            if word and word in known:
                yield Finding(
                    "two-profiles",
                    Severity.WARNING,
                    f"is a profile for {word} too, and NetworkManager takes that with the higher "
                    "priority, or the one that was up last",
                    _stands(path, ifcfg[path], key),
                    f"remove it, or the keyfile {known[word]} ('nmcli connection migrate' makes "
                    "keyfiles of them)",
                )
                break


def _said(text: str) -> dict[str, str]:
    """The variables of an ifcfg file."""
    pairs = (line.strip().partition("=") for line in text.splitlines())
    return {key: value.strip().strip("\"'") for key, is_set, value in pairs if is_set}


def _stands(path: str, text: str, key: str) -> Place:
    """Where an ifcfg file sets a variable last."""
    lines = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip().partition("=")[0] == key
    ]
    number, line = lines[-1]
    return of_line(path, line, number, (key,))


def _cloud_netconfig(image: Image) -> Iterator[Finding]:
    """It sets addresses and rules besides, by names (common/cloud-netconfig in SUSE-Enceladus)."""
    for path in _CLOUD_NETCONFIG:
        if path in image.paths:
            yield Finding(
                "cloud-netconfig",
                Severity.NOTE,
                "gives interfaces further addresses of Azure's metadata and rules for them, and "
                "numbers their tables by the last character of a name: that of bond0 is eth0's",
                Place(path),
                "CLOUD_NETCONFIG_MANAGE=no in the interface's file keeps it off",
            )
            return
