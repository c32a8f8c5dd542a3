"""A machine as it is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freebsd_machine.machine import Machine, new_machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """hn0 and its VF mce0, nothing configured."""
    return new_machine(tmp_path)
