"""Assignments are found in a script as a shell would make them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from hyperv_net.renderers.freebsd.rc_conf.shell import assignments

TRICKY = """\
#a=1
b="# no comment" # c=3
d='e=5; f=6'; g=7 h="8"
if [ -f /etc/x ]; then i=9
elif j=10; then :; else k=11; fi
for l in m=1 n=2; do o=3; done
case $p in q=*) r=4;; (s) t=5 ;; esac
u() { v=1; }
( w=2 )
true && x=3
y=4 command z=5
cat <<EOF
aa=1
EOF
cat <<-'END' > /dev/null
\tbb=2
\tEND
cc=$(echo "dd=)" ')' \\) ) ee=`echo ff=1`
gg="${hh:-"ii=1}"}"
export jj=1 kk
ll=a\\ b\\
c
mm="multi
nn=1"
oo=~/x pp=$qq rr="$gg$ll"
ss=1 &
tt=2 | cat
uu=$'it\\'s'
"""


def test_every_assignment_is_found_and_nothing_else() -> None:
    found = assignments(TRICKY, "etc/rc.conf")
    certain = " ".join(one.name for one in found if one.certain)
    uncertain = " ".join(one.name for one in found if not one.certain)
    assert certain == "b d g h cc ee gg jj ll mm oo pp rr uu"
    assert uncertain == "i j k o r t v w x ss tt"


def test_values_are_known_where_no_command_makes_them() -> None:
    rc = RcFile(TRICKY, "etc/rc.conf")
    expected = {"b": "# no comment", "d": "e=5; f=6", "g": "7", "ll": "a bc", "mm": "multi\nnn=1"}
    assert {name: rc.value(name) for name in expected} == expected
    for name in ("cc", "ee", "gg", "oo", "pp", "rr", "uu", "i", "x"):
        assert rc.is_unknown(name), name


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ('a=1\nb="x\n', 2),
        ("a='x\n", 1),
        ("a=$(b\n", 1),
        ("if a; then\nb=1\n", 1),
        ("a=1\nfi\n", 2),
        ("a=`b", 1),
        ("a=1)\n", 1),
        ("a=b\\", 1),
        ("a=1\ncat <<EOF\nb=2\n", 2),
        ("cat <<-'EOF'", 1),
    ],
)
def test_an_incomplete_script_is_an_error_that_names_the_line(script: str, line: int) -> None:
    with pytest.raises(HypervNetError) as error:
        assignments(script, "etc/rc.conf")
    told = str(error.value)
    assert re.match(rf"etc/rc.conf:{line}(:\d+)?: not a complete shell script", told), told


NAMES = st.sampled_from(["alpha", "beta", "gamma"])
PLAIN = st.text(st.sampled_from("ab01 .:/%#=~*?[]{}!-,@^"), max_size=8)
PIECES = st.one_of(
    PLAIN.map(lambda text: f'"{text}"'),
    PLAIN.map(lambda text: f"'{text}$x`\"\\'"),
    st.text(st.sampled_from("ab01.:/%-,@^#"), min_size=1, max_size=6).map(lambda text: f"a{text}"),
    NAMES.map(lambda name: f"${{{name}}}"),
    NAMES.map(lambda name: f'"x ${name} y"'),
    st.sampled_from(["$'ab'", '$"c"', '"\\"\\$\\x"', "\\ \\'", '"a\nb"', '""', "\\\n", '"$"']),
)
VALUES = st.lists(PIECES, max_size=3).map("".join)
ASSIGNED = st.builds("{}={}".format, NAMES, VALUES)
LINES = st.one_of(
    ASSIGNED,
    st.builds("{} # {}".format, ASSIGNED, PLAIN),
    st.builds("{}; {}".format, ASSIGNED, ASSIGNED),
    st.builds("{} {}".format, ASSIGNED, ASSIGNED),
    st.builds("export {}".format, ASSIGNED),
    st.builds("if true; then {}; fi".format, ASSIGNED),
    st.builds("cat >/dev/null <<'EOF'\n{}\nEOF".format, ASSIGNED),
    st.builds("# {}".format, PLAIN),
    st.builds("f() {{ {}; }}".format, ASSIGNED),
    st.just(""),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, max_size=6).map("\n".join))
def test_a_value_that_is_known_is_the_one_a_real_shell_has(script: str) -> None:
    rc = RcFile(script, "rc.conf")
    for shell in (["/bin/sh"], ["/bin/bash", "--posix"]):
        if not Path(shell[0]).exists():
            continue
        probe = "".join(f"\nprintf '%s\\0' \"${{{name}-}}\"" for name in ("alpha", "beta", "gamma"))
        result = subprocess.run(
            [*shell, "-c", f"{script}{probe}"], capture_output=True, text=True, check=True
        )
        real = dict(zip(("alpha", "beta", "gamma"), result.stdout.split("\0")))
        for name in rc.names():
            if rc.value(name) is not None:
                assert rc.value(name) == real[name]


def test_what_is_readonly_or_local_is_fixed() -> None:
    script = "a=1\nreadonly a\nreadonly b=2 c=3\nf() { local d=4; }\nexport e=5\nf=6\n"
    found = assignments(script, "rc.conf")
    assert [one.name for one in found if one.fixed] == ["a", "b", "c", "d"]
    assert [one.name for one in found if not one.fixed] == ["e", "f"]
    assert RcFile(script, "rc.conf").value("b") == "2"


@pytest.mark.parametrize("opened", ['"$(', '"${x:-', '$("'])
def test_quotes_within_brackets_without_end_are_an_error_of_one_line(opened: str) -> None:
    with pytest.raises(HypervNetError, match=r"etc/rc.conf:2:\d+: .*within each other 50 times"):
        assignments("a=1\nb=" + opened * 5000, "etc/rc.conf")
    closing = {'"$(': ')"', '"${x:-': '}"', '$("': '")'}[opened]
    script = f"a={opened * 40}{closing * 40}\nb=2\n"
    assert [one.name for one in assignments(script, "x")] == ["a", "b"]
