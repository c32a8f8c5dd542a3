"""Reviews whose every name, value and text is somebody's who means no good."""

from __future__ import annotations

import dataclasses
from typing import Any

from hyperv_net.review import model
from tests.review.formats.made import finding, review
from tests.test_invariants import HOSTILE as FOR_SHELLS

#: What ends a cell, a span, a fence, a comment, a tag, a label or a string in some format.
FOR_READERS = [
    "`", "``` `", "|", "\\|", "~~~", "</code>", "</details>", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "-->", "<!-- hyperv-net review: x -->", "]]>", "&lt;", "&#96;",
    "@octocat", "#1", "https://example.net", "www.example.net", "[a](javascript:alert(1))",
    "![a](https://example.net/a.png)", "[0](https://example.net)", "$x$", "*a*", "__a__", "~~a~~",
    '"]', '"] --> x["', "#quot;", "%%{init: {}}%%", "end", "\n\n# a\n\n", "\r\n---\r\n", "\x1b[31m",
    "\u202e", "\u2028", "\0", "\udcff", "\ufffe", "{0}", "${{ github.token }}", "::error::a",
]  # fmt: skip
HOSTILE = [*FOR_SHELLS, *FOR_READERS]

#: Words of the program's own, by field.
_OWN = {
    "schema", "severity", "level", "action", "mode", "purpose", "secrets", "role", "kind", "rule",
    "system", "target", "version",
}  # fmt: skip


def poisoned(text: str) -> model.Review:
    """A review with this in every place that somebody else fills."""
    one: model.Review = _with(_full(), text)
    return one


def _with(value: Any, text: str, field: str = "") -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return dataclasses.replace(
            value, **{name: _with(inner, text, name) for name, inner in named.items()}
        )
    if isinstance(value, tuple):
        return tuple(_with(one, text, field) for one in value)
    if isinstance(value, str) and field not in _OWN:
        return value.replace("zqz", f"zq{text}zq")
    return value


def _full() -> model.Review:
    nic = model.Nic("zqz", "ethernet", "", "zqz", "zqz", "zqz", "up", 1500, "zqz")
    low = model.Device("zqz", "synthetic", True, (), ("zqz",))
    top = model.Device("zqz 1", "bond", False, (model.Lower("zqz", "backup"),), ("zqz",))
    place = model.Place("zqz", "zqz", 1)
    settings = tuple(
        model.Setting(
            "zqz", "zqz", action, ("zqz",), "zqz 1", ("zqz",), "zqz", False, "zqz", None, (place,)
        )
        for action in ("kept", "moved", "rewritten", "dropped")
    )
    diff = "--- a/zqz\n+++ b/zqz\n@@ -1 +1 @@\n-zqz\n+zqz\n"
    file = model.File("zqz", "0644", "configuration", True, True, False, "zqz\n", diff)
    findings = [
        finding(message="zqz", where="zqz", hint="zqz", severity=severity, file="zqz", key=("zqz",))
        for severity in ("error", "warning", "note")
    ]
    verdict = model.Verdict("network", "zqz", ("zqz",))
    files = (model.ChangedFile("zqz", "change", "configuration", False, diff),)
    changed = (model.ChangedSetting("zqz", "zqz", "zqz"),)
    against = model.Comparison("zqz", verdict, changed, ("zqz",), files, tuple(findings), ())
    return review(
        *findings,
        kernel="zqz",
        network_config="zqz",
        verdict=verdict,
        counts=model.Counts(
            {"kept": 1, "moved": 1, "rewritten": 1, "dropped": 1},
            {"error": 1, "warning": 1, "note": 1},
            {"create": 0, "change": 1, "same": 0},
        ),
        nics=(nic,),
        pairs=(model.Pair("zqz", "zqz", "zqz", "aggregate", "zqz", "zqz", ("zqz",)),),
        before=(low, top),
        after=(low, top),
        ledger=settings,
        inputs=(model.Input("zqz", "zqz\n"),),
        files=(file,),
        reproduce="zqz",
        against=against,
        inventory="zqz",
        root="zqz",
    )
