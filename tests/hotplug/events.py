"""What happens to a machine beside the hook, and a witness that looks on."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Kind, System
from tests.hotplug.kernel import Kernel
from tests.hotplug.kernel.devices import AGGREGATES
from tests.hotplug.machines import AGGREGATE, SYNTHETIC, arrive, machine

Event = Callable[[Kernel], None]


def _vf_leaves(kernel: Kernel) -> None:
    for name in kernel.vfs():
        kernel.remove(name)


def _vf_comes(name: str, driver: str, largest_mtu: int = 9000) -> Event:
    def happens(kernel: Kernel) -> None:
        if name not in kernel.devices:
            arrive(kernel, name, driver=driver, largest_mtu=largest_mtu)

    return happens


def _to_vfs(change: Callable[[Kernel, str], None]) -> Event:
    def happens(kernel: Kernel) -> None:
        for name in kernel.vfs():
            change(kernel, name)
            kernel.touched.add(name)

    return happens


def _raise(kernel: Kernel, name: str) -> None:
    kernel.devices[name].up = True


def _configure(kernel: Kernel, name: str) -> None:
    kernel.devices[name].up = True
    kernel.devices[name].addresses = ["10.0.0.9", "fe80::9"]
    kernel.devices[name].client = 99


def _bridge(kernel: Kernel, name: str) -> None:
    if "br0" not in kernel.devices:
        kernel.add("br0", Kind.BRIDGE, mac="02:00:00:00:00:01")
    if kernel.devices[name].master is None:
        kernel.devices[name].master = "br0"


def _lower(kernel: Kernel, name: str) -> None:
    kernel.devices[name].up = False


def _synthetic_configured(kernel: Kernel) -> None:
    name = SYNTHETIC[kernel.system]
    if name in kernel.devices:
        kernel.devices[name].addresses = ["10.0.0.4"]
        kernel.touched.add(name)


def _synthetic_taken_out(kernel: Kernel) -> None:
    name = SYNTHETIC[kernel.system]
    if name in kernel.devices:
        kernel.devices[name].master = None
        kernel.touched.add(name)


def _aggregate_made(kernel: Kernel) -> None:
    kernel.make_aggregate(AGGREGATE[kernel.system])


def _aggregate_deleted(kernel: Kernel) -> None:
    kernel.touched.update(kernel.members(AGGREGATE[kernel.system]))
    kernel.remove(AGGREGATE[kernel.system])


def _jumbo(kernel: Kernel) -> None:
    """Both kernels set the members as well, and refuse where one of them does."""
    name = AGGREGATE[kernel.system]
    members = [kernel.devices[member] for member in kernel.members(name)]
    if name in kernel.devices and all(member.largest_mtu >= 9000 for member in members):
        for device in (kernel.devices[name], *members):
            device.mtu = 9000


EVENTS: dict[str, Event] = {
    "the VF leaves": _vf_leaves,
    "the VF comes": _vf_comes("vf0", "mlx5_core"),
    "a VF comes under another name": _vf_comes("vf1", "mana"),
    "a VF comes that refuses jumbo frames": _vf_comes("vf2", "mlx4_core", 1500),
    "somebody raises the VFs": _to_vfs(_raise),
    "somebody lowers the VFs": _to_vfs(_lower),
    "somebody configures the VFs": _to_vfs(_configure),
    "somebody puts the VFs into a bridge": _to_vfs(_bridge),
    "somebody configures the synthetic NIC": _synthetic_configured,
    "somebody takes the synthetic NIC out": _synthetic_taken_out,
    "the aggregate is made": _aggregate_made,
    "the aggregate is deleted": _aggregate_deleted,
    "the aggregate gets jumbo frames": _jumbo,
}
#: Whether these two have their way depends on what the kernel was at that moment.
BY_ORDER = {"somebody configures the synthetic NIC", "a VF comes that refuses jumbo frames"}
FAULTS = ("fails", "fails after all", "nothing", "nothing", "nothing")


class Witness(Kernel):
    """A kernel that is looked at before and after each command."""

    def misdeeds(self) -> set[tuple[str, str]]:
        """A VF that is up outside its aggregate, an address on a member or on a VF that joins."""
        found = set()
        for name, device in self.devices.items():
            master = self.devices.get(device.master or "")
            inside = master is not None and master.kind in AGGREGATES
            if device.bus == "pci" and device.up and not inside:
                found.add(("up outside its aggregate", name))
            if device.bus is not None and inside and device.addresses:
                found.add(("address on a member", name))
        return found


def witness(kernel: Kernel, script: list[tuple[str, str]]) -> Witness:
    """The kernel with a script of what happens at each of the hook's commands."""
    watched = Witness(kernel.system, kernel.devices, next_index=kernel.next_index)
    pending = list(script)
    before: set[tuple[str, str]] = set()
    late: list[bool] = []

    def begins() -> None:
        event, fault = pending.pop(0) if pending else ("", "nothing")
        if event:
            EVENTS[event](watched)
        before.clear()
        before.update(watched.misdeeds())
        late.append(fault == "fails after all")
        if fault == "fails":
            raise HypervNetError("Input/output error")

    def ends() -> None:
        new = {one for one in watched.misdeeds() - before if one[1] not in watched.touched}
        assert not new, (new, watched.commands)
        if late[-1]:
            raise HypervNetError("Input/output error")

    watched.before_command, watched.after_command = begins, ends
    original = watched.read

    def read() -> object:
        watched.touched.clear()
        return original()

    watched.read = read  # type: ignore[method-assign,assignment]
    return watched


@st.composite
def kernels(draw: st.DrawFn, system: System) -> Kernel:
    """A machine in any state, sensible or not."""
    kernel = machine(system, aggregate=False)
    for event in draw(st.lists(st.sampled_from(sorted(EVENTS)), max_size=8)):
        EVENTS[event](kernel)
    for name in kernel.vfs():
        if draw(st.booleans()):
            masters = [n for n in kernel.devices if kernel.devices[n].bus is None]
            kernel.devices[name].master = draw(st.sampled_from([None, *masters]))
        kernel.devices[name].mtu = draw(st.sampled_from([1500, 9000]))
    if draw(st.booleans()):
        kernel.seen = frozenset({AGGREGATE[system]})
    return kernel


def scripts() -> st.SearchStrategy[list[tuple[str, str]]]:
    """What happens at each of the hook's commands, and whether it fails."""
    moment = st.tuples(
        st.sampled_from(["", "", *sorted(EVENTS)]),
        st.sampled_from(FAULTS),
    )
    return st.lists(moment, max_size=25)
