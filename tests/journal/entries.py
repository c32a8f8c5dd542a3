"""Entries of a journal, for tests."""

from __future__ import annotations

from hypothesis import strategies as st

from hyperv_net.journal.entry import Carried, Entry, Happening, Role
from hyperv_net.journal.kept import stamp

MAC = "00:0d:3a:00:00:01"
OWNER = "azure:602d9444-d2cd-49c7-8624-8643e7171297"

#: Midnight of a day in 2026, in seconds since the epoch.
BEGIN = 1_790_812_800


def entry(
    seconds: float,
    happening: Happening,
    text: str = "",
    mac: str = MAC,
    owner: str = "",
    not_before: str = "",
    carried: tuple[Carried, ...] = (),
) -> Entry:
    """An entry so many seconds after BEGIN."""
    return Entry(stamp(BEGIN + seconds), happening, text, mac, owner, not_before, carried)


def carried(synthetic: int, vf: int | None = None) -> tuple[Carried, ...]:
    """A pair's NICs that have received and sent so many packets each."""
    found = (Carried("eth0", Role.SYNTHETIC, synthetic, synthetic),)
    return found if vf is None else (*found, Carried("enP1s0", Role.VF, vf, vf))


def any_entry() -> st.SearchStrategy[Entry]:
    """Whatever may stand in an entry."""
    counts = st.integers(0, 2**64 - 1)
    nics = st.builds(
        Carried, st.sampled_from(["eth0", "vf0"]), st.sampled_from(Role), counts, counts
    )
    return st.builds(
        Entry,
        time=st.floats(0, 4e9).map(stamp),
        happening=st.sampled_from(Happening),
        text=st.text(max_size=500),
        mac=st.sampled_from(["", MAC]),
        owner=st.sampled_from(["", "person", OWNER]),
        not_before=st.sampled_from(["", stamp(BEGIN)]),
        carried=st.lists(nics, max_size=3).map(tuple),
        label=st.sampled_from(["", "bond0"]),
    )
