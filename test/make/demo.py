"""Makes the demo project, public/gpt2-124m-optimizers.db, with the real trackio package. From the repository's root:

    python3 -m venv .cache/trackio && .cache/trackio/bin/pip install -r test/make/requirements.txt
    .cache/trackio/bin/python test/make/demo.py

Eight runs of four optimizers are logged by init, log, log_system, alert and finish; the curves are made up (curves.py). Three things
of the package are replaced, so that two calls give the same file: the clock (rows are stamped as if the training had taken its
hours), the random ids, and the sender thread (each row is written at once). The finished file is checkpointed, put into journal mode
DELETE, so that it is whole without a -wal, and vacuumed. Prints a table of what trackio's own reader finds in it.
"""

import contextlib
import io
import math
import os
import shutil
import sqlite3
import sys
import tempfile
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from types import SimpleNamespace

PROJECT = "gpt2-124m-optimizers"
TARGET = Path(__file__).resolve().parents[2] / "public" / f"{PROJECT}.db"
LIMIT = 2_000_000
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {"TRACKIO_DIR": FOLDER.name, "TRACKIO_STORAGE_MODE": "sqlite", "HF_HUB_OFFLINE": "1"}
sys.dont_write_bytecode = True  # leaves no __pycache__ beside the scripts

import trackio  # noqa: E402  reads its folder from the environment when imported
import trackio.run  # noqa: E402
import trackio.sqlite_storage  # noqa: E402
from curves import EVAL, ROW, TOKENS_A_STEP, Training  # noqa: E402

