"""Machines of the small kernel with one pair, and the hook that looks after them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hyperv_net.hotplug.act import freebsd, linux
from hyperv_net.hotplug.act.converge import Outcome, converge
from hyperv_net.hotplug.decide.drain_phase import begun, ended
from hyperv_net.hotplug.decide.step import Step
from hyperv_net.hotplug.look.state import ActualState
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Kind, Mode, System
from hyperv_net.owners import PERSON
from tests.hotplug.kernel import Kernel
from tests.hotplug.kernel.devices import MAC, Device

AGGREGATE = {System.LINUX: "bond0", System.FREEBSD: "lagg0"}
SYNTHETIC = {System.LINUX: "eth0", System.FREEBSD: "hn0"}
VF = {System.LINUX: "enP1s1", System.FREEBSD: "mce0"}
BOTH = (System.LINUX, System.FREEBSD)
#: Owners of a drain that are events.
EVENT, SECOND = "azure:F1", "google:7"
NOW = "2026-11-22T12:00:00Z"
#: The MAC of a second pair.
OTHER = "00:0d:3a:99:99:99"

each_system = pytest.mark.parametrize("system", BOTH)


def wanted(system: System, mode: Mode = Mode.AGGREGATE, target: str = "netplan") -> Wanted:
    """One pair of that system."""
    is_linux = system is System.LINUX
    pair = WantedPair(
        MAC,
        mode,
        SYNTHETIC[system],
        ("hv_netvsc",) if is_linux else ("hn",),
        AGGREGATE[system] if mode is Mode.AGGREGATE else "",
        primary=is_linux,
        options=(("mode", "active-backup"), ("miimon", "100")) if is_linux else (),
    )
    return Wanted(system, target if is_linux else "freebsd", (pair,))


TRANSPARENT = wanted(System.LINUX, Mode.TRANSPARENT)


def machine(system: System, *, aggregate: bool = True, vf: bool = False) -> Kernel:
    """A machine whose network is up, with the VF just arrived or away."""
    kernel = Kernel(system)
    is_linux = system is System.LINUX
    kernel.add(SYNTHETIC[system], driver="hv_netvsc" if is_linux else "hn", bus="vmbus", up=True)
    if aggregate:
        kernel.make_aggregate(AGGREGATE[system])
    if vf:
        arrive(kernel)
    return kernel


def arrive(kernel: Kernel, name: str = "", **more: object) -> Device:
    """The VF's device appears."""
    driver = "mlx5_core" if kernel.system is System.LINUX else "mce"
    fields = {"driver": driver, "bus": "pci", **more}
    return kernel.add(name or VF[kernel.system], Kind.ETHERNET, **fields)


def hook(
    kernel: Kernel,
    state: Wanted | None = None,
    expired: Callable[[], bool] = lambda: False,
    *,
    patient: bool = False,
) -> Outcome:
    """One look of the hook; a `patient` one is followed by another if a VF has no link yet."""
    known = state or wanted(kernel.system)

    def carry_out(step: Step) -> None:
        if kernel.system is System.LINUX:
            linux.carry_out(step, known, kernel.means())
        else:
            freebsd.carry_out(step, known, kernel.means())

    def read() -> ActualState:
        return kernel.read()._replace(patient=patient)

    return converge(read, known, carry_out, kernel.remember, expired, kernel.keep_drains)


def joined(system: System) -> Kernel:
    """A machine whose VF has joined and carries the traffic."""
    kernel = machine(system, vf=True)
    hook(kernel)
    assert path(kernel) == VF[system]
    kernel.commands.clear()
    return kernel


def transparent() -> Kernel:
    """A machine of Linux whose kernel has taken the VF itself."""
    kernel = machine(System.LINUX, aggregate=False)
    arrive(kernel, master="eth0", up=True)
    return kernel


def drain(kernel: Kernel, state: Wanted | None = None, owner: str = PERSON) -> Outcome:
    """`hyperv-net drain`, without what it prints."""
    known = state or wanted(kernel.system)
    macs = {pair.mac for pair in known.pairs}
    kernel.drains = begun(kernel.read(), known, macs, NOW, owner)
    return hook(kernel, known)


def undrain(kernel: Kernel, state: Wanted | None = None, owner: str | None = PERSON) -> Outcome:
    """`hyperv-net undrain`, without what it prints."""
    known = state or wanted(kernel.system)
    kernel.drains = ended(kernel.read(), {pair.mac for pair in known.pairs}, owner)
    return hook(kernel, known)


def path(kernel: Kernel, mode: Mode = Mode.AGGREGATE) -> str | None:
    """The NIC that carries the traffic."""
    kernel.read()
    if kernel.system is System.LINUX and mode is Mode.AGGREGATE:
        return kernel.devices[AGGREGATE[kernel.system]].active
    # While its VF is up an hn has no link, and hv_netvsc hands all packets to the VF.
    carrying = [name for name in kernel.vfs() if kernel.devices[name].master is not None]
    return next((name for name in carrying if kernel.devices[name].up), kernel.synthetic())
