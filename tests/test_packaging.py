"""The package as people get it: a checkout, an editable install, a wheel, a source distribution."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

import hyperv_net
from tests.paths import CHECKOUT

PACKAGED = ("hyperv_net", "renderers", "setup.cfg", "pyproject.toml", "MANIFEST.in", "LICENSE")
OPTIONAL = {"netifaces", "rich", "jinja2", "markupsafe", "pygments", "junitparser"}
METADATA = f"hyperv_net-{hyperv_net.__version__}.dist-info"


def sources() -> dict[str, Path]:
    """The package's modules: path once installed → path in the repository."""
    below = {"": CHECKOUT / "hyperv_net", "renderers": CHECKOUT / "renderers"}
    return {
        str(Path("hyperv_net", prefix, file.relative_to(folder))): file
        for prefix, folder in below.items()
        for file in folder.rglob("*.py")
    }


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; where it fails, the test fails with all it said."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build_wheel(source: Path, folder: Path) -> Path:
    """The wheel that pip builds from a folder, offline."""
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder)
    run(sys.executable, "-m", "pip", "wheel", *options, source, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what packaging reads, symbolic link and all, so that the repository stays clean."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in PACKAGED:
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, copy / name, symlinks=True)
        else:
            shutil.copy(CHECKOUT / name, copy / name)
    (copy / "README.md").write_text("# hyperv-net\n")
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def wheel_from_sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    call = f"from setuptools import build_meta; build_meta.build_sdist({str(folder)!r})"
    run(sys.executable, "-c", call, cwd=checkout)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder)
    return build_wheel(folder / archive.name[: -len(".tar.gz")], folder)


def install(what: tuple[str | Path, ...], folder: Path) -> Path:
    """The folder of programs of a new virtual environment with the package.

    PyYAML and setuptools are the ones of this environment.
    """
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "shared.pth").write_text(str(Path(yaml.__file__).parents[1]))
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--ignore-installed")
    pip = (sys.executable, "-m", "pip", "--python", python)
    run(*pip, "install", *options, *what, cwd=folder)
    return python.parent


def renderers_of(programs: Path, folder: Path) -> Path:
    """Import every renderer in an environment; returns the folder they come from."""
    folder_of_targets = CHECKOUT / "renderers"
    names = [
        ".".join(("hyperv_net.renderers", *file.relative_to(folder_of_targets).parts))[:-3]
        for file in folder_of_targets.rglob("*.py")
    ]
    code = (
        f"import importlib\nfor name in {names!r}: importlib.import_module(name)\n"
        "import hyperv_net.renderers\nprint(hyperv_net.renderers.__path__[0])"
    )
    return Path(run(programs / "python", "-c", code, cwd=folder).strip())


@pytest.mark.parametrize("form", ["wheel", "wheel_from_sdist"])
def test_a_wheel_holds_every_module_the_licence_and_the_type_marker_and_nothing_else(
    form: str, request: pytest.FixtureRequest
) -> None:
    names = set(ZipFile(request.getfixturevalue(form)).namelist())
    package = {name for name in names if not name.startswith(METADATA)}
    folder = CHECKOUT / "hyperv_net"
    kept = {
        str(Path("hyperv_net", file.relative_to(folder)))
        for part in ("data", "review/page/templates")
        for file in (folder / part).rglob("*")
        if file.is_file()
    }
    data = {"hyperv_net/py.typed", *kept}
    assert package == {*sources(), *data}
    assert f"{METADATA}/licenses/LICENSE" in names


@pytest.mark.parametrize("form", ["wheel", "wheel_from_sdist"])
def test_renderers_and_command_work_once_a_wheel_is_installed(
    form: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    programs = install((request.getfixturevalue(form),), tmp_path)
    assert tmp_path / "venv" in renderers_of(programs, tmp_path).parents
    assert "plan" in run(programs / "hyperv-net", "--help", cwd=tmp_path)


def test_renderers_and_command_work_in_an_editable_install(checkout: Path, tmp_path: Path) -> None:
    programs = install(("--editable", checkout), tmp_path)
    assert renderers_of(programs, tmp_path) == checkout / "hyperv_net" / "renderers"
    assert "plan" in run(programs / "hyperv-net", "--help", cwd=tmp_path)


def test_renderers_and_command_work_in_place_without_an_installation(checkout: Path) -> None:
    assert renderers_of(Path(sys.executable).parent, checkout).parent == checkout / "hyperv_net"
    assert "plan" in run(sys.executable, "-m", "hyperv_net", "--help", cwd=checkout)


def imported(source: Path) -> Iterator[str]:
    """The top-level name of each module that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def in_standard_library(name: str) -> bool:
    """Whether a module comes with Python itself (sys.stdlib_module_names is not in 3.9)."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return False
    if spec.origin in ("built-in", "frozen"):
        return True
    library = Path(sysconfig.get_path("stdlib")).resolve()
    origin = Path(spec.origin).resolve()
    return library in origin.parents and "site-packages" not in origin.parts


def runs_in_cloud_init(path: str) -> bool:
    """The datasources, what looks whether they load, and what follows a target's first boot."""
    is_targets = path.startswith("hyperv_net/renderers/") and path.endswith("/first_boot.py")
    return path.startswith(("hyperv_net/sources/", "hyperv_net/data/guard/")) or is_targets


def test_no_module_imports_a_package_that_is_not_declared() -> None:
    allowed = {"hyperv_net", "yaml", *OPTIONAL}
    foreign = {
        f"{path}: {name}"
        for path, source in sources().items()
        for name in imported(source)
        if name not in allowed
        and not in_standard_library(name)
        # cloud-init is the host of the datasources, and never a dependency.
        and not (name == "cloudinit" and runs_in_cloud_init(path))
    }
    assert foreign == set()
