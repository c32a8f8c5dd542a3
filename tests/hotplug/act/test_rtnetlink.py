"""A real kernel sets the NIC of an index up and down, whatever it is called, and no other."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hyperv_net.hotplug.act.link_flags import set_up

from hyperv_net.errors import HypervNetError
from tests.debian.packages import unpacked
from tests.debian.tools import PYTHON
from tests.firstboot.sandbox import Step, run
from tests.paths import CHECKOUT

SCRIPT = """#!/bin/sh
set -e
ip link add name vf index 7 type veth peer name far index 8
cd /checkout
state() {
    case "$(ip -o link show dev vf)" in
    *[,\\<]UP[,\\>]*) echo up ;;
    *) echo down ;;
    esac
}
ask() {
    python3 -B -c "
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.link_flags import set_up
try:
    set_up($1, up=$2)
except HypervNetError as error:
    print(error)"
}
ask 7 True
state
ip link set dev vf down
ip link set dev vf name gone
ip link set dev far name vf
ask 7 True
state
ask 7 False
ask 99 True
"""


def test_an_index_that_no_nic_has_is_an_error_that_says_so() -> None:
    with pytest.raises(HypervNetError, match=r"interface 2147483647 down: No such device"):
        set_up(2**31 - 1, up=False)


@pytest.mark.debian
def test_the_nic_is_the_one_with_the_index_and_not_the_one_with_its_name() -> None:
    with TemporaryDirectory() as folder:
        own = Path(folder)
        shutil.copytree(CHECKOUT / "hyperv_net", own / "checkout/hyperv_net", symlinks=True)
        shutil.copytree(CHECKOUT / "renderers", own / "checkout/renderers", symlinks=True)
        tree = unpacked("trixie", PYTHON).root
        (outcome,) = run([tree], own, [Step("ask", SCRIPT)])
    assert outcome.status == 0, outcome.err
    *states, error = outcome.out.splitlines()
    assert states == ["up", "down"]
    assert "No such device" in error
