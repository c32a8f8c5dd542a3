"""Which cloud-init and which Python an image has, however they came there."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.model import System
from hyperv_net.root.cloud_init import CloudInit, find_cloud_init
from tests.bake.images import make

_DIST = "usr/lib/python3/dist-packages"
_PIP = "usr/local/lib/python3.11/dist-packages"
_SITE = "usr/local/lib/python3.11/site-packages"
_NEWER = "usr/local/lib/python3.12/site-packages"


def _package(folder: str) -> dict[str, str]:
    return {f"{folder}/cloudinit/__init__.py": ""}


def _python(path: str, version: str) -> dict[str, str]:
    return {path: f"-> python3.{version}", f"{path.rpartition('/')[0]}/python3.{version}": ""}


_DEBIAN = {
    **_package(_DIST),
    **_python("usr/bin/python3", "11"),
    "usr/bin/cloud-init": "#! /usr/bin/python3\n",
}


@pytest.mark.parametrize(
    ("tree", "packages", "python"),
    [
        pytest.param(_DEBIAN, _DIST, "/usr/bin/python3", id="debian"),
        pytest.param(
            {**_DEBIAN, "usr/lib/python3.13/os.py": "", "usr/bin/python3.13": ""},
            _DIST,
            "/usr/bin/python3",
            id="a second python is not cloud-init's",
        ),
        pytest.param(
            {
                **_python("usr/bin/python3", "9"),
                **_package("usr/lib/python3.9/site-packages"),
                "usr/bin/cloud-init": "#!/usr/bin/python3 -s\n",
            },
            "usr/lib/python3.9/site-packages",
            "/usr/bin/python3",
            id="fedora and its kin",
        ),
        pytest.param(
            {
                **_python("usr/bin/python3", "11"),
                **_package(_PIP),
                "usr/local/bin/cloud-init": "#!/usr/bin/python3\n",
            },
            _PIP,
            "/usr/bin/python3",
            id="pip below /usr/local",
        ),
        pytest.param(
            {
                "usr/bin/python3": "",
                "usr/bin/python3.9-config": "",
                "usr/bin/python3.9": "",
                **_package("usr/lib/python3.9/site-packages"),
                "usr/bin/cloud-init": "#!/usr/bin/python3\n",
            },
            "usr/lib/python3.9/site-packages",
            "/usr/bin/python3",
            id="a copy of few files, whose link has become a file",
        ),
        pytest.param(
            {
                **_python("usr/bin/python3", "11"),
                **_package(_PIP),
                "usr/local/bin/cloud-init": "#!/usr/bin/env python3\n",
            },
            _PIP,
            "/usr/bin/python3",
            id="env",
        ),
        pytest.param(
            {
                **_python("usr/bin/python3", "11"),
                **_package(_PIP),
                "usr/local/bin/cloud-init": "#!/usr/bin/env -S python3 -s\n",
            },
            _PIP,
            "/usr/bin/python3",
            id="env with options",
        ),
        pytest.param(
            {
                **_python("usr/bin/python3", "11"),
                "opt/cloud/bin/python3": "-> /usr/bin/python3",
                **_package("opt/cloud/lib/python3.11/site-packages"),
                "usr/bin/cloud-init": "-> /opt/cloud/bin/cloud-init",
                "opt/cloud/bin/cloud-init": "#!/opt/cloud/bin/python3\n",
            },
            "opt/cloud/lib/python3.11/site-packages",
            "/opt/cloud/bin/python3",
            id="a virtual environment",
        ),
        pytest.param(
            {
                "opt/c/bin/python": "",
                "opt/c/lib/python3.12/os.py": "",
                **_package("opt/c/lib/python3.12/site-packages"),
                "opt/c/bin/cloud-init": '#!/bin/sh\n\'\'\'exec\' "/opt/c/bin/python" "$0" "$@"\n',
            },
            "opt/c/lib/python3.12/site-packages",
            "/opt/c/bin/python",
            id="a first line too long for the kernel",
        ),
    ],
)
def test_on_linux_the_program_says_which_python_loads_it(
    tree: dict[str, str], packages: str, python: str, tmp_path: Path
) -> None:
    found = find_cloud_init(make(tmp_path, tree), System.LINUX)
    program = next(path for path in tree if path.endswith("bin/cloud-init"))
    assert found == CloudInit(packages, python, f"/{program}")


@pytest.mark.parametrize("version", ["11", "12"])
def test_of_freebsds_flavours_the_programs_is_taken_and_the_other_told_of(
    version: str, tmp_path: Path
) -> None:
    make(tmp_path, {**_package(_SITE), **_package(_NEWER)})
    python = f"usr/local/bin/python3.{version}"
    make(tmp_path, {python: "", "usr/local/bin/cloud-init": f"#!/{python}\n"})
    ours, other = (_SITE, _NEWER) if version == "11" else (_NEWER, _SITE)
    assert find_cloud_init(tmp_path, System.FREEBSD) == CloudInit(
        ours, f"/{python}", "/usr/local/bin/cloud-init", (other,)
    )


def test_without_a_program_the_package_of_the_latest_python_is_taken(tmp_path: Path) -> None:
    """A tree of the files that matter may lack it."""
    make(tmp_path, {**_package(_SITE), **_package(_NEWER)})
    found = find_cloud_init(tmp_path, System.FREEBSD)
    assert (found.packages, found.python) == (_NEWER, "/usr/local/bin/python3.12")


@pytest.mark.parametrize(
    ("tree", "says"),
    [
        ({}, "no cloud-init in this image (install its package first"),
        ({}, "Without it 'hyperv-net guard --root DIR' keeps everybody off VFs"),
        (
            {"usr/libexec/nuageinit": "#!/usr/libexec/flua\n"},
            "no cloud-init in this image, which has nuageinit (install the package or port",
        ),
        (
            {**_package(_DIST), "usr/bin/cloud-init": "#!/usr/bin/python3\n"},
            "usr/bin/cloud-init: runs on /usr/bin/python3, which is not in the image",
        ),
        (
            {**_python("usr/bin/python3", "11"), "usr/bin/cloud-init": "#!/usr/bin/python3\n"},
            "usr/bin/cloud-init: runs on /usr/bin/python3, which has no package cloudinit",
        ),
        (
            {**_DEBIAN, "usr/bin/cloud-init": "#!/usr/bin/python3.8\n", "usr/bin/python3.8": ""},
            "needs Python 3.9 or later in the image, and there is 3.8",
        ),
        (
            {**_package(_DIST), "usr/lib/python3.7/os.py": ""},
            "needs Python 3.9 or later in the image, and there is 3.7",
        ),
        (_package(_DIST), "needs Python 3.9 or later in the image, and there is none"),
        (
            {**_package(_DIST), "usr/bin/cloud-init": "#!/opt/$(x)/bin/python3\n"},
            "has characters that a unit file cannot name",
        ),
    ],
)
def test_what_cannot_run_is_refused_with_its_reason(
    tree: dict[str, str], says: str, tmp_path: Path
) -> None:
    with pytest.raises(HypervNetError) as caught:
        find_cloud_init(make(tmp_path, tree), System.LINUX)
    assert says in str(caught.value)


def test_a_python_behind_a_link_out_of_the_image_is_not_this_machines(tmp_path: Path) -> None:
    """The link is followed inside the image, where nothing is at its end."""
    outside = tmp_path / "outside"
    make(outside, {"python3.11": ""})
    tree = {**_package(_DIST), "usr/bin/cloud-init": "#!/usr/bin/python3\n"}
    image = make(tmp_path / "image", {**tree, "usr/bin/python3": f"-> {outside}/python3.11"})
    with pytest.raises(HypervNetError, match="which is not in the image"):
        find_cloud_init(image, System.LINUX)
