"""What a monitor is told of a machine."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from hyperv_net import __version__
from hyperv_net.announcements import kept
from hyperv_net.announcements.course import Known
from hyperv_net.cli import main
from hyperv_net.hotplug.decide.presence import Presence
from hyperv_net.hotplug.kept.noticed import Noticed, keep_noticed
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import System
from hyperv_net.renderers.parts import Asked
from hyperv_net.root import locks
from hyperv_net.status import catalogue, textfile
from hyperv_net.status.exposition import Kind, Metric, Sample, open_metrics, prometheus_text
from hyperv_net.status.model import Watching
from hyperv_net.status.routes import Asking
from tests.paths import CHECKOUT
from tests.status.scenes import ADDRESSES, MAC, NOW, Scene
from tests.status.told import NOW_SECONDS, busy, everything, told, values, watching

PAIR = {"mac": MAC, "device": "bond0"}


def test_a_metric_is_written_as_each_format_wants_it() -> None:
    info = Metric("a_build", Kind.INFO, "An info.", ("version",))
    counter = Metric("a_moves", Kind.COUNTER, "A counter.")
    gauge = Metric("a_time_seconds", Kind.GAUGE, "A gauge.", unit="seconds")
    missing = Metric("a_missing", Kind.GAUGE, "Of nothing.")
    all_of_them = (info, missing, counter, gauge)
    samples = [
        Sample(gauge, (), 1.5),
        Sample(counter, (), 3),
        Sample(info, ('a"b\\c',), 1),
        Sample(counter, (), 4),
    ]
    assert open_metrics(all_of_them, samples) == (
        "# TYPE a_build info\n"
        "# HELP a_build An info.\n"
        'a_build_info{version="a\\"b\\\\c"} 1\n'
        "# TYPE a_moves counter\n"
        "# HELP a_moves A counter.\n"
        "a_moves_total 4\n"
        "# TYPE a_time_seconds gauge\n"
        "# UNIT a_time_seconds seconds\n"
        "# HELP a_time_seconds A gauge.\n"
        "a_time_seconds 1.5\n"
        "# EOF\n"
    )
    assert prometheus_text(all_of_them, samples) == (
        "# HELP a_build_info An info.\n"
        "# TYPE a_build_info gauge\n"
        'a_build_info{version="a\\"b\\\\c"} 1\n'
        "# HELP a_moves_total A counter.\n"
        "# TYPE a_moves_total counter\n"
        "a_moves_total 4\n"
        "# HELP a_time_seconds A gauge.\n"
        "# TYPE a_time_seconds gauge\n"
        "a_time_seconds 1.5\n"
    )


def test_what_no_terminal_should_get_is_in_no_label() -> None:
    info = Metric("a_build", Kind.INFO, "An info.", ("version",))
    text = open_metrics((info,), [Sample(info, ("\x1b[2J\n\udcff",), 1)])
    assert text.splitlines()[2] == "a_build_info{version=\"'\\\\x1b[2J\\\\n\\\\udcff'\"} 1"


def test_every_metric_of_the_catalogue_is_told_of_some_machine(tmp_path: Path) -> None:
    found = {one.metric for one in everything(tmp_path)}
    assert found == set(catalogue.CATALOGUE)
    assert len({one.name for one in catalogue.CATALOGUE}) == len(catalogue.CATALOGUE) > 30


def test_bytes_and_seconds_are_told_as_units_ahead_of_a_counters_suffix(tmp_path: Path) -> None:
    lines = open_metrics(catalogue.CATALOGUE, everything(tmp_path)).splitlines()
    at = lines.index("# TYPE hyperv_net_pair_bytes counter")
    assert lines[at + 1] == "# UNIT hyperv_net_pair_bytes bytes"
    assert lines[at + 3].startswith("hyperv_net_pair_bytes_total{")
    units = {one.rsplit(" ", 1)[1] for one in lines if one.startswith("# UNIT ")}
    assert units == {"bytes", "seconds"}


def test_a_pair_is_told_with_its_path_its_packets_and_its_nics(tmp_path: Path) -> None:
    found = everything(tmp_path)
    assert values(found, "pair_info", **PAIR) == {("aggregate", "true", "eth0", "bond0"): 1}
    assert values(found, "pair_path", **PAIR) == {("synthetic",): 0, ("vf",): 1, ("none",): 0}
    assert values(found, "pair_vfs") == {(MAC, "bond0"): 1}
    assert values(found, "pair_members") == {(MAC, "bond0"): 2}
    assert values(found, "pair_packets_total", **PAIR) == {
        ("synthetic", "received"): 20,
        ("synthetic", "sent"): 10,
        ("vf", "received"): 989,
        ("vf", "sent"): 990,
    }
    assert values(found, "pair_bytes_total", **PAIR) == {
        ("synthetic", "received"): 2600,
        ("synthetic", "sent"): 1400,
        ("vf", "received"): 2**53,
        ("vf", "sent"): 1_386_000,
    }
    assert values(found, "pair_failovers_total", **PAIR) == {(): 3}
    assert values(found, "pair_drain_moves_total", **PAIR) == {(): 4}
    assert values(found, "failovers_since_timestamp_seconds") == {(): NOW_SECONDS}
    assert values(found, "member_active", **PAIR) == {("eth0", "synthetic"): 0, ("ens17", "vf"): 1}
    assert values(found, "build_info") == {(__version__,): 1}


def test_a_drain_is_told_with_its_owners_by_source_and_without_the_ids(tmp_path: Path) -> None:
    found = everything(tmp_path)
    assert values(found, "pair_drained", **PAIR) == {(): 1}
    assert values(found, "pair_drained_since_timestamp_seconds", **PAIR) == {(): NOW_SECONDS}
    assert values(found, "pair_drain_owners", **PAIR) == {("person",): 1, ("azure",): 2}
    assert not any("F1" in label for one in found for label in one.labels)


def test_a_vf_that_is_away_takes_its_series_along(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.counted("eth0", 20, 10)
    (tmp_path / "sys/class/net/ens17").unlink()
    scene.bonding(active_slave="eth0")
    found = told(scene.status())
    assert values(found, "pair_vfs", **PAIR) == {(): 0}
    assert values(found, "pair_path", **PAIR) == {("synthetic",): 1, ("vf",): 0, ("none",): 0}
    assert list(values(found, "member_up", **PAIR)) == [("eth0", "synthetic")]
    assert {path for path, _ in values(found, "pair_packets_total", **PAIR)} == {"synthetic"}


def test_findings_are_counted_for_the_machine_and_for_their_pair(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.addresses = f"{ADDRESSES}3: ens17    inet 10.77.0.50/24 scope global ens17\n"
    found = told(scene.status())
    assert values(found, "healthy") == {(): 0}
    assert values(found, "findings") == {
        ("duplicate-address", "error"): 1,
        ("member-address", "error"): 1,
    }
    assert values(found, "duplicate_addresses") == {(): 1}
    assert values(found, "pair_findings", **PAIR) == {("error",): 2, ("warning",): 0, ("note",): 0}


def test_a_default_route_is_told_as_it_is_and_as_it_is_wanted(tmp_path: Path) -> None:
    asked = Asked(6, "etc/netplan/50.yaml", True)
    status = busy(tmp_path)._replace(asking=Asking((asked,), True))
    assert values(told(status), "default_route") == {("ipv4",): 1, ("ipv6",): 0}
    assert values(told(status), "default_route_wanted") == {("ipv4",): 0, ("ipv6",): 1}
    unseen = told(status._replace(default_routes=None, asking=None))
    assert values(unseen, "default_route") == values(unseen, "default_route_wanted") == {}


def test_the_last_reconcile_is_told(tmp_path: Path) -> None:
    status = busy(tmp_path)
    found = told(status)
    names = ("success", "steps", "failures", "obstacles")
    assert [values(found, f"last_reconcile_{one}")[()] for one in names] == [0, 1, 1, 1]
    assert values(found, "last_reconcile_timestamp_seconds") == {(): NOW_SECONDS}
    assert values(found, "last_change_timestamp_seconds") == {(): NOW_SECONDS}
    none = told(status._replace(last=None))
    assert not any(values(none, f"last_reconcile_{one}") for one in names)


def test_what_is_announced_is_told_by_source(tmp_path: Path) -> None:
    found = everything(tmp_path)
    assert values(found, "watch_running") == {(): 1}
    assert values(found, "announcement_source_answers") == {("azure",): 1, ("directory",): 0}
    assert values(found, "announcements", source="azure") == {
        ("told",): 0,
        ("waiting",): 1,
        ("draining",): 1,
        ("given-up",): 0,
    }
    assert values(found, "announcement_not_before_timestamp_seconds") == {
        ("azure",): NOW_SECONDS + 300.5
    }


def test_what_a_service_knew_is_told_as_long_as_it_watches(tmp_path: Path) -> None:
    """Nobody knows whether it is over since, nor whether a source answers."""
    status = busy(tmp_path)
    for is_running, told_of_it in ((False, {(): 0}), (None, {})):
        found = told(status, watching()._replace(is_running=is_running))
        assert values(found, "watch_running") == told_of_it
        assert not any("announcement" in one.metric.name for one in found)
    stopped = told(status, watching()._replace(is_running=False))
    assert values(stopped, "findings", rule="unwatched") == {("warning",): 1}
    nobody = told(status, Watching())
    assert not any("announce" in one.metric.name or "watch" in one.metric.name for one in nobody)


def test_status_prints_them_and_reads_what_the_services_leave(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(tmp_path)
    scene.write("etc/cloud/cloud.cfg.d/9.cfg", "hyperv_net: {announcements: [azure]}\n")
    run = str(tmp_path / "run/hyperv-net")
    keep_noticed(run, Noticed(NOW, (Presence(MAC, "bond0", moves=7, drain_moves=2),)))
    known = Known((), (("azure", 3), ("google", 2)))
    kept.keep(str(tmp_path / "var/lib/hyperv-net"), known, NOW_SECONDS, 0)
    locks.own_folder(f"{run}/locks", locks.PRIVATE)
    assert locks.try_lock(f"{run}/locks/watch") is not None
    assert main(["status", "--root", str(tmp_path), "--format", "openmetrics"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f'hyperv_net_pair_failovers_total{{mac="{MAC}",device="bond0"}} 7' in lines
    assert f'hyperv_net_pair_drain_moves_total{{mac="{MAC}",device="bond0"}} 2' in lines
    assert "hyperv_net_watch_running 1" in lines
    assert 'hyperv_net_announcement_source_answers{source="azure"} 0' in lines
    assert lines[-1] == "# EOF"
    assert main(["status", "--root", str(tmp_path), "--format", "prometheus"]) == 0
    assert "# TYPE hyperv_net_pair_failovers_total counter" in capsys.readouterr().out


def test_the_textfile_is_written_whole_for_all_to_read_and_nothing_is_left_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(tmp_path / "root")
    folder = tmp_path / "metrics"
    folder.mkdir()
    trap, own = tmp_path / "trap", folder / textfile.NAME
    trap.write_text("as it was")
    (folder / ".hyperv_net.prom.new").symlink_to(trap)
    own.symlink_to(trap)
    scene.drained(Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW))
    scene.out_of_its_master("eth0")
    # Whether the pair is healthy is in the file.
    assert main(["status", "--root", str(scene.root), "--textfile", str(folder)]) == 0
    assert own.read_text().startswith(f"{textfile.MARK}# HELP hyperv_net_build_info ")
    assert "\nhyperv_net_healthy 0\n" in own.read_text()
    assert not own.is_symlink() and stat.S_IMODE(own.stat().st_mode) == 0o644
    assert [one.name for one in folder.iterdir()] == [textfile.NAME]
    assert trap.read_text() == "as it was"
    assert capsys.readouterr().out == ""


def test_the_setting_says_where_the_textfile_goes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(tmp_path / "root")
    call = ["status", "--root", str(scene.root), "--textfile"]
    assert main(call) == 0
    assert capsys.readouterr().out == "no file was written: the setting metrics is empty\n"
    folder = tmp_path / "m"
    folder.mkdir()
    setting = f"hyperv_net: {{metrics: {folder}}}\n"
    scene.write("etc/cloud/cloud.cfg.d/9.cfg", setting)
    assert main(call) == 0
    assert (folder / textfile.NAME).exists()


def test_a_folder_that_is_not_there_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(tmp_path / "root")
    assert main(["status", "--root", str(scene.root), "--textfile", str(tmp_path / "none")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "none/hyperv_net.prom: No such file" in said
    assert main(["status", "--textfile", "--format", "json"]) == 64


def test_a_machine_without_pairs_is_told_too(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "virtio-bare", Wanted(System.LINUX, "netplan", ()))
    found = told(scene.status())
    assert values(found, "healthy") == {(): 1}


def test_the_page_of_the_docs_lists_every_metric_with_its_labels() -> None:
    page = (CHECKOUT / "docs/monitoring.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \| (.*?) ?\| .+ \|$", page, re.MULTILINE)
    assert listed == [
        (
            one.sample_name.replace("hyperv_net_", "", 1),
            ", ".join(f"`{label}`" for label in one.labels if label not in PAIR),
        )
        for one in catalogue.CATALOGUE
    ]
