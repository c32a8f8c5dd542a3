"""The guard as a program: when it asks, what it takes for the same, and what it says.

cloud-init, its Python and the package are small ones of the test's own.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from hyperv_net.lint.cloud_init import EXTENDED
from tests.files import put
from tests.imports import reached
from tests.paths import CHECKOUT

GUARD = CHECKOUT / "hyperv_net/data/guard"

PACKAGE = {
    "hyperv_net/__init__.py": "",
    "hyperv_net/data/90-hyperv-net.cfg": "datasource_pkg_list: [hyperv_net.sources]\n",
    "hyperv_net/hotplug/__init__.py": "",
    "hyperv_net/hotplug/look/linux.py": "",
    "hyperv_net/later.py": "",
    "hyperv_net/lint/__init__.py": "",
    "hyperv_net/plan/__init__.py": "",
    "hyperv_net/plan/flow.py": "",
    "hyperv_net/root/__init__.py": "",
    "hyperv_net/root/turning.py": (
        "import pathlib\n"
        "FILE = pathlib.Path(__file__).parents[2] / 'settings'\n"
        "def why_to_turn_off():\n"
        "    return FILE.read_text().strip() if FILE.exists() else ''\n"
        "def settings_files():\n"
        "    return [str(FILE)[1:]]\n"
    ),
    "hyperv_net/sources/__init__.py": "def extend(module):\n    return lambda depends: []\n",
    "hyperv_net/sources/DataSourceNoCloud.py": (
        "from hyperv_net.sources import extend\nget_datasource_list = extend(__name__)\n"
    ),
}


class Guarded:
    """A folder with such a cloud-init, and how its guard is run."""

    def __init__(self, folder: Path, shell: str = "sh") -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.shell = shell
        for path, text in PACKAGE.items():
            put(self.bin, path, text)
        self.wrapper("python3")
        put(self.bin, "cloud-init", f"#!{self.bin}/python3\nprint()\n", 0o755)

    def wrapper(self, name: str) -> None:
        """A Python that notes each of its starts."""
        real = shlex.quote(sys.executable)
        text = f'#!/bin/sh\necho "$@" >>{self.folder}/starts\nexec {real} "$@"\n'
        put(self.bin, name, text, 0o755)

    def run(
        self, python: str = "/nowhere/python3", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        places = (self.bin / "cloud-init", python, self.folder / "run", self.folder / "state")
        return subprocess.run(
            [*self.shell.split(), GUARD / "guard", *places],
            env={"PYTHONDONTWRITEBYTECODE": "1", **environment},
            capture_output=True,
            text=True,
        )

    @property
    def starts(self) -> list[str]:
        file = self.folder / "starts"
        return file.read_text().splitlines() if file.exists() else []

    @property
    def is_plugged(self) -> bool:
        plug = self.folder / "run/plug.cfg"
        return plug.exists() and plug.resolve() == self.bin / "hyperv_net/data/90-hyperv-net.cfg"

    @property
    def verdict(self) -> str:
        return (self.folder / "run/guard").read_text()

    def same_size_and_time(self, path: str, old: str, new: str) -> None:
        """Change a file so that only its bytes tell."""
        file = self.bin / path
        times = file.stat()
        assert len(old) == len(new) and old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.fixture(params=["dash", "bash --posix"])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Guarded:
    """In the shells that are /bin/sh somewhere."""
    return Guarded(tmp_path, request.param)


def test_a_package_that_loads_is_plugged_in_and_asked_about_once(guarded: Guarded) -> None:
    for _ in range(3):
        done = guarded.run()
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert guarded.is_plugged
        assert guarded.verdict == "granted\n"
    assert len(guarded.starts) == 1
    assert sorted(one.name for one in (guarded.folder / "run").iterdir()) == ["guard", "plug.cfg"]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("hyperv_net/sources/__init__.py", "return lambda", "retorn lambda"),
        ("hyperv_net/sources/DataSourceNoCloud.py", "import extend", "import extent"),
        ("cloud-init", "print()", "pront()"),
    ],
)
def test_a_change_that_only_the_bytes_tell_is_seen(
    path: str, old: str, new: str, tmp_path: Path
) -> None:
    guarded = Guarded(tmp_path)
    guarded.run()
    guarded.same_size_and_time(path, old, new)
    guarded.run()
    assert len(guarded.starts) == 2
    assert guarded.is_plugged == (path == "cloud-init")


@pytest.mark.parametrize("path", ["hyperv_net.py", "hyperv_net/__init__.py"])
def test_what_comes_before_it_on_pythons_way_is_seen(path: str, tmp_path: Path) -> None:
    guarded = Guarded(tmp_path)
    later = tmp_path / "later"
    later.mkdir()
    (guarded.bin / "hyperv_net").rename(later / "hyperv_net")
    for _ in range(2):
        guarded.run(PYTHONPATH=str(later))
        assert (tmp_path / "run/plug.cfg").exists() and len(guarded.starts) == 1
    put(guarded.bin, path, "raise ValueError('another')\n")
    guarded.run(PYTHONPATH=str(later))
    assert guarded.verdict.endswith("ValueError: another\n")


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("sources/__init__.py", "def extend(", "SyntaxError: "),
        ("sources/__init__.py", "", "hyperv_net.sources has no function extend"),
        ("sources/DataSourceNoCloud.py", "", "has no attribute 'get_datasource_list'"),
        ("sources/__init__.py", "raise SystemExit(0)\n", "SystemExit: 0"),
        ("sources/__init__.py", "import os; os._exit(0)\n", "it ended with status 0"),
        (
            "sources/__init__.py",
            "import os; os.kill(os.getpid(), 11)\n",
            "it ended with status 139",
        ),
        ("data/90-hyperv-net.cfg", "datasource_pkg_list: {}\n", "is not as it was installed"),
        ("data/90-hyperv-net.cfg", "", "is not as it was installed"),
        ("data/90-hyperv-net.cfg", "# é\n", "'ascii' codec can't decode byte 0xc3"),
        ("plan/flow.py", "raise OSError(5, 'Input/output error')\n", "Input/output error"),
        ("later.py", "print('x' * 9999)\nraise ValueError('a\\nb')\n", "ValueError: a b\n"),
    ],
)
def test_what_does_not_load_is_left_out_with_its_reason_in_one_line(
    path: str, text: str, reason: str, guarded: Guarded
) -> None:
    guarded.run()
    put(guarded.bin / "hyperv_net", path, text)
    done = guarded.run()
    assert (done.returncode, done.stdout) == (0, "")
    (line,) = done.stderr.splitlines(keepends=True)
    assert line.startswith("hyperv-net: not in use, and cloud-init goes on alone: ")
    assert reason in line and reason in guarded.verdict
    assert guarded.verdict.startswith(f"refused: {guarded.bin}/python3 does not load it: ")
    assert not (guarded.folder / "run/plug.cfg").is_symlink()
    # Put right, it is in the next boot, and no yes of before counts.
    put(guarded.bin / "hyperv_net", path, {**PACKAGE}[f"hyperv_net/{path}"])
    guarded.run()
    assert guarded.is_plugged and len(guarded.starts) == 3


def test_what_events_run_is_compiled_on_the_way_and_may_be_broken(guarded: Guarded) -> None:
    """Their unit may not write there; and no fault of theirs is the boot's."""
    put(guarded.bin, "hyperv_net/hotplug/broken.py", "def (\n")
    guarded.run()
    assert guarded.is_plugged
    (compiled,) = (guarded.bin / "hyperv_net/hotplug").rglob("linux.*.pyc")
    assert compiled.parent.name == "__pycache__"


