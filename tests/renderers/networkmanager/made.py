"""What is made of a pair, to be looked at by profile and section."""

from __future__ import annotations

from typing import Any

from hyperv_net.model import Rendered
from hyperv_net.renderers.networkmanager.identity import path_of
from hyperv_net.renderers.networkmanager.keyfile import Keyfile, read
from hyperv_net.renderers.networkmanager.render import render
from tests.renderers.linux_pairs import pair, rewritten


def rendered(plain: dict[str, Any], existing: dict[str, str] | None = None) -> Rendered:
    return render(rewritten(plain), existing or {})


def profile(made: Rendered, name: str) -> Keyfile:
    (text,) = [file.text for file in made.files if file.path == path_of(name)]
    return read(text)


def section(made: Rendered, name: str, section: str) -> dict[str, str]:
    return {
        line.key: line.value
        for line in profile(made, name).lines
        if line.section == section and line.key
    }


def bond(**settings: Any) -> tuple[Rendered, dict[str, str], dict[str, str]]:
    """What the pair's bond says of both families."""
    made = rendered(pair(0, **settings))
    return made, section(made, "bond0", "ipv4"), section(made, "bond0", "ipv6")
