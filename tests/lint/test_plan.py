"""`plan --root` says what the rules of the image lint say of that root."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.bake.images import make
from tests.paths import EXAMPLES

_EXAMPLE = EXAMPLES / "azure-freebsd-mce"

Capture = pytest.CaptureFixture[str]


def _plan(root: Path | None, *more: str, example: Path = _EXAMPLE) -> list[str]:
    chosen = [] if root is None else ["--root", str(root)]
    return [
        *("plan", "--inventory", str(example / "inventory.json")),
        *("--network-config", str(example / "network-config.yaml"), "--target", "freebsd"),
        *(*chosen, *more),
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(_EXAMPLE / "root", tmp_path / "root")
    return make(
        tmp_path / "root",
        {
            "etc/pf.conf": 'ext_if = "hn0"\n',
            "usr/local/etc/dnsmasq.conf": "port=0\ninterface=hn0\n",
            "usr/local/etc/cloud/cloud.cfg": "x: y\ndatasource_list: [Ec2]\n",
        },
    )


def test_in_text_each_is_a_line(root: Path, capsys: Capture) -> None:
    """What stops a bake stops no plan, which puts nothing into the image."""
    assert main(_plan(root)) == 0
    shown = capsys.readouterr().out
    assert "  warning: usr/local/etc/dnsmasq.conf:2:11: it names hn0" in shown
    assert "  warning: usr/local/etc/cloud/cloud.cfg:2:1: only Ec2 is looked for" in shown
    assert "error" not in shown


def test_in_json_they_are_findings_like_the_others(root: Path, capsys: Capture) -> None:
    assert main(_plan(root, "--format", "json")) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["rule"], one["where"]) for one in found[-2:]] == [
        ("datasource-not-extended", "usr/local/etc/cloud/cloud.cfg:2:1"),
        ("names-the-synthetic-nic", "usr/local/etc/dnsmasq.conf:2:11"),
    ]


def test_a_line_of_which_the_plan_speaks_is_not_told_twice(root: Path, capsys: Capture) -> None:
    """The renderer looks at pf.conf as well."""
    assert main(_plan(root)) == 0
    assert capsys.readouterr().out.count("etc/pf.conf") == 1


def test_without_a_root_that_is_named_no_rule_is_asked(
    root: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hyperv_net.lint.lint", lambda *_, **__: pytest.fail("asked"))
    assert main(_plan(None)) == 0
    assert "pf.conf" not in capsys.readouterr().out


def test_where_no_aggregate_is_made_a_name_of_the_nic_is_no_finding(
    root: Path, capsys: Capture
) -> None:
    assert main(_plan(root, "--aggregate", "never")) == 0
    shown = capsys.readouterr().out
    assert "names-the-synthetic-nic" not in shown and "datasource-not-extended" in shown
