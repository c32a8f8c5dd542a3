"""The marks by which files and blocks of files are known to be hyperv-net's own."""

from __future__ import annotations

#: What the files that hyperv-net makes begin with.
MADE = "# Made by hyperv-net "

#: What its block in rc.conf and in loader.conf begins with.
BLOCK = "# hyperv-net: begin "

MARKS = (MADE, BLOCK)
