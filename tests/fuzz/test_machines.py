"""What the targets hold to be no more than text, and what they take for a command."""

from __future__ import annotations

import pytest

from tests.fuzz.machines import _adds_no_command, _is_plain


@pytest.mark.parametrize(
    "command",
    [
        "ip route add 10.0.0.0/8 via 10.0.0.1 dev eth0 metric 3 || true",
        "[ -e /sys/class/net/eth0.5 ] || ip link add link eth0 name eth0.5 type vlan id 5",
        "echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_ra || true",
    ],
)
def test_what_is_rendered_is_plain(command: str) -> None:
    assert _is_plain(command)


@pytest.mark.parametrize(
    "command",
    [
        "ip link set $(touch x) up",
        "ip link set eth0 up; touch x",
        "ip link set eth0 up && touch x",
        "true || touch x",
        "echo 0 >/etc/passwd",
        "ip link set eth0 up || true\ntouch x",
        "[ -e /sys/class/net/`touch x` ] || true",
    ],
)
def test_what_a_shell_would_take_for_more_is_not(command: str) -> None:
    assert not _is_plain(command)


@pytest.mark.parametrize("line", ["touch x\n", "a=$(touch x)\n", "a=1 touch x\n"])
def test_a_command_more_in_rc_conf_is_seen(line: str) -> None:
    before = 'a="1"\n. /etc/rc.conf.other\n'
    _adds_no_command(before, before + 'b="2"\n')
    with pytest.raises(AssertionError):
        _adds_no_command(before, before + line)
