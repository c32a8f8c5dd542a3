#!/bin/sh
# A fleet by GNU parallel, here or on other machines (--sshlogin):
#   with_parallel.sh fleet.jsonl OUT [--target NAME ...]
set -u
fleet=$1 out=$2
shift 2
mkdir "$out" || exit
# Exit statuses of parts say that a machine is in danger, as that of the whole does at the end.
parallel --quote --pipepart --block "${BLOCK:-10M}" --joblog "$out/jobs" --arg-file "$fleet" \
    hyperv-net review --fleet - --jobs 1 --out "$out/part-{#}" "$@" >"$out/log"
# By number and none left out: in the order of a shell's part-* the tenth is before the second.
count=$(($(wc -l <"$out/jobs") - 1)) number=0
set --
while [ "$number" -lt "$count" ]; do
    number=$((number + 1))
    set -- "$@" "$out/part-$number"
done
hyperv-net review --merge "$@" --out "$out/whole"
