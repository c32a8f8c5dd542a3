"""What the guest tells the host about its addresses, and the addresses that the host injects.

Hyper-V's daemon for key-value pairs (hv_kvp_daemon) has three scripts for
that; those in `data/kvp/` call `hyperv-net kvp`.  An injection is read
(`injected`), goes through plan and renderer for its interface alone
(`settings`), and takes the place of what the interface had in the files that
are there, as its target knows to (`injecting` of the target's record).
"""
