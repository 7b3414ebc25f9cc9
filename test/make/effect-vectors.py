"""Writes test/fixtures/effect-data.json: a sweep with a metric, and what pandas and scipy say each key alone does to it."""

import itertools
import json
import sys

import numpy as np
import pandas as pd
from scipy import stats

random = np.random.default_rng(12)
rows = []
for rate, beta, loss, seed in itertools.product([5e-6, 1e-5, 5e-5], [0.05, 0.1], ["sigmoid", "hinge"], [1, 2, 3]):
    if rate == 5e-5 and beta == 0.05 and loss == "hinge":
        continue  # a sweep with a hole
    rows.append(
        {
            "optimizer.lr": rate,
            "beta": beta,
            "loss": loss,
            "schedule[1]": {5e-6: 100, 1e-5: 200, 5e-5: 300}[rate] if beta == 0.1 else 50,
            "seed": seed,
            "run_name": f"run-{len(rows)}",
            "value": 0.7
            + {5e-6: 0, 1e-5: 0.015, 5e-5: -0.02}[rate]
            + {0.05: 0, 0.1: 0.001}[beta]
            + {"sigmoid": 0, "hinge": -0.006}[loss]
            + random.normal(0, 0.002),
        }
    )
table = pd.DataFrame(rows)
table.loc[[4, 17], "value"] = np.nan  # two runs diverged
keys = ["optimizer.lr", "beta", "loss", "schedule[1]", "seed"]


def effect(key, base, other):
    same = [k for k in keys if k != key]
    there = table.dropna(subset="value")
    pairs = there[there[key] == base].merge(there[there[key] == other], on=same, suffixes=("", "_other"))
    change = (pairs["value_other"] - pairs["value"]).to_numpy()
    if len(change) == 0:
        return None
    result = {"n": len(change), "mean": float(np.mean(change))}
    if len(change) > 1:
        low, high = stats.ttest_1samp(change, 0).confidence_interval(0.95)
        result["half"] = float((high - low) / 2)
    return result


effects = []
for key in keys:
    values = list(dict.fromkeys(table[key].tolist()))
    for other in values[1:]:
        effects.append({"key": key, "from": values[0], "to": other, "expected": effect(key, values[0], other)})


def nested(row):
    return {
        "optimizer": {"lr": row["optimizer.lr"]},
        "beta": row["beta"],
        "loss": row["loss"],
        "schedule": [0, row["schedule[1]"]],
        "seed": row["seed"],
        "run_name": row["run_name"],
    }


json.dump(
    {
        "configs": [nested(row) for row in rows],
        "values": [None if np.isnan(value) else float(value) for value in table["value"]],
        "effects": effects,
    },
    open(sys.argv[1] if len(sys.argv) > 1 else "test/fixtures/effect-data.json", "w"),
    indent=1,
)
