"""What has an image's machines write metrics for node_exporter: where its settings say so."""

from __future__ import annotations

from hyperv_net.model import RenderedFile, System
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.bake.place import Place

_NAME = "hyperv-net-metrics"
_UNIT_FOLDER = "usr/lib/systemd/system"
_PYTHON = "/usr/bin/python3"
_FOLDER = "/var/lib/prometheus/node-exporter"

#: Unit → the target that wants it, by its section [Install].
_ENABLED = {"path": "paths.target", "timer": "timers.target"}

#: One line a minute.  FreeBSD's own cron(8) reads the files of that folder and of /etc/cron.d as
#: it does /etc/crontab, since 10.4 and 11.1 (LOCALSYSCRONTABS of usr.sbin/cron/cron/pathnames.h in
#: release/10.4.0 of freebsd/freebsd-src; the release notes of 11.1), and sees within a minute that
#: one is new (load_database() of usr.sbin/cron/cron/database.c).
_CRON_FILE = "usr/local/etc/cron.d/hyperv_net_metrics"
_CRON = "* * * * *\troot\t/usr/local/bin/hyperv-net status --textfile --clear-textfile"


def metrics_files(place: Place, package: Mapping[str, str], folder: str) -> Iterator[RenderedFile]:
    """What writes them into `folder`; without systemd an image of Linux has nothing that does."""
    if place.system is System.FREEBSD:
        yield RenderedFile(_CRON_FILE, f"{_CRON} {folder}\n")
    elif place.has_systemd:
        for sort in ("service", *_ENABLED):
            text = package[f"data/linux/{_NAME}.{sort}"]
            text = text.replace(_PYTHON, place.cloud_init.python).replace(_FOLDER, folder)
            yield RenderedFile(f"{_UNIT_FOLDER}/{_NAME}.{sort}", text)
        for sort, target in _ENABLED.items():
            link = f"etc/systemd/system/{target}.wants/{_NAME}.{sort}"
            yield RenderedFile(link, f"/{_UNIT_FOLDER}/{_NAME}.{sort}", is_link=True)
