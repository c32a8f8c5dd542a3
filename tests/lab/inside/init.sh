#!/bin/busybox sh
# The first process of a guest: finds its disk, lays the scenario's files over it once, goes on.
export PATH=/bin
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
while read -r module; do insmod "/modules/$module"; done </modules/order
tries=0
until [ -b /dev/vda ] || [ $tries -gt 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
mount -t ext4 -o noatime /dev/vda /root || exec sh
if [ ! -e /root/.laid ]; then
    cp -a /lab/. /root/
    : >/root/.laid
fi
umount /proc /sys
mount -o move /dev /root/dev
exec switch_root /root /sbin/init
