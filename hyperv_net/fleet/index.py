"""The page that leads to the groups: one HTML file without scripts, or anything from elsewhere."""

from __future__ import annotations

from html import escape

from hyperv_net.fleet.tables import closing_line
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.fleet.summary import Group, Summary

_STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:1rem auto;"
    "max-width:75rem;padding:0 1rem}table{border-collapse:collapse}th,td{text-align:left;"
    "padding:.25rem .75rem;border-bottom:1px solid #8886;vertical-align:top}"
    "td:first-child{text-align:right}"
)
_FILES = ("summary.json", "groups.csv", "findings.csv", "machines.csv", "machines.jsonl")


def index_page(summary: Summary, pages: Mapping[str, str]) -> str:
    """The page; `pages` maps a group's shape to the path of its example's page."""
    return "\n".join(_lines(summary, pages)) + "\n"


def _lines(summary: Summary, pages: Mapping[str, str]) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8"><title>hyperv-net: a fleet</title>'
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{_STYLE}</style></head><body><main>"
    yield f"<h1>{escape(closing_line(summary))}</h1>"
    yield "<table><caption>Groups of machines with plans of one shape, the smallest first</caption>"
    columns = ("Machines", "Verdict", "Target", "Pairs", "Findings", "For example", "Changes")
    heads = "".join(f'<th scope="col">{one}</th>' for one in columns)
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for group in summary.smallest_first:
        yield _row(group, pages)
    yield "</tbody></table>"
    if summary.in_further_groups:
        yield f"<p>{summary.in_further_groups} further machines are in groups that are not"
        yield "counted apart: machines.csv has them.</p>"
    links = (f'<a href="{one}">{one}</a>' for one in _FILES)
    yield f"<p>{', '.join(links)}</p></main></body></html>"


def _row(group: Group, pages: Mapping[str, str]) -> str:
    row = group.example
    modes = ", ".join(f"{number} {mode}" for mode, number in sorted(row.modes.items()))
    found = "<br>".join(
        escape(f"{one.severity}: {one.rule} {one.where}".strip()) for one in row.found
    )
    page = pages.get(row.shape)
    name = escape(row.id)
    example = f'<a href="{escape(page)}">{name}</a>' if page else name
    diff = f'<a href="groups/{escape(row.shape)}.diff">diff</a>' if page else ""
    cells = (
        *(str(group.machines), escape(row.level), escape(row.target or "-"), escape(modes)),
        *(escape(row.error) or found, example, diff),
    )
    return "".join(("<tr>", *(f"<td>{one}</td>" for one in cells), "</tr>"))
