"""The composite action: its steps as they stand in action.yml, run by a shell."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import CHECKOUT, EXAMPLES
from tests.review.ci.action import ACTION, STEPS, Runner

CONTEXT = {
    "github.repository": "o/r",
    "github.event.pull_request.number": "7",
    "github.token": "secret",
}
INVENTORY = str(EXAMPLES / "linux-netplan/inventory.json")
OPTIONS = "--target\nnetplan\n--synthetic-driver\nvirtio_net\n"
GOOD = (EXAMPLES / "linux-netplan/network-config.yaml").read_text()
BAD = GOOD.replace("dhcp4: true", "dhcp4: maybe")


def runner(folder: Path, installed: Path, **inputs: str) -> Runner:
    given = {"inventory": INVENTORY, "options": OPTIONS, "token": "secret", **inputs}
    job = Runner(folder, given, CONTEXT)
    (folder / "hyperv-net").symlink_to(installed.parent)
    (folder / "comments.json").write_text("[]")
    return job


def comments(job: Runner) -> list[str]:
    return [one["body"] for one in json.loads((job.folder / "comments.json").read_text())]


def reviewed(job: Runner, status: int) -> str:
    """The step's summary, after a review that comes to this."""
    done = job.run("Review")
    assert done.returncode == 0, done.stderr
    assert job.output("status") == str(status), done.stdout
    assert job.run("Verdict").returncode == status
    return Path(job.environment["GITHUB_STEP_SUMMARY"]).read_text()


def test_it_fits_githubs_schema_and_no_script_has_an_expression_in_it() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    schema = ["--builtin-schema", "vendor.github-actions"]
    subprocess.run([checker, *schema, CHECKOUT / "action.yml"], check=True)
    for one in STEPS.values():
        assert ("run" in one) == ("shell" in one)
        assert "${{" not in one.get("run", "")
    used = json.dumps(ACTION["runs"])
    assert [name for name in ACTION["inputs"] if f"inputs.{name}" not in used] == []


def test_the_review_is_the_summary_and_one_comment_that_follows_the_change(
    tmp_path: Path, installed: Path
) -> None:
    job = runner(tmp_path, installed, configs="machines/**/*.yaml\n")
    file = job.work / "machines/a b/net.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(BAD)
    others = [{"id": n, "user": {"login": "somebody"}, "body": f"{n}"} for n in range(1, 151)]
    (tmp_path / "comments.json").write_text(json.dumps(others))
    summary = reviewed(job, 1)
    assert "### ⛔" in summary and "not true or false" in summary
    assert job.run("Comment").returncode == 0
    assert comments(job)[150:] == [summary]
    # Somebody's comment with the same mark is nobody's of ours.
    found = json.loads((tmp_path / "comments.json").read_text())
    found.insert(0, {"id": 999, "user": {"login": "somebody"}, "body": summary})
    (tmp_path / "comments.json").write_text(json.dumps(found))
    file.write_text(GOOD)
    reviewed(job, 0)
    assert job.run("Comment").returncode == 0
    after = comments(job)
    assert len(after) == 152 and after[0] == summary
    assert "### ✅ Fine" in after[-1]
    for name in ("markdown", "sarif", "junit"):
        assert Path(job.output(name)).stat().st_size


def test_a_config_that_comes_in_has_the_same_comment_and_another_review_its_own(
    tmp_path: Path, installed: Path
) -> None:
    job = runner(tmp_path, installed, configs="*.yaml")
    for name in ("a.yaml", "b.yaml"):
        (job.work / name).write_text(GOOD)
        reviewed(job, 0)
        assert job.run("Comment").returncode == 0
    assert len(comments(job)) == 1 and "(2 machines)" in comments(job)[0]
    before = (tmp_path / "comments.json").read_text()
    other = runner(tmp_path / "other", installed, configs="*.yaml", name="web")
    (other.work / "a.yaml").write_text(GOOD)
    (tmp_path / "other/comments.json").write_text(before)
    reviewed(other, 0)
    assert other.run("Comment").returncode == 0
    assert len(comments(other)) == 2 and "### ✅ web: Fine" in comments(other)[1]


def test_what_a_configuration_says_is_no_command_of_the_runner(
    tmp_path: Path, installed: Path
) -> None:
    job = runner(tmp_path, installed, configs="net.yaml")
    (job.work / "net.yaml").write_text(f"{GOOD}\n'\\n::error::owned': 1\n")
    out = job.run("Review").stdout
    stop = out.splitlines()[0].removeprefix("::stop-commands::")
    assert len(stop) == 32
    assert out.splitlines()[-1] == f"::{stop}::"
    assert out.count(f"::{stop}::") == 1


@pytest.mark.parametrize("value", ["$(touch owned)", "`touch owned`", "; touch owned", '"', "a b"])
def test_no_input_is_ever_a_script(value: str, tmp_path: Path, installed: Path) -> None:
    job = runner(tmp_path, installed, configs=value, inventory=value, options=value)
    (job.work / value).write_text(GOOD)
    job.run("Review")
    job.run("Comment")
    assert [one.name for one in job.work.iterdir()] == [value]


def test_a_pattern_that_no_file_matches_fails(tmp_path: Path, installed: Path) -> None:
    done = runner(tmp_path, installed, configs="machines/*.yaml").run("Review")
    assert done.returncode == 1
    assert "--matching 'machines/*.yaml': no file here fits it" in done.stderr
    assert runner(tmp_path / "2", installed, configs="\n").run("Review").returncode == 64


def test_a_link_out_of_the_checkout_is_not_read(tmp_path: Path, installed: Path) -> None:
    job = runner(tmp_path, installed, configs="*.yaml")
    (tmp_path / "outside").write_text("a word of somebody else's: here\n")
    (job.work / "net.yaml").symlink_to(tmp_path / "outside")
    summary = reviewed(job, 1)
    assert "a link out of ." in summary and "somebody" not in summary


def test_what_changes_is_told_against_the_base(tmp_path: Path, installed: Path) -> None:
    base = str(tmp_path / "base.yaml")
    job = runner(tmp_path, installed, configs="net.yaml", against=base)
    Path(base).write_text(GOOD.replace("dhcp4: true", "dhcp4: false"))
    (job.work / "net.yaml").write_text(GOOD)
    assert "What changes against" in reviewed(job, 0)


def test_a_wrong_option_fails_as_itself(tmp_path: Path, installed: Path) -> None:
    job = runner(tmp_path, installed, configs="net.yaml", options="--no-such-option")
    assert job.run("Review").returncode == 64


def test_a_token_that_may_write_nothing_is_a_warning(tmp_path: Path, installed: Path) -> None:
    job = runner(tmp_path, installed, configs="net.yaml")
    (job.work / "net.yaml").write_text(GOOD)
    reviewed(job, 0)
    job.environment["GH_REFUSES"] = "1"
    done = job.run("Comment")
    assert done.returncode == 0
    assert done.stdout.startswith("::warning::the comment could not be written")
