"""What goes into an image: the package, and the few files by which the image knows of it."""

from __future__ import annotations

from hyperv_net import places
from hyperv_net.bake.guard import guard_files, guard_findings
from hyperv_net.bake.kvp import kvp_files, kvp_findings
from hyperv_net.bake.metrics import metrics_files
from hyperv_net.bake.watch import watch_files
from hyperv_net.marks import CHOSEN
from hyperv_net.model import Finding, RenderedFile, Severity, System
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root.extension import CLOUD_CFG_D

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hyperv_net.bake.place import Place

_SETTINGS = "91-hyperv-net-settings.cfg"

_UNITS = (
    *("hyperv-net-reconcile.path", "hyperv-net-reconcile.service"),
    *("hyperv-net-activate.socket", "hyperv-net-activate@.service"),
)
_UNIT_FOLDER = "usr/lib/systemd/system"
#: Unit → the target that wants it, by its section [Install].
_ENABLED = {
    "hyperv-net-reconcile.path": "paths.target",
    "hyperv-net-activate.socket": "sockets.target",
}

_PYTHON = "/usr/bin/python3"
_PROGRAM = """#!{python} -I
# The command of hyperv-net; `hyperv-net --help` tells more.
from hyperv_net.cli import program

program()
"""


class Choices(NamedTuple):
    """What the person who bakes has chosen.

    `settings` are hyperv-net's own, by name, as far as they were given;
    `datasources` replaces cloud-init's list where it is not empty.  `watches` is whether the
    image's settings, chosen now or its own, name somebody who announces migrations, and
    `metrics` the folder that they name for metrics.
    """

    settings: Mapping[str, object]
    datasources: Sequence[str]
    watches: bool = False
    metrics: str = ""


def contents(
    place: Place, package: Mapping[str, str], choices: Choices
) -> tuple[RenderedFile, ...]:
    """The files for the image at `place`; `package` is hyperv_net's own, by path in its folder."""
    files = [
        *_package(place, package),
        *guard_files(place, package),
        *_settings(place, choices),
        *(
            _of_linux(place, package)
            if place.system is System.LINUX
            else _of_freebsd(place, package)
        ),
        *kvp_files(place.kvp, place.system, package),
        *(watch_files(place, package) if choices.watches else ()),
        *(metrics_files(place, package, choices.metrics) if choices.metrics else ()),
    ]
    own = (one._replace(is_own=True) for one in files)
    return tuple(sorted(own, key=lambda file: file.path))


def place_findings(place: Place) -> Iterator[Finding]:
    """What is to be said of where the files go."""
    for other in place.cloud_init.others:
        yield Finding(
            "another-cloud-init",
            Severity.NOTE,
            f"{place.cloud_init.python} runs the cloud-init in {place.cloud_init.packages}, "
            "and this one is another",
            places.Place(f"{other}/cloudinit"),
            "remove the one that is not meant",
        )
    yield from guard_findings(place)
    if place.system is System.FREEBSD and not place.for_netif:
        yield Finding(
            "netif-not-told",
            Severity.WARNING,
            "netif and network are files here, so that netif is not told of VFs that rc.conf does "
            "not name",
            places.Place("usr/local/etc/rc.conf.d"),
            "make one of them a folder, and the file one in it",
        )
    yield from kvp_findings(place.kvp)


def settings_file(place: Place) -> str:
    """Where what was chosen at `bake` is."""
    return f"{CLOUD_CFG_D[place.system]}/{_SETTINGS}"


def _package(place: Place, package: Mapping[str, str]) -> Iterator[RenderedFile]:
    folder = f"{place.cloud_init.packages}/hyperv_net"
    for path, text in package.items():
        yield RenderedFile(f"{folder}/{path}", text)
    prefix = "usr" if place.system is System.LINUX else "usr/local"
    yield RenderedFile(
        f"{prefix}/bin/hyperv-net", _PROGRAM.format(python=place.cloud_init.python), 0o755
    )


def _settings(place: Place, choices: Choices) -> Iterator[RenderedFile]:
    if not choices.settings and not choices.datasources:
        return
    import yaml

    document: dict[str, object] = {}
    if choices.settings:
        document["hyperv_net"] = dict(choices.settings)
    if choices.datasources:
        document["datasource_list"] = list(choices.datasources)
    text = yaml.safe_dump(document, default_flow_style=None, sort_keys=True)
    yield RenderedFile(settings_file(place), CHOSEN + text)


def _of_linux(place: Place, package: Mapping[str, str]) -> Iterator[RenderedFile]:
    data = {
        path.rpartition("/")[2]: text
        for path, text in package.items()
        if path.startswith("data/linux/")
    }
    if place.has_systemd:
        for unit in _UNITS:
            text = data[unit].replace(_PYTHON, place.cloud_init.python)
            yield RenderedFile(f"{_UNIT_FOLDER}/{unit}", text)
        for unit, target in _ENABLED.items():
            link = f"etc/systemd/system/{target}.wants/{unit}"
            yield RenderedFile(link, f"/{_UNIT_FOLDER}/{unit}", is_link=True)
    if place.has_initramfs_tools:
        hook = data["initramfs-tools-hook"]
        yield RenderedFile("etc/initramfs-tools/hooks/hyperv-net", hook, 0o755)
    if place.has_dracut:
        yield RenderedFile("etc/dracut.conf.d/90-hyperv-net.conf", data["dracut.conf"])


def _of_freebsd(place: Place, package: Mapping[str, str]) -> Iterator[RenderedFile]:
    data = "data/freebsd"
    yield RenderedFile("usr/local/etc/devd/hyperv-net.conf", package[f"{data}/hyperv-net.conf"])
    if place.for_netif:
        yield RenderedFile(f"{place.for_netif}/hyperv-net", package[f"{data}/netif"])
        path = "usr/local/libexec/hyperv-net/netif-vfs"
        yield RenderedFile(path, package[f"{data}/netif-vfs"])
    yield RenderedFile(
        "usr/local/libexec/hyperv-net/devd-hook", package[f"{data}/devd-hook"], 0o755
    )
