"""One archive of what this program looks at on a machine, and the way back from it.

`look` gathers it (looking), `archive` packs it, and `unpacking` makes of it a folder that
stands for the machine's root again: what is said of that is what was said on the machine.
"""
