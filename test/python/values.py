"""Answers each line of its input, a value in JSON, with what trackio's own classes store for it."""

import json
import os
import sys

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import trackio

for line in sys.stdin:
    asked = json.loads(line)
    try:
        if "histogram" in asked:
            stored = trackio.Histogram(asked["histogram"], num_bins=asked["bins"])._to_dict()
        elif "table" in asked:
            stored = trackio.Table(**asked["table"])._to_dict("p", "r", 0)
        else:
            raise ValueError(f"unknown: {line}")
        print(json.dumps({"stored": stored}), file=answers, flush=True)
    except Exception as error:
        print(json.dumps({"stored": None, "refused": str(error)}), file=answers, flush=True)
