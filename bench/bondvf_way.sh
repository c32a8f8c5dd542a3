#!/bin/bash
# Finds pairs and writes a bond for each in the way of tools/hv/bondvf.sh of the
# Linux kernel: one process for each attribute that is read, every NIC compared
# with every later one.  Arguments: root, file to write, and `all` to read every
# attribute that an inventory holds instead of the two that bondvf.sh looks at.
root=$1 output=$2 attributes=$3
net=$root/sys/class/net
netvsc='{f8615163-df3e-46c5-913f-f2d2f965ed0e}'

names=($(ls "$net"))
for ((i = 0; i < ${#names[@]}; i++)); do
  nic=$net/${names[i]}
  macs[i]=$(cat "$nic/address")
  if [ "$attributes" = all ]; then
    for attribute in type mtu operstate addr_assign_type uevent; do
      value=$(cat "$nic/$attribute")
    done
    for link in device device/driver device/subsystem master; do
      value=$(readlink "$nic/$link")
    done
  fi
done

bond=0
: >"$output"
for ((i = 0; i < ${#names[@]}; i++)); do
  for ((j = i + 1; j < ${#names[@]}; j++)); do
    [ "${macs[i]}" = "${macs[j]}" ] || continue
    first=$(cat "$net/${names[i]}/device/class_id" 2>/dev/null)
    second=$(cat "$net/${names[j]}/device/class_id" 2>/dev/null)
    if [ "$first" = "$netvsc" ]; then
      synthetic=${names[i]} vf=${names[j]}
    elif [ "$second" = "$netvsc" ]; then
      synthetic=${names[j]} vf=${names[i]}
    else
      break
    fi
    {
      echo "auto $synthetic"
      echo "iface $synthetic inet manual"
      echo "bond-master bond$bond"
      echo "auto $vf"
      echo "iface $vf inet manual"
      echo "bond-master bond$bond"
      echo "bond-primary $vf"
      echo "auto bond$bond"
      echo "iface bond$bond inet dhcp"
      echo "bond-mode active-backup"
      echo "bond-miimon 100"
      echo "bond-slaves none"
    } >>"$output"
    ((bond += 1))
    break
  done
done
