"""udev rules beside interfaces(5): the hook that joins a VF, and the names of NICs.

Nothing is known of a VF beforehand but its MAC and that it has a device on a
bus and another driver than the synthetic NIC's.  The rules work with the udev
of systemd 241 and later; `udevadm verify` of 254 accepts them.
"""

from __future__ import annotations

from dataclasses import dataclass

HOOK_FILE = "etc/udev/rules.d/70-hyperv-net-vf.rules"
NAMES_FILE = "etc/udev/rules.d/70-persistent-net.rules"
# The udev daemon gives its programs no PATH.
_PATH = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Joining:
    """A VF's aggregate: its name, the pair's MAC, the synthetic NIC's drivers, the primary."""

    aggregate: str
    mac: str
    synthetic_drivers: tuple[str, ...]
    primary: bool


def hook_rules(joinings: tuple[Joining, ...]) -> str:
    """The rules that join each VF to its aggregate whenever udev sees it."""
    lines = [
        'SUBSYSTEM!="net", GOTO="hyperv_net_end"',
        'ACTION!="add|move|change", GOTO="hyperv_net_end"',
        "# Bonds, vlans and bridges bear the MAC of the pair too, and have no device on a bus.",
        'DEVPATH=="/devices/virtual/*", GOTO="hyperv_net_end"',
    ]
    for driver in sorted({one for each in joinings for one in each.synthetic_drivers}):
        lines.append(f'DRIVERS=="{driver}", GOTO="hyperv_net_end"')
    lines += [f'ATTR{{address}}=="{each.mac}", RUN+="{join_command(each)}"' for each in joinings]
    return "".join(f"{line}\n" for line in [*lines, 'LABEL="hyperv_net_end"'])


def join_command(joining: Joining) -> str:
    """The command of a RUN key that joins the NIC of the event.

    The name comes from the environment at the time it runs, after any
    renaming, and is never part of the command's text.  A NIC that has a
    master is left alone; one outside its aggregate is never raised, since
    it is the bond that raises what joins it.
    """
    bonding = f"/sys/class/net/{joining.aggregate}/bonding"
    steps = [
        f"cd {bonding} 2>/dev/null",
        "[ ! -e /sys/class/net/$$INTERFACE/master ]",
        "ip link set dev $$INTERFACE down",
        "echo +$$INTERFACE >slaves",
        *(["echo $$INTERFACE >primary"] if joining.primary else []),
    ]
    return f"/bin/sh -c '{_PATH}; set -f; {' && '.join(steps)}'"


def trigger_command(mac: str) -> str:
    """The command that shows udev the NICs with this MAC again, once their aggregate exists."""
    return (
        f"udevadm trigger --action=change --subsystem-match=net --attr-match=address={mac} || true"
    )


def name_rule(mac: str, driver: str | None, name: str) -> str:
    """The rule that names a NIC; with a driver where the MAC alone would fit a VF as well."""
    return (
        f'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="{driver or "?*"}",'
        f' ATTR{{address}}=="{mac}", NAME="{name}"\n'
    )
