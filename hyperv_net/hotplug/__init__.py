"""The running machine kept as its configuration wants it while VFs come and go.

Events only wake this package: it reads what is there, works out the steps
from that to what is wanted, takes them, and looks again.
"""
