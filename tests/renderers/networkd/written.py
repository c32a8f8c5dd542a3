"""What the networkd renderer makes of a tree, and what its files say."""

from __future__ import annotations

from typing import Any

from hyperv_net.model import Rendered
from hyperv_net.renderers.networkd.paths import OURS
from hyperv_net.renderers.networkd.render import render as networkd
from hyperv_net.root.ini import settings
from tests.renderers.linux_pairs import rewritten

Sections = dict[str, dict[str, list[str]]]


def render(plain: dict[str, Any], existing: dict[str, str] | None = None) -> Rendered:
    """Render the tree beside these files."""
    return networkd(rewritten(plain), existing or {})


def files(rendered: Rendered) -> dict[str, str]:
    """Name of the file → text."""
    return {file.path[len(OURS) :]: file.text for file in rendered.files}


def said(rendered: Rendered, name: str) -> Sections:
    """Section → key → the values of all its lines, in one file."""
    found: Sections = {}
    for one in settings(files(rendered)[name]):
        found.setdefault(one.section, {}).setdefault(one.key, []).append(one.value)
    return found


def bond(rendered: Rendered) -> Sections:
    """What bond0's .network file says."""
    return said(rendered, "06-hyperv-net-bond0.network")
