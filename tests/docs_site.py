"""Pages of the documentation's site that are made from the code; mkdocs calls this as a hook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hyperv_net.cli import VERBS
from hyperv_net.review.documents import DOCUMENTS
from tests.verb_help import verb_help
from tests.what_works import table

CHECKOUT = Path(__file__).parent.parent
#: Files of the checkout that are pages of the site → their place there.
TAKEN = {
    "ARCHITECTURE.md": "reference/architecture.md",
    "CHANGELOG.md": "reference/changes.md",
}
_FETCHED = re.compile(
    r"""<(?:script|img|iframe|link rel="?stylesheet"?)[^>]+(?:src|href)=["']?(https?:[^"' >]+)"""
)
_LINK = re.compile(r"\[([^\]]*)\]\(([^)# ]+)(#[^) ]*)?\)")


def on_files(files: Any, config: Any) -> Any:
    """Add what is made from the code to the pages of the folder."""
    from mkdocs.structure.files import File

    for path, text in made().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """The page's text; what it links to outside of the site becomes plain words."""
    return rewritten(markdown, page.file.src_uri, {one.src_uri for one in files})


def on_post_build(config: Any) -> None:
    """Refuse a site of which a page would fetch something from elsewhere."""
    for path in Path(config.site_dir).rglob("*.html"):
        fetched = _FETCHED.search(path.read_text())
        if fetched:
            raise ValueError(f"{path}: fetches {fetched[1]}")


def rewritten(markdown: str, here: str, there: set[str]) -> str:
    """The text of the page `here` of a site that has the pages `there`."""

    def link(found: re.Match[str]) -> str:
        words, leads_to, anchor = found[1], found[2], found[3] or ""
        if "://" in leads_to:
            return found[0]
        path = (CHECKOUT / "docs" / here).parent.joinpath(leads_to).resolve()
        outside = str(path.relative_to(CHECKOUT)) if path.is_relative_to(CHECKOUT) else ""
        uri = TAKEN.get(outside, outside.removeprefix("docs/"))
        if uri not in there:
            return words
        up = "../" * here.count("/")
        return f"[{words}]({up}{uri}{anchor})"

    return _LINK.sub(link, markdown)


def made() -> dict[str, str]:
    """Place in the site → text, of each page that is made."""
    return {
        "reference/manual.md": "\n".join(_manual()),
        "reference/targets.md": f"# What works where\n\n{table()}\n",
        "reference/schemas.md": "\n".join(_schemas()),
        **{to: _moved((CHECKOUT / path).read_text()) for path, to in TAKEN.items()},
    }


def _moved(text: str) -> str:
    """A page of the checkout's top, with its links as they are from its place in the site."""
    return _LINK.sub(
        lambda one: one[0] if "://" in one[2] else f"[{one[1]}](../../{one[2]}{one[3] or ''})", text
    )


def _manual() -> Iterator[str]:
    """What `hyperv-net VERB --help` says of each verb."""
    yield "# Command line\n"
    yield "The same is in the manual page hyperv-net(8).\n"
    for verb, purpose in VERBS.items():
        yield f"## {verb}\n\n{purpose[0].upper()}{purpose[1:]}.\n"
        yield f"```text\n{verb_help(verb)}```\n"


def _schemas() -> Iterator[str]:
    yield "# Schemas\n"
    yield "`hyperv-net schema NAME` prints them too.\n"
    for one in DOCUMENTS:
        yield f"## {one.name}\n\n{one.what[0].upper()}{one.what[1:]}.\n"
        yield f"```json\n{json.dumps(one.schema(), indent=2)}\n```\n"
