"""Writes test/fixtures/measures-data.json: lines over steps, and what numpy says of each."""

import json
import sys
from pathlib import Path

import numpy as np

random = np.random.default_rng(12)
inf, nan = np.inf, np.nan


def line(n, every=1, start=0):
    steps = start + every * np.arange(n)
    return steps, 2.5 * np.exp(-np.arange(n) / 30) + random.normal(0, 0.1, n)


def resumed():
    """Logged again from an earlier step on: of one step the later row counts."""
    steps, values = line(60, every=10)
    again, others = line(30, every=10, start=400)
    return np.concatenate([steps, again]), np.concatenate([values, others])


def odd():
    steps, values = line(50, every=5)
    values[[3, 20]] = nan
    values[30] = inf
    values[49] = -inf
    return steps, values


def uneven():
    steps = np.cumsum(random.integers(1, 40, 40))
    return steps, random.normal(size=40)


LINES = {
    "a loss that falls": line(150),
    "one point": (np.array([7]), np.array([1.5])),
    "resumed from an earlier step": resumed(),
    "NaN and infinities among its points": odd(),
    "steps that are not even": uneven(),
}


def of(steps, values):
    finite = np.isfinite(values)
    order = np.argsort(steps[finite], kind="stable")
    xs, ys = steps[finite][order], values[finite][order]
    last = np.append(xs[1:] != xs[:-1], True)
    xs, ys = xs[last], ys[last]
    probes = [float(x) for x in (-1, 0, 7, 101, 250, 404, int(steps.max()), int(steps.max()) + 10)]
    limits = [float(x) for x in (np.quantile(ys, 0.05), np.quantile(ys, 0.5), ys.min() - 1, ys.max())]
    return {
        "steps": steps.tolist(),
        "values": [spelled(v) for v in values],
        "area": spelled(np.trapezoid(ys, xs) if len(xs) > 1 else nan),
        "at": [[probe, at(steps, probe)] for probe in probes],
        "reach": [
            [limit, first(values <= limit), first(values >= limit)]
            for limit in limits
        ],
        "best": [int(np.argmin(np.where(finite, values, inf))), int(np.argmax(np.where(finite, values, -inf)))],
    }


def at(steps, probe):
    """Of the points at or before the probe those of the greatest step, the last one logged of these."""
    before = steps <= probe
    if not before.any():
        return -1
    return int(np.flatnonzero(before & (steps == steps[before].max()))[-1])


def first(passes):
    return int(np.argmax(passes)) if passes.any() else -1


def spelled(value):
    value = float(value)
    return value if np.isfinite(value) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(value)]


target = Path(sys.argv[1] if len(sys.argv) > 1 else "test/fixtures/measures-data.json")
target.write_text(json.dumps({name: of(*one) for name, one in LINES.items()}) + "\n")
