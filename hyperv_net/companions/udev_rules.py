"""What keeps other managers off a VF on Linux, joins it at once, and wakes `reconcile`.

Nothing is known of a VF beforehand but its MAC and that it has a device on a
bus and another driver than the synthetic NIC's.  The rules never ask for
IFF_SLAVE, which the kernel sets some time after the `add` event
(Azure/azure-vm-utils issue 106).  They work with the udev of systemd 241 and
later; `udevadm verify` of 254 accepts them.
"""

from __future__ import annotations

from hyperv_net.companions import name_in_the_way
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.inventory import identifiers
from hyperv_net.inventory.told import told, told_mac, told_pci
from hyperv_net.marks import FROM_PAIRS
from hyperv_net.model import Mode, RenderedFile, System
from hyperv_net.names import is_interface_name
from hyperv_net.places import Place
from hyperv_net.programs import PATH
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.turned_off import OFF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hyperv_net.hotplug.wanted import Wanted, WantedPair

RULES_FILE = "etc/udev/rules.d/70-hyperv-net-vf.rules"

#: Those for any machine (keep_off.py).  They come after the rules above, which know its pairs, and
#: after those of others that would have systemd start a unit for the VF (SYSTEMD_WANTS): what a
#: rule says counts when all have been gone through.
KEEP_OFF_RULES = "etc/udev/rules.d/99-hyperv-net-keep-off.rules"

#: What the rules leave to wake the worker: `hyperv-net-reconcile.path` waits for it.
MARK = f"{RUN_DIRECTORY[System.LINUX]}/again"

#: The drain of a pair that the kernel drives ends with the VF's return; else nothing is to do.
DRAINED = f'TEST=="{RUN_DIRECTORY[System.LINUX]}/drained"'
#: Where hyperv-net is turned off, what keeps others off a VF stays, and nothing is run.
IS_OFF = f'TEST=="/{OFF[System.LINUX]}"'
# <linux/if.h>
_IFF_UP = 1
# The udev daemon gives its programs no PATH.
_SETS_PATH = f"PATH={PATH}"

#: Set for a VF: the mode of its pair.
VF_MARK = "HYPERV_NET_VF"

#: Set for a NIC that nobody is to configure, on a machine whose pairs nobody knows beforehand.
KEPT_OFF = "HYPERV_NET_KEPT_OFF"

#: Set for a VF whose bond holds one NIC, as the rule wants it: nobody else has to join it.
JOINED_BY_RULE = "HYPERV_NET_JOINED"


def udev_rules(wanted: Wanted, given: Collection[str] = ()) -> RenderedFile:
    """The rules for the pairs of a machine, where udev or cloud-init gives NICs the names `given`.

    Raises HypervNetError for a pair whose names cannot stand in a rule.
    """
    for pair in wanted.pairs:
        check(pair)
    return RenderedFile(
        RULES_FILE, FROM_PAIRS + "".join(f"{line}\n" for line in _lines(wanted, given))
    )


