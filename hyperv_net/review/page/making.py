"""From a review to the text of its page.

All that the page shows goes into its templates as text and is escaped by them.  What it is made
of besides stands in it, with its hash in the page's content security policy, so that a
browser runs and applies that and nothing else, and fetches nothing (CSP Level 3, 2.3.1 and 8.3:
`<meta>` has to come ahead of what it is about).
"""

from __future__ import annotations

import base64
import hashlib
import re
import shlex
from collections import Counter
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.formats.results import unsaid_reasons
from hyperv_net.review.page.cards import cards_of
from hyperv_net.review.page.changes import blocks_of
from hyperv_net.review.page.code import lines_of
from hyperv_net.review.page.happened import happened_of
from hyperv_net.review.page.risks import risks_of
from hyperv_net.review.page.settings import panes_of, rows_of, value_shown
from hyperv_net.review.page.timeline import timelines_of
from hyperv_net.review.pairs import becomes
from hyperv_net.review.since import findings_since
from hyperv_net.review.verdict import LEVELS
from hyperv_net.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.review.model import Review

_OPTION = re.compile(r"--?[a-z][\w-]*")
_HERE = "hyperv_net.review.page"
_WORDS = {
    "fine": "Fine",
    "look": "Have a look",
    "settings": "Settings lost",
    "network": "Network lost",
}
_COUNTED = (
    ("Settings", "settings", "settings"),
    ("Findings", "findings", "risks"),
    ("Files", "files", "files"),
)


def page_of(review: Review, index: str = "") -> str:
    """The whole page; `index` is the file of the one that leads to it, or empty."""
    style, script = _part("page.css"), _part("page.js")
    devices = list(dict.fromkeys(one.name for one in (*review.before, *review.after)))
    sources, targets = panes_of(review)
    return (
        _environment()
        .get_template("page.html")
        .render(
            review=review,
            index=index,
            since=findings_since(review.against) if review.against is not None else (),
            style=Markup(style),
            script=Markup(script),
            style_hash=_hash(style),
            script_hash=_hash(script),
            words=_WORDS,
            sentence=_sentence(review),
            reasons=review.verdict.reasons if review.target else unsaid_reasons(review),
            counts=_counts(review),
            devices=devices,
            cards=cards_of(review),
            stories=timelines_of(review),
            happened=happened_of(review),
            risks=risks_of(review, devices),
            rows=rows_of(review, devices),
            sources=sources,
            targets=targets,
            above={one.name: one.id for one in targets},
        )
    )


def index_of(machines: Sequence[tuple[str, str, Review]]) -> str:
    """The page that leads to those of several machines: each has a name, a file and its review."""
    worst_first = sorted(machines, key=lambda one: -LEVELS.index(one[2].verdict.level))
    levels = Counter(one.verdict.level for _, _, one in worst_first)
    style = _part("page.css")
    template = _environment().get_template("index.html")
    return template.render(
        machines=worst_first,
        worst=worst_first[0][2],
        levels=[*levels.items()],
        style=Markup(style),
        style_hash=_hash(style),
        words=_WORDS,
    )


def _sentence(review: Review) -> tuple[str, str]:
    """The verdict's sentence: its word, which is in its colour, and the rest."""
    word, colon, rest = review.verdict.sentence.partition(": ")
    return (word + colon, rest) if colon and word in _WORDS.values() else (word + colon + rest, "")


def _counts(review: Review) -> list[tuple[str, str, dict[str, int]]]:
    found = [(title, where, getattr(review.counts, name)) for title, name, where in _COUNTED]
    # Without a plan no setting went anywhere, and no file is the same.
    return [one for one in found if review.target or any(one[2].values())]


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader(_HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_written,
    )
    made.filters.update(
        lines=lines_of,
        blocks=blocks_of,
        written=value_shown,
        words=_command,
        prose=_prose,
        becomes=becomes,
    )
    return made


def _written(value: object) -> object:
    """What stands in the page for a value: a text that is seen whole, a number in short."""
    if type(value) is str:
        return visible(value)
    return f"{value:g}" if isinstance(value, float) else value


@cache
def _part(name: str) -> str:
    """A part that is the same in every page, without what only its authors need."""
    text = (resources.files(_HERE) / "templates" / name).read_text(encoding="ascii")
    if name.endswith(".css"):
        return re.sub(r"\s*([{};,])\s*|(?<=[\w-]:) ", r"\1", text)
    return re.sub(r"^\s+|^//.*\n", "", text, flags=re.MULTILINE)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _prose(text: str) -> Markup:
    """A sentence of a rule, in which words of a machine stand between backticks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(visible(text))
    quoted = (
        Markup("<code>{}</code>").format(visible(one)) if number % 2 else escape(visible(one))
        for number, one in enumerate(parts)
    )
    return Markup().join(quoted)


def _command(line: str) -> str:
    """A command line with each of its options in a line of its own."""
    try:
        words = shlex.split(line)
    except ValueError:  # what was hidden in it may have had a quote
        return line
    told = (
        f" \\\n    {word}" if _OPTION.fullmatch(word) else f" {shlex.quote(word)}" for word in words
    )
    return "".join(told).removeprefix(" ")
