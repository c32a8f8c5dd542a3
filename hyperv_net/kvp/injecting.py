"""An injection from the file to the files and the running machine."""

from __future__ import annotations

from ipaddress import ip_interface

from hyperv_net.applying.activating import follow
from hyperv_net.errors import HypervNetError
from hyperv_net.kvp.machine import GUARDS, RESOLV, mac_of
from hyperv_net.kvp.settings import device_of, render, replaces_ipv6, wanted_by
from hyperv_net.model import Change, RenderedFile, System
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.resolv_conf import merge_resolv_conf
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hyperv_net.applying.writing import Applied
    from hyperv_net.kvp.injected import Injection
    from hyperv_net.kvp.machine import Machine
    from hyperv_net.renderers.parts import Addressing, Run

#: Seconds to wait for another hyperv-net that is writing: the host sends an injection once.
_SECONDS = 30

_RESOLVCONF = ("sbin/resolvconf", "usr/sbin/resolvconf")
_GUARD_TEXT = (
    "# The Hyper-V host injected addresses, which cloud-init must not overwrite.\n"
    "# Remove this file to give the network back to cloud-init.\n"
    "network: {config: disabled}\n"
)


class Prepared(NamedTuple):
    """What an injection changes: the device, its interface, and the files."""

    device: str
    interface: str
    changes: tuple[Change, ...]


def prepare(machine: Machine, injection: Injection) -> Prepared:
    """The files that change; pure but for the address that the NIC has now.

    Raises HypervNetError where the injection is not for the NIC it names, and
    where the files would not say afterwards what was injected.
    """
    mac = mac_of(machine.root, injection.interface)
    if mac and injection.mac and mac != injection.mac:
        raise HypervNetError(
            f"{injection.interface} has {mac}, not {injection.mac}", where="injected by the host"
        )
    name = injection.interface
    device = machine.device(name, injection.mac)
    target, injecting = machine.target, machine.target.injecting
    # An aggregate has the address of its NICs, whose files are not its own.
    address = (injection.mac or mac) if device == name else None
    settings = device_of(injection, on_link=injecting.reaches_off_link)
    rendered = injecting.put(
        machine.existing,
        device,
        settings,
        lambda existing: render(device, settings, target, existing),
        replaces_ipv6=replaces_ipv6(injection),
        mac=address,
    )
    after = {**machine.existing, **{file.path: file.text for file in rendered}}
    rendered += [*_resolver(machine, injection), *_guard(machine)]
    _check(injecting.addressing(after, device, address), wanted_by(injection), device)
    changes = (
        Change(
            RenderedFile(file.path, file.text, file.mode, in_place=True),
            machine.others.get(file.path, machine.existing.get(file.path)),
        )
        for file in rendered
    )
    return Prepared(
        device,
        injecting.interface(machine.existing, device, name),
        tuple(change for change in changes if change.differs),
    )


def _resolver(machine: Machine, injection: Injection) -> list[RenderedFile]:
    """resolv.conf on Linux, where it is a file and no program is there that makes it."""
    servers = [str(one) for one in injection.nameservers]
    path = machine.root / RESOLV
    if (
        machine.system is System.FREEBSD
        or not servers
        or path.is_symlink()
        or any(files.exists_below(machine.root, one) for one in _RESOLVCONF)
    ):
        return []
    text = merge_resolv_conf(machine.others.get(RESOLV, ""), servers, ())
    return [RenderedFile(RESOLV, text)]


def _guard(machine: Machine) -> list[RenderedFile]:
    """What keeps cloud-init off the network, where there is a cloud-init."""
    for path in GUARDS:
        if files.exists_below(machine.root, path.rpartition("/")[0]):
            return [RenderedFile(path, _GUARD_TEXT)]
    return []


def _check(found: Addressing, wanted: Addressing, device: str) -> None:
    """The next question of the host has to be answered with what it injected."""
    of_family = {
        version: [
            {ip_interface(one).ip for one in addresses if ip_interface(one).version == version}
            for addresses in (found.addresses, wanted.addresses)
        ]
        for version in (4, 6)
    }
    have4, want4 = of_family[4]
    have6, want6 = of_family[6]
    if found.dhcp != wanted.dhcp or have4 != want4 or (want6 and have6 != want6):
        raise HypervNetError(
            f"another file goes on setting addresses or DHCP for {device}",
            where="injected by the host",
            hint=f"take {device} out of the files that hyperv-net does not edit",
        )


def write(machine: Machine, prepared: Prepared) -> Applied:
    """Write the files, all or none.  Raises HypervNetError, with nothing changed."""
    from hyperv_net.applying.writing import apply_files

    return apply_files(
        machine.root, machine.system, prepared.changes, partial=True, seconds=_SECONDS
    )


def write_and_activate(
    machine: Machine,
    prepared: Prepared,
    run: Run,
) -> Applied:
    """Write the files and make the running machine follow.

    What was written stays where a command fails: the next boot has it.
    """
    injecting, interface = machine.target.injecting, prepared.interface
    released = injecting.release(interface)
    follow(released, run)

    def activate(after: Mapping[str, str]) -> None:
        before = machine.existing
        follow(injecting.activate(before, after, prepared.device, interface, run), run)

    try:
        written = write(machine, prepared)
    except HypervNetError:
        if released:
            activate(machine.existing)
        raise
    changed = {change.file.path: change.file.text for change in prepared.changes}
    activate({**machine.existing, **changed})
    return written


def undo_interrupted(root: Path) -> None:
    """Put an interrupted write back before anything is read.  Raises HypervNetError."""
    from hyperv_net.applying.writing import recover

    recover(root, seconds=_SECONDS)