def test_what_no_boot_needs_may_be_broken(guarded: Guarded) -> None:
    put(guarded.bin, "hyperv_net/lint/__init__.py", "raise ValueError\n")
    guarded.run()
    assert guarded.is_plugged


def test_what_is_said_to_be_needless_at_boot_is() -> None:
    """Of the modules here, and of those that they may come to import."""
    text = (GUARD / "loads.py").read_text()
    names: dict[str, object] = {}
    exec(compile(text, "loads.py", "exec"), {"__name__": "loads"}, names)
    needless = names["NOT_AT_BOOT"]
    assert isinstance(needless, frozenset)
    sources = (f"hyperv_net.sources.DataSource{one}" for one in EXTENDED)
    needed = {name for one in sources for name in reached(one, late=True)}
    assert {name.split(".")[1] for name in needed if "." in name} & needless == {"hotplug"}
    # A companion's, which is loaded with it.
    assert {name for name in needed if name.startswith("hyperv_net.hotplug.")} == {
        "hyperv_net.hotplug.wanted"
    }


def test_a_module_that_never_returns_is_ended(tmp_path: Path) -> None:
    """In a library too, where no handler of Python's would ever run."""
    guarded = Guarded(tmp_path)
    put(guarded.bin, "hyperv_net/later.py", "while True:\n    pass\n")
    copy = tmp_path / "copy"
    for name in ("guard", "loads.py"):
        text = (GUARD / name).read_text().replace("\nlimit=60\n", "\nlimit=1\n")
        put(copy, name, text, 0o755)
    places = (guarded.bin / "cloud-init", "python3", tmp_path / "run", tmp_path / "state")
    done = subprocess.run(["sh", copy / "guard", *places], capture_output=True, text=True)
    assert done.returncode == 0
    assert "a module was not through after 1 s" in done.stderr
    assert not guarded.is_plugged


