# A fleet on Dask: python on_dask.py fleet.jsonl [TARGET] > summary.json
import json
import sys

import dask.bag

from hyperv_net.fleet import engines, summary


def reviewed(fleet, target=None):
    lines = dask.bag.read_text(
        fleet, blocksize="1MiB", errors="surrogateescape", linedelimiter="\n"
    )
    parts = lines.map_partitions(lambda part: [engines.summary_of_lines(part, target)])
    return parts.fold(summary.merge, summary.merge, initial=summary.EMPTY).compute()


if __name__ == "__main__":
    json.dump(summary.document(reviewed(*sys.argv[1:])), sys.stdout, indent=1)
