"""What makes a machine follow rc.conf after an injection."""

from __future__ import annotations

from hyperv_net.renderers import load
from hyperv_net.renderers.freebsd.activate import stale_steps
from hyperv_net.renderers.freebsd.paths import FILE

IFCONFIG = """\
lagg0: flags=1008843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST,LOWER_UP> metric 0 mtu 1500
\tether 00:0d:3a:11:22:33
\tinet 10.0.0.9 netmask 0xffffff00 broadcast 10.0.0.255
\tinet 10.0.0.10 netmask 0xffffffff broadcast 10.0.0.10
\tinet6 fe80::20d:3aff:fe11:2233%lagg0 prefixlen 64 scopeid 0x4
\tinet6 2001:db8::4 prefixlen 64
\tinet6 2001:db8::20d:3aff:fe11:2233 prefixlen 64 autoconf pltime 604800 vltime 2592000
\tlaggport: hn0 flags=0<>
"""


def test_on_freebsd_client_and_addresses_go_before_new_ones_come() -> None:
    """Those of the kernel stay, link-local and from router advertisements."""
    steps = [" ".join(step.command) for step in stale_steps(lambda _: IFCONFIG, "lagg0")]
    assert steps == [
        "service dhclient forcestop lagg0",
        "ifconfig lagg0 inet 10.0.0.9 -alias",
        "ifconfig lagg0 inet 10.0.0.10 -alias",
        "ifconfig lagg0 inet6 2001:db8::4 -alias",
    ]


def test_on_freebsd_the_lagg_is_never_stopped() -> None:
    """`netif stop` and `netif restart` destroy it, and leave the VF up outside."""
    injecting = load("freebsd").injecting
    for said in ("DHCP", "10.0.0.4/24"):
        existing = {FILE: f'ifconfig_lagg0="laggproto failover laggport hn0 {said}"\n'}
        activated = injecting.activate(existing, existing, "lagg0", "lagg0", lambda _: IFCONFIG)
        steps = (*injecting.release("lagg0"), *activated)
        assert not any("netif" in step.command and "start" not in step.command[2] for step in steps)
        assert not any(
            step.command[1:] in (("netif", "restart"), ("routing", "restart")) for step in steps
        )
