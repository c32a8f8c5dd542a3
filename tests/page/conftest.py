"""A browser, and the pages that it is shown, for all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from hyperv_net.journal.lines import line_of
from tests.page import pages
from tests.page.browser import Browser, browser
from tests.paths import EXAMPLES

#: What would show itself if it were more than text, wherever it comes to stand.
HOSTILE = (
    "<img src=x onerror=alert(1)>'\"><script>alert(2)</script></style></title>"
    "<svg/onload=alert(3)>{{7*7}}\u202e\x1b[31m\0javascript:alert(4)"
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages: one for each example, and those of `pages.CONFIGS`."""
    made = tmp_path_factory.mktemp("pages")
    read = tmp_path_factory.mktemp("read")
    for name in pages.NAMES:
        pages.write(made, name, pages.review_of_example(name))
    for name, text in pages.CONFIGS.items():
        pages.write(made, name, pages.review_of_config(read, name, text))
    base = str(EXAMPLES / "linux-vf-absent" / "network-config.yaml")
    compared = pages.review_of_example("linux-netplan", "--against", base)
    pages.write(made, "against", compared)
    pages.write(made, "hostile", pages.spoiled(compared, HOSTILE))
    history = read / "entries.jsonl"
    history.write_text("".join(map(line_of, pages.journal())), encoding="utf-8")
    told = pages.review_of_example("linux-netplan", "--history", str(history))
    pages.write(made, "history", told)
    of_all = [pages.review_of_example(name) for name in pages.NAMES]
    of_all += [pages.review_of_config(read, name, text) for name, text in pages.CONFIGS.items()]
    pages.write_folder(made / "several", of_all)
    pages.write_folder(made / "spoiled", [pages.spoiled(one, HOSTILE) for one in (*of_all, told)])
    return made


@pytest.fixture(scope="session")
def seen(folder: Path) -> Iterator[Browser]:
    """The browser."""
    with browser(folder) as made:
        yield made


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which looks for what keeps people from using a page."""
    found = resources.files("axe_playwright_python") / "axe.min.js"
    return found.read_text(encoding="utf-8")
