"""A history for people: the stories, then all entries, the newest last."""

from __future__ import annotations

from hyperv_net.errors import printable
from hyperv_net.owners import PERSON
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import PLAIN_LOOK, indent, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hyperv_net.journal.entry import Entry
    from hyperv_net.journal.story import PairStory, Story
    from hyperv_net.review.layout import Look

_ENDED = {"given-up": "given up"}


def history_text(
    stories: Sequence[Story], entries: Sequence[Entry], damaged: int, look: Look = PLAIN_LOOK
) -> str:
    """The whole history; times are in UTC."""
    lines = []
    if stories:
        lines.append(look.heading("Announcements, drains and VFs that went"))
        for story in stories:
            lines += _story(story, look)
        lines.append("")
    if entries:
        lines.append(look.heading("All that happened"))
        rows = [("TIME (UTC)", "WHAT", "ABOUT", ""), *map(_row, entries)]
        lines += indent(table(rows, look, taken=2))
    else:
        lines.append("Nothing has happened that is told")
    if damaged:
        noun = "line of the journal is" if damaged == 1 else "lines of the journal are"
        lines += ["", *look.fitted(f"{damaged} {noun} damaged, and not told")]
    return "\n".join(lines) + "\n"


def title(story: Story) -> str:
    """What a story is about, in some words."""
    if not story.owner:
        return f"unannounced, {', '.join(map(_name, story.pairs))}"
    if story.owner == PERSON:
        return f"drained by a person, {', '.join(map(_name, story.pairs))}"
    return story.owner


def moments(story: Story) -> list[tuple[str, str, str]]:
    """Time, what, and more of each moment of a story, in the order of the times."""
    ended = _ENDED.get(story.ended, story.ended)
    found = [
        (story.announced, "announced", story.text),
        (story.not_before, "not before", ""),
        (story.acknowledged, "acknowledged", ""),
        (story.started, "started", ""),
    ]
    for pair in story.pairs:
        found += _of_pair(pair)
    found.append((story.over, ended, ""))
    return sorted((one for one in found if one[0]), key=lambda one: one[0])


def _of_pair(pair: PairStory) -> Iterator[tuple[str, str, str]]:
    name = _name(pair)
    yield pair.drained, "drained", name
    for absence in pair.absences:
        seconds = absence.seconds
        yield absence.left, "VF gone", name
        after = f", after {seconds:.1f} s" if seconds is not None else ""
        yield absence.came, "VF back", f"{name}{after}"
        yield absence.joined, "VF joined", name
    yield pair.undrained, "drained no more", name


def carried(pair: PairStory) -> str:
    """What the paths of a pair carried meanwhile; empty where that is not known."""
    if pair.packets is None:
        return ""
    synthetic, vf = pair.packets
    return (
        f"{_name(pair)}: {synthetic.received} received and {synthetic.sent} sent over the "
        f"synthetic NIC, {vf.received} and {vf.sent} over the VF"
    )


def _story(story: Story, look: Look) -> list[str]:
    rows = [(what, _clock(time), printable(more)) for time, what, more in moments(story)]
    lines = look.fitted(f"  {title(story)}", 4)
    if rows:
        lines += indent(indent(table(rows, look, taken=4)))
    told = [f"    packets  {text}" for text in map(carried, story.pairs) if text]
    told += [f"    wrong    {printable(text)}" for text in story.wrong]
    for one in told:
        lines += look.fitted(one, 13)
    return lines


def _row(entry: Entry) -> tuple[str, str, str, str]:
    what = entry.happening.value.replace("-", " ")
    about = entry.label or entry.mac or entry.owner or "-"
    return _clock(entry.time), what, about, printable(entry.text)


def _name(pair: PairStory) -> str:
    return pair.label or pair.mac


def _clock(time: str) -> str:
    return time.replace("T", " ").rstrip("Z")
