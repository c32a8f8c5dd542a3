"""What the host injects: refused, or addresses that stand in the files of each target."""

from __future__ import annotations

from hyperv_net.kvp.injected import parse
from hyperv_net.kvp.settings import device_of, render, unused, wanted_by
from hyperv_net.names import is_interface_name
from hyperv_net.renderers import targets
from tests.fuzz.inputs import refused_in_one_line, texts


def once(data: bytes) -> None:
    parts = texts(data, 1)
    if parts is None:
        return
    with refused_in_one_line():
        injection = parse(parts[0], "injected")
        assert is_interface_name(injection.interface)
        wanted_by(injection)
        for line in unused(injection):
            assert "\n" not in line
        for target in targets():
            settings = device_of(injection, on_link=target.injecting.reaches_off_link)
            with refused_in_one_line():
                rendered = render(injection.interface, settings, target, {})
                text = "".join(file.text for file in rendered.files)
                assert not {"$", "`", "\\"} & set(text) or not target.injecting.programs, text
