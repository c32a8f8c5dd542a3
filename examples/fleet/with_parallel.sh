#!/bin/sh
# A fleet by GNU parallel, here or on other machines (--sshlogin): with_parallel.sh fleet.jsonl OUT
set -u
mkdir "$2" || exit
# Exit statuses of parts say that a machine is in danger, as that of the whole does at the end.
parallel --pipepart --block "${BLOCK:-10M}" --arg-file "$1" \
    hyperv-net review --fleet - --jobs 1 --out "$2/part-{#}" >"$2/log"
hyperv-net review --merge "$2"/part-* --out "$2/whole"
