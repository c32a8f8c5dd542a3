"""`python -m hyperv_net` is `hyperv-net`."""

from hyperv_net.cli import program

program()
