#!/bin/sh
# customize.sh IMAGE PACKAGE - puts hyperv-net's Debian package into a disk image.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
virt-customize --add "$1" --upload "$2:/var/tmp/hyperv-net.deb" --run "$here/in-image.sh"
