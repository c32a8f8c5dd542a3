"""Network configs that no machine could follow, and the line that each ends in."""

from __future__ import annotations

import re

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.read import read_network_config

FILE = "network-config.yaml"


def refusal(text: str) -> str:
    """The one line of error that a network config ends in, without the file's name."""
    with pytest.raises(HypervNetError) as caught:
        read_network_config(text, FILE)
    assert caught.value.others == (), "one mistake is told once"
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    said = re.fullmatch(rf"{re.escape(FILE)}(?::\d+:\d+)?: (.*)", line)
    assert said is not None
    return said[1]
