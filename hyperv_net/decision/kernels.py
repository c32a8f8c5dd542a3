"""Whose hv_netvsc takes the VF itself, by the release that a kernel names.

Upstream's does since 4.14: netvsc_vf_join() in drivers/net/hyperv/netvsc_drv.c of
torvalds/linux.  Distributions took it into older releases, with Azure's accelerated
networking, and its list of supported systems names the first of theirs.
"""

from __future__ import annotations

import re

from hyperv_net.records import NamedTuple

FIRST_TRANSPARENT_KERNEL = (4, 14)


class Backport(NamedTuple):
    """Kernels of one distribution.

    `release` fits the whole release.  They take the VF from `since` on, a number that
    `release` finds in it; None where only some do, and no number tells which.
    """

    distribution: str
    release: str
    since: int | None


_BACKPORTS = (
    Backport("RHEL 7.4 and later", r"3\.10\.0-([0-9]{1,5})\..*el7.*", 693),
    Backport("SLES 12 SP3", r"4\.4\.[0-9]{1,4}-(94)\..*", 94),
    # Service packs 2 and 3 share a release, and only the last kernels of SP3 count from 94.
    # SUSE's follow 4.4's updates, where Ubuntu's say 4.4.0 of all.
    Backport("SLES 12 SP3", r"4\.4\.[1-9][0-9]{0,3}-[0-9.]+-(?:default|azure)", None),
    # Canonical's announcement of these kernels (September 2017, of 4.11.0-1011) names 'transparent
    # SR-IOV'; no source or changelog of them was found that has it.  Microsoft gave it out as
    # patches to 4.13 then ("netvsc: transparent VF management", microsoft/azure-linux-kernel).
    Backport("Ubuntu for Azure", r"4\.1[13]\.0-1[0-9]{3}-azure", None),
    Backport("SLES 12 SP4 and later", r"4\.12\.(14)-.*", 14),
)


class Ownership(NamedTuple):
    """Whether hv_netvsc takes the VF, None where that is not known, and who says so."""

    takes_vf: bool | None
    kernel: str


def ownership(text: str) -> Ownership:
    """What the release `text` of `uname -r` says of hv_netvsc."""
    release = kernel_release(text)
    if release is None:
        return Ownership(None, "the kernel's release is unknown")
    if release >= FIRST_TRANSPARENT_KERNEL:
        return Ownership(True, f"hv_netvsc of Linux {release[0]}.{release[1]}")
    for one in _BACKPORTS:
        found = re.fullmatch(one.release, text)
        if found and one.since is None:
            return Ownership(None, f"Linux {text} may have the hv_netvsc of {one.distribution}")
        if found and one.since is not None:
            takes_vf = int(found[1]) >= one.since
            return Ownership(takes_vf, f"hv_netvsc of Linux {text} ({one.distribution})")
    return Ownership(False, f"hv_netvsc of Linux {text}")


def kernel_release(text: str) -> tuple[int, int] | None:
    """Major and minor of a release such as `4.13.0-1018-azure`; None where it has none."""
    found = re.match(r"([0-9]{1,4})\.([0-9]{1,4})", text)
    return (int(found[1]), int(found[2])) if found else None
