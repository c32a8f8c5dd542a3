"""Drivers of the VFs that Azure and Hyper-V hosts hand out.

A VM that is deallocated and starts again may find other hardware, so an image
needs them all, whatever it was tried on.
"""

from __future__ import annotations

from hyperv_net.drivers import VF_DRIVERS
from hyperv_net.model import Finding, Severity, System
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.drivers import VfDriver
    from hyperv_net.lint.image import Image

_BY_NAME = {one.name: one for one in VF_DRIVERS}
_MODULES = ("lib/modules", "usr/lib/modules")

READS = tuple(f"{at}/*/modules.{kind}" for at in _MODULES for kind in ("dep", "builtin"))
LOOKS_FOR = (
    "boot/kernel/kernel",
    *(f"boot/{folder}/{one.freebsd}" for folder in ("kernel", "modules") for one in VF_DRIVERS),
)


def check(image: Image) -> Iterator[Finding]:
    """A finding for each driver that a kernel of the image lacks."""
    if image.system is System.FREEBSD:
        yield from _of_freebsd(image)
        return
    kernels: dict[str, list[str]] = {}
    for path, text in image.matching(*READS).items():
        kernels.setdefault(path.rpartition("/")[0], []).append(text)
    kernels = {folder: texts for folder, texts in kernels.items() if _is_known(image, folder)}
    if not kernels and image.expected_drivers:
        yield Finding(
            "no-kernel",
            Severity.ERROR,
            "no kernel with a list of its modules is in the image, so its drivers are not known",
            Place(_MODULES[0]),
            "install a kernel, run depmod(8) for it, or leave --expect-driver out",
        )
    seen: set[str] = set()
    for folder, texts in kernels.items():
        release = folder.rpartition("/")[2]
        # /lib is a link to /usr/lib on most systems, and shows each kernel twice.
        if release not in seen:
            seen.add(release)
            yield from _of_linux(image, folder, release, _module_names(texts))


def _is_known(image: Image, folder: str) -> bool:
    """Whether depmod(8) has listed the modules; modules.builtin is there before that."""
    return f"{folder}/modules.dep" in image.texts


def _module_names(texts: list[str]) -> set[str]:
    """`kernel/drivers/net/.../mlx5_core.ko.xz: …` names mlx5_core."""
    lines = (line for text in texts for line in text.splitlines())
    files = (line.split(":")[0].rpartition("/")[2] for line in lines)
    return {file.split(".ko")[0].replace("-", "_") for file in files}


def _of_linux(image: Image, folder: str, release: str, modules: set[str]) -> Iterator[Finding]:
    for driver in _expected(image):
        if driver.linux not in modules:
            yield Finding(
                "vf-driver-missing",
                _severity(image),
                f"kernel {release} has no {driver.linux}, the driver of {driver.card}",
                Place(folder),
                "install a kernel that has it; without it the machine stays on its synthetic NIC",
            )


def _of_freebsd(image: Image) -> Iterator[Finding]:
    if not image.has("boot/kernel/kernel"):
        if image.expected_drivers:
            yield Finding(
                "no-kernel",
                Severity.ERROR,
                "no kernel is in the image, so its drivers are not known",
                Place("boot/kernel"),
                "install a kernel, or leave --expect-driver out",
            )
        return
    for driver in _expected(image):
        file = driver.freebsd
        if not image.has(f"boot/kernel/{file}", f"boot/modules/{file}"):
            yield Finding(
                "vf-driver-missing",
                _severity(image),
                f"no {file}, the driver of {driver.card}",
                Place("boot/kernel"),
                "build the module, unless the driver is in the kernel itself",
            )


def _expected(image: Image) -> tuple[VfDriver, ...]:
    return tuple(_BY_NAME[name] for name in image.expected_drivers) or VF_DRIVERS


def _severity(image: Image) -> Severity:
    return Severity.ERROR if image.expected_drivers else Severity.WARNING
