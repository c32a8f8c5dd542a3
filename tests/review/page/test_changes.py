"""A diff as blocks, and texts line by line."""

from __future__ import annotations

from markupsafe import Markup

from hyperv_net.review.diff import file_diff
from hyperv_net.review.page.changes import blocks_of
from hyperv_net.review.page.code import lines_of


def _blocks(before: str, after: str) -> list[tuple[str, ...]]:
    diff = "".join(file_diff("etc/x", before, after))
    return [(one.kind, *one.same, *one.old, "|", *one.new) for one in blocks_of(diff)]


def test_lines_that_are_gone_stand_beside_those_that_came() -> None:
    assert _blocks("a\nmtu: 1400\nb\n", "a\nmtu: 9000\nb\n") == [
        ("hunk", "@@ -1,3 +1,3 @@", "|"),
        ("same", "a", "|"),
        ("change", "mtu: <del>1400</del>", "|", "mtu: <ins>9000</ins>"),
        ("same", "b", "|"),
    ]


def test_lines_that_are_quite_others_have_no_marks() -> None:
    assert ("change", "abc", "|", "x: [1, 2]") in _blocks("abc\n", "x: [1, 2]\n")


def test_each_line_of_a_diff_is_in_one_block_and_in_order() -> None:
    before = "".join(f"{number}\n" for number in range(40))
    after = before.replace("3\n", "").replace("20\n", "new\nnewer\n") + "end\n"
    texts = [text for kind, *rest in _blocks(before, after) if kind != "hunk" for text in rest]
    plain = [Markup(one).striptags() for one in texts if one != "|"]
    diff = "".join(file_diff("etc/x", before, after)).splitlines()[2:]
    assert plain == [line[1:] for line in diff if not line.startswith("@@")]


def test_what_is_marked_up_in_a_text_stays_text() -> None:
    (change,) = (one for one in _blocks("a: <b>1</b>\n", "a: <b>2</b>\n") if one[0] == "change")
    _, old, _, new = change
    assert old == "a: &lt;b&gt;<del>1</del>&lt;/b&gt;"
    assert new == "a: &lt;b&gt;<ins>2</ins>&lt;/b&gt;"


def test_the_lines_of_a_text_are_all_there_whatever_its_kind() -> None:
    text = "# begin\n\na: 'x'\n  - \"<&>\"\t1\nend"
    for path in ("a.yaml", "a.json", "a.network", "etc/rc.conf", "etc/interfaces", "none"):
        plain = [one.striptags() if one.strip() else "" for one in lines_of(text, path)]
        assert [" ".join(one.split()) for one in plain] == [
            " ".join(one.split()) for one in text.split("\n")
        ]
        assert "<&>" not in "".join(lines_of(text, path))


def test_a_key_a_value_and_a_comment_are_told_apart() -> None:
    assert lines_of("# why\na: b\n", "x.yaml") == ["<i># why</i>", "<b>a</b>: <u>b</u>"]


def test_a_control_character_is_shown_and_not_obeyed() -> None:
    assert lines_of("a\x1b[31m\u202e\n", "x") == ["a\\x1b[31m\\u202e"]
