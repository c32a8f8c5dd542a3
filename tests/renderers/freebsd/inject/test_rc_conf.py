"""Injections into rc.conf, without a machine around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.kvp.injected import parse
from hyperv_net.kvp.settings import device_of, render, replaces_ipv6
from hyperv_net.renderers import load
from hyperv_net.renderers.freebsd import inject as rc_conf
from hyperv_net.renderers.freebsd.paths import FILE
from tests.kvp import texts
from tests.kvp.linux import inject
from tests.renderers.freebsd.inject.guest import WITH_PAIR


def put(text: str, injected: str, name: str = "hn0", **others: str) -> str:
    """rc.conf after an injection."""
    existing = {FILE: text, **others}
    injection = parse(injected, "file")
    device, target = rc_conf.owner(existing, name, None), load("freebsd")
    settings = device_of(injection, on_link=False)
    files = rc_conf.put(
        existing,
        device,
        settings,
        lambda existing: render(device, settings, target, existing),
        replaces_ipv6=replaces_ipv6(injection),
    )
    return next(file.text for file in files if file.path == FILE)


RENAMED_LAGG = """\
cloned_interfaces="lagg0"
ifconfig_lagg0_name="up.0"
ifconfig_up_0="laggport hn0"
"""


@pytest.mark.parametrize(
    ("text", "name", "owner"),
    [
        (WITH_PAIR, "hn0", "lagg0"),
        (WITH_PAIR, "lagg0", "lagg0"),
        ('ifconfig_hn0_name="eth0"\nifconfig_lagg0="laggport eth0 laggport mce0"', "hn0", "lagg0"),
        ('ifconfig_hn0_name="eth0"\nifconfig_lagg0="laggport eth0 laggport mce0"', "eth0", "lagg0"),
        ('ifconfig_hn0_name="eth0"', "hn0", "eth0"),
        ('ifconfig_lagg5="laggproto lacp laggport hn10 laggport hn11"', "hn1", "hn1"),
        (RENAMED_LAGG, "hn0", "up.0"),
        ("", "hn0", "hn0"),
    ],
)
def test_whose_settings_a_nic_has(text: str, name: str, owner: str) -> None:
    """A lagg over it, also where the NIC or the lagg is renamed; hn1 is not in hn10's."""
    assert rc_conf.owner({FILE: text}, name, None) == owner


def test_hyperv_nets_block_stays_whole_and_in_order() -> None:
    """What is not set again in the block would go; lists that are extended stay extended."""
    text = (
        'cloned_interfaces="$(cat /etc/clones)"\n\n'
        "# hyperv-net: begin (this block is rewritten; keep your own settings outside it)\n"
        'cloned_interfaces="${cloned_interfaces} lagg0"\n'
        'ifconfig_hn0="up"\n'
        'ifconfig_lagg0="laggproto failover laggport hn0 laggport mce0 DHCP"\n'
        'ifconfig_mce0="NOAUTO"\n'
        "# hyperv-net: end\n"
    )
    after = put(text, texts.FREEBSD_IPV4)
    assert after.startswith('cloned_interfaces="$(cat /etc/clones)"\n')
    assert 'cloned_interfaces="${cloned_interfaces} lagg0"\n' in after
    assert 'ifconfig_hn0="up"\nifconfig_lagg0="inet 10.1.0.4' in after
    assert 'ifconfig_mce0="NOAUTO"\n' in after


def test_a_lagg_does_not_hear_its_own_duplicate_detection() -> None:
    """The question goes out through one member and comes back in through the other."""
    line = 'ifconfig_lagg0_ipv6="inet6 no_dad 2001:db8::4 prefixlen 64"'
    text = 'ifconfig_lagg0="laggproto failover laggport hn0 laggport mce0 DHCP"\n'
    assert line in put(text, texts.FREEBSD)
    assert line.replace("lagg0", "hn0").replace("no_dad ", "") in put("", texts.FREEBSD)


def test_the_default_route_of_another_nic_stays() -> None:
    """It goes with the addresses it was reached through, and with no others."""
    text = 'ifconfig_hn0="inet 10.0.0.9/24"\nifconfig_hn1="inet 10.5.0.9/24"\ndefaultrouter="{}"\n'
    injected = texts.FREEBSD_IPV4.replace("GATEWAY=10.1.0.1", "GATEWAY=")
    assert 'defaultrouter="10.5.0.1"\n' in put(text.format("10.5.0.1"), injected)
    assert "defaultrouter" not in put(text.format("10.0.0.1"), injected)
    assert "defaultrouter" not in put(text.format("10.0.0.1"), texts.FREEBSD_DHCP)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('ifconfig_hn0="$(cat x)"', "ifconfig_hn0 is set in a way that only the shell"),
        ('readonly ifconfig_hn0="DHCP"', "ifconfig_hn0 is set in a way"),
        ('[ -e x ] && ifconfig_hn0="DHCP"', "ifconfig_hn0 is set in a way"),
        ('ifconfig_hn0="DHCP"\ndefaultrouter=`x`', "defaultrouter is set in a way"),
        ('ifconfig_hn0_aliases="inet 10.0.0.9/24"', "ifconfig_hn0_aliases has addresses"),
        ('ifconfig_hn0="DHCP ether `x`"', "ifconfig_hn0 is set in a way"),
        ("ifconfig_hn0='DHCP description a;b'", "cannot be edited"),
    ],
)
def test_what_an_edit_cannot_reach_is_an_error(line: str, what: str) -> None:
    """Rather than a line that the next boot would undo, or that means something else."""
    with pytest.raises(HypervNetError, match=what.replace("(", r"\(")):
        put(line + "\n", texts.FREEBSD_IPV4)


def test_a_gateway_that_freebsd_cannot_reach_is_an_error() -> None:
    """route(8) answers that the network is unreachable."""
    with pytest.raises(HypervNetError, match=r"192\.0\.2\.1 is in no network of hn0"):
        put("", texts.FREEBSD_IPV4.replace("10.1.0.1", "192.0.2.1"))


@pytest.mark.parametrize("path", ["etc/rc.conf.local", "etc/rc.conf.d/network"])
def test_a_later_file_that_says_otherwise_is_an_error(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next question would not be answered with what was injected, so nothing is written."""
    for name, text in (("etc/rc.conf", ""), (path, 'ifconfig_hn0="SYNCDHCP"\n')):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert inject(tmp_path, texts.FREEBSD_IPV4) == 1
    assert "another file goes on setting addresses or DHCP for hn0" in capsys.readouterr().err
    assert (tmp_path / "etc/rc.conf").read_text() == ""
