"""What below a root is believed: what nobody else could have written, or put in its place."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.root import believing
from tests.files import put
from tests.owners import give_away

FILE = "var/lib/hyperv-net/wanted.json"
#: The file and every folder on the way to it, the root first.
WAY = ("", "var", "var/lib", "var/lib/hyperv-net", FILE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    put(root, FILE, "told\n")
    for path in WAY[:-1]:
        (root / path).chmod(0o755)
    return root


def refused(root: Path, path: str = FILE) -> str:
    """The line that both questions are refused with."""
    lines = set()
    for ask in (lambda: believing.read(root, path, 99), lambda: believing.check(root, path)):
        with pytest.raises(HypervNetError) as raised:
            ask()
        lines.add(str(raised.value))
    (line,) = lines
    assert "\n" not in line
    return line.replace(str(root), "ROOT")


def test_what_is_ours_alone_is_believed(root: Path) -> None:
    assert believing.read(root, FILE, 99) == b"told\n"
    assert believing.read(root, FILE, 2) == b"to"
    assert believing.check(root, FILE) and believing.check(root, "var/lib")


def test_nothing_is_there_whosever_the_way_to_it_is(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_away(root, monkeypatch)
    for path in ("var/none", "none/at/all", f"{FILE}/below"):
        assert believing.read(root, path, 99) is None
        assert not believing.check(root, path)


@pytest.mark.parametrize("path", WAY)
def test_whoever_owns_a_folder_on_the_way_could_have_forged_it(
    path: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid():
        user = give_away(root / path, monkeypatch)
    else:
        user = 1234
        os.chown(root / path, user, user)
    line = refused(root)
    place = "ROOT" if os.geteuid() or not path else f"ROOT/{path}"
    assert line.startswith(f"{place}: belongs to user {user}, so what stands there is not believed")
    assert "chown" in line
    assert believing.read(root, FILE, 99, doubting=False) == b"told\n"


@pytest.mark.parametrize("path", WAY)
def test_whoever_may_write_on_the_way_could_have_forged_it(path: str, root: Path) -> None:
    there = root / path
    mode = there.stat().st_mode & 0o777
    there.chmod(mode | 0o002)
    place = f"{root}/{path}".rstrip("/")
    assert f"chmod go-w {place}" in refused(root).replace("ROOT", str(root))
    assert "can be written by everybody" in refused(root)
    there.chmod(mode | 0o020)
    os.chown(there, -1, foreign_group())
    assert f"can be written by group {foreign_group()}" in refused(root)


def foreign_group() -> int:
    """A group that is not only the user's."""
    if os.geteuid() == 0:
        return 1
    own = pwd.getpwuid(os.geteuid()).pw_name
    found = (one for one in os.getgroups() if grp.getgrgid(one).gr_name != own)
    return next(found, os.getegid())


def test_a_group_of_nobody_but_the_user_is_no_other(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As distributions make one for each user, whose umask is 0002 then."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    (root / "var").chmod(0o775)
    group = (root / "var").stat().st_gid

    def with_members(name: str, *members: str) -> None:
        found = grp.struct_group((name, "x", group, list(members)))
        monkeypatch.setattr(grp, "getgrgid", lambda number: found)

    with_members(user)
    assert believing.read(root, FILE, 99) == b"told\n"
    with_members(user, user)
    assert believing.read(root, FILE, 99) == b"told\n"
    with_members(user, "mallory")
    assert "can be written by group" in refused(root)
    with_members("staff")
    assert "can be written by group" in refused(root)


def test_what_is_believed_is_no_link(root: Path) -> None:
    (root / FILE).rename(root / "elsewhere")
    (root / FILE).symlink_to("/elsewhere")
    assert "is a link, so what stands there is not believed" in refused(root)


def test_a_folder_may_be_a_link_of_ours(root: Path) -> None:
    (root / "var/lib/hyperv-net").rename(root / "elsewhere")
    (root / "var/lib/hyperv-net").symlink_to("/elsewhere")
    assert believing.read(root, FILE, 99) == b"told\n"


@pytest.mark.parametrize("target", ["usr/var", "/usr/var", "../../usr/var"])
def test_a_link_of_ours_further_up_leads_on_inside_the_root(target: str, root: Path) -> None:
    (root / "usr").mkdir()
    (root / "usr").chmod(0o755)
    (root / "var").rename(root / "usr/var")
    (root / "var").symlink_to(target)
    assert believing.read(root, FILE, 99) == b"told\n"
    (root / "usr").chmod(0o777)
    assert "ROOT/usr: can be written by everybody" in refused(root)


def test_a_link_of_somebody_elses_is_not_followed_to_what_is_ours(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "var").rename(root / "real")
    (root / "var").symlink_to("real")
    assert believing.read(root, FILE, 99) == b"told\n"
    user = give_away(root / "var", monkeypatch)
    assert f"belongs to user {user}" in refused(root)


def test_links_in_a_circle_and_what_is_no_file_are_errors(root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    assert "too many symbolic links" in refused(root, "a/x/y")
    os.mkfifo(root / "fifo")
    assert "neither a file nor a folder" in refused(root, "fifo")


def test_no_descriptor_is_left_open(root: Path) -> None:
    before = set(Path("/proc/self/fd").iterdir())
    believing.read(root, FILE, 99)
    believing.check(root, "none/at/all")
    (root / "var").chmod(0o777)
    refused(root)
    assert set(Path("/proc/self/fd").iterdir()) == before