@pytest.mark.parametrize(
    ("program", "options"),
    [
        ("#!{bin}/python3\n", ""),
        ("#! {bin}/python3\n", ""),
        ("#!{bin}/python3 -s\n", "-s "),
        ("#!/usr/bin/env python3\n", None),
        ("#!/usr/bin/env -S python3 -s\n", None),
        ("#!/bin/sh\n'''exec' {bin}/python3 \"$0\" \"$@\"\n' '''\n", ""),
        ("#!/bin/sh\n'''exec' \"{bin}/python3\" \"$0\" \"$@\"\n' '''\n", ""),
        ("#!/bin/sh\nexec python3 -m cloudinit.cmd.main\n", "given"),
        ("\x7fELF\x00\x00", "given"),
    ],
)
def test_the_python_is_that_of_the_programs_first_line(
    program: str, options: str | None, guarded: Guarded
) -> None:
    """As the kernel and pip have it; where it names none, the one that bake found."""
    put(guarded.bin, "cloud-init", program.format(bin=guarded.bin), 0o755)
    guarded.wrapper("python3.given")
    if options is None:
        # Whatever `env` finds on the machine's own way has no cloud-init of the test's.
        done = guarded.run()
        assert "python3 does not load it" in done.stderr or guarded.is_plugged
        return
    guarded.run(python=f"{guarded.bin}/python3.given")
    assert guarded.is_plugged
    (start,) = guarded.starts
    expected = "" if options == "given" else options
    assert start.startswith(f"{expected}{GUARD}/loads.py ")


def test_no_python_at_all_is_a_no(tmp_path: Path) -> None:
    guarded = Guarded(tmp_path)
    (guarded.bin / "python3").unlink()
    done = guarded.run()
    assert done.returncode == 0
    assert "python3 does not load it: it ended with status 127" in done.stderr


def test_a_folder_that_cannot_be_written_costs_the_memory_alone(tmp_path: Path) -> None:
    guarded = Guarded(tmp_path)
    (tmp_path / "state").write_text("not a folder\n")
    for _ in range(2):
        done = guarded.run()
        assert (done.returncode, done.stderr) == (0, "")
        assert guarded.is_plugged
    assert len(guarded.starts) == 2


def test_a_memory_that_a_power_cut_left_half_is_none(tmp_path: Path) -> None:
    guarded = Guarded(tmp_path)
    guarded.run()
    for path in (tmp_path / "state").iterdir():
        whole = path.read_text()
        for part in ("", whole[: len(whole) // 2]):
            path.write_text(part)
            before = len(guarded.starts)
            guarded.run()
            assert guarded.is_plugged and len(guarded.starts) == before + 1
