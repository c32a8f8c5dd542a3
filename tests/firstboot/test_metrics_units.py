"""The units that keep a machine's metrics up to date, under a real systemd."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.companions.wanted_file import to_json
from hyperv_net.hotplug.wanted import PATHS, Wanted, WantedPair
from hyperv_net.model import Mode, System
from tests.bake.laid import bake_step
from tests.debian.packages import unpacked
from tests.debian.tools import NODE_EXPORTER, SUITES
from tests.files import put
from tests.firstboot.inside_systemd import boot_step, put_trial
from tests.firstboot.root import layers
from tests.firstboot.sandbox import run

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

#: The kernel's own pair, for which the worker waits for no bond.
PAIR = WantedPair("00:0d:3a:11:22:33", Mode.TRANSPARENT, "eth0", ("hv_netvsc",))
WANTED = Wanted(System.LINUX, "netplan", (PAIR,))
FOLDER = "/var/lib/prometheus/node-exporter"
EXPORTER = f"""\
[Unit]
Description=Debian's node_exporter, of one collector
[Service]
ExecStart=/usr/bin/prometheus-node-exporter --web.listen-address=127.0.0.1:9100 \\
  --collector.disable-defaults --collector.textfile --collector.textfile.directory={FOLDER}
"""
#: Each run of the service that has written says so; while there is a pipe, it goes on with it.
HELD = """\
[Service]
ExecStartPost=+/bin/sh -c 'echo written >>/runs; if test -p /pipe; then read go </pipe; fi'
"""
#: So that a test need not wait for a minute.
QUICK = """\
[Timer]
OnBootSec=
OnActiveSec=0
OnUnitInactiveSec=1
AccuracySec=100ms
"""
COMMON = """\
import json, os, subprocess, time, urllib.request
FILE = "FOLDER/hyperv_net.prom"
PATH, TIMER, SERVICE = (f"hyperv-net-metrics.{one}" for one in ("path", "timer", "service"))
TIME = "hyperv_net_last_reconcile_timestamp_seconds"

def until(what, reached):
    end = time.monotonic() + 100
    while not reached():
        if time.monotonic() > end:
            said = subprocess.run(("journalctl", "--no-pager", "-n", "60"), stdout=-1, text=True)
            raise SystemExit(said.stdout + "never: " + what)
        time.sleep(0.05)

def systemctl(*words):
    return subprocess.run(("systemctl", *words), stdout=-1, text=True).stdout.strip()

def rest():
    until("rest", lambda: not os.path.exists("/run/hyperv-net/news")
          and systemctl("show", "-P", "ActiveState", SERVICE) == "inactive")

def text(file=FILE):
    try:
        with open(file) as opened:
            return opened.read()
    except FileNotFoundError:
        return ""

def value(told, name):
    lines = (one.split() for one in told.splitlines())
    return next((float(one[1]) for one in lines if one[0] == name), None)

def run():
    time.sleep(max(0.0, int(time.time()) + 1 - time.time()))  # Times of runs have whole seconds.
    since = int(time.time())
    open("/run/hyperv-net/again", "w").close()
    return since

def reconciled():
    since = run()
    until("metrics of the run", lambda: (value(text(), TIME) or 0) >= since)
    return text()

active = [systemctl("is-active", one) for one in (PATH, TIMER)]
systemctl("stop", TIMER)
"""
RUNS = """
nothing = text()
told = [reconciled() for _ in range(3)]
rest()
runs = text("/runs").split()
os.mkfifo("/pipe")
with open(FILE) as old:
    before = os.fstat(old.fileno()).st_ino
    reconciled()
    is_whole = old.read() == told[-1] and os.stat(FILE).st_ino != before
last = "/run/hyperv-net/last.json"
before, missed, since = os.stat(last).st_ino, text(), run()
until("another run, while the service is at work", lambda: os.stat(last).st_ino != before)
is_held = text() == missed
pipe = open("/pipe", "w")
os.unlink("/pipe")
pipe.close()
until("metrics of that run", lambda: (value(text(), TIME) or 0) >= since)
rest()
print(json.dumps({
    "active": active,
    "nothing": nothing,
    "is_whole": is_whole,
    "is_held": is_held,
    "times": [value(one, TIME) for one in told],
    "runs": [len(runs), len(text("/runs").split())],
    "states": [systemctl("is-active", PATH), systemctl("is-failed", SERVICE)],
}))
"""
SERVED = """
told = reconciled()
rest()
systemctl("stop", PATH)
os.unlink(FILE)
os.makedirs("/etc/systemd/system/" + TIMER + ".d")
os.rename("/quick.conf", "/etc/systemd/system/" + TIMER + ".d/quick.conf")
systemctl("daemon-reload")
systemctl("start", TIMER)
until("metrics by the timer", text)
systemctl("stop", TIMER)
rest()
systemctl("start", "exporter.service")
served = []
def answers():
    try:
        with urllib.request.urlopen("http://127.0.0.1:9100/metrics") as answer:
            served.append(answer.read().decode())
    except OSError:
        pass
    return served
until("node_exporter", answers)
print(json.dumps({
    "times": [value(one, TIME) for one in (told, served[0])],
    "error": value(served[0], "node_textfile_scrape_error"),
    "types": [one.split()[2] for one in served[0].splitlines() if "# TYPE hyperv" in one],
    "mode": oct(os.stat(FILE).st_mode & 0o777),
    "left": os.listdir("FOLDER"),
}))
"""


def tried(own: Path, script: str, root: list[Path]) -> dict[str, Any]:
    """What `script` prints on a machine whose metrics are written as baked."""
    put_trial(own, (COMMON + script).replace("FOLDER", FOLDER))
    put(own, PATHS[System.LINUX], to_json(WANTED))
    baked, booted = run(root, own, [bake_step("--metrics", FOLDER), boot_step()])
    assert baked.status == 0, baked.err
    said = (own / "tried.out").read_text()
    assert booted.status == 0 and said, (own / "tried.err").read_text() + booted.out
    return dict(json.loads(said))


@pytest.mark.parametrize("suite", SUITES)
def test_each_run_of_the_worker_tells_itself_in_whole_metrics_without_the_timer(
    suite: str, tmp_path: Path
) -> None:
    """One that comes while metrics are being written does, too; and each starts one service."""
    put(tmp_path, "etc/systemd/system/hyperv-net-metrics.service.d/held.conf", HELD)
    told = tried(tmp_path, RUNS, layers(suite)[1:])
    assert told["active"] == ["active", "active"] and told["nothing"] == ""
    first, second, third = told["times"]
    assert first < second < third
    assert told["is_whole"] and told["is_held"]
    assert told["runs"] == [3, 5]
    assert told["states"] == ["active", "inactive"]


@pytest.mark.parametrize("suite", ["trixie"])
def test_the_timer_writes_them_too_and_node_exporter_serves_them(
    suite: str, tmp_path: Path
) -> None:
    put(tmp_path, "etc/systemd/system/exporter.service", EXPORTER)
    put(tmp_path, "quick.conf", QUICK)
    root = [unpacked(suite, NODE_EXPORTER).root, *layers(suite)[1:]]
    told = tried(tmp_path, SERVED, root)
    first, served = told["times"]
    assert first == served
    assert told["error"] == 0
    assert {"hyperv_net_pair_info", "hyperv_net_last_reconcile_success"} <= {*told["types"]}
    assert (told["mode"], told["left"]) == ("0o644", ["hyperv_net.prom"])
