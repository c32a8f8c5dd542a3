"""What people do with a page: filters, linked lines, devices that are clicked, keys."""

from __future__ import annotations

import pytest

from tests.page.browser import Browser

pytestmark = [pytest.mark.browser, pytest.mark.debian]

ROWS = (
    "[...document.querySelectorAll('#settings tr[data-a]')].filter(e => e.offsetParent)"
    ".map(e => e.dataset.a)"
)
BAR = "document.getElementById('filter').innerText"


def test_a_count_shows_only_what_it_counts_until_it_is_pressed_again(seen: Browser) -> None:
    seen.show("linux-bridge-vrf.html")
    every = seen.evaluate(ROWS)
    seen.click("button[data-filter=rewritten]")
    assert seen.evaluate(ROWS) == ["rewritten"] * 4
    assert "Showing 4 of rewritten" in seen.evaluate(BAR)
    pressed = "document.querySelector('button[data-filter=rewritten]').ariaPressed"
    assert seen.evaluate(pressed) == "true"
    seen.click("#filter button")
    assert seen.evaluate(ROWS) == every
    assert seen.evaluate(pressed) == "false"
    # Whoever came by keyboard is where they were.
    assert seen.evaluate("document.activeElement.dataset.filter") == "rewritten"


def test_each_count_of_a_page_has_something_to_show(seen: Browser) -> None:
    for name in ("azure-freebsd-mce", "azure-freebsd-mlxen", "three-same-mac"):
        seen.show(f"{name}.html")
        for what in seen.evaluate(
            "[...document.querySelectorAll('button[data-filter]')].map(e => e.dataset.filter)"
        ):
            seen.click(f"button[data-filter={what}]")
            counted = seen.evaluate(
                f"document.querySelector('button[data-filter={what}] b').textContent"
            )
            assert f"Showing {counted} of {what}" in seen.evaluate(BAR)
            seen.click("#filter button")


def test_a_click_on_a_device_shows_what_has_to_do_with_it(seen: Browser) -> None:
    seen.show("linux-two-pairs-and-one.html")
    device = seen.evaluate("document.querySelector('g.bond').dataset.d")
    name = seen.evaluate("document.querySelector('g.bond .name').textContent")
    seen.click("g.bond")
    rows = seen.evaluate(
        "[...document.querySelectorAll('#settings tr[data-a]')].filter(e => e.offsetParent)"
        ".map(e => e.innerText)"
    )
    assert rows and all(name in row for row in rows)
    assert seen.evaluate(f"document.querySelectorAll('g.on[data-d=\"{device}\"]').length") == 1
    button = f"document.querySelector('button[data-device=\"{device}\"]').ariaPressed"
    assert seen.evaluate(button) == "true"


def test_a_device_can_be_chosen_by_keys(seen: Browser) -> None:
    seen.show("linux-two-pairs-and-one.html")
    seen.evaluate("document.querySelector('.pick button:last-of-type').focus()")
    seen.press("Enter", 13)
    assert seen.evaluate("document.querySelectorAll('[aria-pressed=true]').length") == 1


def test_the_first_key_leads_past_the_head_of_the_page(seen: Browser) -> None:
    seen.show("linux-netplan.html")
    seen.press("Tab", 9)
    assert seen.evaluate("document.activeElement.className") == "skip"
    assert seen.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    seen.press("Enter", 13)
    assert seen.evaluate("document.activeElement.id") == "main"


def test_a_line_lights_up_with_what_became_of_it_on_both_sides(seen: Browser) -> None:
    seen.show("linux-bridge-vrf.html")
    line = "document.querySelector('.panes .side:first-child li.moved')"
    target = seen.evaluate(f"{line}.querySelector('a').hash")
    back = seen.evaluate(f"document.querySelector('{target} a').hash")
    assert back == seen.evaluate(f"'#' + {line}.id")
    seen.hover(".panes .side:first-child li.moved")
    lit = "[...document.querySelectorAll('.panes li.on')].map(e => '#' + e.id)"
    assert {target, back} <= {*seen.evaluate(lit)}
    in_sight = (
        "(() => {{const one = document.querySelector('{}'), pane = one.closest('.pane');"
        "const a = one.getBoundingClientRect(), b = pane.getBoundingClientRect();"
        "return a.top >= b.top && a.bottom <= b.bottom}})()"
    )
    assert seen.evaluate(in_sight.format(target)) is True
    seen.hover("h1")
    assert seen.evaluate(lit) == []
    seen.evaluate(f"document.querySelector('{target} a').focus()")
    assert {target, back} <= {*seen.evaluate(lit)}


def test_a_line_leads_to_the_other_side_without_scripts_too(seen: Browser) -> None:
    seen.show("linux-bridge-vrf.html", scripts=False)
    seen.click(".panes .side:first-child li.moved a")
    shown = seen.evaluate("document.querySelector(':target').innerText")
    assert "mtu: 1500" in shown
    assert seen.evaluate(
        "document.querySelector(':target').closest('.side') === "
        "document.querySelector('.side:last-child')"
    )


def test_changes_stand_side_by_side_where_somebody_wants_that(seen: Browser) -> None:
    beside = (
        "(() => {const [old, now] = ['old', 'new'].map(c => document.querySelector("
        "`#files .pair:has(.old li):has(.new li) .${c}`).getBoundingClientRect());"
        "return now.left > old.right - 1 && Math.abs(now.top - old.top) < 1})()"
    )
    for scripts in (True, False):
        seen.show("azure-freebsd-mlxen.html", scripts=scripts)
        assert seen.evaluate(beside) is False
        seen.click("#aside")
        assert seen.evaluate(beside) is True
