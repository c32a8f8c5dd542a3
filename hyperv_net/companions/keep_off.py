"""One set of files for any machine that keeps everybody off the VFs of pairs the kernel owns.

They name no MAC: a VF is told, when its event comes, by a NIC of a synthetic driver that bears
its address.  Whatever order the two appear in, the event of the later one finds both in sysfs
(device_add() of drivers/base/core.c of torvalds/linux makes a device's files before it raises
its event), so that a VF that came first is shown to udev again.  IFF_SLAVE is never asked for:
the kernel sets it some time after the `add` event (Azure/azure-vm-utils issue 106).

A VF without a synthetic NIC beside it is an ordinary NIC, and left alone.  A virtio NIC counts
where it is the standby of net_failover: bit 62 of its features, VIRTIO_NET_F_STANDBY of
include/uapi/linux/virtio_net.h.  Then the standby itself is kept off too, which the kernel calls
`sby` (virtnet_get_phys_port_name() of drivers/net/virtio_net.c).

Nothing of it needs Python.  The programs are POSIX shell that starts no other, and work with the
udev of systemd 241 and later, whose commands may have 1023 characters.
"""

from __future__ import annotations

from hyperv_net.companions.udev_rules import (
    DRAINED,
    IS_OFF,
    KEEP_OFF_RULES,
    KEPT_OFF,
    RULES_FILE,
    VF_MARK,
    wake_command,
)
from hyperv_net.drivers import LINUX_SYNTHETIC_DRIVER, STANDBY_DRIVER
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Mode, System
from hyperv_net.inventory import identifiers
from hyperv_net.marks import FOR_ANY
from hyperv_net.model import RenderedFile
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import targets
from hyperv_net.root.initramfs import DRACUT, INITRAMFS_TOOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_IN_INITRAMFS_TOOLS = "etc/initramfs-tools/hooks/hyperv-net-keep-off"
_IN_DRACUT = "etc/dracut.conf.d/90-hyperv-net-keep-off.conf"

_LONGEST_COMMAND = 1023
#: VIRTIO_NET_F_STANDBY, by the place of its digit in what sysfs shows.
_HAS_STANDBY = f"{'?' * 62}1*"
_VIRTIO = f"/sys/bus/virtio/drivers/{STANDBY_DRIVER}"


def keep_off_files(
    synthetic_drivers: Iterable[str] = (), is_there: Callable[[str], bool] = lambda path: False
) -> tuple[RenderedFile, ...]:
    """All files, for the managers that every machine may have and those that this one has.

    `synthetic_drivers` are further ones besides Hyper-V's own; `is_there` tells of a path below
    the root whether it is.  Raises HypervNetError where one is no driver's name.
    """
    drivers = _checked(synthetic_drivers)
    files = [_rules(drivers)]
    for target in targets(System.LINUX):
        files += target.keep_off(lambda nic: asks_for_vf(drivers, nic), is_there)
    carried = [file.path for file in files if file.path.startswith(("etc/udev/", "etc/systemd/"))]
    if any(map(is_there, INITRAMFS_TOOLS)):
        files.append(_initramfs_tools_hook(carried))
    if any(map(is_there, DRACUT)):
        files.append(_dracut_conf(carried))
    return tuple(sorted(files, key=lambda file: file.path))


def keep_off_paths() -> tuple[str, ...]:
    """The paths of all files there can be."""
    files = keep_off_files(is_there=lambda path: True)
    return tuple(file.path for file in files)


def _checked(synthetic_drivers: Iterable[str]) -> tuple[str, ...]:
    drivers = {LINUX_SYNTHETIC_DRIVER, *synthetic_drivers}
    for one in drivers:
        if identifiers.driver(one) is None:
            raise HypervNetError(f"not a driver's name: {one!r}", where="synthetic_drivers")
    return tuple(sorted(drivers))


def _rules(drivers: Sequence[str]) -> RenderedFile:
    text = FOR_ANY + "".join(f"{line}\n" for line in _lines(drivers))
    return RenderedFile(KEEP_OFF_RULES, text)


def _lines(drivers: Sequence[str]) -> Iterator[str]:
    yield 'SUBSYSTEM!="net", GOTO="hyperv_net_keep_off_end"'
    yield 'ACTION!="add|move|change", GOTO="hyperv_net_keep_off_end"'
    yield f'{IS_OFF}, GOTO="hyperv_net_keep_off_end"'
    yield "# Bonds, vlans and bridges bear the MAC of a pair too, and have no device on a bus."
    yield 'DEVPATH=="/devices/virtual/*", GOTO="hyperv_net_keep_off_end"'
    yield f"# What {RULES_FILE.rpartition('/')[2]} knows of this machine counts."
    yield f'ENV{{{VF_MARK}}}=="?*", GOTO="hyperv_net_keep_off_end"'
    yield "# A synthetic NIC: a VF that was there before it is shown to udev again."
    for driver in drivers:
        yield f'DRIVERS=="{driver}", GOTO="hyperv_net_keep_off_synthetic"'
    if STANDBY_DRIVER not in drivers:
        yield f'DRIVERS=="{STANDBY_DRIVER}", ATTR{{phys_port_name}}=="sby",' + _marks()
        yield (
            f'DRIVERS=="{STANDBY_DRIVER}", ATTRS{{features}}=="{_HAS_STANDBY}",'
            ' GOTO="hyperv_net_keep_off_synthetic"'
        )
        yield f'DRIVERS=="{STANDBY_DRIVER}", GOTO="hyperv_net_keep_off_end"'
    yield "# A VF, where a synthetic NIC bears its address."
    yield f'PROGRAM!="{vf_program(drivers)}", GOTO="hyperv_net_keep_off_end"'
    yield f'ENV{{{VF_MARK}}}="{Mode.TRANSPARENT.value}",' + _marks()
    yield f'{DRAINED}, RUN+="{wake_command()}"'
    yield 'GOTO="hyperv_net_keep_off_end"'
    yield 'LABEL="hyperv_net_keep_off_synthetic"'
    yield f'ACTION=="add|move", RUN+="{show_again_program()}"'
    yield 'LABEL="hyperv_net_keep_off_end"'


