"""Writes a sweep as people run it: 30 configurations of DPO × 3 seeds, names and config keys as transformers has
them, by trackio's own Python package.

    python test/make/sweep.py FOLDER [RUNS]

The best configuration is known: learning rate 1e-5 and beta 0.1 with the sigmoid loss. Seeds move the accuracy by
about 0.002; the step that is made twice as large by lr 5e-5 diverges for hinge. RUNS: more than 90 repeats
configurations with further seeds, for large tables.
"""

import json
import math
import os
import random
import sqlite3
import sys
import uuid

FOLDER, RUNS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 90
os.makedirs(FOLDER, exist_ok=True)
os.environ |= {"TRACKIO_DIR": FOLDER, "TRACKIO_STORAGE_MODE": "sqlite", "HF_HUB_OFFLINE": "1"}

from trackio.sqlite_storage import SQLiteStorage  # noqa: E402

PROJECT = "gpt2-xl-dpo-sweep"
LOSSES, RATES, BETAS = ["sigmoid", "hinge"], [5e-6, 1e-5, 2e-5, 5e-5, 1e-4], [0.05, 0.1, 0.3]
CONFIGS = [(loss, rate, beta) for loss in LOSSES for rate in RATES for beta in BETAS]

SAME = {
    "model_name_or_path": "gpt2-xl",
    "optim": "adamw_torch",
    "bf16": True,
    "max_length": 1024,
    "per_device_train_batch_size": 4,
    "gradient_accumulation_steps": 8,
    "warmup_ratio": 0.1,
    "lr_scheduler_type": "cosine",
    **{f"accelerator_config.option_{i}": i % 3 == 0 for i in range(20)},
    **{f"flag_{i}": None if i % 5 == 0 else i for i in range(65)},
}


def curve(step: int, goal: float, speed: float, noise: random.Random, width: float) -> float:
    return 0.5 + (goal - 0.5) * (1 - math.exp(-step / speed)) + noise.gauss(0, width)


def main() -> None:
    path = str(SQLiteStorage.init_db(PROJECT))
    db = sqlite3.connect(path)
    columns = [row[1] for row in db.execute("PRAGMA table_info(metrics)")]
    config_columns = [row[1] for row in db.execute("PRAGMA table_info(configs)")]
    for run in range(RUNS):
        loss, rate, beta = CONFIGS[run % len(CONFIGS)]
        seed = 42 + run // len(CONFIGS)
        noise = random.Random(1000 * seed + run)
        name = f"{loss}-lr{rate:g}-b{beta:g}-s{seed}"
        distance = abs(math.log10(rate / 1e-5)) + 0.8 * abs(math.log10(beta / 0.1))
        goal = 0.75 - 0.035 * distance - (0.006 if loss == "hinge" else 0) + noise.gauss(0, 0.002)
        diverges = loss == "hinge" and rate >= 1e-4
        config = {**SAME, "learning_rate": rate, "beta": beta, "loss_type": loss, "seed": seed, "output_dir": f"out/{name}"}
        identity = uuid.UUID(int=noise.getrandbits(128)).hex
        start = 1_790_000_000 + run * 3000
        put(db, "configs", config_columns, {"run_id": identity, "run_name": name, "config": json.dumps(config), "created_at": stamp(start)})
        for step in range(0, 2401, 20):
            share = step / 2400
            row = {
                "train/loss": 0.69 - 0.4 * (1 - math.exp(-step / 500)) * goal + noise.gauss(0, 0.02),
                "train/learning_rate": rate * 0.5 * (1 + math.cos(math.pi * share)),
                "train/samples_per_second": 105 + noise.gauss(0, 0.6),
                "train/epoch": share,
            }
            if diverges and step > 900:
                row["train/loss"] = "NaN"
            put(db, "metrics", columns, {"run_id": identity, "run_name": name, "step": step, "timestamp": stamp(start + step * 1.2), "metrics": json.dumps(row)})
            if step % 200 == 0 and step > 0:
                reached = curve(step, goal - (0.1 if diverges else 0), 450, noise, 0.0015)
                evaluated = {
                    "eval/rewards/accuracies": reached,
                    "eval/rewards/margins": reached * 1.4 - 0.3 + noise.gauss(0, 0.02),
                    "eval/kl": 3e5 * rate * share / beta * (1 + noise.gauss(0, 0.05)),
                    "eval/loss": 1.2 - reached + noise.gauss(0, 0.004),
                }
                put(db, "metrics", columns, {"run_id": identity, "run_name": name, "step": step, "timestamp": stamp(start + step * 1.2 + 0.5), "metrics": json.dumps(evaluated)})
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    print(path)


def put(db: sqlite3.Connection, table: str, columns: list[str], values: dict) -> None:
    held = {name: value for name, value in values.items() if name in columns}
    marks = ", ".join("?" for _ in held)
    db.execute(f"INSERT INTO {table} ({', '.join(held)}) VALUES ({marks})", list(held.values()))


def stamp(seconds: float) -> str:
    from datetime import datetime, timezone

    return datetime.fromtimestamp(seconds, timezone.utc).isoformat()


main()
