"""Names in commands: moved where they can only mean the interface, or warned of."""

from __future__ import annotations

import pytest

from hyperv_net.model import Severity
from hyperv_net.renderers.ifupdown.adopt.commands import move_names
from tests.at_line import at_line
from tests.renderers.ifupdown.adopt.adopting import MAIN, planned


@pytest.mark.parametrize(
    ("text", "moved", "left"),
    [
        ("ip route add 10.9.0.0/16 dev eth0", "ip route add 10.9.0.0/16 dev bond0", ()),
        ("ip -6 r a default dev eth0 && x", "ip -6 r a default dev bond0 && x", ()),
        ("(/sbin/ip addr add 10.1.1.1/8 dev eth0)", "(/sbin/ip addr add 10.1.1.1/8 dev bond0)", ()),
        ("ip rule add iif eth0 table 5", "ip rule add iif bond0 table 5", ()),
        ("LANG=C ip neigh add x dev eth0;", "LANG=C ip neigh add x dev bond0;", ()),
        ("ip link add link eth0 name v type vlan id 5", None, ()),
        ("ip link set dev eth0 promisc on", "", ("ip",)),
        ("iptables -A INPUT -i eth0 -j DROP", "iptables -A INPUT -i bond0 -j DROP", ()),
        ("ip6tables-nft -A INPUT ! -o eth0.5", "ip6tables-nft -A INPUT ! -o bond0.5", ()),
        ("iptables -A INPUT -m comment --comment eth0", "", ("iptables",)),
        ("echo 1 > /proc/sys/net/ipv4/conf/eth0/rp_filter", None, ()),
        ("sysctl -w net.ipv6.conf.eth0.accept_ra=2", None, ()),
        ("echo 5 > /sys/class/net/eth0/queues", "", ("echo",)),
        ("route add -net 10.0.0.0/8 dev eth0", "route add -net 10.0.0.0/8 dev bond0", ()),
        ("ifup eth0.3", "ifup bond0.3", ()),
        ("brctl addif br0 eth0", "brctl addif br0 bond0", ()),
        ("ethtool -K eth0 tso off", "", ("ethtool",)),
        ("ip route add x dev 'eth0'", "", ("ip",)),
        ("ip route add x dev $(echo eth0)", "", ("echo",)),
        ("ip route add x dev eth01", "", ()),
        ("ip route add x dev my-eth0", "", ()),
        ("eth0", "", ("",)),
    ],
)
def test_a_name_in_a_command_is_moved_where_it_can_only_mean_the_interface(
    text: str, moved: str | None, left: tuple[str, ...]
) -> None:
    command = move_names(f" {text}", "eth0", lambda word: word.replace("eth0", "bond0"))
    wanted = text.replace("eth0", "bond0") if moved is None else moved or text
    assert command.text == f" {wanted}"
    assert command.left == left


def test_a_name_that_is_left_in_a_command_is_warned_of_with_its_line() -> None:
    plan = planned({MAIN: "iface eth0 inet dhcp\n  up tc qdisc add dev eth0 root fq\n"})
    (finding,) = [one for one in plan.findings if one.rule == "names-a-member"]
    assert (finding.severity, at_line(finding.where)) == (Severity.WARNING, f"{MAIN}:2")
    assert finding.message == "tc names eth0, whose settings are on bond0 now"
