"""Kinds of machines that come with the program, for a review where there is no inventory.

Each is one that many have: the facts are those of published listings (tests/captures names
them), and the addresses stand for those that a network config names (`decision.binding`).
"""

from __future__ import annotations

from hyperv_net.facts import Inventory, Kind, Nic, System
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

#: So many cards a kind comes with; the name of one with more ends in its number.
_MOST = 2


class MachineKind(NamedTuple):
    """A kind of machine.

    `meaning` is one line for people, and `synthetic_drivers` what has to be told of it besides.
    Interfaces are called by `synthetic` and `vf` with the card's number in place of `{}`;
    `kernel_owns` is true where the kernel makes the synthetic NIC the VF's master.
    """

    name: str
    meaning: str
    system: System
    kernel: str
    synthetic: str
    synthetic_driver: str
    synthetic_bus: str
    vf: str
    vf_driver: str
    kernel_owns: bool = False
    synthetic_drivers: tuple[str, ...] = ()


_KINDS = (
    MachineKind(
        name="azure-linux-mlx5",
        meaning="Linux on Azure, ConnectX-4 or 5: the kernel owns the pair",
        system=System.LINUX,
        kernel="6.8.0-1044-azure",
        synthetic="eth{}",
        synthetic_driver="hv_netvsc",
        synthetic_bus="vmbus",
        vf="enP5309{}s1np0",
        vf_driver="mlx5_core",
        kernel_owns=True,
    ),
    MachineKind(
        name="azure-linux-mana",
        meaning="Linux on Azure, Microsoft's MANA: the kernel owns the pair",
        system=System.LINUX,
        kernel="6.8.0-1044-azure",
        synthetic="eth{}",
        synthetic_driver="hv_netvsc",
        synthetic_bus="vmbus",
        vf="enP3087{}s1",
        vf_driver="mana",
        kernel_owns=True,
    ),
    MachineKind(
        name="azure-freebsd-mlx5",
        meaning="FreeBSD on Azure, ConnectX-4 or 5: a lagg for each pair",
        system=System.FREEBSD,
        kernel="14.3-RELEASE",
        synthetic="hn{}",
        synthetic_driver="hn",
        synthetic_bus="vmbus",
        vf="mce{}",
        vf_driver="mce",
    ),
    MachineKind(
        name="azure-freebsd-mana",
        meaning="FreeBSD on Azure, Microsoft's MANA: a lagg for each pair",
        system=System.FREEBSD,
        kernel="15.0-RELEASE",
        synthetic="hn{}",
        synthetic_driver="hn",
        synthetic_bus="vmbus",
        vf="mana{}",
        vf_driver="mana",
    ),
    MachineKind(
        name="kvm-virtio",
        meaning="Linux on KVM, virtio_net and a VF of one address: a bond for each pair",
        system=System.LINUX,
        kernel="6.12.48+deb13-amd64",
        synthetic="eth{}",
        synthetic_driver="virtio_net",
        synthetic_bus="virtio",
        vf="ens1{}",
        vf_driver="iavf",
        synthetic_drivers=("virtio_net",),
    ),
)

KINDS = {
    one.name if number == 1 else f"{one.name}-{number}": (one, number)
    for one in _KINDS
    for number in range(1, _MOST + 1)
}


def inventory_of(name: str) -> Inventory:
    """The inventory of a machine of the kind; `name` is one of KINDS."""
    kind, number = KINDS[name]
    is_freebsd = kind.system is System.FREEBSD
    return Inventory(
        system=kind.system,
        kernel=kind.kernel,
        nics=tuple(_nics(kind, number)),
        vf_transparent=False if is_freebsd else None,
        vf_map=tuple((kind.synthetic.format(at), kind.vf.format(at)) for at in range(number))
        if is_freebsd
        else (),
    )


def _nics(kind: MachineKind, number: int) -> Iterator[Nic]:
    for at in range(number):
        mac = f"00:0d:3a:00:00:{at + 1:02x}"
        synthetic, vf = kind.synthetic.format(at), kind.vf.format(at)
        yield Nic(
            name=synthetic,
            kind=Kind.ETHERNET,
            mac=mac,
            permanent_mac=mac,
            driver=kind.synthetic_driver,
            bus=kind.synthetic_bus,
            lowers=(vf,) if kind.kernel_owns else (),
            mtu=1500,
        )
        yield Nic(
            name=vf,
            kind=Kind.ETHERNET,
            mac=mac,
            permanent_mac=mac,
            driver=kind.vf_driver,
            bus="pci",
            master=synthetic if kind.kernel_owns else None,
            mtu=1500,
        )
