"""The flowchart in a comment: whatever a device is called, Mermaid reads it as a label.

Its own lexer is flow.jison of mermaid-js/mermaid: `"` begins and ends a string and nothing else
does; there are rules beside that take a whole line.
"""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from hyperv_net.review import model
from hyperv_net.review.formats import markdown
from hyperv_net.review.formats.mermaid import flowchart
from tests.review.formats.made import review
from tests.review.formats.poisoned import HOSTILE

#: What Mermaid acts on in quotes too, or Markdown in a label.
FOR_MERMAID = [
    *("direction TB", "a direction  LR b", "style a:b#35;", "classDef a:b#35;", "`a`", "`", "1. a"),
    *(
        "- a",
        "__a__",
        "a _b_",
        "HTTPS://example.net",
        "WWW.example.net",
        "#35;",
        "#quot;",
        "&quot;",
    ),
    *('"]; click a call b()', "end", "%% a", "```\n", "---\ntitle: a\n---", "ﬂ°°34¶ß"),
]
#: Of flow.jison, of encodeEntities() and of cleanupComments().
IN_WHOLE_LINES = re.compile(
    r".*direction\s+(?:TB|BT|RL|LR)|style.*:\S*#.*;|classDef.*:\S*#.*;|\s*%%|-*\s*---\s*$"
)
#: A label that is text and entity codes, none of which is left open.
LABEL = re.compile(r"(?:[^\"#;`&<>%|{}\[\]~*\\]|#[0-9]+;|<br/>)*")


def chart_of(text: str) -> str:
    """The chart of devices whose names, settings and roles are this text."""
    low = model.Device(f"{text}1", "synthetic", True, (), (text, f"a {text}"))
    top = model.Device(text, text, False, (model.Lower(low.name, text),), (text,))
    return markdown.draw_all([review(before=(low,), after=(low, top))])


def fence(text: str) -> str:
    (found,) = (
        one.content
        for one in MarkdownIt("commonmark").enable("table").parse(chart_of(text))
        if one.type == "fence" and one.info == "mermaid"
    )
    return found


def written(text: str) -> str:
    """What a label shows, as decodeEntities() and a browser make it of what is written."""
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text)


@pytest.mark.parametrize("text", [*HOSTILE, *FOR_MERMAID], ids=ascii)
def test_no_label_breaks_out_of_its_quotes_or_the_fence(text: str) -> None:
    ordinary, found = fence("a").splitlines(), fence(text).splitlines()
    assert len(found) == len(ordinary)
    for line, other in zip(found, ordinary):
        # Between the quotes there are labels, and around them the same as ever.
        around, labels = line.split('"')[::2], line.split('"')[1::2]
        assert around == other.split('"')[::2]
        assert [one for one in labels if not LABEL.fullmatch(one)] == []
        assert not IN_WHOLE_LINES.search(line) or IN_WHOLE_LINES.search(other)
        for label in labels:
            assert not re.search(r"(?i)://|www\.|\b_|_\b", label)
            assert not re.match(r"(?:[-+]|\d+[.)]) ", label)


@pytest.mark.parametrize("text", ["direction TB", "a style:b", "__a__", "https://example.net"])
def test_a_label_shows_what_it_is_of(text: str) -> None:
    chart = flowchart(review(after=(model.Device(text, "bond", True, (), ()),)))
    assert chart is not None
    assert f'["{text}<br/>bond"]' in written(chart)
