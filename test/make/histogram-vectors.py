"""
Writes test/fixtures/histograms-data.json: histograms as trackio's own class makes them and as numpy gives them, with
what numpy says of their percentiles: of the counts by a linear cumulative count, of the values themselves exactly.
Needs trackio (requirements.txt) and numpy.
"""

import json
from pathlib import Path

import numpy as np
import trackio

QS = [0.01, 0.25, 0.5, 0.75, 0.99]
random = np.random.default_rng(7)


def of(name, histogram, values=None):
    edges, counts = np.asarray(histogram.bins, float), np.asarray(histogram.histogram, float)
    found = {"name": name, "logged": histogram._to_dict(), "total": float(counts.sum())}
    if counts.sum() > 0:
        # bins without a count make the cumulative count flat: of such a stretch its beginning counts
        cumulative = np.concatenate([[0.0], np.cumsum(counts)])
        keep = np.concatenate([[True], counts > 0])
        # the left edge of a bin after empty ones starts a new piece
        quantiles = []
        for q in QS:
            wanted = q * cumulative[-1]
            i = int(np.searchsorted(cumulative, wanted, side="left"))
            while counts[i - 1] == 0:
                i += 1
            quantiles.append(float(np.interp(wanted, cumulative[i - 1 : i + 1], edges[i - 1 : i + 1])))
        assert keep.any()
        if (counts > 0).all():
            assert np.allclose(quantiles, np.interp(np.array(QS) * cumulative[-1], cumulative, edges), rtol=0, atol=0)
        found["quantiles"] = quantiles
        found["width"] = float(np.diff(edges).max())
    if values is not None and len(values) > 0:
        found["exact"] = [float(v) for v in np.quantile(values, QS)]
    return found


def sample(name, values, bins=64):
    values = np.asarray(values, float)
    return of(name, trackio.Histogram(values, num_bins=bins), values[np.isfinite(values)])


heavy = random.standard_t(2, 5000) * 1e-3
cases = [
    sample("normal", random.normal(size=10000)),
    sample("heavy tails", heavy),
    sample("far from zero", 1e6 + random.normal(size=999), 20),
    sample("one value", [3.5] * 7),
    sample("some are not finite", [1.0, 2.0, float("nan"), float("inf"), 4.0], 4),
    sample("nothing finite", [float("nan")]),
    sample("tiny", random.normal(size=300) * 1e-300, 10),
    of("given", trackio.Histogram(np_histogram=np.histogram(heavy, bins=40))),
    of(
        "own bins",
        trackio.Histogram(np_histogram=np.histogram(heavy, bins=[-1, -0.1, -0.01, -0.001, 0, 0.001, 0.01, 0.1, 1])),
    ),
    of("density", trackio.Histogram(np_histogram=np.histogram(heavy, bins=30, density=True))),
    of("weights", trackio.Histogram(np_histogram=np.histogram([1, 2, 3], bins=3, weights=[0.5, 0.25, 3]))),
]

if __name__ == "__main__":
    to = Path(__file__).parent.parent / "fixtures" / "histograms-data.json"
    to.write_text(json.dumps({"q": QS, "cases": cases}) + "\n")
    print(to, len(cases))
