"""What the ifupdown renderer makes of a tree, and its stanzas."""

from __future__ import annotations

import re
from typing import Any

from hyperv_net.model import Rendered
from hyperv_net.renderers.ifupdown import render as ifupdown
from hyperv_net.renderers.ifupdown.paths import FILE
from tests.renderers.linux_pairs import MAC, rewritten


def render(plain: dict[str, Any], existing: dict[str, str] | None = None) -> Rendered:
    """Render the tree beside these files."""
    return ifupdown.render(rewritten(plain), existing or {})


def text(rendered: Rendered, path: str = FILE) -> str:
    """A rendered file without its comments."""
    (found,) = [file.text for file in rendered.files if file.path == path]
    return "".join(f"{line}\n" for line in found.splitlines() if not line.startswith("#"))


def stanzas(plain: dict[str, Any], name: str) -> list[list[str]]:
    """The lines of each of a device's stanzas."""
    parts = re.split(r"^(?=iface |auto |allow-)", text(render(plain)), flags=re.MULTILINE)
    found = [part.split("\n") for part in parts if part.startswith(f"iface {name} ")]
    return [[line.strip() for line in part if line.strip()] for part in found]


TRIGGER = (
    "post-up udevadm trigger --action=change --subsystem-match=net"
    f" --attr-match=address={MAC} || true"
)
