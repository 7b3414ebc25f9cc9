"""Writes test/fixtures/stats-data.json: lines of values, and what numpy says of each. Sums are of long doubles."""

import json
import sys
from pathlib import Path

import numpy as np

random = np.random.default_rng(20)
inf, nan = np.inf, np.nan


def mixed(count):
    """Finite values of many sizes among NaN and infinities."""
    values = random.normal(size=count) * 10.0 ** random.integers(-12, 12, count)
    for odd in (nan, inf, -inf):
        values[random.integers(0, count, max(1, count // 9))] = odd
    return values


def park_miller(count, offset):
    """The test makes these by itself: products below 2**53, so every step is exact in doubles."""
    x, values = 1, []
    for _ in range(count):
        x = 16807 * x % 2147483647
        values.append(offset + x / 2147483647)
    return np.array(values)


def of(values):
    finite = np.isfinite(values)
    there = values[finite].astype(np.longdouble)
    tail = values[len(values) - -(-len(values) // 10) :]
    tail = tail[np.isfinite(tail)].astype(np.longdouble)
    return {
        "count": len(values),
        "nonFinite": int(len(values) - finite.sum()),
        "minAt": int(np.argmin(np.where(finite, values, inf))) if len(there) else -1,
        "maxAt": int(np.argmax(np.where(finite, values, -inf))) if len(there) else -1,
        "mean": spelled(there.mean() if len(there) else nan),
        "tail": spelled(tail.mean() if len(tail) else nan),
    }


def spelled(value):
    value = float(value)
    return value if np.isfinite(value) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(value)]


SHAPES = {
    "one value": np.array([0.1]),
    "never finite": np.array([nan, inf, -inf]),
    "a constant, the least and the greatest at once": np.full(30, 0.1),
    "equal extremes, the first of them counts": np.array([2.0, 1.0, 3.0, 1.0, 3.0]),
    "a loss that falls": 0.4 + 3.2 * np.exp(-np.arange(150) / 40) + random.normal(0, 0.05, 150),
    "many sizes, NaN and infinities among them": mixed(100),
    "what a plain sum loses": np.array([1e16, 1, 1, 1, 1, -1e16]),
    "a sum beyond the doubles": np.array([1.5e308, 1.5e308, -1e308, 1.7e308]),
    "subnormal": np.array([5e-324, 1e-320, 3e-310]),
    "ends in NaN": np.concatenate([random.random(19), [nan]]),
    "a tenth of NaN": np.concatenate([random.random(18), [nan, nan]]),
    "11 values: the last tenth is two of them": random.random(11),
    "large, with small changes": 1e9 + random.random(120),
}

assert np.finfo(np.longdouble).nmant > 60, "long doubles of this machine are doubles"
cases = [{"name": name, "values": [spelled(v) for v in values], **of(values)} for name, values in SHAPES.items()]
cases += [
    {"name": f"{count} of Park and Miller over {offset:g}", "parkMiller": offset, **of(park_miller(count, offset))}
    for count, offset in ((100_000, 0.0), (99_999, 1e6))
]
file = Path(sys.argv[0]).parent.parent / "fixtures" / "stats-data.json"
file.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
print(f"{len(cases)} cases, numpy {np.__version__}")
