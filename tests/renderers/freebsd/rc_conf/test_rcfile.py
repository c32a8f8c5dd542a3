"""rc.conf is edited so that what is not ours stays as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.marks import BEGIN, END
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile


def edited(text: str, **wanted: str) -> str:
    rc = RcFile(text, "etc/rc.conf")
    for name, value in wanted.items():
        rc.assign(name, value)
    return rc.text()


def test_a_value_is_replaced_where_it_stands_and_keeps_its_comment() -> None:
    text = "# top\na='1'   # why\n\nb=2; c=\"3\" d=4"
    assert edited(text, a="x y", c="z") == '# top\na="x y"   # why\n\nb=2; c="z" d=4'


def test_the_last_assignment_is_the_one_that_is_changed() -> None:
    assert edited("a=1\na=2\n", a="3") == 'a=1\na="3"\n'


def test_a_value_that_is_right_already_keeps_its_quotes() -> None:
    text = 'a=\'1\'\nb="x ${b}"\nb="${b}y"\n'
    assert edited(text, a="1", b="x y") == text


def test_new_variables_stand_in_one_block_at_the_end() -> None:
    assert edited("a=1", b="2", c="3") == f'a=1\n\n{BEGIN}\nb="2"\nc="3"\n{END}\n'
    assert edited("", b="2") == f'{BEGIN}\nb="2"\n{END}\n'


def test_the_block_is_rewritten_in_its_place_and_others_notes_in_it_stay() -> None:
    text = f'a=1\n\n{BEGIN}\nb="2"\n# note\nold="9"\n{END}\nz=1\n'
    assert edited(text, c="3") == f'a=1\n\n{BEGIN}\nc="3"\n# note\n{END}\nz=1\n'


def test_a_variable_added_behind_the_block_counts_and_is_not_ours() -> None:
    text = f'{BEGIN}\nb="2"\n{END}\nb="5"\n'
    rc = RcFile(text, "etc/rc.conf")
    assert (rc.value("b"), rc.is_foreign("b"), rc.is_ours("b")) == ("5", True, False)
    rc.assign("b", "2")
    assert rc.text() == 'b="2"\n'


def test_a_variable_before_the_block_is_set_although_the_block_had_the_same_value() -> None:
    assert edited(f'b="5"\n{BEGIN}\nb="2"\n{END}\n', b="2") == 'b="2"\n'


def test_a_begin_marker_without_an_end_is_a_comment_like_any_other() -> None:
    text = f'{BEGIN}\nb="2"\n'
    assert edited(text, b="3") == f'{BEGIN}\nb="3"\n'


@pytest.mark.parametrize(
    "around", ['a="{}"\n', "a='{}'\n", "if true; then\n{}\nfi\n", ": <<'x'\n{}\nx\n"]
)
def test_a_block_that_the_shell_does_not_see_as_one_is_none(around: str) -> None:
    text = around.format(f"\n{BEGIN}\nb=1\n{END}\n").replace("\n\n", "\n")
    assert RcFile(edited(text, c="2"), "rc.conf").value("c") == "2"


def test_lines_behind_a_begin_marker_that_lost_its_end_stay_in_a_second_run_too() -> None:
    first = edited(f"{BEGIN}\na=1\nhostname=x\n", b="2")
    assert edited(first, b="2") == first
    assert "hostname=x" in edited(first, b="3")


def test_removing_takes_the_line_or_leaves_a_command_that_does_nothing() -> None:
    rc = RcFile("a=1 # gone\nb=2; a=3 # stays\nexport a=4\na=5 c=6\na=7", "etc/rc.conf")
    rc.remove("a")
    assert rc.text() == "b=2; : # stays\n c=6\n"


def test_removing_a_continued_line_does_not_join_its_neighbours() -> None:
    rc = RcFile("a=1 \\\nb=2\necho c\n", "etc/rc.conf")
    rc.remove("b")
    assert RcFile(rc.text(), "x").value("a") == "1"
    assert "b" not in RcFile(rc.text(), "x").names()


def test_what_hangs_on_a_condition_is_not_touched() -> None:
    text = "if true; then\n  a=1\nfi\n"
    rc = RcFile(text, "etc/rc.conf")
    rc.remove("a")
    assert rc.conditional("a")
    assert rc.text() == text


def test_renaming_moves_the_name_and_references_to_it_and_nothing_else() -> None:
    rc = RcFile("a1='$(x)' # n\na1=\"${a1} $a1 $a12\"\nif b; then a1=2; fi\n", "etc/rc.conf")
    rc.rename("a1", "b1")
    assert rc.text() == "b1='$(x)' # n\nb1=\"${b1} $b1 $a12\"\nif b; then b1=2; fi\n"


def test_a_word_is_replaced_only_where_it_stands_alone() -> None:
    rc = RcFile('a="hn0 net:hn0 hn01 hn0.5 x-hn0 fe80::1%hn0 $hn0 ${hn0}"\n', "etc/rc.conf")
    rc.replace_words("a", {"hn0": "lagg0"})
    assert rc.text() == 'a="lagg0 net:lagg0 hn01 hn0.5 x-hn0 fe80::1%lagg0 $hn0 ${hn0}"\n'


def test_a_list_that_only_the_shell_knows_is_added_to_behind_it() -> None:
    block = f'{BEGIN}\nl="${{l}} x"\n{END}\n'
    rc = RcFile("l=$(y)\n", "etc/rc.conf")
    rc.extend("l", ["x"])
    assert rc.text() == f"l=$(y)\n\n{block}"
    late = RcFile(f"{block}l=$(y)\n", "etc/rc.conf")
    late.extend("l", ["x"])
    assert late.text() == f"l=$(y)\n\n{block}"


@pytest.mark.parametrize(
    "value", ["$(x)", "`x`", "a;b", "a\nb", 'a"b', "a'b", "a\\b", "~", "*", "é"]
)
def test_a_value_that_means_something_to_a_shell_is_refused(value: str) -> None:
    rc = RcFile("", "etc/rc.conf")
    with pytest.raises(HypervNetError, match="not safe in a shell script"):
        rc.assign("a", value)
    with pytest.raises(HypervNetError, match="not safe"):
        rc.extend("a", [value])


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", "a\n", "a=b", "é", "a;b"])
def test_a_name_that_is_no_variables_is_refused(name: str) -> None:
    with pytest.raises(HypervNetError, match="not a variable's name"):
        RcFile("", "etc/rc.conf").assign(name, "x")


LINES = st.lists(
    st.sampled_from(
        [
            "a=1",
            "b='2' # c",
            "",
            "# note",
            "c=3; d=4",
            "e=$(f)",
            "if g; then",
            "fi",
            "\th=5",
            "i=6 j=7",
        ]
    ),
    max_size=12,
)


@given(LINES, st.booleans())
def test_text_that_is_not_ours_survives_byte_for_byte(lines: list[str], final: bool) -> None:
    text = "\n".join(lines) + ("\n" if final and lines else "")
    try:
        first = edited(text, new="1")
    except HypervNetError:
        return
    assert first.startswith(text)
    assert first[len(text) :].strip("\n") == f'{BEGIN}\nnew="1"\n{END}'
    assert edited(first, new="1") == first
