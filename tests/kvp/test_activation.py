"""What runs after an injection was written, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.kvp.injected import parse
from hyperv_net.kvp.injecting import prepare, write_and_activate
from hyperv_net.kvp.machine import look
from hyperv_net.renderers import load
from hyperv_net.renderers.freebsd.activate import stale_steps
from hyperv_net.renderers.freebsd.paths import FILE
from tests.kvp import texts
from tests.kvp.linux import with_pair, without_pair

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


def run_on(root: Path, text: str, run: Callable[[Sequence[str]], str]) -> None:
    """An injection on the machine at `root`, with `run` in the place of its programs."""
    machine = look(root)
    write_and_activate(machine, prepare(machine, parse(text, "file")), run)


@pytest.mark.parametrize(
    ("target", "make", "expected"),
    [
        ("ifupdown", with_pair, ["old ifdown bond0", "new ifup bond0"]),
        ("ifupdown", without_pair, ["old ifdown eth0", "new ifup eth0"]),
        (
            "netplan",
            with_pair,
            ["new netplan generate", "new networkctl reload", "new networkctl reconfigure bond0"],
        ),
        (
            "netplan",
            without_pair,
            ["new netplan generate", "new networkctl reload", "new networkctl reconfigure eth0"],
        ),
    ],
)
def test_the_commands_and_when_they_run(
    target: str, make: Callable[..., Path], expected: list[str], tmp_path: Path
) -> None:
    """ifdown sees the old files, all else the new ones; the members are never named."""
    root, said = make(tmp_path, target, dhcp4=True), list[str]()

    def run(command: Sequence[str]) -> str:
        files = (path for path in (root / "etc").rglob("*") if path.is_file())
        is_new = any("10.1.0.4" in path.read_text() for path in files)
        said.append(f"{'new' if is_new else 'old'} {' '.join(command)}")
        return ""

    run_on(root, texts.LINUX_IPV4, run)
    assert said == expected


def test_a_device_of_networkmanagers_is_left_to_netplan_apply(tmp_path: Path) -> None:
    """networkctl knows nothing of it."""
    path = tmp_path / "etc/netplan/01-desktop.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("network: {version: 2, renderer: NetworkManager}\n")
    said: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> str:
        said.append(command)
        return ""

    run_on(tmp_path, texts.LINUX_IPV4, run)
    assert said == [("netplan", "apply")]


def test_without_a_bus_networkd_is_started_anew(tmp_path: Path) -> None:
    """An image may have no D-Bus, over which networkctl asks."""
    said = list[str]()

    def run(command: Sequence[str]) -> str:
        said.append(" ".join(command))
        if command[0] == "networkctl":
            raise HypervNetError("Failed to connect to system bus", where="networkctl reload")
        return ""

    run_on(with_pair(tmp_path, "netplan", dhcp4=True), texts.LINUX_IPV4, run)
    assert said[-1] == "systemctl restart systemd-networkd.service"


def test_what_was_written_stays_where_a_command_fails(tmp_path: Path) -> None:
    """The next boot has it; the host is told that it failed."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)

    def run(command: Sequence[str]) -> str:
        raise HypervNetError("no such program", where=command[0])

    with pytest.raises(HypervNetError, match="netplan: no such program"):
        run_on(root, texts.LINUX_IPV4, run)
    assert "10.1.0.4" in (root / "etc/netplan/95-hyperv-net-kvp.yaml").read_text()


def test_an_interface_that_was_down_may_fail_to_go_down(tmp_path: Path) -> None:
    """ifdown says so of one that is not up, and ifup goes on."""
    root, said = with_pair(tmp_path, "ifupdown", dhcp4=True), list[str]()

    def run(command: Sequence[str]) -> str:
        said.append(command[0])
        if command[0] == "ifdown":
            raise HypervNetError("interface bond0 not configured")
        return ""

    run_on(root, texts.LINUX_IPV4, run)
    assert said == ["ifdown", "ifup"]


def test_where_nothing_can_be_written_the_interface_comes_up_again(tmp_path: Path) -> None:
    """It was taken down for an injection that did not happen."""
    root, said = with_pair(tmp_path, "ifupdown", dhcp4=True), list[str]()
    file = root / "etc/network/interfaces.d/50-cloud-init"

    def run(command: Sequence[str]) -> str:
        said.append(command[0])
        if command[0] == "ifdown":
            file.write_text(file.read_text() + "# edited meanwhile\n")
        return ""

    with pytest.raises(HypervNetError, match="changed while"):
        run_on(root, texts.LINUX_IPV4, run)
    assert said == ["ifdown", "ifup"]
    assert "10.1.0.4" not in file.read_text()


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
        activated = injecting.activate(existing, "lagg0", "lagg0", lambda _: IFCONFIG)
        steps = (*injecting.release("lagg0"), *activated)
        assert not any("netif" in step.command and "start" not in step.command[2] for step in steps)
        assert not any(
            step.command[2] == "restart" and step.command[1] == "netif" for step in steps
        )
