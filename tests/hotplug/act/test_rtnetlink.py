"""A real kernel does to the NIC of an index what was decided of it, whatever it is called."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.link_change import LinkChange, What
from hyperv_net.hotplug.act.rtnetlink import change
from tests.debian.packages import unpacked
from tests.debian.tools import PYTHON
from tests.firstboot.sandbox import Step, run
from tests.paths import CHECKOUT

START = """#!/bin/sh
set -e
cd /checkout
ask() {
    python3 -B -c "
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.link_change import LinkChange, What
from hyperv_net.hotplug.act.rtnetlink import change
try:
    change(LinkChange(What.$1, $2, ${3:-0}))
except HypervNetError as error:
    print(error)"
}
# The NIC that something is decided of, and the one that has its name by then.
ip link add name vf index 7 type veth peer name far index 8
ip addr add 10.0.0.4/24 dev vf
ip addr add 10.0.0.5/24 dev vf
ip addr add 10.0.0.6 peer 10.0.0.9/32 dev vf
ip -6 addr add fd00::4/64 dev vf nodad
ip -6 addr add fd00::5 peer fd00::9/128 dev vf nodad
ip addr add 10.0.1.4/24 dev far
ip link set dev vf name gone
ip link set dev far name vf
"""
SEE = "ip -o link show dev gone\nip -o link show dev vf\n"


def shown(script: str) -> list[str]:
    """What is printed on a machine with the two NICs."""
    with TemporaryDirectory() as folder:
        own = Path(folder)
        shutil.copytree(CHECKOUT / "hyperv_net", own / "checkout/hyperv_net", symlinks=True)
        shutil.copytree(CHECKOUT / "renderers", own / "checkout/renderers", symlinks=True)
        tree = unpacked("trixie", PYTHON).root
        (outcome,) = run([tree], own, [Step("ask", START + script)])
    assert outcome.status == 0, outcome.err
    return outcome.out.splitlines()


def test_an_index_that_no_nic_has_is_an_error_that_says_so() -> None:
    with pytest.raises(HypervNetError, match=r"set interface 2147483647 down: No such device"):
        change(LinkChange(What.DOWN, 2**31 - 1))


@pytest.mark.debian
def test_the_nic_is_the_one_with_the_index_and_not_the_one_with_its_name() -> None:
    said = shown(
        f"ip link add name br0 index 9 type bridge\nask UP 7\nask MTU 7 1400\n{SEE}"
        f"ask MASTER 7 9\n{SEE}ask DOWN 7\nask NO_MASTER 7\n{SEE}ask MTU 7 70000\n"
    )
    *lines, refused = said
    gone, other = lines[0::2], lines[1::2]
    assert [",UP" in line for line in gone] == [True, True, False]
    assert ["master br0" in line for line in gone] == [False, True, False]
    assert all("mtu 1400" in line for line in gone)
    for line in other:
        assert "mtu 1500" in line and "master" not in line and ",UP" not in line
    assert refused.startswith("give interface 7 the MTU 70000: Invalid argument")


@pytest.mark.debian
def test_all_addresses_of_the_nic_go_and_none_of_another() -> None:
    """Secondary ones, those with a peer, of both families; a second time there is nothing to do."""
    said = shown("ip -o addr show dev gone\necho all\nask FLUSH 7\nask FLUSH 7\nip -o addr show\n")
    before, after = said[: said.index("all")], said[said.index("all") + 1 :]
    assert len(before) == 5
    assert [line.split()[3] for line in after] == ["10.0.1.4/24"]


@pytest.mark.debian
def test_what_has_gone_is_an_error_and_nothing_else_is_changed() -> None:
    asked = ("UP 99", "DOWN 99", "MTU 99 1400", "NO_MASTER 99", "MASTER 99 8", "MASTER 7 99")
    asks = "".join(f"ask {one}\n" for one in (*asked, "ACTIVE 99 7"))
    said = shown(f"{SEE}{asks}ask FLUSH 99\n{SEE}")
    assert said[:2] == said[-2:]
    assert len(said) == len(asked) + 5 and all("interface 99" in line for line in said[2:8])
    assert all("No such device" in line for line in said[2:7])
