"""The folder of Debian's tools that other tests use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.debian import packages
from tests.debian.packages import DebianError, mirror, unpacked
from tests.debian.tools import SUITES, run, tools

PRINTED = """\
'http://vendor.invalid/apt/dists/bookworm/InRelease' vendor.invalid_InRelease 0
'http://mirror.invalid/debian/dists/bookworm/InRelease' mirror.invalid_InRelease 0
'http://mirror.invalid/debian/dists/bookworm-updates/InRelease' mirror.invalid_InRelease 0
'http://mirror.invalid/debian-security/dists/bookworm-security/InRelease' x 0
'http://mirror.invalid/debian/dists/bookworm/main/binary-amd64/Packages.xz' x 0
"""


def test_the_mirror_is_the_one_of_the_machines_own_suite() -> None:
    """Neither its updates nor its security archive, and not a vendor's packages."""
    assert mirror(PRINTED, "bookworm") == "http://mirror.invalid/debian"
    assert mirror(PRINTED.replace("/bookworm/", "/stable/"), "bookworm").endswith("invalid/debian")


def test_a_mirror_under_another_path_is_found() -> None:
    """Companies serve Debian below names of their own."""
    printed = "'https://cache.invalid/deb-remote/dists/trixie/InRelease' x 0\n"
    assert mirror(printed, "trixie") == "https://cache.invalid/deb-remote"


def test_a_machine_without_debian_sources_is_a_clear_error() -> None:
    """Other distributions' suites are no Debian."""
    with pytest.raises(DebianError, match="no Debian mirror"):
        mirror("'http://archive.invalid/ubuntu/dists/noble/InRelease' x 0\n", "noble-proposed")


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_a_second_run_starts_no_program(suite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is unpacked is used as it is."""
    first = tools(suite)

    def refuse(*_: object, **__: object) -> str:
        raise AssertionError("a program was started")

    monkeypatch.setattr(packages, "_run", refuse)
    assert tools(suite) == first
    assert {"netplan.io", "ifupdown", "ifenslave", "libc6"} <= first.versions.keys()


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_a_program_runs_with_its_own_libraries(suite: str) -> None:
    """Whatever libc this machine has."""
    tree = tools(suite)
    ran = run([*tree.command("/usr/bin/udevadm"), "--version"])
    assert ran.out.startswith(tree.versions["udev"].split(".")[0])


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_no_unpacked_program_runs_as_somebody_else(suite: str) -> None:
    """Nothing in the cache has a set-user-id or set-group-id bit."""
    root = tools(suite).root
    assert not [path for path in root.rglob("*") if path.lstat().st_mode & 0o6000]


@pytest.mark.debian
def test_an_unknown_suite_is_an_error_in_one_line(tmp_path: Path) -> None:
    """The apt of this machine says why; nothing half-made is left behind as a tree."""
    with pytest.raises(DebianError) as caught:
        unpacked("no-such-suite", ["hello"], tmp_path)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "no-such-suite" / "trees").exists()
