"""What is kept of the last reconcile, read again whatever has become of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.hotplug.kept import last


@pytest.mark.parametrize("text", ["", "[]", "[" * 60000, '{"schema": 1}', "\udcff", "9" * 5000])
def test_a_file_that_is_none_of_ours_is_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "last.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert last.read(str(tmp_path)) is None
