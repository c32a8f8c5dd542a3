"""GitLab's job: valid, and its script run by a shell."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.paths import EXAMPLES
from tests.review.ci.source import offline
from tests.review.ci.test_pre_commit import committed

FILE = EXAMPLES / "gitlab/hyperv-net.gitlab-ci.yml"
OPTIONS = "--target\nnetplan\n--synthetic-driver\nvirtio_net\n"
JOB: dict[str, Any] = yaml.safe_load(FILE.read_text())["hyperv-net-review"]


def test_it_fits_gitlabs_schema() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    subprocess.run([checker, *schema, FILE], check=True)


@pytest.mark.parametrize(("folder", "status"), [("linux-netplan", 0), ("three-same-mac", 1)])
def test_its_script_leaves_every_report_that_it_names(
    folder: str, status: int, tmp_path: Path, installed: Path
) -> None:
    place = tmp_path / "machines/web 1"
    place.mkdir(parents=True)
    for name in ("network-config.yaml", "inventory.json"):
        shutil.copy(EXAMPLES / folder / name, place)
    environment = {**offline(), **JOB["variables"], "HYPERV_NET_OPTIONS": OPTIONS}
    environment["PATH"] = f"{installed}:{environment['PATH']}"
    # GitLab's runner: bash, and the job fails by a command that does.
    command = ["bash", "-eo", "pipefail", "-c", "\n".join(JOB["script"])]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    reports = JOB["artifacts"]["reports"]
    found = json.loads((tmp_path / reports["codequality"]).read_text())
    assert bool([one for one in found if one["severity"] == "critical"]) == bool(status)
    assert {*json.loads((tmp_path / reports["terraform"]).read_text())} == {
        *("create", "update", "delete")
    }
    suites = ET.parse(tmp_path / reports["junit"]).getroot()
    assert suites[0].get("name", "").endswith("machines/web 1/network-config.yaml")
    assert [one for one in JOB["artifacts"]["paths"] if not (tmp_path / one).exists()] == []


def test_a_pattern_that_no_file_matches_fails(tmp_path: Path, installed: Path) -> None:
    environment = {**offline(), **JOB["variables"]}
    environment["PATH"] = f"{installed}:{environment['PATH']}"
    command = ["bash", "-eo", "pipefail", "-c", "\n".join(JOB["script"])]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "network-config.yaml': no file here fits it" in done.stderr


def test_a_merge_request_tells_what_changes_against_its_base(
    tmp_path: Path, installed: Path
) -> None:
    """By git's objects, which the job has fetched with all of the history."""
    assert JOB["variables"]["GIT_DEPTH"] == "0"
    for name in ("network-config.yaml", "inventory.json"):
        shutil.copy(EXAMPLES / "linux-netplan" / name, tmp_path)
    base = committed(tmp_path)
    config = tmp_path / "network-config.yaml"
    config.write_text(config.read_text().replace("dhcp4: true", "dhcp4: false"))
    environment = {
        **offline(),
        **JOB["variables"],
        "HYPERV_NET_OPTIONS": OPTIONS,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
    }
    environment["PATH"] = f"{installed}:{environment['PATH']}"
    command = ["bash", "-eo", "pipefail", "-c", "\n".join(JOB["script"])]
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    counts = json.loads((tmp_path / JOB["artifacts"]["reports"]["terraform"]).read_text())
    assert counts == {"create": 0, "update": 1, "delete": 0}
    assert f"against {base}" in (tmp_path / "hyperv-net-review.md").read_text()
