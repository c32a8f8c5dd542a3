# A fleet on Spark: spark-submit on_spark.py fleet.jsonl [TARGET] > summary.json
import json
import sys
from functools import reduce

import pandas
from pyspark.sql import SparkSession

from hyperv_net.fleet import engines, summary


def reviewed(fleet, target=None):
    def parts(frames):
        for frame in frames:
            part = engines.part_of_lines(map(bytes, frame["value"]), target)
            yield pandas.DataFrame({"part": [part]})

    spark = SparkSession.builder.getOrCreate()
    lines = spark.read.text(fleet, lineSep="\n").selectExpr("CAST(value AS BINARY) AS value")
    rows = lines.mapInPandas(parts, "part string").toLocalIterator()
    return reduce(summary.merge, (engines.from_part(row["part"]) for row in rows), summary.EMPTY)


if __name__ == "__main__":
    json.dump(summary.document(reviewed(*sys.argv[1:])), sys.stdout, indent=1)
