"""What is new since a base, as SARIF says it."""

from __future__ import annotations

from hyperv_net.review import model
from tests.review.formats.made import finding, review
from tests.review.formats.test_sarif import drawn, fingerprints

OLD, NEW = finding(message="old"), finding(message="new")


def against(*gone: model.Finding, new: tuple[model.Finding, ...] = (NEW,)) -> model.Comparison:
    verdict = model.Verdict("network", "Lost.", ("no address",))
    return model.Comparison("base.yaml", verdict, (), (), (), new, gone)


def test_a_result_is_new_or_as_it_was_and_one_that_is_gone_is_no_alert() -> None:
    run = drawn(review(OLD, NEW, against=against(finding(message="gone"))))
    states = {one["message"]["text"]: one["baselineState"] for one in run["results"]}
    assert [state for text, state in states.items() if text.endswith("old")] == ["unchanged"]
    assert [state for text, state in states.items() if text.endswith("new")] == ["new"]
    assert len(states) == 2
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (told["level"], told["message"]["text"]) == ("note", "1 finding of the base is gone")


def test_without_a_base_nothing_is_said_of_one() -> None:
    run = drawn(review(OLD))
    assert all("baselineState" not in one for one in run["results"])
    assert not run["invocations"][0]["toolExecutionNotifications"]


def test_what_is_new_on_one_machine_is_one_result_and_new() -> None:
    known = review(NEW, against=against(new=()))
    for reviews in (
        (known, review(NEW, against=against())),
        (review(NEW, against=against()), known),
    ):
        run = drawn(*reviews)
        assert [one["baselineState"] for one in run["results"]] == ["new"]
        assert fingerprints(run) == fingerprints(drawn(review(NEW)))


def test_a_reason_of_the_verdict_is_new_unless_it_is_one_of_the_base() -> None:
    lost = model.Verdict("network", "Lost.", ("no address", "no route"))
    run = drawn(review(verdict=lost, against=against(new=())))
    assert [one["baselineState"] for one in run["results"]] == ["unchanged", "new"]
