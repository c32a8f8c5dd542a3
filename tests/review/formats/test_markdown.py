"""The comment of a pull request, read by a real parser of CommonMark with GitHub's tables."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from hyperv_net.cli import main
from hyperv_net.review import model
from hyperv_net.review.formats import markdown
from tests.commands.calling import example
from tests.paths import EXAMPLES
from tests.review.formats.made import ALL_EXAMPLES, config, finding, review, reviewed
from tests.review.formats.poisoned import HOSTILE, poisoned

#: All that a part of HTML may be: the mark, a folded part's beginning and its end.
BLOCK = re.compile(
    r"<!-- hyperv-net review(?:: [A-Za-z0-9./ -]+ [0-9a-f]{12})? -->"
    r"|<details(?: open)?><summary>[^<>]*</summary>|</details>"
)
LABEL = r'"(?:[\w ./:()-]|#\d+;|<br/>)*"'
CHART = re.compile(
    rf"flowchart TB|  subgraph \w+\[{LABEL}\]|  end|    \w+\[{LABEL}\]"
    rf"|    \w+ (?:-->|-\.->)\|{LABEL}\| \w+"
)


def shape(text: str) -> list[tuple[str, str]]:
    """What a reader of the comment takes it for, without the words in it."""
    found: list[tuple[str, str]] = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        if token.type == "html_block":
            assert BLOCK.fullmatch(token.content.strip()), token.content
            found.append((token.type, token.content[:12]))
        elif token.type == "fence":
            found.append((token.type, token.info))
            lines = token.content.splitlines() if token.info == "mermaid" else []
            assert [line for line in lines if not CHART.fullmatch(line)] == []
        elif token.type == "inline":
            for inner in token.children or []:
                if inner.type == "html_inline":
                    assert inner.content in ("<code>", "</code>")
                    found.append((inner.type, inner.content))
                elif inner.type not in ("text", "text_special"):
                    found.append((inner.type, ""))
        else:
            found.append((token.type, token.tag))
    return found


ORDINARY = shape(markdown.draw_all([poisoned("a")]))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_nothing_hostile_is_more_than_words(text: str) -> None:
    drawn = markdown.draw_all([poisoned(text)])
    assert shape(drawn) == ORDINARY
    assert drawn.isascii() or all(one.isprintable() or one in "\n\t" for one in drawn)


@given(st.lists(st.sampled_from([*HOSTILE, " ", "a", "1.", "- ", "> ", "    "]), max_size=5))
def test_nothing_made_of_hostile_pieces_is_more_than_words(pieces: list[str]) -> None:
    assert shape(markdown.draw_all([poisoned("".join(pieces))])) == ORDINARY


def test_nobody_is_mentioned_and_nothing_is_linked() -> None:
    drawn = markdown.draw_all([poisoned(" @octocat #1 https://example.net www.example.net")])
    outside = re.sub(r"(?ms)^(```+)\w+$.*?^\1$", "", drawn)
    assert "&#64;&#8203;octocat" in outside
    # Neither is made of what HTML has, nor of what is in code.
    words = re.sub(r"<code>.*?</code>", "", outside)
    assert not re.search(r"@\w|&#64;\w|#1\b|&#35;\w", words)
    assert not re.search(r"https?://|www\.", re.sub(r"<(?:summary>|!--).*", "", outside))


def test_the_verdict_and_the_pairs_come_first(tmp_path: Path) -> None:
    out = tmp_path / "review.md"
    assert main([*ALL_EXAMPLES, "--format", "markdown", "-o", str(out)]) == 1
    lines = [line for line in out.read_text().splitlines() if line]
    assert BLOCK.fullmatch(lines[0])
    assert lines[1] == "### ⛔ The network will be lost. (14 machines)"
    assert lines[2].startswith("- <code>examples/three-same-mac/network-config.yaml</code>: 3 NICs")
    assert lines[3] == "| machine | verdict | pair | MAC | mode | because |"
    levels = [line.split("|")[2].split()[1] for line in lines[5:20]]
    assert levels == sorted(levels, key=["network", "settings", "look", "fine"].index)
    shape(out.read_text())


@pytest.mark.parametrize("folder", ["linux-bridge-vrf", "azure-freebsd-mce"])
def test_a_comment_of_one_machine_has_all_of_it(folder: str, tmp_path: Path) -> None:
    out = tmp_path / "review.md"
    place = EXAMPLES / folder
    main(["review", *example(place), "--format", "markdown", "-o", str(out)])
    text = out.read_text()
    assert len(text) < 65_000 and "Left out" not in text
    assert "\n| verdict | pair | MAC | mode | because |\n" in text
    assert "```mermaid\nflowchart TB" in text
    assert "<summary>Settings: " in text and "```diff\n" in text and "```sh\n" in text
    assert ("fence", "diff") in shape(text)


def test_what_is_too_long_is_left_out_from_the_end_in_whole_parts_and_told() -> None:
    files = tuple(
        model.File(f"etc/{n}", "0644", "configuration", True, True, False, "", f"+{'x' * 9_999}\n")
        for n in range(20)
    )
    verdict = model.Verdict("network", "The network will be lost.", ("this",))
    many = [finding(message=f"{n} {'y' * 400}", where="") for n in range(500)]
    text = markdown.draw_all([review(*many, files=files, verdict=verdict)])
    assert 55_000 < len(text) < 65_000
    assert "### ⛔ The network will be lost." in text
    assert text.count("<details") == text.count("</details>")
    assert re.search(r"\n\nand \d+ more\.\n\n</details>", text)
    told = text.splitlines()[-1]
    assert re.match(r"Left out, .*: etc/\d+, .* and \d+ more\.\Z", told)
    assert "etc/0<" in text and "etc/19<" not in text


def test_ten_thousand_machines_are_one_comment() -> None:
    text = markdown.draw_all([review(network_config=f"{n}.yaml") for n in range(10_000)])
    assert len(text) < 65_000
    assert "(10000 machines)" in text.splitlines()[2]
    assert re.search(r"^and 9\d\d\d more\.$", text, re.MULTILINE)


def test_the_mark_stays_when_a_machine_comes_in_and_is_another_for_another_report() -> None:
    one, other = review(), review(finding(), network_config="other.yaml")
    names = ("", "web", "web servers", "a" * 200)
    marks = {
        name: {
            markdown.draw_all([dataclasses.replace(one, report=name) for one in found]).partition(
                "\n"
            )[0]
            for found in ([one], [other], [one, other], [other, one])
        }
        for name in names
    }
    assert [len(found) for found in marks.values()] == [1] * len(names)
    (first,) = marks[""]
    others = [mark for name in names[1:] for mark in marks[name]]
    # Whoever looks for a comment does so by how it begins.
    assert len({*others}) == 3 and not any(mark.startswith(first) for mark in others)
    named = markdown.draw_all([dataclasses.replace(one, report="web")])
    assert named.splitlines()[2] == "### ✅ web: Fine."


def test_against_a_base_the_comment_says_what_changes(tmp_path: Path) -> None:
    base = config(tmp_path, "dhcp4: true", "mtu: 1400", name="base.yaml")
    head = config(tmp_path, "dhcp4: true", "mtu: 9000", name="head.yaml")
    _, text = reviewed(tmp_path / "out", "markdown", str(head), "--against", str(base))
    row = "| <code>bonds.bond0.mtu</code> | <code>1400</code> | <code>9000</code> |"
    assert row in text
    assert "+      mtu: 9000" in text
    _, text = reviewed(tmp_path / "out", "markdown", str(head), "--against", str(head))
    assert "Nothing changes on the machine." in text


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_what_was_found_since_the_base_and_what_is_found_no_more_is_told(
    form: str, tmp_path: Path
) -> None:
    base = config(tmp_path, "dhcp4: true", "optoinal: true", name="base.yaml")
    head = config(tmp_path, "dhcp4: true", "critcial: true", name="head.yaml")
    _, text = reviewed(tmp_path / "out", form, str(head), "--against", str(base))
    if form == "json":
        against = json.loads(text)["against"]
        for name, key in (("new_findings", "critcial"), ("gone_findings", "optoinal")):
            assert against[name] and all(key in one["where"] for one in against[name])
        return
    new_ones, gone_ones = text.find("New findings"), text.find("Gone findings")
    assert 0 < new_ones < gone_ones
    between = text[new_ones:gone_ones]
    assert "critcial" in between and "optoinal" not in between
    assert "optoinal" in text[gone_ones:]
    _, text = reviewed(tmp_path / "out", form, str(head), "--against", str(head))
    assert "New findings" not in text and "Gone findings" not in text


@pytest.mark.parametrize("line", ["```", " ````` ", "~~~"])
def test_no_line_of_a_diff_ends_its_fence(line: str) -> None:
    diff = f"--- a\n+++ b\n {line}\n+# a heading\n"
    file = model.File("etc/a", "0644", "configuration", True, True, False, "", diff)
    parts = MarkdownIt("commonmark").parse(markdown.draw_all([review(files=(file,))]))
    assert diff in [one.content for one in parts if one.type == "fence"]
