"""The drivers of NICs that exist twice: of the VFs that hosts hand out, and of synthetic NICs."""

from __future__ import annotations

from typing import NamedTuple

FREEBSD_SYNTHETIC_DRIVER = "hn"


class VfDriver(NamedTuple):
    """The driver of a card whose VFs Azure or Hyper-V hands out.

    `name` is what people call it, `card` what it drives, `linux` its module as
    depmod(8) and the kernel's build name it.  On FreeBSD `prefix` begins the
    names of its interfaces (mlx5en(4), mlx4en(4), mana(4)), and `freebsd` is its
    file below boot/kernel (KMOD in sys/modules/*/Makefile of freebsd/freebsd-src).
    """

    name: str
    card: str
    linux: str
    prefix: str
    freebsd: str


#: Drivers that only ever serve such a VF on FreeBSD.  A VM that is deallocated and starts
#: again may find another of these cards.
VF_DRIVERS = (
    VfDriver("mlx5", "NVIDIA ConnectX-4 and later", "mlx5_core", "mce", "mlx5en.ko"),
    VfDriver("mlx4", "NVIDIA ConnectX-3", "mlx4_en", "mlxen", "mlx4en.ko"),
    VfDriver("mana", "Microsoft MANA", "mana", "mana", "if_mana.ko"),
)

FREEBSD_VF_DRIVERS = tuple(one.prefix for one in VF_DRIVERS)