def _lines(wanted: Wanted, given: Collection[str]) -> Iterator[str]:
    aggregates = [pair for pair in wanted.pairs if pair.mode is Mode.AGGREGATE]
    yield 'SUBSYSTEM!="net", GOTO="hyperv_net_end"'
    yield 'ACTION!="add|move|change|remove", GOTO="hyperv_net_end"'
    if aggregates:
        yield "# An aggregate, and a VF that has gone: of that is known only what was noted of it."
    for name in sorted({pair.aggregate for pair in aggregates}):
        yield f'KERNEL=="{name}", GOTO="hyperv_net_wake"'
    if aggregates:
        yield f'ACTION=="remove", ENV{{{VF_MARK}}}=="aggregate", GOTO="hyperv_net_wake"'
    yield (f'ACTION=="remove", ENV{{{VF_MARK}}}=="transparent", {DRAINED}, GOTO="hyperv_net_wake"')
    yield 'ACTION=="remove", GOTO="hyperv_net_end"'
    yield "# Bonds, vlans and bridges bear the MAC of the pair too, and have no device on a bus."
    yield 'DEVPATH=="/devices/virtual/*", GOTO="hyperv_net_end"'
    for driver in sorted({one for pair in wanted.pairs for one in pair.synthetic_drivers}):
        for pair in wanted.pairs:
            yield from name_in_the_way.rules(pair, driver, VF_MARK, given)
        for pair in (one for one in wanted.pairs if one in aggregates or _is_tuned(one)):
            yield f'DRIVERS=="{driver}", ATTR{{address}}=="{pair.mac}", GOTO="hyperv_net_wake"'
        yield f'DRIVERS=="{driver}", GOTO="hyperv_net_end"'
    yield "# A VF.  One that has taken its bond's own MAC is told by what was noted of it."
    yield f'IMPORT{{db}}="{VF_MARK}"'
    if aggregates:
        yield f'IMPORT{{db}}="{JOINED_BY_RULE}"'
    for pair in wanted.pairs:
        yield f'{_is_vf(pair)}, ENV{{{VF_MARK}}}="{pair.mode.value}"'
    yield f'ENV{{{VF_MARK}}}!="?*", GOTO="hyperv_net_end"'
    yield 'ENV{NM_UNMANAGED}="1"'
    yield f'ENV{{{VF_MARK}}}=="transparent", ENV{{ID_NET_MANAGED_BY}}="unmanaged"'
    yield f'ENV{{{VF_MARK}}}=="transparent", {DRAINED}, GOTO="hyperv_net_wake"'
    for pair in filter(_is_tuned, wanted.pairs):
        if pair.mode is Mode.TRANSPARENT:
            yield f'{_is_vf(pair)}, GOTO="hyperv_net_wake"'
    yield f'ENV{{{VF_MARK}}}!="aggregate", GOTO="hyperv_net_end"'
    if aggregates:
        yield f'{IS_OFF}, GOTO="hyperv_net_end"'
    for pair in aggregates:
        its, bonding = _is_vf(pair), f"[net/{pair.aggregate}]bonding"
        holds_one = f'ATTR{{{bonding}/slaves}}=="?*", ATTR{{{bonding}/slaves}}!="* *"'
        in_mode = f'ATTR{{{bonding}/mode}}=="{_mode(pair)} *"'
        yield f'{its}, {holds_one}, {in_mode}, ENV{{{JOINED_BY_RULE}}}="1"'
        yield f'{its}, RUN+="{join_command(pair)}"'
    yield 'LABEL="hyperv_net_wake"'
    yield f'{IS_OFF}, GOTO="hyperv_net_end"'
    yield f'RUN+="{wake_command()}"'
    yield 'LABEL="hyperv_net_end"'


def check(pair: WantedPair) -> None:
    """Raise HypervNetError where a name of the pair cannot stand in a file for udev or networkd."""
    is_aggregate = pair.mode is Mode.AGGREGATE
    refused = [
        *([] if identifiers.mac(pair.mac) == pair.mac else [f"not a MAC address: {pair.mac!r}"]),
        *(
            [f"not an interface name: {pair.aggregate!r}"]
            if is_aggregate and not is_interface_name(pair.aggregate)
            else []
        ),
        *(
            f"not a driver's name: {one!r}"
            for one in pair.synthetic_drivers
            if identifiers.driver(one) is None
        ),
        *([f"not how a NIC is told: {pair.vf!r}"] if pair.vf and told(pair.vf) != pair.vf else []),
    ]
    if refused:
        raise HypervNetError(
            f"no udev rule can be made for the VF of {pair.synthetic}: {refused[0]}",
            where=Place("", ("bonds", pair.aggregate)) if is_aggregate else pair.mac,
            hint="leave this NIC out of the network config",
        )