def _marks() -> str:
    """For NetworkManager, networkd (of 255 and later, and by its file), and units of others."""
    return (
        f' ENV{{{KEPT_OFF}}}="1", ENV{{NM_UNMANAGED}}="1", ENV{{ID_NET_MANAGED_BY}}="unmanaged",'
        ' ENV{SYSTEMD_WANTS}=""'
    )


def asks_for_vf(drivers: Sequence[str], nic: str) -> str:
    """Shell that ends with status 0 where a NIC is a VF, and with 1 where it is none.

    `nic` is what its folder in sysfs is, for the shell.  One whose master is a synthetic NIC is a
    VF whatever addresses they have by now.  It asks once more where a NIC was renamed while it
    looked.
    """
    kinds = "|".join(sorted({*drivers, STANDBY_DRIVER}))
    places = [f"/sys/bus/*/drivers/{driver}/*/net/*" for driver in drivers]
    tells_standby = ""
    if STANDBY_DRIVER not in drivers:
        places.append(f"{_VIRTIO}/*/net/*")
        tells_standby = (
            f" case $n in {_VIRTIO}/*) read -r f <${{n%/net/*}}/features;"
            f" case $f in {_HAS_STANDBY}) ;; *) continue;; esac;; esac;"
        )
    return (
        f"exec 2>/dev/null; read -r mac <{nic}/address && read -r type <{nic}/type &&"
        f" [ $type = 1 ] && cd -P {nic}/device/driver || exit 1;"
        f" case ${{PWD##*/}} in {kinds}) exit 1;; esac;"
        f" cd -P {nic}/master/device/driver && case ${{PWD##*/}} in {kinds}) exit 0;; esac;"
        " for again in 1 2 3; do gone=;"
        f" for n in {' '.join(places)}; do{tells_standby}"
        " read -r other <$n/address || gone=1; [ x$other = x$mac ] && exit 0; done;"
        " [ $gone ] || exit 1; done; exit 1"
    )


def vf_program(drivers: Sequence[str]) -> str:
    """The command of a PROGRAM key that succeeds where the NIC of the event is a VF."""
    return _command(asks_for_vf(drivers, "/sys$DEVPATH"))


def show_again_program() -> str:
    """The command of a RUN key that shows udev the NICs with the address of the event's.

    They are those with a device on a bus; a `change` is enough, and raises no further one.
    """
    return _command(
        "exec 2>/dev/null;"
        " for n in /sys$DEVPATH /sys/class/net/$INTERFACE; do read -r mac <$n/address && break;"
        " done; for n in /sys/class/net/*; do [ -e $n/device ] && read -r other <$n/address &&"
        " [ $other = $mac ] && read -r index <$n/ifindex && [ $index != $IFINDEX ] &&"
        " echo change >$n/uevent; done; exit 0"
    )


def _command(script: str) -> str:
    """udev takes `$` and `%` for its own unless they are doubled."""
    command = "/bin/sh -c '{}'".format(script.replace("%", "%%").replace("$", "$$"))
    if len(command) > _LONGEST_COMMAND:
        raise HypervNetError(
            f"{len(command)} characters are more than a rule of udev may run",
            where="synthetic_drivers",
            hint="name fewer drivers",
        )
    return command


def _initramfs_tools_hook(carried: Sequence[str]) -> RenderedFile:
    """That they hold in the initramfs too (initramfs-tools(7)); no image fails over it."""
    copies = "".join(
        f'[ ! -d "$DESTDIR/{path.rpartition("/")[0]}" ] || cp -p "/{path}" "$DESTDIR/{path}"\n'
        for path in carried
    )
    return RenderedFile(
        _IN_INITRAMFS_TOOLS,
        "#!/bin/sh\n"
        f"{FOR_ANY}"
        '[ "$1" = prereqs ] && exit 0\n'
        ". /usr/share/initramfs-tools/hook-functions\n"
        'mkdir -p "$DESTDIR/etc/udev/rules.d"\n'
        f"{copies}"
        "exit 0\n",
        0o755,
    )


def _dracut_conf(carried: Sequence[str]) -> RenderedFile:
    """The same for dracut.conf(5): a file that is not there is no error."""
    paths = " ".join(f"/{path}" for path in carried)
    return RenderedFile(_IN_DRACUT, f'{FOR_ANY}install_optional_items+=" {paths} "\n')
