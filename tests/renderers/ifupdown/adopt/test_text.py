"""The text of interfaces(5), as ifupdown reads it."""

from __future__ import annotations

from hyperv_net.renderers.ifupdown.adopt.text import read, with_words, words
from tests.renderers.ifupdown.adopt.adopting import MAIN


def test_words_are_told_and_replaced_across_lines_that_are_joined() -> None:
    assert words("auto et\\\nh0 \\\n eth1\n") == ["auto", "eth0", "eth1"]
    assert words(" # auto eth0\n") == []
    assert with_words("auto et\\\nh0 \\\n eth1\n", {1: "bond0"}) == "auto bond0 \\\n eth1\n"
    assert with_words("auto a b  c\n", {2: None}) == "auto a  c\n"


def test_stanzas_are_read_in_the_order_of_ifupdown() -> None:
    texts = {
        MAIN: "iface a inet manual\nsource b*\niface d inet manual\n",
        "etc/network/b2": "iface c inet manual\n",
        "etc/network/b1": "iface b inet manual\n",
        "etc/network/x": "iface x inet manual\n",
    }
    assert [one.name for one in read(texts) if one.name] == ["a", "b", "c", "d"]
