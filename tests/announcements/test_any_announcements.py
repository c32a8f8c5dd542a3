"""Whatever is announced, and whenever a service is ended: no drain lasts, and none is another's."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.course import IN_ALL, LONGEST, Known
from hyperv_net.announcements.following import Rules
from hyperv_net.announcements.kept import LONGEST_BOOT, Kept
from hyperv_net.announcements.questions import NAP
from hyperv_net.announcements.source import Heard, Took
from hyperv_net.announcements.watching import KEPT_EVERY
from tests.announcements.watched import World

WALL = 1_800_000_000.0
NAMES = ("azure", "directory")
#: Seconds of a script, and of the quiet after it: what is announced for the end of the script comes
#: later by a clock that was set back, and lasts for its bound at most.
SCRIPT, QUIET = 3000.0, 4 * LONGEST + 900

times = st.one_of(st.none(), st.integers(-600, int(SCRIPT)).map(lambda one: WALL + one))
announcements = st.builds(
    Announcement,
    source=st.sampled_from([*NAMES, "another"]),
    id=st.sampled_from(["E1", "E2", "E3"]),
    kind=st.sampled_from(["freeze", "reboot", "terminate", "odd"]),
    stage=st.sampled_from(Stage),
    not_before=times,
    is_mine=st.booleans(),
    is_mine_alone=st.booleans(),
    names_nobody=st.booleans(),
    interrupts=st.none(),
    text=st.just(""),
    edition=st.sampled_from(["", "1", "2"]),
).map(lambda one: one._replace(names_nobody=one.names_nobody and not one.is_mine))
answers = st.builds(
    Heard,
    st.one_of(st.none(), st.lists(announcements, max_size=3).map(tuple)),
    st.sampled_from([60.0, 20.0, 5.0, 0.0]),
    unread=st.sampled_from([(), (), ("",), ("E1",)]),
)
scripts = st.lists(st.tuples(st.floats(0, SCRIPT), answers), max_size=12)


def playing(courses: dict[str, list[tuple[float, Heard]]], after: Heard) -> Callable[..., Heard]:
    def answer(name: str, passed: float) -> Heard:
        told = [
            heard
            for since, heard in sorted(courses[name], key=lambda one: one[0])
            if since <= passed
        ]
        return after if passed >= SCRIPT or not told else told[-1]

    return answer


def owners_that_were_mine(courses: dict[str, list[tuple[float, Heard]]]) -> set[str]:
    return {
        one.owner
        for name, course in courses.items()
        for _, heard in course
        for one in heard.announcements or ()
        if one.source == name and one.is_mine and one.kind != "terminate"
    }


TOOK = [Took(), Took("400", is_refused=True), Took("500", wait=10), Took("429", wait=60)]


def gaps(world: World, name: str) -> float:
    """Seconds from the answer to whatever was sent to a source to the next, at the least."""
    sent = [one for one in (*world.asked, *world.told) if one.source == name]
    sent.sort(key=lambda one: one.time)
    between = [
        later.time - one.answered
        for one, later in zip(sent, sent[1:])
        if one.service == later.service
    ]
    return min(between, default=60.0)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_course_of_announcements_ends_undrained(data: st.DataObject) -> None:
    courses = {name: data.draw(scripts, name) for name in NAMES}
    after = data.draw(st.sampled_from([Heard((), 10), Heard(None, 60, "timed out")]))
    failing = iter(data.draw(st.lists(st.booleans(), max_size=30), label="what fails"))
    latency = data.draw(st.sampled_from([0.0, 1.0, 130.0]), label="latency")
    rules = Rules(data.draw(st.sampled_from([0.0, 120.0, 900.0])), data.draw(st.booleans()))
    world = World(playing(courses, after), latency, lambda owner: next(failing, False), WALL)
    world.apart = data.draw(st.sampled_from([0.0, 5.0]), label="apart")
    taking = iter(data.draw(st.lists(st.sampled_from(TOOK), max_size=30), label="what is taken"))
    world.takes = lambda event: next(taking, Took())
    ends = data.draw(st.lists(st.floats(1, SCRIPT), max_size=4).map(sorted), label="ends")
    for end in ends:
        world.serve(NAMES, end, rules)
        what = data.draw(st.sampled_from(["service", "boot", "known lost", "clock set", "later"]))
        is_anew = what == "boot"
        if is_anew:
            world.boot()
            world.serve(NAMES, world.passed + 1, rules, is_anew=True)
        if what == "known lost":
            world.kept, world.kept_at = Known(), Kept()
        if what == "clock set":
            world.ahead += data.draw(st.sampled_from([-86400.0, -300.0, 600.0, 86400.0]))
        if what == "later":
            world.passed += data.draw(st.sampled_from([30.0, 600.0]))
    world.serve(NAMES, max(world.passed, SCRIPT) + QUIET, rules)

    assert world.owners == {}
    assert world.ever <= owners_that_were_mine(courses)
    for name in NAMES:
        mine = [one for one in world.asked if one.source == name]
        for one, later in zip(mine, mine[1:]):
            if one.service == later.service:
                assert later.time - one.answered >= max(1.0, one.heard.wait) - 1e-6
        assert gaps(world, name) >= world.apart - 1e-6
    acknowledged = {f"{name}:{one}" for name in NAMES for one in world.acknowledged}
    assert rules.acknowledges or not acknowledged


@settings(max_examples=40, deadline=None)
@given(scripts, st.sampled_from([0.0, 120.0, 900.0]))
def test_no_announcement_holds_the_traffic_beyond_its_bound(
    course: list[tuple[float, Heard]], ahead: float
) -> None:
    """However its time moves, and whether or not its source is heard."""
    world = World(playing({"azure": course}, Heard(None, 10)), wall=WALL)
    world.serve(["azure"], SCRIPT + QUIET, Rules(ahead))
    assert world.owners == {}
    assert world.longest <= IN_ALL + 1e-6


STARTED = Announcement("azure", "E1", "freeze", Stage.STARTED)
NOBODYS = STARTED._replace(is_mine=False, names_nobody=True)
still = st.sampled_from(
    [
        Heard((STARTED,), 5),
        Heard((NOBODYS,), 5),
        Heard((), 5, "damaged", ("E1",)),
        Heard((), 5, "no id", ("",)),
        Heard(None, 5, "timed out"),
    ]
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(1, LONGEST), still), max_size=12),
    st.floats(1, LONGEST - 1),
    st.lists(st.floats(1, LONGEST), max_size=5).map(sorted),
)
def test_a_drain_holds_while_its_event_goes_on_whenever_a_vf_takes_it_back(
    course: list[tuple[float, Heard]], restart: float, returns: list[float]
) -> None:
    course = [(0.0, Heard((STARTED,), 5)), *course]
    world = World(playing({"azure": course}, Heard((), 5)), wall=WALL)
    world.vf_returns = [*returns]
    for until in (restart, LONGEST - 1):
        world.serve(["azure"], until)
        assert world.owners == {STARTED.owner: 0.0}
    # A service that has just begun waits for its source, or for the silence of that.
    assert all(seen - since <= NAP for since, seen in world.lapses)
    assert len(world.lapses) - world.drained_again <= 1


offs = st.lists(st.floats(1, 900), max_size=8).map(sorted)


@settings(max_examples=40, deadline=None)
@given(offs, st.sampled_from([0.0, 1.0, 20.0, 130.0]), st.sampled_from([0.0, 5.0]), st.booleans())
def test_turned_off_and_on_again_nothing_is_asked_twice_at_once_or_too_soon_or_lost(
    switched: list[float], latency: float, apart: float, acknowledges: bool
) -> None:
    """It is off from each odd time to the next even one; what is on its way comes in meanwhile."""

    def is_off(passed: float) -> bool:
        return sum(one <= passed for one in switched) % 2 == 1

    ahead = tuple(
        STARTED._replace(id=f"E{number}", stage=Stage.SCHEDULED, not_before=WALL + 1500)
        for number in range(3)
    )
    world = World(playing({"azure": [(0.0, Heard(ahead, 5))]}, Heard((), 5)), latency, wall=WALL)
    world.apart, world.is_off = apart, is_off
    rules = Rules(900.0, acknowledges)
    world.serve(["azure"], 900, rules)
    # That no two are on their way at once is held by the world itself.
    assert gaps(world, "azure") >= apart - 1e-6
    if is_off(900):
        # That it is off is seen at the next look, and each undrain may wait for what is on its way.
        assert world.owners == {} or switched[-1] > 840
        world.is_off = lambda passed: False
    last = world.passed
    world.serve(["azure"], last + 3 * (latency + NAP) + 60, rules)
    assert {*world.owners} == {one.owner for one in ahead}
    world.serve(["azure"], SCRIPT + 2 * (latency + NAP) + 60)
    assert world.owners == {}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(10, 900),
            st.booleans(),
            st.floats(0, 1500),
            st.sampled_from([0.0, 1000.0]),
            st.sampled_from([0.0, 0.0, -86_400.0, -30.0, 300.0, 86_400.0]),
        ),
        max_size=6,
    )
)
@example([(100.0, True, 0.0, 0.0, 86_400.0)])
def test_boots_restarts_and_set_clocks_stretch_no_drain_by_more_than_cannot_be_known(
    course: list[tuple[float, bool, float, float, float]],
) -> None:
    """Each runs for a while, and is a boot or a restart: away, then up, and a clock was set.

    What cannot be known is how long a machine was off whose clock was set back, and what
    of it is more than LONGEST_BOOT.
    """
    world = World(lambda name, passed: Heard((STARTED,), 5), wall=WALL)
    lost = gained = 0.0
    is_boot = False
    for runs, is_next_a_boot, away, up, clock in course:
        world.serve(["azure"], world.passed + runs, is_anew=is_boot)
        is_boot = is_next_a_boot
        world.passed += away
        world.ahead += clock
        if is_boot:
            world.boot()
            world.passed += up
            not_counted = away + KEPT_EVERY + NAP
            lost += not_counted if clock < 0 else max(0.0, not_counted - LONGEST_BOOT)
            gained += LONGEST_BOOT if clock > 0 else 0.0
    world.serve(["azure"], max(world.passed + 10, LONGEST + lost + 3 * NAP), is_anew=is_boot)
    assert world.owners == {}
    assert world.given_up >= LONGEST - gained - 1e-6


some = st.sets(st.sampled_from(["E1", "E2", "E3"]), min_size=1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(1, LONGEST), some), max_size=12), some)
def test_the_traffic_does_not_go_back_between_two_events(
    course: list[tuple[float, set[str]]], first: set[str]
) -> None:
    told = [
        (since, Heard(tuple(STARTED._replace(id=one) for one in sorted(ids)), 5))
        for since, ids in [(0.0, first), *course]
    ]
    world = World(playing({"azure": told}, Heard((), 5)), wall=WALL)
    world.serve(["azure"], LONGEST - 1)
    assert world.owners and world.went_back == 0
