"""A composite action run as GitHub's runner does, with its variables and files.

A step is `bash --noprofile --norc -eo pipefail FILE` (docs.github.com, "Workflow syntax",
jobs.<job_id>.steps[*].shell); what it writes to GITHUB_OUTPUT are its outputs.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.paths import CHECKOUT
from tests.review.ci.source import offline

ACTION: dict[str, Any] = yaml.safe_load((CHECKOUT / "action.yml").read_text())
STEPS: dict[str, dict[str, Any]] = {one["name"]: one for one in ACTION["runs"]["steps"]}

_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")

#: `gh api` over a file of comments: its pages, its filter (by jq itself), its fields.
GH = f"""#!{sys.executable}
import argparse, json, os, pathlib, re, sys
import jq
parser = argparse.ArgumentParser()
parser.add_argument("verb", choices=["api"])
parser.add_argument("path")
parser.add_argument("--paginate", action="store_true")
parser.add_argument("--silent", action="store_true")
parser.add_argument("--jq")
parser.add_argument("--method", default="GET")
parser.add_argument("-F", dest="field")
args = parser.parse_args()
state = pathlib.Path(os.environ["GH_STATE"])
comments = json.loads(state.read_text())
assert os.environ["GH_TOKEN"] == "secret"
if os.environ.get("GH_REFUSES"):
    sys.exit("HTTP 403: Resource not accessible by integration")
body = None
if args.field:
    name, _, value = args.field.partition("=")
    assert name == "body" and value.startswith("@")
    body = pathlib.Path(value[1:]).read_text()
if args.method == "GET":
    assert args.path == "repos/o/r/issues/7/comments?per_page=100"
    pages = [comments[at : at + 100] for at in range(0, max(len(comments), 1), 100)]
    for page in pages if args.paginate else pages[:1]:
        for one in jq.compile(args.jq).input_value(page).all():
            print(one)
elif args.method == "POST":
    assert args.path == "repos/o/r/issues/7/comments"
    login = "github-actions[bot]"
    comments.append({{"id": len(comments) + 1, "user": {{"login": login}}, "body": body}})
else:
    assert args.method == "PATCH"
    number = int(re.fullmatch("repos/o/r/issues/comments/([0-9]+)", args.path)[1])
    (one,) = [one for one in comments if one["id"] == number]
    one["body"] = body
state.write_text(json.dumps(comments))
"""


class Runner:
    """A job's folder; `inputs` are given to the action, and `context` to its expressions."""

    def __init__(self, folder: Path, inputs: Mapping[str, str], context: Mapping[str, str]) -> None:
        self.folder = folder
        self.work = folder / "work"
        given = {name: one.get("default", "") for name, one in ACTION["inputs"].items()}
        self._known = {
            **{f"inputs.{name}": value for name, value in {**given, **inputs}.items()},
            **context,
        }
        self.environment = {
            **offline(),
            "RUNNER_TEMP": str(folder),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        }
        self.work.mkdir(parents=True, exist_ok=True)
        (folder / "bin").mkdir(exist_ok=True)
        (folder / "bin/gh").write_text(GH)
        (folder / "bin/gh").chmod(0o755)
        self.environment["PATH"] = f"{folder / 'bin'}:{self.environment['PATH']}"
        self.environment["GH_STATE"] = str(folder / "comments.json")

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """One step; its outputs are known to those after it."""
        step = STEPS[name]
        assert step["shell"] == "bash"
        script, output = self.folder / "script.sh", self.folder / "output"
        script.write_text(step["run"])
        output.write_text("")
        environment = {one: self._value(text) for one, text in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.work,
            env={**self.environment, **environment, "GITHUB_OUTPUT": str(output)},
            capture_output=True,
            text=True,
        )
        for line in output.read_text().splitlines():
            key, _, value = line.partition("=")
            self._known[f"steps.{step.get('id')}.outputs.{key}"] = value
        return done

    def output(self, name: str) -> str:
        """What the action gives to the workflow."""
        return self._value(ACTION["outputs"][name]["value"])

    def _value(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: self._known.get(found[1], ""), text)
