"""`review --against REVISION`: what a checkout had, and nothing that it would do."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.cli import main
from tests.commands.calling import Capture

MAC = "00:0d:3a:11:22:33"


class Checkout:
    """A checkout with one network config."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.config = top / "net.yaml"
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("dhcp4: true", "mtu: 1400")
        self.commit()

    def git(self, *words: str) -> None:
        identity = ["-c", "user.name=n", "-c", "user.email=n@example.net"]
        subprocess.run(["git", "-C", self.top, *identity, *words], check=True, capture_output=True)

    def write(self, *lines: str) -> None:
        head = ["version: 2", "ethernets:", "  eth0:", f"    match: {{macaddress: '{MAC}'}}"]
        self.config.write_text("\n".join([*head, *(f"    {line}" for line in lines)]) + "\n")

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "more")

    def review(self, capsys: Capture, base: str) -> tuple[int, Any]:
        given = ["review", "--kind", "kvm-virtio", "--network-config", str(self.config)]
        status = main([*given, "--against", base, "--format", "json"])
        printed = capsys.readouterr()
        return status, json.loads(printed.out) if printed.out else printed.err


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def changed(document: Any) -> list[tuple[str, Any]]:
    return [(one["key"], one["before"]) for one in document["against"]["settings"]]


def test_what_a_revision_had_is_the_base(checkout: Checkout, capsys: Capture) -> None:
    checkout.write("dhcp4: true", "mtu: 9000")
    status, document = checkout.review(capsys, "HEAD")
    assert status == 0
    assert changed(document) == [("bonds.bond0.mtu", 1400)]
    assert document["against"]["base"] == "HEAD"


def test_a_revision_that_is_none_is_wrong_usage(checkout: Checkout, capsys: Capture) -> None:
    status, error = checkout.review(capsys, "no-such")
    assert status == 64
    assert error.startswith("hyperv-net: --against no-such: git: ")
    assert checkout.review(capsys, "--upload-pack=x")[0] == 64


def test_a_base_that_is_broken_is_no_fault_of_what_mends_it(
    checkout: Checkout, capsys: Capture
) -> None:
    checkout.write("dhcp4: maybe")
    checkout.commit()
    checkout.write("dhcp4: true")
    status, document = checkout.review(capsys, "HEAD")
    assert (status, document["verdict"]["level"], document["against"]) == (0, "look", None)
    (finding,) = document["findings"]
    assert finding["rule"] == "base-not-planned"
    assert "HEAD:net.yaml:5:12: ethernets.eth0.dhcp4: not true or false" in finding["message"]


def test_a_name_that_is_a_path_too_is_wrong_usage(
    checkout: Checkout, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.git("branch", "weird")
    (checkout.top / "weird").mkdir()
    monkeypatch.chdir(checkout.top)
    status, error = checkout.review(capsys, "weird")
    assert status == 64
    assert "it is a path and a revision (write ./weird, or refs/heads/weird)" in error
    assert checkout.review(capsys, "refs/heads/weird")[0] == 0


def test_no_attribute_hides_a_file_and_no_filter_is_run(
    checkout: Checkout, capsys: Capture
) -> None:
    (checkout.top / ".gitattributes").write_text("net.yaml export-ignore filter=evil\n")
    checkout.git("config", "filter.evil.smudge", f"touch {checkout.top}/ran; cat")
    checkout.commit()
    checkout.write("dhcp4: true", "mtu: 9000")
    _, document = checkout.review(capsys, "HEAD")
    assert changed(document) == [("bonds.bond0.mtu", 1400)]
    assert not (checkout.top / "ran").exists()


def test_a_name_is_no_pattern(checkout: Checkout, capsys: Capture) -> None:
    checkout.config = checkout.top / ":(glob)x.yaml"
    checkout.write("dhcp4: true", "mtu: 1400")
    checkout.commit()
    checkout.write("dhcp4: true", "mtu: 9000")
    assert changed(checkout.review(capsys, "HEAD")[1]) == [("bonds.bond0.mtu", 1400)]


def test_a_link_is_followed_in_the_revision_and_not_on_this_machine(
    checkout: Checkout, capsys: Capture, tmp_path: Path
) -> None:
    secret = tmp_path / "other" / "secret"
    secret.parent.mkdir()
    secret.write_text("of-this-machine\n")
    checkout.config.rename(checkout.top / "real.yaml")
    checkout.config.symlink_to("real.yaml")
    checkout.commit()
    assert checkout.review(capsys, "HEAD")[1]["against"]["settings"] == []
    checkout.config.unlink()
    checkout.config.symlink_to(secret)
    checkout.commit()
    checkout.config.unlink()
    checkout.write("dhcp4: true")
    _, document = checkout.review(capsys, "HEAD")
    assert "a link out of the checkout" in document["findings"][0]["message"]
    assert "of-this-machine" not in json.dumps(document)


def test_a_machine_that_is_new_is_compared_with_nothing_and_that_is_told(
    checkout: Checkout, capsys: Capture
) -> None:
    checkout.config = checkout.top / "new.yaml"
    checkout.write("dhcp4: true")
    status, document = checkout.review(capsys, "HEAD")
    assert (status, document["against"]) == (0, None)
    (told,) = [one for one in document["findings"] if one["rule"] == "new-config"]
    assert told["message"] == "it is not in HEAD, so nothing is compared"
