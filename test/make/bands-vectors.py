"""Writes test/fixtures/bands-data.json: values of runs, and what published implementations say of them.

IQM, bootstrap intervals and probability of improvement are those of rliable 1.2.0 (on arch 8.0.0), intervals by
Student's t and Welch's are scipy's, percentiles and interpolation numpy's. rliable draws with numpy's generator and
the page with its own, so its intervals are told with enough resamples to compare with, and beside them those of the
page's own draws, worked out here once more.

    pip install numpy scipy arch statsmodels patsy absl-py && pip install --no-deps rliable
"""

import json
import sys
from pathlib import Path

import arch.bootstrap
import numpy as np
from rliable import library, metrics
from scipy import stats

# rliable was written for an arch that had a generator called random_state; it draws with numpy's own anyway
made = arch.bootstrap.IIDBootstrap.__init__


def make(self, *args, random_state=None, **kwargs):
    made(self, *args, **kwargs)


arch.bootstrap.IIDBootstrap.__init__ = make

RESAMPLES = 2000
random = np.random.default_rng(12)
np.random.seed(3)  # what rliable draws with


def mulberry(seed):
    """Numbers in [0, 1), as src/compute/bootstrap.ts draws them."""
    mask = 0xFFFFFFFF
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & mask
        t = ((state ^ (state >> 15)) * (state | 1)) & mask
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & mask)) & mask
        yield ((t ^ (t >> 14)) & mask) / 2**32


STATISTIC = {
    "mean": np.mean,
    "median": np.median,
    "iqm": lambda values: metrics.aggregate_iqm(values[None, :]),
}


def draws(values, seed, statistic):
    values = np.sort(values)
    numbers = mulberry(seed)
    n = len(values)
    taken = [[int(next(numbers) * n) for _ in range(n)] for _ in range(RESAMPLES)]
    return np.array([STATISTIC[statistic](values[ranks]) for ranks in taken])


def ends(found):
    return [float(v) for v in np.percentile(found, [2.5, 97.5])]


def rliable_interval(values, statistic):
    """A game of these runs alone: its stratum is all of them."""
    _, interval = library.get_interval_estimates(
        {"a": values[:, None]},
        lambda scores: np.array([STATISTIC[statistic](scores[:, 0])]),
        method="percentile",
        reps=20_000,
    )
    return [float(v) for v in interval["a"][:, 0]]


def of(values):
    mean = float(np.mean(values))
    sem = float(stats.sem(values))
    sd = float(np.std(values, ddof=1))
    return {
        "values": [float(v) for v in values],
        "mean": mean,
        "median": float(np.median(values)),
        "iqm": float(metrics.aggregate_iqm(values[None, :])),
        "t95": [float(v) for v in stats.t.interval(0.95, len(values) - 1, loc=mean, scale=sem)],
        "sem": [mean - sem, mean + sem],
        "std": [mean - sd, mean + sd],
        "quartiles": [float(v) for v in np.percentile(values, [25, 75])],
        "range": [float(values.min()), float(values.max())],
        "bootstrap": {s: ends(draws(values, 20, s)) for s in STATISTIC},
        "rliable": {s: rliable_interval(values, s) for s in STATISTIC},
    }


def pair(a, b):
    welch = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    every = (a[:, None] - b[None, :]).ravel()
    return {
        "a": [float(v) for v in a],
        "b": [float(v) for v in b],
        "t95": [float(welch.low), float(welch.high)],
        "quartiles": [float(v) for v in np.percentile(every, [25, 75])],
        "bootstrap": {s: ends(draws(a, 20, s) - draws(b, 21, s)) for s in STATISTIC},
        "above": float(stats.mannwhitneyu(a, b).statistic),
        "improvement": float(metrics.probability_of_improvement(a[:, None], b[:, None])),
    }


def curves():
    """Runs that log at steps of their own and end at different ones; numpy interpolates, none outside a range."""
    runs = []
    for spacing, start, end in [(10, 0, 200), (7, 0, 210), (25, 25, 150), (40, 0, 80)]:
        steps = np.arange(start, end + 1, spacing)
        runs.append((steps, 3 * np.exp(-steps / 60) + random.normal(0, 0.1, len(steps))))
    union = np.unique(np.concatenate([steps for steps, _ in runs]))
    at = np.array([np.interp(union, steps, values, left=np.nan, right=np.nan) for steps, values in runs])
    rows = []
    for x, column in zip(union, at.T):
        there = column[~np.isnan(column)]
        low, high = None, None
        if len(there) >= 3:
            low, high = stats.t.interval(0.95, len(there) - 1, loc=there.mean(), scale=stats.sem(there))
        rows.append([int(x), float(there.mean()), low and float(low), high and float(high), len(there)])
    return {"runs": [[steps.tolist(), values.tolist()] for steps, values in runs], "rows": rows}


SAMPLES = {
    "three seeds": np.array([0.7467, 0.7495, 0.751]),
    "four": random.normal(0.5, 0.02, 4),
    "five, two of them equal": np.array([1.5, 2.25, 2.25, 3.0, 7.5]),
    "eight": random.normal(0, 1, 8),
    "ten, one far out": np.append(random.normal(2, 0.1, 9), 40),
    "twenty of many sizes": np.exp(random.normal(0, 2, 20)),
}
PAIRS = {
    "three against three": (np.array([0.7467, 0.7495, 0.751]), np.array([0.7365, 0.7352, 0.7332])),
    "with ties": (np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 3.0, 3.0])),
    "ten against six": (random.normal(1, 0.5, 10), random.normal(0.8, 0.1, 6)),
}

out = {
    "samples": {name: of(values) for name, values in SAMPLES.items()},
    "pairs": {name: pair(a, b) for name, (a, b) in PAIRS.items()},
    "curves": curves(),
}
path = Path(sys.argv[1] if len(sys.argv) > 1 else "test/fixtures/bands-data.json")
path.write_text(json.dumps(out, indent=1) + "\n")
print(path, path.stat().st_size)