def _is_tuned(pair: WantedPair) -> bool:
    return bool(pair.vf_tuning or pair.synthetic_tuning)


def _is_vf(pair: WantedPair) -> str:
    """What the rules know a VF by.

    A bond whose cards have an address each leaves each its own (fail_over_mac).
    """
    if told_pci(pair.vf):
        return f'KERNELS=="{pair.vf}"'
    is_name = pair.vf and not told_mac(pair.vf)
    return f'KERNEL=="{pair.vf}"' if is_name else f'ATTR{{address}}=="{pair.vf or pair.mac}"'


def join_command(pair: WantedPair) -> str:
    """The command of a RUN key that joins the NIC of the event to the pair's aggregate.

    udev waits for it before it tells anybody else of the NIC.  The name comes
    from the environment at the time it runs, after any renaming, and is never
    part of the command's text.  A NIC that has a master is left alone, and so is
    a bond that does not hold a NIC of this card and nothing else, in its mode:
    one that its manager is still making, one with a VF already, somebody's own.
    `reconcile`, which comes next, knows what to do with those.  A VF outside
    its aggregate is never raised, since it is the bond that raises what joins.
    The bond of a drained pair is not told its primary, and forgets what it was told, see
    `primary_steps`: whether the drain is over is for `reconcile` to say.
    """
    mode, drained = _mode(pair), f"{RUN_DIRECTORY[System.LINUX]}/drained/{pair.mac}"
    conditions = [
        f"cd /sys/class/net/{pair.aggregate}/bonding 2>/dev/null",
        # A NIC that was up in its bond already could not be renamed: then INTERFACE is
        # an alternative name, which `ip` knows and sysfs does not.  And where a NIC has
        # gone, the next one may have its name before it has been given its own.
        "read -r index 2>/dev/null </sys/class/net/$$INTERFACE/ifindex",
        "[ $$index = $$IFINDEX ]",
        "[ ! -e /sys/class/net/$$INTERFACE/master ]",
        f"read -r mode number <mode && [ $$mode = {mode} ]",
        "read -r held more <slaves && case $$more in ?*) exit 0;; esac",
        "read -r mac </sys/class/net/$$held/bonding_slave/perm_hwaddr 2>/dev/null",
        f"[ $$mac = {pair.mac} ]",
    ]
    # A VF that has just appeared is down, and every program run here is time without it.
    steps = [
        "read -r flags </sys/class/net/$$INTERFACE/flags",
        f"{{ [ $$((flags & {_IFF_UP})) -eq 0 ] || ip link set dev $$INTERFACE down; }}",
        *([f"{{ [ ! -e {drained} ] || echo >primary; }}"] if pair.primary else []),
        "echo +$$INTERFACE >slaves",
        *([f"{{ [ -e {drained} ] || echo $$INTERFACE >primary; }}"] if pair.primary else []),
        "ip addr flush dev $$INTERFACE",
    ]
    # udev warns of a program that fails, and that there is no bond yet is no failure.
    joining = f"{' && '.join(conditions)} || exit 0; {' && '.join(steps)}"
    return f"/bin/sh -c '{_SETS_PATH}; set -f; {joining}'"


def _mode(pair: WantedPair) -> str:
    return dict(pair.options).get("mode", "active-backup")


def wake_command() -> str:
    """The command of a RUN key that has `reconcile` look at the machine.

    It is not waited for: systemd starts it when it finds the mark, and without
    systemd (which in an initramfs means without Python too) it is left behind.
    """
    folder = RUN_DIRECTORY[System.LINUX]
    steps = [
        f"[ -d {folder} ] || mkdir -p {folder}",
        f": >{MARK}",
        "[ -d /run/systemd/system ]"
        " || setsid python3 -I -m hyperv_net.hotplug </dev/null >/dev/null 2>&1 &",
    ]
    return f"/bin/sh -c '{_SETS_PATH}; {'; '.join(steps)}'"
