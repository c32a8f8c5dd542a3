"""Images to be baked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bake import images


@pytest.fixture
def freebsd(tmp_path: Path) -> Path:
    """An image of FreeBSD, whose path has a space in it."""
    return images.freebsd(tmp_path / "freebsd root")


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    """An image of Debian."""
    return images.make(tmp_path / "debian", images.DEBIAN)
