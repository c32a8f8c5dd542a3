# A fleet on Ray Data: python on_ray.py fleet.jsonl [TARGET] > summary.json
import json
import sys
from functools import reduce

import ray.data

from hyperv_net.fleet import engines, summary


# Bytes, since Ray's own lines end at more than b"\n", and have to be UTF-8.
def lines(file):
    return [{"line": one} for one in file["bytes"].split(b"\n")]


def part(batch, target):
    return {"part": [engines.part_of_lines(batch["line"].to_pylist(), target)]}


def reviewed(fleet, target=None):
    parts = (
        ray.data.read_binary_files(fleet)
        .flat_map(lines)
        .map_batches(part, fn_args=[target], batch_size=1000, batch_format="pyarrow")
        .iter_rows()
    )
    return reduce(summary.merge, (engines.from_part(row["part"]) for row in parts), summary.EMPTY)


if __name__ == "__main__":
    json.dump(summary.document(reviewed(*sys.argv[1:])), sys.stdout, indent=1)
