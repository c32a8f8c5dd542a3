"""Pages as a browser shows them: wide and narrow, light and dark, with scripts and without."""

from __future__ import annotations

import pytest

from tests.page import pages
from tests.page.browser import Browser

pytestmark = [pytest.mark.browser, pytest.mark.debian]

INDEXES = ("several/index", "spoiled/index")
PAGES = (*pages.NAMES, *pages.CONFIGS, "against", "history", "hostile", *INDEXES)
WIDTHS = (1400, 800, 400)
#: What reaches out of the window to the right, by its start, and how far one could scroll there.
TOO_WIDE = (
    "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right >"
    " innerWidth + 1 && !e.closest('.scroll *') && !/^inline$/.test(getComputedStyle(e).display)"
    " && getComputedStyle(e).clipPath === 'none').map(e => e.outerHTML.slice(0, 120)).slice(0, 3)"
)
ASIDE = "document.documentElement.scrollWidth - innerWidth"
VIOLATIONS = (
    "axe.run({resultTypes: ['violations']}).then(found => found.violations.map("
    "one => one.id + ': ' + one.nodes[0].html.slice(0, 200)))"
)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_complains_of_nothing_and_asks_for_nothing(
    name: str, scripts: bool, seen: Browser
) -> None:
    seen.show(f"{name}.html", scripts=scripts)
    for width in WIDTHS:
        for dark in (False, True):
            seen.look(width, dark=dark)
            assert seen.evaluate(TOO_WIDE) == []
            assert seen.evaluate(ASIDE) <= 0
            background = seen.evaluate("getComputedStyle(document.body).backgroundColor")
            assert background == ("rgb(14, 17, 21)" if dark else "rgb(246, 247, 249)")
    assert seen.complaints() == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_keeps_people_from_using_a_page(name: str, seen: Browser, axe: str) -> None:
    """Axe-core's own rules, on the whole page as it stands."""
    seen.show(f"{name}.html")
    seen.evaluate(f"{axe};0")
    for width, dark in ((1400, False), (400, True)):
        seen.look(width, dark=dark)
        assert seen.evaluate(VIOLATIONS) == []


@pytest.mark.parametrize("name", ["hostile", "spoiled/index"])
def test_a_hostile_text_is_text_wherever_it_stands(name: str, seen: Browser) -> None:
    seen.show(f"{name}.html")
    assert seen.complaints() == []
    count = "document.querySelectorAll({}).length"
    assert seen.evaluate(count.format("'script'")) == (name == "hostile")
    assert seen.evaluate(count.format("'img, iframe, object, embed, base, form, svg svg'")) == 0
    handlers = (
        "[...document.querySelectorAll('*')].some("
        "e => [...e.attributes].some(one => one.name.startsWith('on')))"
    )
    assert seen.evaluate(handlers) is False
    targets = "[...document.querySelectorAll('[href]')].map(e => e.getAttribute('href')[0])"
    pages_of_machines = {*"0123456789"} if name in INDEXES else set()
    assert {*seen.evaluate(targets)} <= {"#", "d"} | pages_of_machines
    text = seen.evaluate("document.body.innerText")
    assert "<script>alert(2)</script>" in text
    assert "\\x1b[31m" in text and "\x1b" not in text
    assert "\\u202e" in text and "\u202e" not in text


def test_an_index_leads_to_each_page_with_the_worst_first(seen: Browser) -> None:
    seen.show("several/index.html", scripts=False)
    verdicts = seen.evaluate(
        "[...document.querySelectorAll('tbody td:nth-child(2)')].map(e => e.innerText.trim())"
    )
    order = ["Network lost", "Settings lost", "Have a look", "Fine"]
    assert verdicts == sorted(verdicts, key=order.index)
    assert {*verdicts} == {*order} and len(verdicts) == len(pages.NAMES) + len(pages.CONFIGS)
    colours = (
        "[...document.querySelectorAll('tbody .mark :first-child')].map("
        "e => getComputedStyle(e).fill)"
    )
    assert len({*zip(verdicts, seen.evaluate(colours))}) == len({*seen.evaluate(colours)}) == 4
    name = seen.evaluate("document.querySelector('tbody a').innerText")
    seen.events.clear()
    seen.click("tbody a")
    seen.wait_for_page()
    assert name in seen.evaluate("document.querySelector('.facts').innerText")
    assert seen.evaluate("document.querySelector('.brand a').getAttribute('href')") == "index.html"


def test_what_really_happened_is_a_lane_with_a_column_for_each_moment(seen: Browser) -> None:
    seen.show("history.html")
    columns = (
        "[...document.querySelectorAll('#history .lanes')].map(one => [...one.rows].map("
        "row => [...row.cells].reduce((sum, e) => sum + e.colSpan, 0)))"
    )
    tables = seen.evaluate(columns)
    assert len(tables) == 3 and all(len({*rows}) == 1 for rows in tables)
    last = "[...document.querySelector('#history article:last-of-type .lanes').rows].at(-1)"
    assert seen.evaluate(f"{last}.innerText.split('\\t')") == [
        *("traffic of bond0", "synthetic NIC", "VF")
    ]


def test_a_policy_keeps_out_what_a_page_has_not_brought_along(seen: Browser) -> None:
    """Whatever came into the page in another way would not run."""
    seen.show("linux-netplan.html")
    seen.evaluate(
        "{const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        "document.body.append(s); const i = document.createElement('img');"
        "i.src = 'https://example.net/x.png'; document.body.append(i);"
        "document.body.setAttribute('onclick', 'window.ran = 1'); document.body.click()}"
    )
    assert seen.evaluate("window.ran") is None
    told = " ".join(seen.complaints())
    assert "script-src" in told and "img-src" in told
    assert seen.blocked() == ["csp"]


def test_without_styles_a_page_still_reads_from_top_to_bottom(seen: Browser) -> None:
    seen.show("azure-freebsd-mce.html", scripts=False)
    headings = seen.evaluate(
        "[...document.querySelectorAll('h1, h2')].map(e => e.tagName + ' ' + e.textContent)"
    )
    assert headings == [
        "H1 Settings will be lost.",
        "H2 Topology",
        "H2 Findings",
        "H2 Where every setting went",
        "H2 Files",
        "H2 What happens when the VF comes and goes",
        "H2 How to reproduce",
    ]


def test_in_print_nothing_is_folded_and_nothing_cut(seen: Browser) -> None:
    seen.show("linux-bridge-vrf.html")
    seen.evaluate("dispatchEvent(new Event('beforeprint'))")
    seen.call("Emulation.setEmulatedMedia", media="print")
    assert seen.evaluate("document.querySelectorAll('details:not([open])').length") == 0
    cut = (
        "[...document.querySelectorAll('.pane')].filter(e => e.scrollHeight > e.clientHeight + 1)"
        ".length"
    )
    assert seen.evaluate(cut) == 0
    assert seen.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    seen.evaluate("dispatchEvent(new Event('afterprint'))")
    assert seen.evaluate("document.querySelectorAll('details:not([open])').length") > 0
