"""Which cloud-init an image runs: the folder of its package, and the Python that loads it.

The first line of its program decides, since an image may hold several: of a
distribution, of pip below /usr/local, in a virtual environment, of a Python
that an upgrade left behind.  An image that is only a tree of the files that
matter may lack the program; then the package that is there is taken.
"""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.model import System
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.root.files import Root

OLDEST_PYTHON = (3, 9)

#: The first is the one that a distribution's units start.
_PROGRAMS = {
    System.LINUX: ("usr/bin/cloud-init", "usr/local/bin/cloud-init", "opt/*/bin/cloud-init"),
    System.FREEBSD: ("usr/local/bin/cloud-init",),
}
#: Where Python packages are, below the root; Debian's has no version in its name.
_PACKAGES = {
    System.LINUX: (
        "usr/lib/python3/dist-packages",
        "usr/lib/python3.*/site-packages",
        "usr/local/lib/python3.*/dist-packages",
        "usr/local/lib/python3.*/site-packages",
    ),
    System.FREEBSD: ("usr/local/lib/python3.*/site-packages",),
}
_PREFIX = {System.LINUX: "usr", System.FREEBSD: "usr/local"}
#: What FreeBSD calls its own, small replacement of cloud-init.
NUAGEINIT = "usr/libexec/nuageinit"
#: Where a name without a folder is looked for, as systemd and rc(8) set PATH.
_PATH = ("usr/local/bin", "usr/bin", "bin")

_FIRST_LINE = re.compile(r"#![ \t]*(/\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?")
#: What pip writes where the first line would be too long for the kernel.
_EXEC = re.compile(r"""^'''exec' "?(/[^"\n]+?)"? "\$0" "\$@"$""", re.M)
#: A path that may stand in a unit and in a first line as it is.
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9._+-]+)+\Z")
_VERSION = re.compile(r"python3\.([0-9]{1,3})\Z")

_Version = tuple[int, int]


class CloudInit(NamedTuple):
    """Where an image's cloud-init is.

    `packages` is the folder that holds its package, below the root without a
    leading slash, `python` the interpreter that runs it and `program` what it is
    started as, as absolute paths in the image.  `others` are folders with a
    cloud-init that this one does not load.
    """

    packages: str
    python: str
    program: str
    others: tuple[str, ...] = ()


def asked(system: System) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Patterns, below a root, of what tells its cloud-init: of what is read, and looked for."""
    packages = (
        f"{folder}/{package}/__init__.py"
        for folder in (*_PACKAGES[system], f"{_PREFIX[system]}/lib64/python3.*/site-packages")
        for package in ("cloudinit", "hyperv_net")
    )
    libraries = (f"{_PREFIX[system]}/{lib}/python3.*/os.py" for lib in ("lib", "lib64"))
    interpreters = (f"{folder}/python3*" for folder in _PATH)
    return _PROGRAMS[system], (*packages, *libraries, *interpreters, NUAGEINIT)


def find_cloud_init(root: Root, system: System) -> CloudInit:
    """The cloud-init that the image at `root` runs.

    Raises HypervNetError where there is none, or its Python is missing or too old.
    """
    installed = folders_with(root, "cloudinit", system)
    found = _of_program(root, system) or _of_package(root, system, installed)
    return found._replace(others=tuple(one for one in installed if one != found.packages))


def folders_with(root: Root, package: str, system: System) -> list[str]:
    """The folders of packages, of whatever Python, that hold this one."""
    found = (
        path.removesuffix(f"/{package}/__init__.py")
        for pattern in _PACKAGES[system]
        for path in files.find_below(root, f"{pattern}/{package}/__init__.py")
    )
    return list(dict.fromkeys(found))


def imported_from(root: Root, package: str, cloud_init: CloudInit) -> str | None:
    """The folder from which the Python of `cloud_init` would take a package; None: from none.

    By its own folders in their order; a path that somebody adds to them is not known here.
    """
    python = cloud_init.python[1:]
    prefix = _prefix(python)
    folders = (*_folders(prefix, _version(root, python, prefix)), cloud_init.packages)
    found = (one for one in folders if files.exists_below(root, f"{one}/{package}/__init__.py"))
    return next(found, None)


def _of_program(root: Root, system: System) -> CloudInit | None:
    """As the first program says that names its interpreter; None where none does."""
    programs = (path for one in _PROGRAMS[system] for path in files.find_below(root, one))
    for program in programs:
        python = _interpreter(root, program)
        if python is None:
            continue
        if not files.exists_below(root, python):
            raise HypervNetError(
                f"runs on /{python}, which is not in the image",
                where=Place(f"{root}/{program}"),
                hint="install that Python, or cloud-init for the one that is there",
            )
        prefix = _prefix(python)
        version = _version(root, python, prefix)
        _check(version, f"{root}/{python}")
        for folder in _folders(prefix, version):
            if files.exists_below(root, f"{folder}/cloudinit/__init__.py"):
                return CloudInit(folder, f"/{python}", f"/{program}")
        raise HypervNetError(
            f"runs on /{python}, which has no package cloudinit",
            where=Place(f"{root}/{program}"),
            hint="install cloud-init's package anew",
        )
    return None


def _prefix(python: str) -> str:
    """Where an interpreter is installed; that of /bin is the one of /usr."""
    return python.rpartition("/bin/")[0] or "usr"


def _interpreter(root: Root, program: str) -> str | None:
    """The path, below the root, of the Python that a script's first line names."""
    (text,) = files.read_matching(root, [program]).values() or ("",)
    first = _FIRST_LINE.match(text)
    if first is None:
        return None
    path, argument = first[1], first[2] or ""
    if path.endswith("/env"):
        places = (f"{folder}/{argument}" for folder in _PATH)
        path = "/" + next((one for one in places if files.exists_below(root, one)), argument)
    elif path.endswith("/sh"):
        through = _EXEC.search(text)
        path = through[1] if through else path
    if "python" not in path.rpartition("/")[2]:
        return None
    if not _PLAIN_PATH.match(path):
        raise HypervNetError(
            f"its interpreter {path!r} has characters that a unit file cannot name",
            where=Place(f"{root}/{program}"),
        )
    return path[1:]


