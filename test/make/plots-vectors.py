"""Writes test/fixtures/plots-data.json: points, frontiers, shares explained, lassos and colours, and what numpy and scipy say of each."""

import json
import sys
from pathlib import Path

import numpy as np
from scipy import stats

random = np.random.default_rng(7)


def frontier(x, y, good_x, good_y):
    """By the definition, every run against every other one."""
    a = np.where(good_x == "min", 1, -1) * x
    b = np.where(good_y == "min", 1, -1) * y
    valid = np.isfinite(a) & np.isfinite(b)
    with np.errstate(invalid="ignore"):
        beats = (
            (a[:, None] <= a) & (b[:, None] <= b) & ((a[:, None] < a) | (b[:, None] < b))
            & valid[:, None] & valid
        )
    behind = beats.sum(axis=0)
    on = valid & (behind == 0)
    same = (a[:, None] == a) & (b[:, None] == b) & on[:, None] & on
    return {
        "good": [good_x, good_y],
        "on": np.flatnonzero(on).tolist(),
        "ties": int(((same.sum(axis=0) > 1) & on).sum()),
        "of": int(valid.sum()),
        "behind": [int(n) if v else -1 for n, v in zip(behind, valid)],
    }


def points(n, digits):
    x = np.round(random.normal(size=n), digits)
    y = np.round(-0.6 * x + random.normal(size=n), digits)
    x[:: max(1, n // 7)] = np.nan
    y[3 :: max(1, n // 5)] = np.inf
    y[4 :: max(1, n // 6)] = -np.inf
    return x, y


def told(values):
    return [v if np.isfinite(v) else {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[repr(v)] for v in map(float, values)]


def explained(name, keys, values):
    """ε² of scipy's F: (F − 1) · dfb / (F · dfb + dfw)."""
    valid = np.isfinite(values) & np.array([k is not None for k in keys])
    groups = [values[valid & np.array([k == key for k in keys])] for key in sorted({k for k in keys if k is not None}, key=str)]
    groups = [g for g in groups if len(g)]
    k, n = len(groups), sum(map(len, groups))
    share = None
    if k > 1 and n > k:
        f = stats.f_oneway(*groups).statistic
        share = None if np.isnan(f) else max(0.0, float((f - 1) * (k - 1) / (f * (k - 1) + n - k)))
    return {"name": name, "keys": keys, "values": told(values), "share": share}


def lasso(corners, x, y):
    """Of a polygon that does not cross itself: the sum of the angles at which its sides are seen is a full turn."""
    px, py = np.array(corners).T
    inside = []
    for cx, cy in zip(x, y):
        angles = np.arctan2(py - cy, px - cx)
        turns = np.diff(np.append(angles, angles[0]))
        inside.append(int(abs(((turns + np.pi) % (2 * np.pi) - np.pi).sum()) > np.pi))
    return {"corners": np.ravel(corners).tolist(), "x": x.tolist(), "y": y.tolist(), "inside": inside}


M1 = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]])
M2 = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]])


def ramp(stops):
    def lab(hex):
        c = np.array([int(hex[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
        return M2 @ np.cbrt(M1 @ linear)

    def hex(lab):
        linear = np.linalg.solve(M1, np.linalg.solve(M2, lab) ** 3)
        c = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)
        return "#" + "".join(f"{round(255 * min(1, max(0, v))):02x}" for v in c)

    labs = [lab(stop) for stop in stops]
    return [hex(np.array([np.interp(t, [0, 1, 2], [l[i] for l in labs]) for i in range(3)])) for t in np.linspace(0, 2, 7)]


sets = []
for n, digits in ((1, 3), (40, 1), (40, 6), (300, 1), (300, 3)):
    x, y = points(n, digits) if n > 1 else (np.array([1.0]), np.array([2.0]))
    sets.append({"x": told(x), "y": told(y), "frontiers": [frontier(x, y, a, b) for a in ("min", "max") for b in ("min", "max")]})

lr = [float(v) for v in random.choice([1e-5, 5e-5, 1e-4], 90)]
noise = random.normal(size=90)
broken = np.log10(np.array(lr)) + 0.3 * noise
broken[5] = np.nan
circle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
blob = np.column_stack([np.cos(circle) * (1 + 0.4 * np.sin(3 * circle)), np.sin(circle) * (1 + 0.2 * np.cos(5 * circle))])
out = {
    "frontiers": sets,
    "explained": [
        explained("a key that says most", lr, np.log10(np.array(lr)) + 0.2 * noise),
        explained("values far from zero", lr, 1e9 + np.log10(np.array(lr)) + 0.2 * noise),
        explained("with a NaN among them", lr, broken),
        explained("a key that says nothing", [int(v) for v in random.integers(0, 3, 90)], noise),
        explained("words, not set in some runs", [["adamw", "muon", None][i % 3] for i in range(60)], noise[:60] + np.array([i % 3 for i in range(60)])),
        explained("one run for each value", [float(v) for v in range(12)], noise[:12]),
        explained("the same everywhere", [1.0] * 20, noise[:20]),
        explained("a metric that never changes", lr, np.full(90, 0.25)),
    ],
    "lasso": lasso(np.round(blob, 3).tolist(), np.round(random.uniform(-2, 2, 400), 3), np.round(random.uniform(-2, 2, 400), 3)),
    "ramps": {"light": ramp(["#8995ac", "#3a70da", "#0b2159"]), "dark": ramp(["#5f6980", "#5b8af2", "#e6eeff"])},
}
target = Path(sys.argv[1] if len(sys.argv) > 1 else "test/fixtures/plots-data.json")
target.write_text(json.dumps(out) + "\n")
