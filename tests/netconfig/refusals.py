"""Network configs that no machine could follow, and the line that each ends in."""

from __future__ import annotations

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.read import read_network_config

FILE = "network-config.yaml"


def refusal(text: str) -> str:
    """The one line of error that a network config ends in, without the file's name."""
    with pytest.raises(HypervNetError) as caught:
        read_network_config(text, FILE)
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    assert line.startswith(f"{FILE}: ")
    return line[len(FILE) + 2 :]
