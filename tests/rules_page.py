"""docs/rules.md, made of the catalogue.

`python -m tests.rules_page` writes it anew: what `hyperv-net explain --format markdown` prints.
"""

from __future__ import annotations

from pathlib import Path

from hyperv_net.rules.catalogue import stages
from hyperv_net.rules.shown import page
from tests.paths import CHECKOUT

PAGE = CHECKOUT / "docs/rules.md"


def main(path: Path = PAGE) -> None:
    """Write it."""
    path.write_text(page(stages()))


if __name__ == "__main__":
    main()
