"""The page of a review as a text: its size, its policy, its secrets, and what is where."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest

from hyperv_net import terminal
from hyperv_net.cli import main
from hyperv_net.review.formats import html
from hyperv_net.review.model import File
from hyperv_net.review.page.settings import Pane, panes_of
from hyperv_net.review.presenting import without_secrets
from tests.commands.calling import example, with_config
from tests.page import pages
from tests.paths import EXAMPLES

_MOST = 80_000


@pytest.mark.parametrize("name", pages.NAMES)
def test_the_page_of_a_machine_is_small_and_in_one_file(name: str) -> None:
    page = html.draw(pages.review_of_example(name))
    assert len(page.encode()) <= _MOST
    assert not re.search(r"""(src|href)="(?!#|data:)""", page)


def test_scripts_and_styles_are_the_ones_that_its_policy_names(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    main(["review", *example(EXAMPLES / "linux-netplan"), "--format", "html", "-o", str(out)])
    page = out.read_text(encoding="utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert " style=" not in page and not re.search(r"<[^>]* on\w+=", page)


def test_a_secret_is_nowhere_in_a_page_also_where_it_is_escaped(tmp_path: Path) -> None:
    text = pages.CONFIGS["secret"]
    out = tmp_path / "page.html"
    config = tmp_path / "net.yaml"
    # Once where it is planned from, and once where the error quotes it.
    for one in (text, text.replace("identity: bob", "identity: [bob]")):
        config.write_text(one)
        main(["review", *with_config(config), "--format", "html", "-o", str(out)])
        page = out.read_text(encoding="utf-8")
        assert "hunter2" not in page and "a&amp;b" not in page
        assert "(hidden)" in page


def test_a_secret_that_a_message_quotes_is_hidden_ahead_of_its_escaping(tmp_path: Path) -> None:
    review = pages.review_of_config(tmp_path, "secret", pages.CONFIGS["secret"])
    told = dataclasses.replace(review.verdict, reasons=('bad: a&b<c>d"e hunter2',))
    page = html.draw(without_secrets(dataclasses.replace(review, verdict=told), terminal.hidden))
    assert "hunter2" not in page
    assert "<li>bad: (hidden)" in page


def test_each_setting_with_a_line_leads_to_where_it_went_and_back() -> None:
    review = pages.review_of_example("linux-bridge-vrf")
    sources, targets = panes_of(review)
    lines = {
        f"{pane.id}-{line.number}": line for pane in (*sources, *targets) for line in pane.lines
    }
    placed = [one for one in review.ledger if one.span and one.lines and one.lines[0].line]
    assert placed
    for one in placed:
        assert one.span is not None
        source = lines[f"i0-{one.span.line}"]
        target = lines[source.to]
        assert lines[target.to].settings
        assert {*source.settings} & {*target.settings}


def test_the_page_of_what_cannot_be_planned_tells_each_error_once(tmp_path: Path) -> None:
    """In one list, each with its place and its line."""
    text = "version: 2\nethernets:\n  eth0:\n    mtu: many\n    addresses: [10.0.0.300/24]\n"
    review = pages.review_of_config(tmp_path, "wrong", text)
    body = unescape(html.draw(review).partition("<body")[2])
    assert review.target is None and len(review.findings) >= 2
    for one in review.findings:
        assert body.count(one.message) == 1
        assert body.count(f"<code>{one.where}</code>") == 1
    assert "<mark>many</mark>" in body and "<mark>10.0.0.300/24</mark>" in body
    assert body.count("Nothing can be planned") == 1
    # What was not planned is not counted: no setting was lost, and none was kept.
    assert body.count('<div class="count">') == 1 and 'id="count-settings"' not in body


_ADVERTISED = """\
version: 1
config:
- type: physical
  name: {nic}
  mac_address: "{mac}"
  subnets:
  - {{type: ipv6_slaac}}
  - {{type: dhcp4}}
"""


@pytest.mark.parametrize(
    ("name", "target", "nic", "of_slaac", "of_dhcp4"),
    [
        ("azure-freebsd-mce", "freebsd", "hn0", 'ifconfig_lagg0_ipv6="', 'ifconfig_lagg0="'),
        ("linux-netplan", "networkd", "eth0", "IPv6AcceptRA=yes", "DHCP=ipv4"),
        ("linux-netplan", "netplan", "eth0", "accept-ra: true", "dhcp4: true"),
    ],
)
def test_a_rendered_line_leads_to_the_value_that_caused_it(
    tmp_path: Path, name: str, target: str, nic: str, of_slaac: str, of_dhcp4: str
) -> None:
    """And not to `ipv6_slaac`, which comes first and is a reason for no DHCPv6 in it."""
    config, inventory = tmp_path / "net.yaml", EXAMPLES / name / "inventory.json"
    (mac,) = {one["mac"] for one in json.loads(inventory.read_text())["nics"] if one["name"] == nic}
    config.write_text(_ADVERTISED.format(nic=nic, mac=mac))
    given = ("--network-config", str(config), "--inventory", str(inventory), "--target", target)
    review = pages.review_of(*given, "--synthetic-driver", "virtio_net")
    _, targets = panes_of(review)
    leads = {
        line.strip(): shown.to
        for file, pane in zip((one for one in review.files if pane_of(one, targets)), targets)
        for line, shown in zip(file.text.splitlines(), pane.lines)
    }
    assert {to for line, to in leads.items() if line.startswith(of_slaac)} == {"i0-7"}
    assert {to for line, to in leads.items() if line.startswith(of_dhcp4)} == {"i0-8"}
    page = html.draw(review)
    assert "dhcp6: false</code>" in page and "dhcp6: true</code>" not in page


def pane_of(file: File, panes: Sequence[Pane]) -> bool:
    """Whether the file is one of those that are shown beside the input."""
    return file.path in {one.name for one in panes}


def test_where_no_line_is_known_there_is_the_table_alone() -> None:
    review = pages.review_of_example("linux-netplan")
    ledger = tuple(dataclasses.replace(one, span=None, lines=()) for one in review.ledger)
    page = html.draw(dataclasses.replace(review, ledger=ledger))
    assert 'class="panes"' not in page
    assert page.count("<tr data-a=") == len(ledger)


def test_a_finding_has_its_line_and_what_its_rule_says() -> None:
    page = html.draw(pages.review_of_example("azure-freebsd-mce"))
    assert "<mark>route-metric: 100</mark>" in page
    assert "A setting of the network config is not in the result" in page
    assert "See whether the machine needs the setting" in page


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("hyperv-net review a --root b", ["hyperv-net review a", "--root b"]),
        ("h 'a --root b' -o c", ["h 'a --root b'", "-o c"]),
        ("h -o - --x='a b'", ["h", "-o - '--x=a b'"]),
        ("h 'a", ["h 'a"]),
    ],
)
def test_a_command_is_broken_at_its_options_and_not_in_its_words(
    line: str, lines: list[str]
) -> None:
    review = dataclasses.replace(pages.review_of_example("linux-netplan"), reproduce=line)
    page = html.draw(review)
    shown = re.search(r"data-copy><code>(.*?)</code>", page, re.DOTALL)
    assert shown is not None
    assert unescape(shown[1]).split(" \\\n    ") == lines


