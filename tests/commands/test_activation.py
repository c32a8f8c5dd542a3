"""The line that `apply` prints for the running machine to follow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net.applying.decision import Action, Operation
from hyperv_net.applying.writing import Applied
from hyperv_net.review.applied import activation
from tests.commands.calling import NETPLAN, Capture
from tests.commands.test_apply import FREEBSD, options, output, root_of


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("etc/netplan/50-cloud-init.yaml", "netplan apply"),
        ("etc/network/interfaces.d/50-cloud-init", "systemctl restart networking"),
        ("etc/rc.conf", "service routing stop; service netif restart; service routing start"),
        ("var/lib/hyperv-net/wanted.json", None),
    ],
)
def test_the_command_that_activates_it_is_named_and_never_run(
    path: str, command: str | None, tmp_path: Path
) -> None:
    applied = Applied((Operation(path, Action.CREATE, None, None),), {})
    assert activation(applied, tmp_path) == command


def test_what_a_rollback_prints_takes_the_aggregate_away(tmp_path: Path, capsys: Capture) -> None:
    """Neither netif nor `netplan apply` does, and its members would stay cut off."""
    for example, gone in ((FREEBSD, "ifconfig lagg0 destroy"), (NETPLAN, "ip link delete bond0")):
        root = root_of(example, tmp_path / example.name)
        assert gone not in output(options(example, root, "--format", "json"), capsys)
        back = ["apply", "--root", str(root), "--rollback", "--format", "json"]
        dry = json.loads(output([*back, "--dry-run"], capsys))["activate"]
        done = json.loads(output(back, capsys))["activate"]
        assert dry == done
        assert gone in done.split("; ")[:-1]
