"""What the netplan renderer makes of a tree, and what its files say."""

from __future__ import annotations

from typing import Any

import yaml

from hyperv_net.model import Rendered
from hyperv_net.renderers.netplan import render as netplan
from hyperv_net.renderers.netplan.paths import FILE
from tests.renderers.linux_pairs import rewritten


def render(plain: dict[str, Any], existing: dict[str, str] | None = None) -> Rendered:
    """Render the tree beside these files."""
    return netplan.render(rewritten(plain), existing or {})


def network(rendered: Rendered, path: str = FILE) -> Any:
    """What a rendered file says, as YAML 1.1 reads it."""
    (text,) = [file.text for file in rendered.files if file.path == path]
    return yaml.safe_load(text)["network"]


HOTPLUG_AZURE = """\
network:
    version: 2
    ethernets:
        ephemeral:
            dhcp4: true
            match: {driver: hv_netvsc, name: '!eth0'}
            optional: true
        hotpluggedeth0:
            dhcp4: true
            match: {driver: hv_netvsc, name: eth0}
"""
