"""The story of a machine on its page: every event with its lanes, and what is unfolded of it."""

from __future__ import annotations

import dataclasses

import pytest

from hyperv_net.facts import Severity
from hyperv_net.review.formats import html
from hyperv_net.review.page.timeline import timelines_of
from hyperv_net.simulation.story import EVENTS, WHOLE_STORY
from tests.page import pages


def test_every_event_of_the_story_has_its_lanes() -> None:
    (story,) = timelines_of(pages.review_of_example("linux-netplan"))
    assert [one.name for one in story.events] == [*WHOLE_STORY]
    assert [one.meaning for one in story.events] == [EVENTS[one] for one in WHOLE_STORY]
    names = ["host", "VF", "synthetic NIC", "aggregate", "addresses"]
    assert all([lane.name for lane in one.lanes] == names for one in story.events)


@pytest.mark.parametrize("name", pages.NAMES)
def test_a_lane_has_as_many_columns_as_its_event_has_steps(name: str) -> None:
    for story in timelines_of(pages.review_of_example(name)):
        for event in story.events:
            for lane in event.lanes:
                wide = sum(part.columns for part in lane.parts)
                assert wide == len(event.steps) + event.has_before


def test_what_was_before_is_told_but_of_a_machine_that_was_off() -> None:
    (story,) = timelines_of(pages.review_of_example("linux-netplan"))
    assert [one.name for one in story.events if not one.has_before] == ["boot", "late"]
    detach = next(one for one in story.events if one.name == "detach")
    states = {lane.name: [part.text for part in lane.parts] for lane in detach.lanes}
    assert states["VF"] == ["ens17 up in bond0", "away"]
    assert states["aggregate"] == ["bond0 by ens17", "bond0 by eth0"]


def test_a_reason_is_told_once_and_where_it_is_read_first() -> None:
    (story,) = timelines_of(pages.review_of_example("linux-netplan"))
    whys = [(event.is_shown, step.why) for event in story.events for step in event.steps]
    told = [why for _, why in whys if why]
    assert len(told) == len({*told})
    assert (True, "it is the fast path whenever it is there") in whys


def test_what_must_not_be_stands_at_its_step() -> None:
    review = pages.review_of_example("linux-netplan")
    assert review.timeline is not None
    (pair,) = review.timeline.pairs
    warned = next(one for moment in pair.moments for one in moment.warned)
    bad = dataclasses.replace(warned, severity=Severity.ERROR, message="nothing carries it")
    moments = (dataclasses.replace(pair.moments[0], warned=(bad,)), *pair.moments[1:])
    pairs = (dataclasses.replace(pair, moments=moments),)
    timeline = dataclasses.replace(review.timeline, pairs=pairs)
    review = dataclasses.replace(review, timeline=timeline)
    assert timelines_of(review)[0].events[0].steps[0].errors == ("nothing carries it",)
    assert '<b class="tag error">error</b> nothing carries it' in html.draw(review)


def test_pairs_that_go_the_same_way_share_their_lanes() -> None:
    review = pages.review_of_example("linux-bridge-vrf")
    (story,) = timelines_of(review)
    assert story.title == "eth0 + ens17; eth1 + ens19"
    page = html.draw(review)
    assert page.count('role="region"') == len(WHOLE_STORY)
    assert "takes ens17 away" in page and "takes ens19 away" not in page
    assert page.count('<details class="event" open>') == 2
