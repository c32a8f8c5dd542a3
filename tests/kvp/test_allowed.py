"""What the settings let the host do: ask for addresses, and set them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files import put
from tests.kvp.linux import inject, kvp, with_pair
from tests.kvp.texts import LINUX_IPV4

SETTING = "etc/cloud/cloud.cfg.d/95-ours.cfg"
ALLOWED = [
    ("", True, True),
    ("kvp: inject", True, True),
    ("kvp: answer", True, False),
    ("kvp: off", False, False),
    ("kvp: 'off'", False, False),
    ("enabled: false", False, False),
    ("enabled: false, kvp: inject", False, False),
    ("kvp: sometimes", False, False),
]


@pytest.mark.parametrize("target", ["netplan", "ifupdown"])
@pytest.mark.parametrize(("setting", "answers", "injects"), ALLOWED)
def test_the_host_may_do_what_the_setting_says_at_once(
    setting: str,
    answers: bool,
    injects: bool,
    target: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whenever it was edited; and where it cannot be read the host may nothing."""
    root = with_pair(tmp_path, target, dhcp4=True)
    before = {path: path.read_bytes() for path in (tmp_path / "etc").rglob("*") if path.is_file()}
    if setting:
        put(root, SETTING, f"hyperv_net: {{{setting}}}\n")
    for question in (("dhcp", "eth0"), ("dns",)):
        # What is wished is no failure, which would be a line of the log for each question.
        assert (kvp(root, *question) == 0) == (answers or "sometimes" not in setting)
        said = capsys.readouterr()
        assert bool(said.out) == answers
        assert (said.err.count("\n") == 1) == (not answers)
    assert (inject(root, LINUX_IPV4) == 0) == injects
    said = capsys.readouterr()
    assert injects or said.err.count("\n") == 1
    after = {path: path.read_bytes() for path in before}
    assert (after != before or (root / "etc/netplan/95-hyperv-net-kvp.yaml").exists()) == injects
