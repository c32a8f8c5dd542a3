"""What has a boot take an apply back that nobody confirmed: a file of the system's own kind.

A reboot is no confirmation.  RFC 6241, section 8.4.1, asks the same of NETCONF's confirmed
commits: a device that reboots before the time is over restores what was there before.
(`netplan try` keeps its copy in a temporary folder and waits in the foreground,
netplan_cli/cli/commands/try_command.py; OpenWrt's rpcd has its copy in /var/run,
include/rpcd/uci.h: with both a reboot leaves the new files.)

The file is there as long as the apply waits, and it is started before the network:

- systemd: a unit before network-pre.target, which is what systemd.special(7) has it for, and
  before cloud-init (systemd/ of canonical/cloud-init); sysinit.target wants it.
- OpenRC: a service in the runlevel `boot`, before net (openrc-run(8)).  Its state is in
  /run/openrc, where `softlevel` is once it has started.
- FreeBSD: a script before netif (rcorder(8)).  rc(8) has read rc.conf by then, and reads it
  again at SIGALRM (`trap … ALRM` of libexec/rc/rc in freebsd/freebsd-src).
"""

from __future__ import annotations

import os

from hyperv_net.errors import HypervNetError
from hyperv_net.facts import System
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

UNIT = "hyperv-net-unconfirmed"

_SYSTEMD = """\
# An apply waits to be confirmed, and a reboot is no confirmation.  Gone once it is over.
[Unit]
Description=Take back a network configuration that nobody confirmed
DefaultDependencies=no
ConditionPathExists={program}
After=systemd-remount-fs.service
RequiresMountsFor={program}
Wants=network-pre.target
Before=network-pre.target cloud-init-local.service cloud-init-main.service shutdown.target
Conflicts=shutdown.target

[Service]
Type=oneshot
ExecStart="{python}" -I {program} boot
TimeoutStartSec=300
StandardOutput=journal+console
"""
_OPENRC = """\
#!/sbin/openrc-run
# An apply waits to be confirmed, and a reboot is no confirmation.  Gone once it is over.
description="Take back a network configuration that nobody confirmed"

depend() {{
	after localmount
	before net networking cloud-init-local
	# It has a limit of its own.
	keyword -timeout
}}

start() {{
	[ ! -e {program} ] || "{python}" -I {program} boot
	return 0
}}
"""
_RC = """\
#!/bin/sh
#
# An apply waits to be confirmed, and a reboot is no confirmation.  Gone once it is over.

# PROVIDE: hyperv_net_unconfirmed
# REQUIRE: ldconfig mountcritlocal
# BEFORE:  netif cloudinitlocal

case $1 in
*start)
	if [ -e {program} ]; then
		"{python}" -I {program} boot
		# rc(8) reads its files again; `service` runs this script without it.
		[ -z "${{autoboot:-}}" ] || kill -ALRM "${{RC_PID:-$$}}"
	fi
	;;
esac
"""


class Starter(NamedTuple):
    """A file that has the next boot run something: its place below the root, text and mode.

    `link` is a link that turns it on, '' where none is needed.
    """

    path: str
    text: str
    mode: int
    link: str


def starter(
    system: System, python: str, program: str, exists: Callable[[str], bool] = os.path.exists
) -> Starter:
    """What has this machine's next boot run a Python program, given the word `boot`.

    Raises HypervNetError where nothing is known to do so.
    """
    if not python.isprintable() or any(one in python for one in '"\\$%`'):
        raise HypervNetError("its path has characters that a unit cannot", where=Place(python))
    given = {"python": python, "program": program}
    if system is System.FREEBSD:
        path = "usr/local/etc/rc.d/hyperv_net_unconfirmed"
        return Starter(path, _RC.format(**given), 0o755, "")
    if is_systemd(exists):
        folder = "etc/systemd/system"
        link = f"{folder}/sysinit.target.wants/{UNIT}.service"
        return Starter(f"{folder}/{UNIT}.service", _SYSTEMD.format(**given), 0o644, link)
    if exists("/run/openrc/softlevel"):
        path = f"etc/init.d/{UNIT}"
        return Starter(path, _OPENRC.format(**given), 0o755, f"etc/runlevels/boot/{UNIT}")
    raise HypervNetError(
        "neither systemd nor OpenRC runs here, so that a boot could not take it back",
        where="--confirm",
        hint="apply without it, and see to the way back yourself",
    )


def is_systemd(exists: Callable[[str], bool] = os.path.exists) -> bool:
    """Whether systemd is this machine's init (sd_booted(3))."""
    return exists("/run/systemd/system")
