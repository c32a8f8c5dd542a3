"""The page that leads to the groups: one HTML file without scripts, or anything from elsewhere."""

from __future__ import annotations

from html import escape

from hyperv_net.facts import Severity
from hyperv_net.fleet.tables import closing_line
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.fleet.model import Row
    from hyperv_net.fleet.summary import Group, Summary

#: Colours are those of a machine's page; a narrow window has a block for each row of the table.
_STYLE = """
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#16191d;--dim:#59626d;--rule:#dde1e6;
--accent:#0b57c2;--green:#0d6837;--amber:#7d5200;--orange:#9c3a00;--red:#ac1f1a;--v:var(--green)}
@media (prefers-color-scheme:dark){:root{--bg:#0e1115;--card:#161a20;--ink:#e6e9ed;--dim:#9ba5b0;
--rule:#2a3038;--accent:#82b4ff;--green:#66d296;--amber:#f0c05a;--orange:#ffa66b;--red:#ff8f87}}
.look{--v:var(--amber)}.settings{--v:var(--orange)}.network{--v:var(--red)}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 Inter,system-ui,sans-serif}
main{max-width:78rem;margin:0 auto;padding:1.5rem clamp(1rem,3vw,2.5rem)}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .35rem}
a{color:var(--accent)}p{margin:0 0 1.25rem}p,caption,.where{color:var(--dim)}
table{width:100%;margin-bottom:1.25rem;border-collapse:collapse;background:var(--card);font-size:.93rem}
caption{text-align:left;padding-bottom:.5rem}
th,td{text-align:left;padding:.5rem .75rem;border:0 solid var(--rule);border-bottom-width:1px;
vertical-align:top}
td{white-space:nowrap}.verdict{font-weight:650}td.verdict{color:var(--v)}td.found,td.example{white-space:normal;overflow-wrap:anywhere}
td.example{min-width:7.5rem}th.size,td.size{text-align:right}
ul{list-style:none;margin:0;padding:0}
@media (max-width:50rem){table,caption,tbody,tr,td{display:block}thead{display:none}
tr{border:1px solid var(--rule);border-left:4px solid var(--v);border-radius:8px;
margin-bottom:.75rem;padding:.4rem 0}
table{background:none}tr{background:var(--card)}
td,td.size{display:grid;grid-template-columns:6.5rem 1fr;border:0;padding:.15rem .9rem;
text-align:left;white-space:normal}
td::before{content:attr(data-head);color:var(--dim)}}
"""
#: So many findings of a group stand here; its example's page has them all.
_MOST_FOUND = 6
_COLUMNS = ("Machines", "Verdict", "Target", "Pairs", "Findings", "Example", "Changes")
_CLASSES = ("size", "verdict", "", "", "found", "example", "")
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
    machines, groups = count(summary.machines, "machine"), count(len(summary.groups), "group")
    yield f"<h1>{machines} in {groups}</h1>"
    yield f"<p>{escape(closing_line(summary))}</p>"
    yield '<table role="table">'
    yield "<caption>Groups of machines with plans of one shape, the smallest first</caption>"
    heads = "".join(
        f'<th scope="col"{_class(one)}>{head}</th>' for head, one in zip(_COLUMNS, _CLASSES)
    )
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for group in summary.smallest_first:
        yield _row(group, pages)
    yield "</tbody></table>"
    if summary.in_further_groups:
        yield f"<p>{summary.in_further_groups} further machines are in groups that are not"
        yield "counted apart: machines.csv has them.</p>"
    links = (f'<a href="{one}">{one}</a>' for one in _FILES)
    yield f"<p>All of it: {', '.join(links)}</p></main></body></html>"


def _row(group: Group, pages: Mapping[str, str]) -> str:
    row = group.example
    modes = ", ".join(f"{number} {mode}" for mode, number in sorted(row.modes.items()))
    page = pages.get(row.shape)
    name = escape(row.id)
    example = f'<a href="{escape(page)}">{name}</a>' if page else name
    diff = f'<a href="groups/{escape(row.shape)}.diff">diff</a>' if page else "-"
    cells = (
        *(str(group.machines), escape(row.level), escape(row.target or "-")),
        *(escape(modes) or "none", _findings(row), example, diff),
    )
    # The roles are those that a table has, which a browser forgets where it is shown in blocks.
    drawn = (
        f'<td role="cell" data-head="{head}"{_class(one)}>{cell}</td>'
        for head, one, cell in zip(_COLUMNS, _CLASSES, cells)
    )
    return "".join((f'<tr role="row"{_class(escape(row.level))}>', *drawn, "</tr>"))


def _findings(row: Row) -> str:
    """What is wrong with a group's example, or else what was found, the most severe first."""
    lines = [escape(one) for one in row.errors] or [
        f'{escape(f"{one.severity}: {one.rule}")} <span class="where">{escape(one.where)}</span>'
        for one in row.found
    ]
    shown = lines[:_MOST_FOUND]
    more = row.severities.get(Severity.ERROR.value, 0) if row.errors else len(lines) + row.further
    if more > len(shown):
        shown.append(f"and {more - len(shown)} more")
    return f"<ul>{''.join(f'<li>{one}</li>' for one in shown)}</ul>" if shown else "none"


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
