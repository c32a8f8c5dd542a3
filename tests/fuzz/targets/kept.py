"""What the hook keeps of a drain, its last run and what it saw, and the journal.

A file, or a line of the journal, that holds none is passed over.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hyperv_net.hotplug.kept import drains, last
from hyperv_net.hotplug.kept.noticed import keep_noticed, read_noticed
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.journal.as_json import history_document
from hyperv_net.journal.lines import line_of
from hyperv_net.journal.lines import told as journal
from hyperv_net.journal.story import stories
from hyperv_net.journal.text import history_text
from hyperv_net.names import is_interface_name
from hyperv_net.owners import is_owner
from hyperv_net.review.layout import Look
from hyperv_net.visible import visible
from tests.building import mac
from tests.fuzz.inputs import texts

_FOLDER = TemporaryDirectory(prefix="fuzz-")


def once(data: bytes) -> None:
    found = texts(data, 4)
    if found is None:
        return
    drained = Path(_FOLDER.name, "drained", mac(0))
    drained.parent.mkdir(exist_ok=True)
    drained.write_bytes(found[0].encode())
    Path(_FOLDER.name, "last.json").write_bytes(found[1].encode())
    for drain in drains.read_drains(_FOLDER.name):
        assert drain.mac == mac(0) and (is_interface_name(drain.vf_name) or not drain.vf_name)
        assert all(is_owner(one) for one in drain.owners)
        assert bool(drain.owners) or drain.phase is Phase.ENDING
        before = drains.read_drains(_FOLDER.name)
        drains.keep_drains(_FOLDER.name, before)
        assert drains.read_drains(_FOLDER.name) == before
    last.read(_FOLDER.name)
    Path(_FOLDER.name, "noticed.json").write_bytes(found[2].encode())
    noticed = read_noticed(_FOLDER.name)
    if noticed is not None:
        keep_noticed(_FOLDER.name, noticed)
        assert read_noticed(_FOLDER.name) == noticed
    told = journal(found[3].split("\n"))
    assert journal(map(line_of, told.entries)) == (told.entries, 0)
    text = visible(history_text(stories(told.entries), told.entries, told.damaged, Look(60)))
    assert max(map(len, text.splitlines())) <= 60
    history_document(stories(told.entries), told.entries, told.damaged)
