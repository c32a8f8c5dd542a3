#!/bin/sh
# The same with Salt, on its master, which has to take files (file_recv: True): with_salt.sh TARGET
set -eu
cache=${CACHE:-/var/cache/salt/master/minions}
capture=/root/hyperv-net-fleet.tar.gz
salt "$1" cmd.run "rm -f $capture && hyperv-net inventory --capture $capture"
salt "$1" cp.push "$capture" remove_source=True
mkdir -p fleet
for file in "$cache"/*/files"$capture"; do
    minion=${file#"$cache"/}
    cp "$file" "fleet/${minion%%/*}.tar.gz"
done
