"""What a root already says: its network config and hyperv-net's settings."""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Settings
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import files
from hyperv_net.root.extension import is_plugged_in
from hyperv_net.root.settings import with_values
from hyperv_net.root.system import system_of
from hyperv_net.tree import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.root.files import Root
    from hyperv_net.tree import Node

#: cloud-init's configuration, of Linux and of FreeBSD's port, and what ds-identify adds.
CLOUD_CFG = (
    *("etc/cloud/cloud.cfg", "etc/cloud/cloud.cfg.d/*.cfg"),
    *("usr/local/etc/cloud/cloud.cfg", "usr/local/etc/cloud/cloud.cfg.d/*.cfg"),
    "run/cloud-init/cloud.cfg",
)
KERNEL_COMMAND_LINE = "proc/cmdline"

#: Where cloud-init finds or keeps a network config of its own: what it last
#: applied, and the seeds of NoCloud.
KEPT_BY_CLOUD_INIT = (
    "var/lib/cloud/instance/network-config.json",
    "run/cloud-init/network-config.json",
    "var/lib/cloud/seed/nocloud/network-config",
    "var/lib/cloud/seed/nocloud-net/network-config",
)

#: Seeds of ConfigDrive, and where a drive may be mounted for it (cloudinit/sources/
#: DataSourceConfigDrive.py), with OpenStack's versions of which it reads the newest that it knows
#: (_find_working_version() of cloudinit/sources/helpers/openstack.py), or else `latest`.
_OPENSTACK = (
    *("2018-08-27", "2017-02-22", "2016-10-06", "2016-06-30", "2015-10-15", "2013-10-17"),
    *("2013-04-04", "2012-08-10", "latest"),
)
_CONFIG_DRIVES = ("var/lib/cloud/seed/config_drive", "config-drive")
CONFIG_DRIVE = tuple(f"{drive}/openstack/*/network_data.json" for drive in _CONFIG_DRIVES)

_PROGRAMS = ("usr/bin/cloud-init", "usr/local/bin/cloud-init")

#: What is read of cloud-init's configuration: the rest is people's, keys and passwords among it.
KEYS_READ = (
    *("datasource_list", "datasource_pkg_list", "hyperv_net", "network", "system_info"),
    "updates",
)

DISABLED = ("etc/cloud/cloud-init.disabled", "usr/local/etc/cloud/cloud-init.disabled")
"""Turns cloud-init off (cloudinit's tools/ds-identify and its systemd generator)."""

OUR_SOURCES = "hyperv_net.sources"
"""Our package of datasources, as `bake` names it in cloud-init's `datasource_pkg_list`."""


class Found(NamedTuple):
    """The text of a network config, and the file it is in."""

    text: str
    source: str


def find_network_config(root: Root) -> Found | None:
    """The network config that holds below `root`: cloud.cfg before what cloud-init kept or gets.

    None where there is none, and where cloud-init is told to leave the network alone.
    """
    for path, text, section in reversed(list(cloud_cfg_with(root, "network"))):
        config = section.get("config")
        return None if config is not None and config.value == "disabled" else Found(text, path)
    for path, text in files.read_matching(root, KEPT_BY_CLOUD_INIT).items():
        return Found(text, path)
    return _on_config_drive(root)


def _on_config_drive(root: Root) -> Found | None:
    """The network_data.json that ConfigDrive reads: of the first folder that has metadata."""
    for drive in _CONFIG_DRIVES:
        for version in _OPENSTACK:
            folder = f"{drive}/openstack/{version}"
            if files.exists_below(root, folder):
                path = f"{folder}/network_data.json"
                found = files.read_matching(root, [path]).get(path)
                if found is not None:
                    return Found(found, path)
                break
    return None


def writes_network(root: Root) -> bool:
    """Whether a cloud-init without hyperv-net in it would write the network at a next boot.

    It does for each new instance, and on Azure at every boot (cloudinit/stages.py,
    apply_network_config; cloudinit/cmd/main.py and systemd's generator for what disables it).
    """
    if not any(files.exists_below(root, one) for one in _PROGRAMS):
        return False
    if any(files.exists_below(root, one) for one in DISABLED):
        return False
    words = kernel_command_line(root).split()
    if "cloud-init=disabled" in words or "network-config=disabled" in words:
        return False
    for _, _, packages in cloud_cfg_with(root, "datasource_pkg_list"):
        if any(one.value == OUR_SOURCES for one in packages.elements()):
            return False
    if is_plugged_in(root, system_of(root)):
        return False
    networks = [section for _, _, section in cloud_cfg_with(root, "network")]
    config = networks[-1].get("config") if networks else None
    return config is None or config.value != "disabled"


def find_settings(root: Root, *, besides: str | None = None) -> Settings:
    """hyperv-net's settings below `root`; a later file of cloud.cfg.d outranks an earlier.

    `besides` is the path of a file that is not to be asked.
    """
    settings = Settings()
    for path, text, section in cloud_cfg_with(root, "hyperv_net"):
        if path == besides:
            continue
        values = to_plain(section)
        if not isinstance(values, dict):
            raise HypervNetError("not a mapping", where=Place(path, ("hyperv_net",)))
        try:
            settings = with_values(settings, values, Place(path, ("hyperv_net",)))
        except HypervNetError as error:
            from hyperv_net.netconfig.spans import with_lines

            raise with_lines(error, {path: text}) from None
    return settings


def cloud_cfg_with(root: Root, key: str) -> Iterator[tuple[str, str, Node]]:
    """What cloud-init's configuration has under `key`: file, its text, and the value there.

    A later one outranks an earlier; the kernel command line, with `cc: …`, is the last.
    """
    for path, text in files.read_matching(root, CLOUD_CFG).items():
        yield from _with_key(path, text, key)
    for text in _on_command_line(root):
        yield from _with_key("kernel command line", text, key)


def _with_key(source: str, text: str, key: str) -> Iterator[tuple[str, str, Node]]:
    # Most of these files do not have the key, and need no YAML parser; that of our
    # packages names one in a list, so it takes a colon to make it a key.
    if not re.search(rf"{key}[\"']?\s*:", text):
        return
    from hyperv_net.netconfig.yaml_text import read_yaml

    section = read_yaml(text, source).get(key)
    if section is not None:
        yield source, text, section


def kernel_command_line(root: Root) -> str:
    """The kernel command line; empty where `root` is not a running machine's."""
    return files.read_matching(root, [KERNEL_COMMAND_LINE]).get(KERNEL_COMMAND_LINE, "")


def _on_command_line(root: Root) -> Iterator[str]:
    """The configuration in `cc: YAML end_cc` (cloudinit/util.py, read_cc_from_cmdline)."""
    for part in f" {kernel_command_line(root)}".split(" cc:")[1:]:
        from urllib.parse import unquote

        yield unquote(part.partition("end_cc")[0].strip()).replace("\\n", "\n")
