"""
Writes test/fixtures/system-0.43.0 and test/fixtures/system-data.json: system metrics as trackio 0.43.0 stores them, in its three forms (database, Parquet, log
fragments), and what numpy says of them, read back by sqlite3.

    .cache/trackio/bin/python test/make/system.py

`two-gpus` is sampled every second, its CPU every ten seconds in rows of their own; it says nothing for 74 s, and one power is NaN. `sixteen-gpus` is sampled every
two seconds; gpu/11 slows down half-way, and eight devices are not seen for 40 s. `no-machine` has no samples, `monitor-only` nothing else.
"""

import gzip
import json
import math
import os
import random
import shutil
import sqlite3
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "fixtures"
WORK = tempfile.mkdtemp()
os.environ |= {"TRACKIO_DIR": WORK, "TRACKIO_STORAGE_MODE": "sqlite", "HF_HUB_OFFLINE": "1"}

import numpy as np  # noqa: E402
from trackio import fragments  # noqa: E402
from trackio.sqlite_storage import SQLiteStorage  # noqa: E402

PROJECT = "machines"
START = 1_790_000_000
GAP = (300, 374)


def stamp(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat()


def two_gpus():
    noise = random.Random(1)
    logged = [({"loss": round(2 * math.exp(-step / 90) + noise.gauss(0, 0.02), 4)}, step, START + 12.4 + step * 3.1) for step in range(180)]
    samples = []
    for second in range(600):
        if GAP[0] <= second < GAP[1]:
            continue
        row = {}
        for gpu in range(2):
            busy = second > 12 and second % 60 > 4
            row[f"gpu/{gpu}/utilization"] = round(min(100, 93 - gpu * 2 + noise.gauss(0, 2)) if busy else 8 + noise.random() * 10, 1)
            row[f"gpu/{gpu}/power"] = round(380 + noise.gauss(0, 9) if busy else 96 + noise.gauss(0, 3), 2)
            row[f"gpu/{gpu}/allocated_memory"] = round(61.5 + gpu * 0.25 if second > 90 else 4 + second * 0.6, 3)
            row[f"gpu/{gpu}/temp"] = round(74 - 30 * math.exp(-second / 110) + gpu, 1)
        if second == 200:
            row["gpu/1/power"] = float("nan")
        samples.append((row, START + second + 0.25 + noise.random() * 0.01))
        if second % 10 == 0:
            # monitors write rows of their own
            samples.append(({"cpu/utilization": round(20 + noise.random() * 9, 1), "memory/used": 30 + second // 100, **{f"cpu/{core}/utilization": round(noise.random() * 60, 1) for core in range(2)}}, START + second + 0.6))
    return "two-gpus", logged, samples


def sixteen_gpus():
    noise = random.Random(2)
    logged = [({"loss": round(1.5 - step * 0.004, 4)}, step * 10, START + 1000 + step * 4) for step in range(150)]
    samples = []
    for tick in range(300):
        second = tick * 2
        row = {}
        for gpu in range(16):
            if gpu >= 8 and 400 <= second < 440:
                continue
            slow = 15 if gpu == 11 and second > 300 else 0
            row[f"gpu/{gpu}/utilization"] = round(97 - slow + noise.gauss(0, 0.8), 1)
            row[f"gpu/{gpu}/power"] = round(520 - 6 * slow + noise.gauss(0, 8), 1)
        samples.append((row, START + 1000.5 + second))
    return "sixteen-gpus", logged, samples


def no_machine():
    return "no-machine", [({"loss": 1.0 / (1 + step)}, step, START + 3000 + step) for step in range(20)], []


def monitor_only():
    return "monitor-only", [], [({"cpu/utilization": 5.0}, START + 4000 + second) for second in range(5)]


def main():
    inbox = []
    for name, logged, samples in (two_gpus(), sixteen_gpus(), no_machine(), monitor_only()):
        run_id = f"{name}-id"
        if logged:
            SQLiteStorage.bulk_log(PROJECT, name, [row for row, _, _ in logged], [step for _, step, _ in logged], [stamp(at) for _, _, at in logged], run_id=run_id)
        if samples:
            SQLiteStorage.bulk_log_system(PROJECT, name, [row for row, _ in samples], [stamp(at) for _, at in samples], run_id=run_id)
        entry = {"project": PROJECT, "run": name, "run_id": run_id}
        inbox += [fragments.metric_record({**entry, "metrics": row, "step": step, "timestamp": stamp(at), "config": None, "log_id": f"{name}-{step}"}) for row, step, at in logged]
        inbox += [fragments.system_metric_record({**entry, "metrics": row, "timestamp": stamp(at), "log_id": f"{name}-system-{i}"}) for i, (row, at) in enumerate(samples)]

    SQLiteStorage._dataset_import_attempted = True
    SQLiteStorage.export_to_parquet()
    path = Path(WORK) / f"{PROJECT}.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("PRAGMA journal_mode=DELETE")
    db.execute("VACUUM")
    db.close()

    folder = HERE / "system-0.43.0"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    (folder / "forms").mkdir()
    with open(folder / "data" / f"{PROJECT}.db.gz", "wb") as to:
        to.write(gzip.compress(path.read_bytes(), 9, mtime=0))
    for parquet in Path(WORK).glob(f"{PROJECT}*.parquet"):
        shutil.copy(parquet, folder / "forms" / parquet.name)
    (folder / "forms" / "00000000.jsonl.gz").write_bytes(gzip.compress(fragments.FragmentWriter.serialize_records(inbox), 9, mtime=0))
    (HERE / "system-data.json").write_text(json.dumps(describe(path), separators=(",", ":")) + "\n")


def number(value):
    if isinstance(value, str):
        return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(value)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def describe(path):
    """Of each run: its series joined to steps, and statistics over all devices, of all and of a stretch of each axis."""
    db = sqlite3.connect(path)
    runs = {}
    for (name,) in db.execute("SELECT DISTINCT run_name FROM metrics ORDER BY run_name"):
        rows = list(db.execute("SELECT timestamp, step FROM metrics WHERE run_name = ? ORDER BY timestamp, id", (name,)))
        at = np.array([datetime.fromisoformat(time).timestamp() for time, _ in rows])
        steps = np.array([step for _, step in rows], float)
        series = {}
        for time, text in db.execute("SELECT timestamp, metrics FROM system_metrics WHERE run_name = ? ORDER BY timestamp, id", (name,)):
            for key, value in json.loads(text).items():
                if number(value) is not None:
                    series.setdefault(key, []).append((datetime.fromisoformat(time).timestamp(), number(value)))
        joined = {}
        for key, points in series.items():
            times, values = np.array(points).T
            place = np.searchsorted(at, times, side="right") - 1
            joined[key] = {"times": times, "values": values, "steps": np.where(place >= 0, steps[np.maximum(place, 0)], np.nan)}
        runs[name] = {
            "start": float(at[0]),
            "series": {key: {"steps": clean(one["steps"]), "times": clean(one["times"]), "values": clean(one["values"])} for key, one in joined.items() if key in ("gpu/1/power", "cpu/utilization")},
            "stats": {
                f"{metric} {where}": statistics(joined, metric, where, float(at[0]))
                for metric in sorted({merged(key) for key in joined})
                for where in ("all", "step 40 90", "relative 100 400.5")
            },
        }
    return runs


def merged(key):
    parts = key.split("/")
    if len(parts) == 3 and parts[1].isdigit():
        return "cpu/*/utilization" if parts[0] == "cpu" else f"{parts[0]}/{parts[2]}"
    return key


def statistics(joined, metric, where, start):
    kept, devices = [], sorted((key for key in joined if merged(key) == metric), key=lambda key: [int(part) if part.isdigit() else part for part in key.split("/")])
    sums, integral, seconds, most = 0.0, 0.0, 0.0, (-math.inf, math.nan, "")
    count = 0
    for key in devices:
        one = joined[key]
        axis, *ends = where.split()
        inside = np.full(one["values"].shape, True)
        if ends:
            x = one["steps"] if axis == "step" else one["times"] - start
            inside = (x >= float(ends[0])) & (x <= float(ends[1]))
        values, times, steps = one["values"][inside], one["times"][inside], one["steps"][inside]
        count += len(values)
        finite = np.isfinite(values)
        if not finite.any():
            continue
        kept.append(values[finite])
        sums += values[finite].mean()
        # a gap: over three times the usual interval, which is the same throughout here
        usual = np.median(np.diff(one["times"]))
        step = np.diff(times)
        mean = (values[1:] + values[:-1]) / 2
        good = (step <= 3 * usual) & np.isfinite(mean)
        integral += float((mean[good] * step[good]).sum())
        seconds = max(seconds, float(step[good].sum()))
        place = int(np.argmax(np.where(finite, values, -np.inf)))
        if values[place] > most[0]:
            most = (float(values[place]), float(steps[place]), "/".join(key.split("/")[:2]) if len(devices) > 1 else None)
    if not kept:
        return {"count": count}
    pooled = np.concatenate(kept)
    return {
        "count": count,
        "mean": float(pooled.mean()),
        "min": float(pooled.min()),
        "max": most[0],
        "maxStep": None if math.isnan(most[1]) else most[1],
        "maxDevice": most[2],
        "p5": float(np.quantile(pooled, 0.05)),
        "idle": float((pooled < 50).mean()),
        "sum": float(sums),
        "integral": integral,
        "seconds": seconds,
    }


def clean(values):
    return [None if math.isnan(value) else round(float(value), 6) for value in values]


main()
