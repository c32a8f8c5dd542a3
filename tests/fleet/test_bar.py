"""The bar of a fleet says how many machines are done, how fast, and how long it takes."""

from __future__ import annotations

import io
import sys

import pytest

from hyperv_net.commands.fleet_bar import counting


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_shown_machines_rate_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with counting("machines", 100) as advance:
        advance(25, 640)
        advance(25, 640)
    said = screen.getvalue()
    assert "1280 machines" in said and "50%" in said and "a second" in said


def test_what_is_no_terminal_is_shown_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    with counting("machines", None) as advance:
        advance(25, 640)
    assert screen.getvalue() == ""
