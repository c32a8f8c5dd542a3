"""The tables of what the lab measured; `python -m tests.measured` takes them into the product.

The documents are their home.  A wheel has no documents, so `simulation/measured.py` has the
figures once more, and a test holds the two against each other.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator

from hyperv_net.simulation.measured import LIVE_MIGRATION, TRUST
from tests.paths import CHECKOUT

MODULE = CHECKOUT / "hyperv_net/simulation/measured.py"


def tables(path: str) -> Iterator[list[list[str]]]:
    """The tables of a document, row after row, without the line below the heading."""
    rows: list[list[str]] = []
    for line in [*(CHECKOUT / path).read_text().splitlines(), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif rows:
            yield [rows[0], *rows[2:]]
            rows = []


def costs() -> list[list[str]]:
    """`What it costs`: machine, way and figures, with its heading."""
    return next(one for one in tables(LIVE_MIGRATION) if one[0][:2] == ["machine", "way"])


def cycles() -> list[list[str]]:
    """`A thousand cycles`: kind and figures, with its heading."""
    return next(one for one in tables(TRUST) if one[0][0] == "kind")


def write() -> int:
    """Put the rows of the documents into the product's module."""
    calls = [("_row", row) for row in costs()[1:]] + [("_cycles", row) for row in cycles()[1:]]
    rows = "".join(f"    {name}({', '.join(map(json.dumps, row))}),\n" for name, row in calls)
    text = MODULE.read_text()
    new = re.sub(r"(?<=^MEASURED = \(\n).*?(?=^\)$)", lambda _: rows, text, flags=re.M | re.S)
    MODULE.write_text(new)
    return subprocess.run([sys.executable, "-m", "ruff", "format", "-q", MODULE]).returncode


if __name__ == "__main__":
    sys.exit(write())
