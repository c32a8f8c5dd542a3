"""Keeps the network of a machine whose network card exists twice.

A Hyper-V guest with accelerated networking sees one card as a synthetic NIC
and an SR-IOV VF that share a MAC address.  This package finds such pairs,
decides what each needs, and renders the network configuration accordingly.
"""

__version__ = "0.1.0"
