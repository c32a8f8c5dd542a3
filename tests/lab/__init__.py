"""Virtual machines with a real kernel, systemd and cloud-init of Debian, and NICs that come and go.

A machine runs in QEMU, by software emulation, in a network namespace of its
test's own: nothing here needs KVM, and nothing touches this machine's network.
Its synthetic NIC is virtio-net, its VF an e1000e of the same MAC on the same
bridge, plugged and unplugged over QMP.
"""
