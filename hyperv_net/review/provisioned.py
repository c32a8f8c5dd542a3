"""Files as what provisions a machine at its first boot reads them: Ignition's JSON, or Butane.

Version 3.3.0 of Ignition's config (docs/configuration-v3_3.md of coreos/ignition) is read by
every release of Flatcar and Fedora CoreOS since 2021; Butane's `fcos` 1.4.0 and `flatcar` 1.0.0
translate to it (docs/config-fcos-v1_4.md and docs/config-flatcar-v1_0.md of coreos/butane).
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hyperv_net.model import RenderedFile

IGNITION = "3.3.0"
#: Butane's word for the system → the version of its config.
BUTANE = {"fcos": "1.4.0", "flatcar": "1.0.0"}


class _Mode(int):
    """A file's mode, which people read in octal."""


def as_ignition(files: Sequence[RenderedFile]) -> str:
    """The files as a config of Ignition."""
    storage = [
        {
            "path": f"/{file.path}",
            "mode": file.mode,
            "overwrite": True,
            "contents": {"source": _data_url(file.text)},
        }
        for file in files
    ]
    return json_text({"ignition": {"version": IGNITION}, "storage": {"files": storage}})


def as_butane(files: Sequence[RenderedFile], variant: str) -> str:
    """The same for Butane; `variant` is one of BUTANE."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Texts of files as blocks, which people can read."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    def mode(dumper: yaml.SafeDumper, value: _Mode) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:int", f"{value:#05o}".replace("o", ""))

    Dumper.add_representer(str, text)
    Dumper.add_representer(_Mode, mode)
    document: dict[str, Any] = {
        "variant": variant,
        "version": BUTANE[variant],
        "storage": {
            "files": [
                {
                    "path": f"/{file.path}",
                    "mode": _Mode(file.mode),
                    "overwrite": True,
                    "contents": {"inline": file.text},
                }
                for file in files
            ]
        },
    }
    text_of_all: str = yaml.dump(document, Dumper=Dumper, sort_keys=False, width=1_000_000)
    return text_of_all


def _data_url(text: str) -> str:
    """RFC 2397, as Ignition reads it: what is no plain letter or digit is escaped."""
    from urllib.parse import quote

    return f"data:,{quote(text, safe='')}"
