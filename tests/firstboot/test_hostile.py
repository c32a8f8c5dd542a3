"""What nobody should have written, and NICs that tell nothing: never worse than stock."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.firstboot.cases import SETTINGS, SHORT, V2, VF, netvsc_pair, result, seeded
from tests.firstboot.checks import stock, told_why, with_plugin
from tests.firstboot.machine import NETWORK
from tests.firstboot.root import SUITES

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]


def bomb(levels: int) -> str:
    """A list of lists of lists…, 9 in each, in a few short lines."""
    lines = ["x0: &x0 [a, a, a, a, a, a, a, a, a]"]
    for level in range(1, levels):
        lines.append(f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 9)}]")
    return "\n".join(lines) + "\n"


HOSTILE = {
    "command in a name": V2 + '  "x$(touch /tmp/owned)": {dhcp4: true}\n',
    "line break in a name": V2 + '  "x\\n  up touch /tmp/owned": {dhcp4: true}\n',
    "line break in a name server": V2
    + '  eth9: {nameservers: {addresses: ["1.1.1.1\\n  up x"]}}\n',
    "not an address": V2 + "  eth9: {addresses: [10.0.0.256/24]}\n",
    "list for a mapping": V2 + "  eth9: [dhcp4]\n",
    "number for a list": V2 + "  eth9: {addresses: 7}\n",
    "aliases without end": bomb(6) + V2,
    "alias of itself": V2 + "  eth9: &self {nameservers: *self}\n",
}


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(config, id=name, marks=[SHORT] if name == "command in a name" else [])
        for name, config in HOSTILE.items()
    ],
)
@pytest.mark.parametrize("suite", SUITES)
def test_a_hostile_network_config_is_left_to_cloud_init(
    suite: str, config: str, tmp_path: Path
) -> None:
    """The plugin refuses what it cannot check, and does no more than that."""
    boot = with_plugin(suite, tmp_path, config).boot(NETWORK)
    alone = stock(suite, config)
    assert result(boot) == result(alone)
    assert boot.log.count("Traceback") == alone.log.count("Traceback")
    reached = "Selected renderer" in boot.log
    assert len(told_why(boot)) == reached
    assert not (tmp_path / "tmp/owned").exists()


def in_sys(command: str) -> str:
    """A step that spoils the VF's folder of /sys."""
    return f"sh -c 'cd /sys/class/net/{VF} && {command}'"


#: A folder in place of a file cannot be read by root either.
SPOILT = {
    "no address": in_sys("rm address"),
    "unreadable address": in_sys("rm address && mkdir address"),
    "address of another kind": in_sys('printf "\\377\\n" >address'),
    "unreadable attributes": in_sys("for a in *; do [ -L $a ] || { rm -r $a; mkdir $a; }; done"),
    "no driver": in_sys("rm device/driver"),
    "driver that leads nowhere": in_sys("ln -sfn ../../../gone device/driver"),
    "no device": in_sys("rm device"),
    "a NIC that leads nowhere": "ln -s ../../devices/gone/net/eth9 /sys/class/net/eth9",
    "a file among the NICs": "sh -c 'echo >/sys/class/net/bonding_masters'",
    "no kernel release": "sh -c ': >/proc/sys/kernel/osrelease'",
}


@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize("suite", SUITES)
def test_a_spoilt_sysfs_never_makes_it_worse(suite: str, spoilt: str, tmp_path: Path) -> None:
    """No worse status, no traceback more, and files that are stock's or the whole plan."""
    steps = {"spoil": SPOILT[spoilt], **NETWORK}
    boots = []
    for name in ("stock", "plugin"):
        if name == "plugin":
            machine = with_plugin(suite, tmp_path / name)
        else:
            machine = seeded(suite, tmp_path / name, netvsc_pair(), "netplan", "nocloud", V2)
            machine.write("etc/cloud/cloud.cfg.d/91-settings.cfg", SETTINGS)
        boots.append(machine.boot(steps))
    alone, boot = boots
    assert boot["spoil"].status == 0, boot["spoil"].err
    for step, outcome in alone.outcomes.items():
        assert boot[step].status <= outcome.status, boot[step].err
    assert boot.log.count("Traceback") <= alone.log.count("Traceback")
    if boot.network() == alone.network():
        assert result(boot) == result(alone) or not boot.troubles
    else:
        assert not boot.troubles, json.dumps(boot.troubles)
        assert "bond0" in boot.text("etc/netplan/50-cloud-init.yaml")
        assert "bond0" in boot.text("run/systemd/network/10-netplan-bond0.netdev")
