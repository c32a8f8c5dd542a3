"""JUnit's XML, read back by its own reader and held against what Jenkins' schema says."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from junitparser import JUnitXml

from hyperv_net.cli import main
from hyperv_net.review import model
from hyperv_net.review.formats import junit
from hyperv_net.review.verdict import is_refused
from tests.review.formats.made import ALL_EXAMPLES, finding, review

#: Of junit-10.xsd: an element's children, its required attributes, and all of them.
ELEMENTS = {
    "testsuites": ({"testsuite"}, set(), {"name", "time", "tests", "failures", "errors"}),
    "testsuite": (
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file"},
    ),
    "testcase": (
        {"skipped", "error", "failure", "system-out", "system-err"},
        {"name"},
        {"time", "classname", "group"},
    ),
    "failure": (set(), set(), {"type", "message"}),
    "system-out": (set(), set(), set()),
}


def read(text: str) -> JUnitXml:
    fits(ET.fromstring(text))
    return JUnitXml.fromstring(text.encode())


def fits(element: ET.Element) -> None:
    children, required, others = ELEMENTS[element.tag]
    assert {one.tag for one in element} <= children, element.tag
    # A second attribute of testsuites is newer than that schema, and all readers pass over it.
    extra = {"skipped"} if element.tag == "testsuites" else set()
    assert required <= {*element.attrib} <= required | others | extra, element.attrib
    assert re.fullmatch(r"[0-9]*(\.[0-9]*)?", element.get("time", ""))
    for one in element:
        fits(one)


def drawn(*reviews: model.Review) -> JUnitXml:
    return read(junit.draw_all(reviews))


def test_every_example_is_a_suite_with_its_pairs_as_cases(tmp_path: Path) -> None:
    out = tmp_path / "junit.xml"
    assert main([*ALL_EXAMPLES, "--format", "junit", "-o", str(out)]) == 1
    document = read(out.read_text())
    cases = {one.name: [case.name for case in one] for one in document}
    assert len(cases) == len([one for one in ALL_EXAMPLES if one.endswith("config.yaml")])
    two = cases["examples/linux-two-pairs-and-one/network-config.yaml"]
    assert [name.partition(" ")[0] for name in two] == ["pair"] * (len(two) - 2) + [
        "settings",
        "verdict",
    ]
    assert len(two) >= 4
    failed = {one.name for one in document if one.failures}
    assert failed == {"examples/three-same-mac/network-config.yaml"}


def test_an_error_fails_the_case_that_it_is_about_and_a_warning_is_said() -> None:
    of_pair = finding(rule="same-mac", severity="error", message="eth0 is wrong", where="")
    of_settings = finding(where="net.yaml: ethernets.eth7.mtu")
    allowed = finding(rule="bad", severity="error", message="a word", where="", allowed=True)
    verdict = model.Verdict("network", "The network will be lost.", ("eth0 is wrong",))
    (suite,) = drawn(review(of_pair, of_settings, allowed, verdict=verdict))
    cases = {one.name: one for one in suite}
    assert [*cases] == ["pair eth0 + ens1 (02:00:00:00:00:01)", "settings", "verdict"]
    pair, settings, whole = cases.values()
    assert pair.result[0].text == "error: eth0 is wrong [same-mac]"
    assert pair.result[0].type == "same-mac"
    assert settings.result == []
    assert "100 is not in the result [setting-dropped]" in settings.system_out
    # What a case says already is not said again, and what nothing says is.
    assert whole.result[0].text == "The network will be lost."
    unsaid = model.Verdict("network", "The network will be lost.", ("eth0 is wrong", "no address"))
    (suite_of_unsaid,) = drawn(review(of_pair, verdict=unsaid))
    (text,) = (one.result[0].text for one in suite_of_unsaid if one.name == "verdict")
    assert text == "The network will be lost.\nerror: no address [network-lost]"
    assert "error, allowed: a word [bad]" in whole.system_out
    assert (suite.tests, suite.failures, suite.errors) == (3, 2, 0)


def test_machines_of_one_config_have_names_of_their_own() -> None:
    document = drawn(review(inventory="a.json"), review(inventory="b.json"), review())
    names = [one.name.rpartition("/")[2] for one in document]
    assert len({one.name for one in document}) == 3
    assert names[0].endswith("a.json)") and names[1].endswith("b.json)")


@pytest.mark.parametrize("fail_on", ["error", "warning", "note"])
def test_a_case_fails_by_what_fails_the_review(fail_on: str) -> None:
    severities = ["error", "warning", "note"]
    fatal = severities[: severities.index(fail_on) + 1]
    for severity in severities:
        one = finding(severity=severity, where="net.yaml: ethernets.eth7.mtu", key=("ethernets",))
        red = review(one, fail_on=fail_on)
        (suite,) = drawn(red)
        assert suite.failures == int(severity in fatal) == int(is_refused(red))
        allowed = review(dataclasses.replace(one, allowed=True), fail_on=fail_on)
        assert next(iter(drawn(allowed))).failures == int(is_refused(allowed)) == 0
