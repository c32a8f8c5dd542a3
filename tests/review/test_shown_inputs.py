"""Where settings and findings stand in the text that is shown, in which secrets are hidden."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.places import Place
from hyperv_net.review import model
from hyperv_net.review.in_process import review
from hyperv_net.review.shown_inputs import shown_inputs
from hyperv_net.secrets.hidden import HIDDEN
from tests.commands.calling import NETPLAN
from tests.review.formats.made import MAC

INVENTORY = (NETPLAN / "inventory.json").read_text()
#: An entry in one line, whose secrets stand ahead of all else, and the same in lines.
IN_ONE_LINE = """\
{mark}version: 2
ethernets:
  eth0: {{auth: {{password: {secret}, identity: {name}, method: peap, key-management: 802.1x}}, \
match: {{macaddress: "{mac}"}}, mtu: 9000, dhpc4: true, addresses: [10.0.0.4/24, 10.0.0.5/24], \
dhcp4: true}}
"""
IN_LINES = """\
{mark}version: 2
ethernets:
  eth0:
    match: {{macaddress: "{mac}"}}
    auth:
      {{password: {secret}, identity: {name},
        method: peap, key-management: 802.1x}}
    mtu: 9000
    dhpc4: true
    dhcp4: true
"""
_SECRETS = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=30
).filter(str.strip)


@given(
    st.sampled_from([IN_ONE_LINE, IN_LINES]),
    _SECRETS,
    st.sampled_from([json.dumps, lambda text: "'" + text.replace("'", "''") + "'"]),
    st.sampled_from(["bob", "'é\U0001f600'"]),
    st.sampled_from(["", "\ufeff"]),
)
def test_each_span_cut_out_of_the_shown_text_is_what_it_names(
    template: str, secret: str, quoted: Any, name: str, mark: str
) -> None:
    text = template.format(secret=quoted(secret), name=name, mac=MAC, mark=mark)
    made = review(text, INVENTORY, target="netplan")
    (shown,) = made.inputs
    for one in made.ledger:
        assert one.span is not None
        found = _read(cut(shown.text, one.span))
        # Blanks at the edges of a secret stay.
        assert (found.strip() if one.masked else found) == (HIDDEN if one.masked else one.value)
    typo = next(one for one in made.findings if one.key_path.endswith("dhpc4"))
    assert typo.span is not None
    assert cut(shown.text, typo.span) == "dhpc4"


def _read(written: str) -> Any:
    """The value of a key with its value, or of a value alone."""
    found = yaml.safe_load(written)
    return next(iter(found.values())) if isinstance(found, dict) else found


def cut(text: str, span: model.Span) -> str:
    """What is in a span of a text."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    return "\n".join(lines)[span.column - 1 :]


def test_an_error_behind_a_secret_is_where_it_is_shown() -> None:
    text = IN_ONE_LINE.format(secret="hunter2hunter2", name="bob", mac=MAC, mark="")
    made = review(text.replace("mtu: 9000", "mtu: many"), INVENTORY, target="netplan")
    (error,) = (one for one in made.findings if one.severity == "error")
    assert error.span is not None
    assert cut(made.inputs[0].text, error.span) == "many"


@pytest.mark.parametrize(
    ("first", "last", "meant"),
    [
        ("unter", "unt", "(hidden)"),
        ("password", "hunt", "password: (hidden)"),
        (", n", "bob", ", name: bob"),
    ],
)
def test_what_is_in_the_middle_of_a_secret_is_all_of_it(first: str, last: str, meant: str) -> None:
    line = "eth0: {password: hunter22, name: bob}"
    shown = shown_inputs({"f": f"ethernets:\n  {line}\n"})
    columns = 3 + line.index(first), 3 + line.index(last) + len(last)
    span = shown.span_of(Place("f", (), 2, columns[0], 2, columns[1]))
    assert span is not None
    assert cut(shown.inputs[0].text, span) == meant


def test_what_its_owner_gets_to_see_stands_where_it_is() -> None:
    place = Place("f", (), 1, 20, 1, 29)
    text = "{password: secrets1, name: bob}"
    assert shown_inputs({"f": text}).span_of(place) == model.Span(1, 20, 1, 29)
    shown = shown_inputs({"f": text.replace("secrets1", "a")}, show_secrets=True)
    assert shown.inputs[0].text == "{password: a, name: bob}"
    assert shown.span_of(place) == model.Span(1, 20, 1, 29)


def test_a_line_of_which_no_more_is_known_ends_where_its_text_does() -> None:
    """In GitLab's counts it is one line; of another file nobody knows how long it is."""
    shown = shown_inputs({"f": "a\npassword: hunter2hunter2\n"})
    assert shown.span_of(Place("f", (), 2)) == model.Span(2, 1, 2, len("password: (hidden)") + 1)
    assert shown.span_of(Place("f", (), 9)) == model.Span(9, 1, 10, 1)
    assert shown.span_of(Place("g", (), 2)) == model.Span(2, 1, 3, 1)
