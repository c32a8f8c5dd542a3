"""rc.conf: what is changed in it has the value that was meant, and all else stays as it is."""

from __future__ import annotations

from hyperv_net.marks import BEGIN
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from tests.fuzz.inputs import refused_in_one_line, texts
from tests.fuzz.machines import adopt


def once(data: bytes) -> None:
    parts = texts(data, 1)
    if parts is None:
        return
    text = parts[0]
    with refused_in_one_line():
        before = RcFile(text, "etc/rc.conf")
        # What is ours and not set again goes.
        assert BEGIN in text or before.text() == text, (
            "a file that nothing was changed in is another"
        )
        _changed(text, before)
    adopt("freebsd", {"etc/rc.conf": text})


def _changed(text: str, before: RcFile) -> None:
    rc = RcFile(text, "etc/rc.conf")
    rc.assign("ifconfig_lagg7", "up laggport hn0")
    after = RcFile(rc.text(), "etc/rc.conf")
    assert after.value("ifconfig_lagg7") == "up laggport hn0" or rc.is_fixed("ifconfig_lagg7")
    for name in () if BEGIN in text else before.names():
        if name != "ifconfig_lagg7":
            assert after.value(name) == before.value(name), name
    assert len(after.commands) == len(before.commands), "a command more, or one less"
    again = RcFile(rc.text(), "etc/rc.conf")
    again.assign("ifconfig_lagg7", "up laggport hn0")
    assert again.text() == rc.text(), "what was written would be written again"
