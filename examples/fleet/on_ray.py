# A fleet on Ray Data: python on_ray.py fleet.jsonl > summary.json
import json
import sys
from functools import reduce

import ray.data

from hyperv_net.fleet import engines, summary


def part(batch):
    return {"part": [engines.part_of_lines(batch["text"].tolist())]}


def reviewed(fleet):
    parts = ray.data.read_text(fleet).map_batches(part, batch_size=1000).iter_rows()
    return reduce(summary.merge, (engines.from_part(row["part"]) for row in parts), summary.EMPTY)


if __name__ == "__main__":
    json.dump(summary.document(reviewed(sys.argv[1])), sys.stdout, indent=1)