def _version(root: Root, python: str, prefix: str) -> _Version | None:
    """By its name, that of the file behind it, the library that is there, or others beside it."""
    for name in (python.rpartition("/")[2], files.resolve_below(root, python).rpartition("/")[2]):
        found = _VERSION.match(name)
        if found:
            return (3, int(found[1]))
    return _newest_library(root, prefix) or _newest_beside(root, python)


def _newest_library(root: Root, prefix: str) -> _Version | None:
    folders = (
        path.removesuffix("/os.py").rpartition("/")[2]
        for lib in ("lib", "lib64")
        for path in files.find_below(root, f"{prefix}/{lib}/python3.*/os.py")
    )
    found = (_VERSION.match(name) for name in folders)
    return max(((3, int(one[1])) for one in found if one), default=None)


def _newest_beside(root: Root, python: str) -> _Version | None:
    """In a tree of few files a link may have become a file, and the library be left out."""
    folder = python.rpartition("/")[0]
    names = (path.rpartition("/")[2] for path in files.find_below(root, f"{folder}/python3.*"))
    found = (_VERSION.match(name) for name in names)
    return max(((3, int(one[1])) for one in found if one), default=None)


def _folders(prefix: str, version: _Version | None) -> Iterator[str]:
    """The folders of packages of an interpreter, in the order in which it looks at them."""
    name = f"python{version[0]}.{version[1]}" if version else "python3"
    if prefix == "usr":
        yield f"usr/local/lib/{name}/dist-packages"
        yield f"usr/local/lib/{name}/site-packages"
    yield f"{prefix}/lib/python3/dist-packages"
    yield f"{prefix}/lib/{name}/site-packages"
    yield f"{prefix}/lib64/{name}/site-packages"
    yield f"{prefix}/lib/{name}/dist-packages"


def _of_package(root: Root, system: System, installed: list[str]) -> CloudInit:
    """The package that is there; of several that of the latest Python."""
    if not installed:
        raise _none(root)
    # After an upgrade of Python the old version's folder is often left behind.
    packages = max(installed, key=lambda path: _version_of_folder(path) or (0, 0))
    prefix = _PREFIX[system]
    version = _version_of_folder(packages)
    if version is not None:
        python = f"{prefix}/bin/python{version[0]}.{version[1]}"
    else:
        python = f"{prefix}/bin/python3"
        version = _version(root, python, prefix)
    _check(version, f"{root}/{prefix}")
    return CloudInit(packages, f"/{python}", f"/{_PROGRAMS[system][0]}")


def _version_of_folder(packages: str) -> _Version | None:
    found = _VERSION.match(packages.split("/")[-2])
    return (3, int(found[1])) if found else None


def _check(version: _Version | None, where: str) -> None:
    if version is None or version < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        known = ".".join(map(str, version)) if version else "none"
        raise HypervNetError(
            f"hyperv-net needs Python {oldest} or later in the image, and there is {known}",
            where=Place(where),
            hint="install a later Python, and cloud-init for it",
        )


def _none(root: Root) -> HypervNetError:
    """FreeBSD's images since 14.1 have nuageinit(7) of the base system instead."""
    if files.exists_below(root, NUAGEINIT):
        return HypervNetError(
            "no cloud-init in this image, which has nuageinit",
            where=str(root),
            hint="install the package or port of hyperv-net, which brings the hook of devd, and "
            "have `hyperv-net apply` configure the network; or install cloud-init and bake again",
        )
    return HypervNetError(
        "no cloud-init in this image",
        where=str(root),
        hint="install its package first: hyperv-net is a part that it loads. Without it "
        "'hyperv-net guard --root DIR' keeps everybody off VFs, and 'hyperv-net apply --root DIR "
        "--inventory FILE' puts into an image what joins a known machine's",
    )
