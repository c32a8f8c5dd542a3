"""The units that keep a machine's metrics up to date, under a real systemd."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net.companions.wanted_file import to_json
from hyperv_net.hotplug.wanted import PATHS, Wanted, WantedPair
from hyperv_net.model import Mode, System
from tests.bake.laid import bake_step
from tests.debian.packages import unpacked
from tests.debian.tools import NODE_EXPORTER
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
#: So that a test need not wait for a minute.
QUICK = """\
[Timer]
OnBootSec=
OnActiveSec=0
OnUnitInactiveSec=1
AccuracySec=100ms
"""
TRY = """\
import json, os, subprocess, time, urllib.request
FILE = "FOLDER/hyperv_net.prom"
PATH, TIMER = "hyperv-net-metrics.path", "hyperv-net-metrics.timer"
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

def is_idle(unit):
    return systemctl("show", "-P", "ActiveState", unit) == "inactive"

def text():
    try:
        with open(FILE) as file:
            return file.read()
    except FileNotFoundError:
        return ""

def value(told, name):
    lines = (one.split() for one in told.splitlines())
    return next((float(one[1]) for one in lines if one[0] == name), None)

def reconciled():
    time.sleep(max(0.0, int(time.time()) + 1 - time.time()))  # Times of runs have whole seconds.
    since = int(time.time())
    open("/run/hyperv-net/again", "w").close()
    until("metrics of the run", lambda: (value(text(), TIME) or 0) >= since)
    return text()

active = [systemctl("is-active", one) for one in (PATH, TIMER)]
systemctl("stop", TIMER)
nothing = text()
first = reconciled()
os.makedirs("/etc/systemd/system/" + TIMER + ".d")
os.rename("/quick.conf", "/etc/systemd/system/" + TIMER + ".d/quick.conf")
systemctl("daemon-reload")
with open(FILE) as old:
    before = os.fstat(old.fileno()).st_ino
    systemctl("start", TIMER)
    second = reconciled()
    is_whole = old.read() == first and os.stat(FILE).st_ino != before
systemctl("stop", TIMER)
until("the end of the service", lambda: is_idle("hyperv-net-metrics.service"))
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
    "active": active,
    "nothing": nothing,
    "is_whole": is_whole,
    "times": [value(one, TIME) for one in (first, second)],
    "served": value(served[0], TIME),
    "error": value(served[0], "node_textfile_scrape_error"),
    "types": [one.split()[2] for one in served[0].splitlines() if "# TYPE hyperv" in one],
    "mode": oct(os.stat(FILE).st_mode & 0o777),
    "left": os.listdir("FOLDER"),
}))
"""


@pytest.mark.parametrize("suite", ["trixie"])
def test_the_path_and_the_timer_write_whole_metrics_of_a_run_and_node_exporter_serves_them(
    suite: str, tmp_path: Path
) -> None:
    """The first run by the path alone; a later one by the timer too, which leaves none out.

    systemd may miss a file that takes another's place (systemd/systemd 20934).
    """
    put_trial(tmp_path, TRY.replace("FOLDER", FOLDER))
    put(tmp_path, PATHS[System.LINUX], to_json(WANTED))
    put(tmp_path, "etc/systemd/system/exporter.service", EXPORTER)
    put(tmp_path, "quick.conf", QUICK)
    root = [unpacked(suite, NODE_EXPORTER).root, *layers(suite)[1:]]
    baked, booted = run(root, tmp_path, [bake_step("--metrics", FOLDER), boot_step()])
    assert baked.status == 0, baked.err
    said = (tmp_path / "tried.out").read_text()
    assert booted.status == 0 and said, (tmp_path / "tried.err").read_text() + booted.out
    told = json.loads(said)
    assert told["active"] == ["active", "active"] and told["nothing"] == ""
    assert told["is_whole"]
    first, second = told["times"]
    assert first < second == told["served"]
    assert told["error"] == 0
    assert {"hyperv_net_pair_info", "hyperv_net_last_reconcile_success"} <= {*told["types"]}
    assert (told["mode"], told["left"]) == ("0o644", ["hyperv_net.prom"])
