"""Ansible and Salt bring captures into a folder that is a fleet."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import yaml

from hyperv_net.cli import main
from tests.files import put
from tests.inventory.captured import capture, materialise
from tests.paths import CHECKOUT, EXAMPLES

FLEET = EXAMPLES / "fleet"
#: Stands for salt(1): runs cmd.run below a minion's own folder, and cp.push into the cache.
SALT = """\
#!/bin/sh
set -eu
echo "$*" >>"$CACHE/../calls"
for minion in $1; do
    case $2 in
    cmd.run)
        mkdir -p "$CACHE/../$minion/root"
        run=$(echo "$3" | sed "s, /root/, root/,g; s,--capture,--root ../machine --capture,")
        (cd "$CACHE/../$minion" && eval "$run")
        ;;
    cp.push)
        mkdir -p "$CACHE/$minion/files/root"
        mv "$CACHE/../$minion$3" "$CACHE/$minion/files$3"
        ;;
    esac
done
"""


def test_salt_brings_a_capture_of_each_minion(tmp_path: Path) -> None:
    machine = materialise(capture("virtio-bare"), tmp_path / "machine")
    put(machine, "etc/netplan/x.yaml", "network: {version: 2, ethernets: {ens3: {dhcp4: true}}}\n")
    programs = tmp_path / "bin"
    own = shlex.join([sys.executable, "-m", "hyperv_net"])
    put(programs, "hyperv-net", f'#!/bin/sh\nexec {own} "$@"\n', 0o755)
    put(programs, "salt", SALT, 0o755)
    (tmp_path / "cache").mkdir()
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(CHECKOUT),
        "CACHE": str(tmp_path / "cache"),
    }
    command = [str(FLEET / "with_salt.sh"), "vm-1 vm-2"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert main(["review", "--fleet", str(tmp_path / "fleet"), "--out", str(out), "--jobs", "1"])
    rows = [json.loads(one) for one in (out / "machines.jsonl").read_text().splitlines()]
    assert [one["id"] for one in rows] == ["vm-1", "vm-2"]
    assert rows[0]["shape"] == rows[1]["shape"]


def test_the_playbook_makes_the_capture_that_it_fetches_where_a_fleet_is_looked_for() -> None:
    (play,) = yaml.safe_load((FLEET / "with_ansible.yml").read_text())
    modules = [next(key for key in task if "." in key) for task in play["tasks"]]
    assert modules == ["ansible.builtin.file", "ansible.builtin.command", "ansible.builtin.fetch"]
    argv = play["tasks"][1]["ansible.builtin.command"]["argv"]
    assert argv == ["hyperv-net", "inventory", "--capture", "{{ capture }}"]
    assert play["tasks"][2]["ansible.builtin.fetch"]["dest"] == (
        "fleet/{{ inventory_hostname }}.tar.gz"
    )
