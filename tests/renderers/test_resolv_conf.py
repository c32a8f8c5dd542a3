"""resolv.conf keeps what the network config does not speak of."""

from __future__ import annotations

from hyperv_net.renderers.resolv_conf import merge_resolv_conf


def test_a_domain_line_gives_way_to_a_search_list_since_the_last_of_both_wins() -> None:
    text = "domain old.example\noptions edns0"
    assert merge_resolv_conf(text, [], ["a.example"]) == "search a.example\noptions edns0\n"


def test_lines_of_a_sort_that_the_network_config_lacks_stay() -> None:
    text = "search old.example\nnameserver 192.0.2.1\n"
    assert merge_resolv_conf(text, ["10.0.0.2"], []) == "search old.example\nnameserver 10.0.0.2\n"


def test_merging_again_changes_nothing() -> None:
    once = merge_resolv_conf("# x\n", ["10.0.0.2", "10.0.0.3"], ["a.example"])
    assert merge_resolv_conf(once, ["10.0.0.2", "10.0.0.3"], ["a.example"]) == once