COSINE = {"schedule": "cosine", "warmup": 300, "total": 12_000}
TRAPEZOID = {"schedule": "trapezoid", "warmup": 100, "total": 12_000}
ADAMW = {"group": "adamw", "knee": 62, "alpha": 0.66, "floor": 3.12, "gradient": 0.26, "speed": 1.0, "ratio": 1.0}
MUON = {"group": "muon", "knee": 44, "alpha": 0.67, "floor": 3.09, "gradient": 0.17, "speed": 0.965, "ratio": 2.2}
LION = {"group": "lion", "knee": 70, "alpha": 0.65, "floor": 3.13, "gradient": 0.37, "speed": 1.015, "ratio": 1.5}
SGD = {"group": "sgd", "knee": 260, "alpha": 0.52, "floor": 3.25, "gradient": 0.62, "speed": 1.04, "ratio": 0.2}
INNER = {
    "adamw": {"name": "adamw", "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.1, "fused": True},
    "muon": {"name": "muon", "momentum": 0.95, "nesterov": True, "ns_steps": 5, "weight_decay": 0.0, "embedding_optimizer": "adamw"},
    "lion": {"name": "lion", "betas": [0.95, 0.98], "weight_decay": 1.0},
    "sgd": {"name": "sgd", "momentum": 0.9, "nesterov": False, "weight_decay": 1e-4},
}
# In order of their start. `pause`: hours before it. `until`: the last logged step. `spikes`: step to the height of a spike of the loss.
RUNS = [
    {**SGD, **COSINE, "name": "sgd-lr3e-1-s0", "lr": 0.3, "seed": 0, "pause": 0, "until": 6_000, "spikes": {2_075: 0.5}},
    {**ADAMW, **COSINE, "name": "adamw-lr6e-4-s0", "lr": 6e-4, "seed": 0, "pause": 1.4, "until": 12_000, "spikes": {5_275: 0.35}},
    {
        **{**ADAMW, **COSINE, "name": "adamw-lr6e-4-s1", "lr": 6e-4, "seed": 1, "pause": 0.3, "until": 12_000, "floor": 3.126},
        "spikes": {8_025: 0.22, 9_275: 0.3},
    },
    {
        **{**ADAMW, **COSINE, "name": "adamw-lr3e-3-s0", "lr": 3e-3, "seed": 0, "pause": 2.1, "until": 4_800},
        **{"floor": 3.2, "gradient": 0.4, "spikes": {1_775: 0.6, 2_775: 0.9}, "diverges": (3_700, 4_550), "nan_from": 4_575},
    },
    {
        **{**LION, **COSINE, "name": "lion-lr1e-4-s0", "lr": 1e-4, "seed": 0, "pause": 11.5, "until": 12_000},
        **{"spikes": {3_275: 0.25}, "skipped": 7_050},
    },
    {
        **{**LION, **COSINE, "name": "lion-lr3e-4-s0", "lr": 3e-4, "seed": 0, "pause": 0.6, "until": 5_600},
        **{"floor": 3.26, "gradient": 0.55, "spikes": {1_275: 0.7, 2_525: 1.6, 4_275: 0.8}},
    },
    {**MUON, **TRAPEZOID, "name": "muon-lr2e-2-s0", "lr": 0.02, "seed": 0, "pause": 3.2, "until": 12_000, "spikes": {6_525: 0.2}},
    # Stopped at 5 175 and taken up again from the checkpoint of step 5 000: those 175 steps are there twice.
    {
        **{**MUON, **TRAPEZOID, "name": "muon-lr2e-2-s1", "lr": 0.02, "seed": 1, "pause": 0.8, "until": 9_000, "floor": 3.094},
        **{"spikes": {7_775: 0.25}, "stopped": 5_175, "checkpoint": 5_000},
    },
]


class Clock(datetime):
    """Stands in for the package's `datetime`: its `now` moves only by `wait`."""

    moment = datetime(2026, 11, 10, 7, 42, 16, 381_204, tzinfo=timezone.utc)

    @classmethod
    def now(cls, tz=None):
        return cls.moment.astimezone(tz)

    @classmethod
    def wait(cls, seconds):
        cls.moment += timedelta(seconds=seconds)


def seed_package():
    ids = Random("ids")
    trackio.run.datetime = trackio.sqlite_storage.datetime = Clock
    trackio.run.uuid = SimpleNamespace(uuid4=lambda: uuid.UUID(int=ids.getrandbits(128), version=4))
    trackio.run.Run._start_background_thread = lambda *_, **__: False
    trackio.run.Run._get_username = lambda _: None


def config(spec):
    return {
        "lr": spec["lr"],
        "min_lr": float(f"{spec['lr'] / 10:.5g}") if spec["schedule"] == "cosine" else 0.0,
        "schedule": spec["schedule"],
        "warmup": spec["warmup"],
        "max_steps": spec["total"],
        "seed": spec["seed"],
        "batch_size": 512,
        "grad_accum": 2 if spec["group"] == "muon" else 1,
        "grad_clip": 1.0 if spec["lr"] < 3e-3 or spec["group"] != "adamw" else None,
        "optimizer": INNER[spec["group"]],
        "model": {"name": "gpt2-124m", "layers": 12, "heads": 12, "width": 768, "context": 1024, "tied_embeddings": True},
        "data": {"name": "fineweb-10b", "tokenizer": "gpt2", "shuffle": True},
        "precision": "bf16",
        "compile": True,
        "tags": ["optimizers", spec["group"]],
    }


def log_run(spec):
    """Logs one run from start to end. Returns how many rows that makes."""
    Clock.wait(3600 * spec["pause"])
    chance = Random(f"{spec['name']} clock")
    begin = {"project": PROJECT, "name": spec["name"], "group": spec["group"], "config": config(spec)}
    begin |= {"auto_log_gpu": False, "auto_log_cpu": False}  # nothing of this machine
    run = trackio.init(**begin)
    Clock.wait(chance.uniform(35, 55))
    training = Training(spec)
    rows, step = 0, 0
    stopped = spec.get("stopped")
    while step <= spec["until"]:
        values = training.row(step)
        took = ROW * TOKENS_A_STEP / values["train/tokens_per_s"] + (chance.uniform(14, 17) if "eval/loss" in values else 0)
        Clock.wait(took)
        if step == spec["until"] and "nan_from" not in spec:
            values |= {"final/mmlu": mmlu(values["train/loss"], chance), "final/tokens_b": round(step * TOKENS_A_STEP / 1e9, 3)}
        trackio.log(values, step=step)
        rows += 1
        if step % (2 * EVAL) == 0:
            log_gpu(chance, "eval/loss" in values)
        say(run, spec, step, values)
        if step == stopped:
            stopped = None
            run.finish()
            Clock.wait(3600 * 1.7)
            run = trackio.init(**begin, resume="must")
            Clock.wait(50)
            training.bump, step = 0.0, spec["checkpoint"]
        step += ROW
    trackio.finish()
    return rows


def mmlu(loss, chance):
    return round(0.229 + 0.03 * max(0.0, 4.4 - loss) + chance.gauss(0, 0.002), 4)


def log_gpu(chance, evaluating):
    busy = chance.gauss(91 if evaluating else 98, 1)
    trackio.log_system(
        {
            "gpu/0/utilization": min(100, round(busy)),
            "gpu/0/allocated_memory": round(chance.gauss(61.4, 0.05), 2),
            "gpu/0/power": round(chance.gauss(381, 7), 1),
            "gpu/0/temp": round(chance.gauss(64, 1.2)),
        }
    )


def say(run, spec, step, values):
    if step == spec.get("nan_from"):
        text = f"train/loss is not finite since step {step}; the last gradient norm was infinite."
        run.alert("Loss is NaN", text, trackio.AlertLevel.ERROR, step=step)
        return
    now = f"train/loss {values['train/loss']:.3f}, gradient norm {values['train/grad_norm']:.2f}."
    if spec["spikes"].get(step, 0) >= 0.8:
        run.alert("Loss spike", now, trackio.AlertLevel.WARN, step=step)
    elif step == spec["total"]:
        run.alert("Training done", now, trackio.AlertLevel.INFO, step=step)


def deliver(source):
    """Folds the -wal into the file, makes it a plain one, packs it and copies it to its place."""
    with contextlib.closing(sqlite3.connect(source, isolation_level=None)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        mode = database.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        database.execute("VACUUM")
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
    if mode != "delete" or whole != "ok":
        sys.exit(f"demo: journal mode {mode}, integrity {whole}")
    shutil.copyfile(source, TARGET)


def table(expected):
    """Reads the project back with trackio's reader and prints a line a run. Stops when a row is missing or the file too large."""
    store = trackio.sqlite_storage.SQLiteStorage
    configs = store.get_all_run_configs(PROJECT)
    print("run               group   rows last step metrics  values not finite eval/loss  created")
    for record in store.get_run_records(PROJECT):
        logs = store.get_logs(PROJECT, record["name"], run_id=record["id"])
        values = [(key, value) for log in logs for key, value in log.items() if key not in ("step", "timestamp")]
        odd = sum(isinstance(value, float) and not math.isfinite(value) for _, value in values)
        loss = [log["eval/loss"] for log in logs if "eval/loss" in log][-1]
        settings = configs.get(record["id"]) or configs[record["name"]]
        print(
            f"{record['name']:17} {settings['_Group']:6} {len(logs):5} {max(log['step'] for log in logs):9} "
            f"{len({key for key, _ in values}):7} {len(values):7} {odd:10} {loss:9.4f}  {settings['_Created'][:16]}"
        )
        if len(logs) != expected[record["name"]]:
            sys.exit(f"demo: {record['name']} has {len(logs)} rows, {expected[record['name']]} were logged")
    size = TARGET.stat().st_size
    print(f"{TARGET.name}: {size:,} bytes")
    if size >= LIMIT:
        sys.exit(f"demo: {size:,} bytes, the limit is {LIMIT:,}")


def main():
    seed_package()
    with contextlib.redirect_stdout(io.StringIO()):  # the package's greeting for each run
        expected = {spec["name"]: log_run(spec) for spec in RUNS}
    deliver(Path(FOLDER.name) / f"{PROJECT}.db")
    table(expected)


if __name__ == "__main__":
    main()
