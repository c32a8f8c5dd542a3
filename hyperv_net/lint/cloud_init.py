"""cloud-init's own settings and leftovers, where the datasource extension would not be found."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.netconfig.spans import stands_at
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.cloud_config import CLOUD_CFG, DISABLED, OUR_SOURCES
from hyperv_net.root.extension import PLUG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image
    from hyperv_net.tree import Node

#: The datasources that hyperv-net extends, by the names in `datasource_list`.
EXTENDED = ("Azure", "ConfigDrive", "NoCloud", "OpenStack")

_OBJECTS = ("var/lib/cloud/instance/obj.pkl", "var/lib/cloud/instances/*/obj.pkl")

READS = CLOUD_CFG
LOOKS_FOR = (*_OBJECTS, *DISABLED)


def check(image: Image) -> Iterator[Finding]:
    """What keeps hyperv-net from being asked at the next first boot."""
    chosen: tuple[str, Node] | None = None
    hotplug: tuple[str, Node] | None = None
    disabled: str | None = None
    texts = dict(sorted(image.matching(*CLOUD_CFG).items(), key=_order))
    for path, text in texts.items():
        try:
            config = read_yaml(text, path)
        except HypervNetError as error:
            yield _unreadable(error, path)
            continue
        listed = config.get("datasource_list")
        chosen = (path, listed) if listed is not None else chosen
        when = _below(config, "updates", "network", "when")
        hotplug = (path, when) if when is not None else hotplug
        asked = _below(config, "network", "config")
        disabled = path if asked is not None and asked.value == "disabled" else disabled
        yield from _outranking(config, path, text)
    if chosen is not None:
        yield from _without_extension(*chosen, texts[chosen[0]])
    if hotplug is not None and "hotplug" in _words(hotplug[1]):
        yield Finding(
            "cloud-init-hotplug",
            Severity.WARNING,
            "cloud-init's own hotplug applies the whole network again whenever a VF comes back",
            stands_at(hotplug[0], texts[hotplug[0]], "updates", "network", "when"),
            "take 'hotplug' out of updates.network.when",
        )
    if disabled is not None:
        yield Finding(
            "cloud-init-network-disabled",
            Severity.WARNING,
            "cloud-init is told to leave the network alone, so nothing is rendered at first boot",
            stands_at(disabled, texts[disabled], "network", "config"),
            "remove it, or use 'hyperv-net apply' on what the image configures",
        )
    yield from image.extension
    yield from _turned_off(image)
    yield from _stale_objects(image)


def _unreadable(error: HypervNetError, path: str) -> Finding:
    hint = error.hint or "mend it: cloud-init passes over a file that it cannot read"
    return Finding(
        "cloud-cfg-unreadable", Severity.ERROR, error.what, error.where or Place(path), hint
    )


def _outranking(config: Node, path: str, text: str) -> Iterator[Finding]:
    """A list of packages in a file that is read after ours takes the place of ours."""
    listed = config.get("datasource_pkg_list")
    is_later = "cloud.cfg.d/" in path and path.rpartition("/")[2] > PLUG
    if listed is not None and is_later and OUR_SOURCES not in _words(listed):
        yield Finding(
            "datasource-packages-replaced",
            Severity.ERROR,
            f"its datasource_pkg_list takes the place of the one in {PLUG}, "
            "so cloud-init does not find hyperv-net",
            stands_at(path, text, "datasource_pkg_list"),
            f"add {OUR_SOURCES} to it",
        )


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


def _without_extension(path: str, listed: Node, text: str) -> Iterator[Finding]:
    words = _words(listed)
    if not set(words) & set(EXTENDED):
        yield Finding(
            "datasource-not-extended",
            Severity.ERROR,
            f"only {', '.join(words) or 'nothing'} is looked for, which hyperv-net does not extend",
            stands_at(path, text, "datasource_list"),
            f"name one of {', '.join(EXTENDED)} in datasource_list",
        )


def _turned_off(image: Image) -> Iterator[Finding]:
    for path in sorted(set(DISABLED) & image.paths):
        yield Finding(
            "cloud-init-off",
            Severity.WARNING,
            "cloud-init is turned off, so nothing is rendered at first boot",
            Place(path),
            "remove the file, or use 'hyperv-net apply' on what the image configures",
        )


def _stale_objects(image: Image) -> Iterator[Finding]:
    for path in sorted(image.paths):
        if path.endswith("/obj.pkl"):
            yield Finding(
                "stale-datasource",
                Severity.WARNING,
                "cloud-init has booted here and would take up its kept datasource, "
                "without hyperv-net",
                Place(path),
                "run 'cloud-init clean' in the image",
            )
