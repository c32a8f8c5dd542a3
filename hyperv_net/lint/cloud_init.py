"""cloud-init's own settings and leftovers, where the datasource extension would not be found."""

from __future__ import annotations

from collections.abc import Iterator

from hyperv_net.errors import HypervNetError
from hyperv_net.found import CLOUD_CFG
from hyperv_net.lint.image import Image
from hyperv_net.model import Finding, Severity
from hyperv_net.tree import Node
from hyperv_net.yaml_text import read_yaml

#: The datasources that hyperv-net extends, by the names in `datasource_list`.
EXTENDED = ("Azure", "ConfigDrive", "NoCloud")

_OBJECTS = ("var/lib/cloud/instance/obj.pkl", "var/lib/cloud/instances/*/obj.pkl")

READS = CLOUD_CFG
LOOKS_FOR = (*_OBJECTS, "usr/bin/cloud-init", "usr/local/bin/cloud-init")


def check(image: Image) -> Iterator[Finding]:
    """What keeps hyperv-net from being asked at the next first boot."""
    chosen: tuple[str, Node] | None = None
    hotplug: tuple[str, Node] | None = None
    disabled: str | None = None
    for path, text in sorted(image.matching(*CLOUD_CFG).items(), key=_order):
        try:
            config = read_yaml(text, path)
        except HypervNetError as error:
            yield Finding("cloud-cfg-unreadable", Severity.ERROR, error.what, path, error.hint)
            continue
        listed = config.get("datasource_list")
        chosen = (path, listed) if listed is not None else chosen
        when = _below(config, "updates", "network", "when")
        hotplug = (path, when) if when is not None else hotplug
        asked = _below(config, "network", "config")
        disabled = path if asked is not None and asked.value == "disabled" else disabled
    if chosen is not None:
        yield from _without_extension(*chosen)
    if hotplug is not None and "hotplug" in _words(hotplug[1]):
        yield Finding(
            "cloud-init-hotplug",
            Severity.WARNING,
            "cloud-init's own hotplug applies the whole network again whenever a VF comes back",
            f"{hotplug[0]}: updates.network.when",
            "take 'hotplug' out of it",
        )
    if disabled is not None:
        yield Finding(
            "cloud-init-network-disabled",
            Severity.WARNING,
            "cloud-init is told to leave the network alone, so nothing is rendered at first boot",
            f"{disabled}: network.config",
            "remove it, or use 'hyperv-net apply' on what the image configures",
        )
    yield from _stale_objects(image)


def _order(item: tuple[str, str]) -> tuple[bool, str]:
    """cloud.cfg before cloud.cfg.d, and that by name: a later one outranks an earlier."""
    return "cloud.cfg.d/" in item[0] or item[0].startswith("run/"), item[0]


def _below(node: Node, *keys: str) -> Node | None:
    found: Node | None = node
    for key in keys:
        found = found.get(key) if found is not None else None
    return found


def _words(node: Node) -> list[str]:
    elements = node.elements() if isinstance(node.value, tuple) else (node,)
    return [str(one.value) for one in elements]


def _without_extension(path: str, listed: Node) -> Iterator[Finding]:
    words = _words(listed)
    if not set(words) & set(EXTENDED):
        yield Finding(
            "datasource-not-extended",
            Severity.ERROR,
            f"only {', '.join(words) or 'nothing'} is looked for, which hyperv-net does not extend",
            f"{path}: datasource_list",
            f"name one of {', '.join(EXTENDED)} in it",
        )


def _stale_objects(image: Image) -> Iterator[Finding]:
    for path in sorted(image.paths):
        if path.endswith("/obj.pkl"):
            yield Finding(
                "stale-datasource",
                Severity.WARNING,
                "cloud-init has booted here and would take up its kept datasource, "
                "without hyperv-net",
                path,
                "run 'cloud-init clean' in the image",
            )
