"""Adoption of any text of interfaces(5)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.renderers import load
from tests.renderers.adoption import rendered
from tests.renderers.ifupdown.adopt.adopting import (
    MAIN,
    SETTINGS,
    after,
    bonds,
    machine,
    own_lines,
    planned,
    renamed,
)
from tests.renderers.ifupdown.adopt.said import logical, stanzas

NAMES = st.sampled_from(["eth0", "eth0.5", "eth0:1", "eth9", "br0", "ens17", "v7", "lo"])
OPTIONS = st.sampled_from(
    [
        "address 10.0.0.4/24",
        "mtu 1400",
        "hwaddress 02:00:00:00:00:01",
        "bridge_ports eth0 eth9",
        "bridge-ports eth0.7",
        "vlan-raw-device eth0",
        "up ip route add 10.9.0.0/16 dev eth0",
        "post-up tc qdisc add dev eth0 root fq",
        "offload-tso off",
        "bond-slaves eth0",
        "bond-master br0",
        "# eth0",
        "up a \\\n  b",
        "unknown eth0",
        "",
    ]
)
HEADS = st.one_of(
    st.builds(
        lambda verb, names: f"{verb} {' '.join(names)}",
        st.sampled_from(["auto", "allow-hotplug", "allow-auto", "allow-x", "no-auto-down"]),
        st.lists(NAMES, min_size=1, max_size=3),
    ),
    st.builds(
        lambda name, method: f"iface {name} {method}",
        NAMES,
        st.sampled_from(["inet static", "inet dhcp", "inet manual", "inet6 auto", ""]),
    ),
)
TEXTS = st.lists(
    st.builds(
        lambda head, options: "\n".join([head, *(f"  {one}" for one in options)]),
        HEADS,
        st.lists(OPTIONS, max_size=4),
    ),
    min_size=1,
    max_size=6,
).map("\n".join)


@given(TEXTS, st.booleans())
def test_of_any_text_a_second_adoption_changes_nothing_and_no_other_interface_is_touched(
    text: str, ends: bool
) -> None:
    """Unless something stands in the way, which is an error and not written."""
    texts = {MAIN: text + "\n" if ends else text}
    try:
        if load("ifupdown").adopt(texts, machine(texts), SETTINGS) is None:
            return
        plan = planned(texts)
    except HypervNetError:
        return
    if plan.failed or MAIN not in rendered(plan):
        return
    now = rendered(plan)[MAIN].text
    assert after({MAIN: now}).get(MAIN) == now
    about = {renamed(line, bonds(plan)) for line in logical(texts[MAIN])} | own_lines(plan)
    known = {*logical(texts[MAIN]), *about}
    starts = ("auto", "allow-", "no-auto-down", "bond-slaves", "# hyperv-net: ")
    for line in logical(now):
        assert line in known or line.startswith(starts)
    before, after_it = stanzas(texts), stanzas({MAIN: now})
    for name in ("eth9", "lo"):
        said = [(key, renamed(value, bonds(plan))) for key, value in before.get(name, [])]
        assert said == [
            (key, renamed(value, bonds(plan)))
            for key, value in after_it.get(name, [])
            if renamed(f"{key} {value}", bonds(plan)) not in own_lines(plan)
        ]
