"""What has an image's machines watch for announcements: where its settings name who announces."""

from __future__ import annotations

from hyperv_net.model import RenderedFile, System
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.bake.place import Place

_UNIT = "hyperv-net-watch.service"
_UNIT_FOLDER = "usr/lib/systemd/system"
_SCRIPT = "hyperv_net_watch"
_PYTHON = "/usr/bin/python3"

#: rc.conf(5) is read first, and who says no there means it (load_rc_config() of rc.subr).
_ENABLED = f': ${{{_SCRIPT}_enable:="YES"}}\n'


def watch_files(place: Place, package: Mapping[str, str]) -> Iterator[RenderedFile]:
    """The service, and what enables it; without systemd an image of Linux has none."""
    if place.system is System.FREEBSD:
        text = package[f"data/freebsd/{_SCRIPT}"]
        yield RenderedFile(f"usr/local/etc/rc.d/{_SCRIPT}", text, 0o755)
        yield RenderedFile(f"usr/local/etc/rc.conf.d/{_SCRIPT}", _ENABLED)
    elif place.has_systemd:
        text = package[f"data/linux/{_UNIT}"].replace(_PYTHON, place.cloud_init.python)
        yield RenderedFile(f"{_UNIT_FOLDER}/{_UNIT}", text)
        link = f"etc/systemd/system/multi-user.target.wants/{_UNIT}"
        yield RenderedFile(link, f"/{_UNIT_FOLDER}/{_UNIT}", is_link=True)
