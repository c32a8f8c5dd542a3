"""The hook for pre-commit, installed and run by pre-commit itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.paths import EXAMPLES
from tests.review.ci.source import copy_source, offline

PRE_COMMIT = str(Path(sys.executable).with_name("pre-commit"))


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=n", "-c", "user.email=n@example.net"]
    done = subprocess.run(
        ["git", "-C", folder, *identity, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def committed(folder: Path) -> str:
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    return git(folder, "rev-parse", "HEAD")


def test_the_hook_fails_for_the_machine_that_would_lose_its_network(tmp_path: Path) -> None:
    hooks = copy_source(tmp_path / "hyperv-net")
    revision = committed(hooks)
    work = tmp_path / "work"
    for folder in ("linux-netplan", "three-same-mac"):
        (work / folder).mkdir(parents=True)
        for name in ("network-config.yaml", "inventory.json"):
            shutil.copy(EXAMPLES / folder / name, work / folder)
    (work / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n  - id: hyperv-net-review\n"
        "    args: [--inventory, '{folder}/inventory.json', --target, netplan,"
        " --synthetic-driver, virtio_net]\n"
    )
    committed(work)
    environment = {**offline(), "HOME": str(tmp_path), "PRE_COMMIT_HOME": str(tmp_path / "cache")}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [PRE_COMMIT, "run", "--color=never", "--verbose", *words]
        return subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True)

    both = run("--all-files")
    assert both.returncode == 1, both.stdout + both.stderr
    assert "linux-netplan/network-config.yaml: " in both.stdout
    assert "three-same-mac/network-config.yaml: The network will be lost." in both.stdout
    good = run("--files", "linux-netplan/network-config.yaml")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "three-same-mac" not in good.stdout
    # What is no network config is none of its business.
    other = run("--files", "linux-netplan/inventory.json")
    assert "no files to check" in other.stdout
