"""A long night of one machine: a VF that leaves and comes back a thousand times under load.

`make endurance` runs it, and no test does.  What it sees goes into files as it
goes, a line for each cycle, so that a run that is cut short has its figures too.
"""