def test_a_word_of_a_machine_in_a_rule_is_code_and_what_is_none_is_text(tmp_path: Path) -> None:
    review = pages.review_of_config(tmp_path, "typo", pages.CONFIGS["typo"])
    assert "<dd>Nobody reads a key that is misspelt, and most programs say nothing of it: " in (
        page := html.draw(review)
    )
    assert "<code>dhpc4</code> asks for no lease" in page
    hints = {"a `<b>` c": "a <code>&lt;b&gt;</code> c", "one ` <i>": "one ` &lt;i&gt;"}
    for hint, drawn in hints.items():
        findings = (dataclasses.replace(review.findings[0], hint=hint),)
        assert f"<dd>{drawn}</dd>" in html.draw(dataclasses.replace(review, findings=findings))


def test_a_page_says_what_its_words_mean_where_there_is_a_pair(tmp_path: Path) -> None:
    meaning = "<dt>VF</dt><dd>The card"
    assert meaning in html.draw(pages.review_of_example("linux-netplan"))
    stranger = pages.review_of_config(tmp_path, "not-yaml", pages.CONFIGS["not-yaml"])
    assert meaning not in html.draw(stranger)


def test_there_is_no_heading_above_nothing() -> None:
    review = pages.review_of_example("linux-netplan")
    link = '<a href="#files">Files</a>'
    assert 'id="files"' in html.draw(review) and link in html.draw(review)
    page = html.draw(dataclasses.replace(review, files=(), inputs=()))
    assert 'id="files"' not in page and link not in page
