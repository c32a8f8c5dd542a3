"""YAML: refused, or what PyYAML makes of it but for what the reader leaves as text."""

from __future__ import annotations

from typing import Any

import yaml

from hyperv_net.netconfig.yaml_text import LOADER, read_yaml
from hyperv_net.tree import to_plain
from tests.fuzz.inputs import refused_in_one_line, texts


def once(data: bytes) -> None:
    parts = texts(data, 1)
    if parts is None:
        return
    with refused_in_one_line():
        ours = to_plain(read_yaml(parts[0], "text"))
        assert _alike(ours, yaml.load(parts[0], LOADER)), parts[0]


def _alike(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict):
        # What is merged in comes first there; a key that is a number is text here.
        keyed = {str(key): value for key, value in theirs.items()}
        return len(ours) == len(theirs) and all(
            key not in keyed or _alike(value, keyed[key]) for key, value in ours.items()
        )
    if isinstance(ours, list):
        return isinstance(theirs, list) and all(_alike(*both) for both in zip(ours, theirs))
    # A MAC is a number in base 60 for PyYAML, and a date is a date.
    return ours == theirs or isinstance(ours, str)
