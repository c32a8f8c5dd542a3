"""interfaces(5): taken apart it is whole again, and no command is added to those it runs."""

from __future__ import annotations

from hyperv_net.renderers.ifupdown.existing import parts as parts_of
from tests.fuzz.inputs import texts
from tests.fuzz.machines import adopt


def once(data: bytes) -> None:
    found = texts(data, 2)
    if found is None:
        return
    main, further = found
    for text in found:
        assert "".join(line for part in parts_of(text) for line in part.lines) == text
    files = {"etc/network/interfaces": main}
    if further:
        files["etc/network/interfaces.d/50-x"] = further
    adopt("ifupdown", files)
