"""The drivers of NICs that exist twice: of synthetic NICs, and of the VFs that hosts hand out.

Whatever has to know one is made from these lists: pairing, the match of a network
config, the names in rc.conf that a VF may return with, devd's rules, lint.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hyperv_net.facts import Nic

#: Hyper-V's own synthetic NIC: hn(4), and drivers/net/hyperv of Linux.
FREEBSD_SYNTHETIC_DRIVER = "hn"
LINUX_SYNTHETIC_DRIVER = "hv_netvsc"
SYNTHETIC_DRIVERS = (FREEBSD_SYNTHETIC_DRIVER, LINUX_SYNTHETIC_DRIVER)

#: The driver of a NIC that may be the standby of net_failover, a pair that the kernel owns.
STANDBY_DRIVER = "virtio_net"

#: Drivers whose NICs may have one address: cloud-init takes the first of them, since 23.1 (issues
#: 4046 and 4084 of canonical/cloud-init).
TOLD_APART = ("fsl_enetc", "mscc_felix", "qmi_wwan")


class VfDriver(NamedTuple):
    """The driver of a card whose VFs Azure or Hyper-V hands out.

    `name` is what people call it, `card` what it drives.  On Linux `binds` is the
    driver that the PCI bus knows, and `linux` the module that makes the interfaces
    and names itself in ethtool(8), as depmod(8) and the kernel's build name it;
    `is_vfs_alone` where it drives nothing but such VFs.  On FreeBSD `prefix` begins
    the names of its interfaces (mlx5en(4), mlx4en(4), mana(4)), which are counted
    through the `ports` of all cards, of which a VF has one; `freebsd` is its file
    below boot/kernel (KMOD in sys/modules/*/Makefile of freebsd/freebsd-src).
    """

    name: str
    card: str
    binds: str
    linux: str
    is_vfs_alone: bool
    prefix: str
    ports: int
    freebsd: str


#: Drivers that only ever serve such a VF on FreeBSD.  A VM that is deallocated and starts
#: again may find another of these cards.
VF_DRIVERS = (
    VfDriver(
        name="mlx5",
        card="NVIDIA ConnectX-4 and later",
        binds="mlx5_core",
        linux="mlx5_core",
        is_vfs_alone=False,
        prefix="mce",
        ports=1,
        freebsd="mlx5en.ko",
    ),
    VfDriver(
        name="mlx4",
        card="NVIDIA ConnectX-3",
        binds="mlx4_core",
        linux="mlx4_en",
        is_vfs_alone=False,
        prefix="mlxen",
        # The VF of hn1 is mlxen2 in published listings (sys/dev/mlx4/mlx4_en of freebsd-src).
        ports=2,
        freebsd="mlx4en.ko",
    ),
    VfDriver(
        name="mana",
        card="Microsoft MANA",
        binds="mana",
        linux="mana",
        is_vfs_alone=True,
        prefix="mana",
        ports=1,
        freebsd="if_mana.ko",
    ),
)

FREEBSD_VF_DRIVERS = tuple(one.prefix for one in VF_DRIVERS)

#: Bus driver → the name that ethtool reports, and what stands for the same NIC on FreeBSD:
#: networkd and cloud-init compare with the one, sysfs shows the other.
_ALSO_KNOWN_AS = {
    **{one.binds: one.linux for one in VF_DRIVERS},
    FREEBSD_SYNTHETIC_DRIVER: LINUX_SYNTHETIC_DRIVER,
}


def is_hv_netvsc(nic: Nic) -> bool:
    """Whether the NIC is Hyper-V's own and not one whose driver borrows the name."""
    return nic.driver == LINUX_SYNTHETIC_DRIVER and nic.bus == "vmbus"


def known_as(driver: str | None) -> tuple[str, ...]:
    """The names that a driver of a NIC may be picked by; none where it has no driver."""
    if not driver:
        return ()
    return tuple(dict.fromkeys((driver, _ALSO_KNOWN_AS.get(driver, driver))))
