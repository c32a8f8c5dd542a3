"""A real kernel's answers about a veth, whose driver has offloads and neither rings nor flags."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hyperv_net.inventory.tunables import TUNABLES, tuned
from hyperv_net.tuning import NUMBERS, OFFLOADS
from tests.debian.packages import unpacked
from tests.debian.tools import PYTHON
from tests.firstboot.sandbox import Step, run
from tests.paths import CHECKOUT

SCRIPT = """#!/bin/sh
set -e
ip link add name eth9 type veth peer name far
cd /checkout
exec python3 -B /checkout/ask.py
"""
ASK = """
import json
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.tuning import live_tools
from hyperv_net.processes import output

tools = live_tools(output)
found = {}
for setting, text in (
    ("gro", "on"), ("tso", "off"), ("gso", "off"), ("rx_checksum", "off"), ("qdisc", "noqueue"),
    ("channels", "2"), ("rx_ring", "4096"), ("lro", "on"), ("qdisc", "no_such"),
):
    before = tools.tuned("eth9", setting)
    try:
        tools.tune("eth9", setting, text)
        why = ""
    except HypervNetError as error:
        why = str(error)
    found[f"{setting}={text}"] = [before, tools.tuned("eth9", setting), why]
print(json.dumps(found))
"""


def test_every_setting_but_the_qdisc_is_one_that_ethtool_has() -> None:
    assert set(TUNABLES) == {*NUMBERS, *OFFLOADS}


def test_a_nic_that_is_not_there_tells_nothing() -> None:
    assert {tuned("no-such-nic", setting) for setting in TUNABLES} == {None}


@pytest.mark.debian
def test_a_real_driver_takes_what_it_can_and_says_why_it_refuses_the_rest() -> None:
    with TemporaryDirectory() as folder:
        own = Path(folder)
        shutil.copytree(CHECKOUT / "hyperv_net", own / "checkout/hyperv_net", symlinks=True)
        shutil.copytree(CHECKOUT / "renderers", own / "checkout/renderers", symlinks=True)
        (own / "checkout/ask.py").write_text(ASK)
        tree = unpacked("trixie", PYTHON).root
        (outcome,) = run([tree], own, [Step("ask", SCRIPT)])
    assert outcome.status == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["gro=on"][1:] == ["on", ""]
    assert found["tso=off"] == ["on", "off", ""]
    assert found["gso=off"] == ["on", "off", ""]
    assert found["rx_checksum=off"] == ["on", "off", ""]
    assert found["qdisc=noqueue"][1:] == ["noqueue", ""]
    assert found["channels=2"][1:] == ["0", "Invalid argument"]
    assert found["rx_ring=4096"][1:] == [None, "Operation not supported"]
    assert found["lro=on"] == ["off", "off", "Operation not supported"]
    before, after, why = found["qdisc=no_such"]
    assert (before, after) == ("noqueue", "noqueue")
    assert "tc qdisc replace" in why
