"""What takes more than its asker may: handed over to a service of its own, one request at a time.

The worker that each event of a VF starts, and the scripts of hv_kvp_daemon, run in units that
may do next to nothing.  Two things that either may need take all that a network script can
come to do: a bond that was deleted is made again, and addresses that the host injects are
taken in.  They are asked for over a socket of the service manager, hyperv-net-activate.socket.
"""
