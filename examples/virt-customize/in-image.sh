#!/bin/sh
# virt-customize runs this inside the image.
set -eu
apt-get install --yes --no-install-recommends /var/tmp/hyperv-net.deb
rm /var/tmp/hyperv-net.deb
# The next boot is a first boot.
cloud-init clean
