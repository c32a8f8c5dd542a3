"""The plans of many machines: a record each becomes a row, and rows a summary of fixed size.

All of it is pure, so that any engine that runs a function over many records and merges what
comes of them can run it (examples/fleet/ has some).  Nothing of it is imported at boot or at
an event.
"""
