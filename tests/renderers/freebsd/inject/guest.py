"""The three scripts on the fake FreeBSD machine, called as its hv_kvp_daemon calls them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.freebsd_machine.machine import Machine, new_machine
from tests.freebsd_machine.state import Offer
from tests.kvp.texts import SCRIPTS
from tests.outcome import Outcome
from tests.paths import CHECKOUT

_PROGRAM = """\
#!/bin/sh
PYTHONPATH={checkout} exec {python} -m hyperv_net "$@"
"""
INSTALLED = "/usr/local/bin/hyperv-net"
OFFER = Offer("10.0.0.4", 24, "10.0.0.1", ["10.0.0.2"])

#: As hyperv-net writes it, with settings of the administrator's around it.
WITH_PAIR = """\
hostname="guest"
defaultrouter="10.0.0.1"   # old site
cloned_interfaces="lagg0"
ifconfig_hn0="up mtu 9000"
ifconfig_mce0="NOAUTO"
ifconfig_lagg0="inet 10.0.0.9 netmask 255.255.255.0 laggproto failover laggport hn0 laggport mce0"
ifconfig_lagg0_alias0="inet 10.0.0.10/32"
ifconfig_lagg0_alias1="inet6 2001:db8:9::10 prefixlen 64"
ifconfig_lagg0_ipv6="inet6 no_dad accept_rtadv"
ifconfig_lagg0_descr="uplink"
static_routes="lab:lagg0"
route_lab="-net 10.9.0.0/16 10.0.0.7"
sshd_enable="YES"
"""
WITH_PAIR_DHCP = """\
# hyperv-net: begin (this block is rewritten; keep your own settings outside it)
cloned_interfaces="lagg0"
ifconfig_hn0="up"
ifconfig_lagg0="laggproto failover laggport hn0 laggport mce0 SYNCDHCP"
ifconfig_mce0="NOAUTO"
# hyperv-net: end
"""


@contextmanager
def machine(folder: Path, rc_conf: str, **more: object) -> Iterator[Machine]:
    """A machine on which netif has run, with the scripts where the daemon finds them."""
    with new_machine(folder, rc_conf=rc_conf, offers={"*": OFFER}, **more) as made:  # type: ignore[arg-type]
        for script in ("hv_get_dhcp_info", "hv_get_dns_info", "hv_set_ifconfig"):
            shutil.copy(SCRIPTS / script, made.root / "tmp" / script)
        program = _PROGRAM.format(checkout=CHECKOUT, python=sys.executable)
        made.write("tmp/hyperv-net", program, 0o755)
        # The scripts go by a PATH of their own.
        done = made.inside(f"mkdir -p /usr/local/bin && cp -p /tmp/hyperv-net {INSTALLED}")
        assert done.status == 0, done.err
        made.inside("service netif start; service routing start")
        made.journey.begin("the boot")
        yield made


def call(on: Machine, script: str, *arguments: str) -> Outcome:
    """`sh SCRIPT …`, as popen(3) and system(3) of the daemon run it."""
    command = ["sh", f"/tmp/{script}", *arguments]
    return on.inside(command, {"PATH": "/sbin:/bin:/usr/sbin:/usr/bin"})


def inject(on: Machine, text: str) -> Outcome:
    """The daemon's file, and the script run on it."""
    on.write("var/db/hypervhv_set_ip_data", text)
    return call(on, "hv_set_ifconfig", "/var/db/hypervhv_set_ip_data")


def answers(on: Machine, name: str = "hn0") -> tuple[str, list[str]]:
    """What the two other scripts print."""
    dhcp = call(on, "hv_get_dhcp_info", name)
    dns = call(on, "hv_get_dns_info")
    assert (dhcp.status, dns.status) == (0, 0), dhcp.err + dns.err + on.read("var/log/messages")
    return dhcp.out, dns.out.splitlines()


def inet(on: Machine, name: str) -> list[str]:
    """The addresses an interface has now, link-local ones left out."""
    interface = on.interface(name)
    return [
        f"{one.address}/{one.prefix}"
        for one in (*interface.inet, *interface.inet6)
        if not one.address.startswith("fe80:")
    ]


def gateways(on: Machine) -> list[str]:
    """The default routes, as `gateway interface`."""
    return [
        f"{one.gateway} {one.interface}"
        for one in on.look().routes
        if one.destination in ("default", "0.0.0.0/0", "::/0")
    ]
