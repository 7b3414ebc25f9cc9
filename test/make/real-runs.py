"""Makes six databases as people's trainings leave them, with the real trackio package. From the repository's root:

    python3 -m venv .cache/trackio && .cache/trackio/bin/pip install -r test/make/requirements.txt
    .cache/trackio/bin/python test/make/real-runs.py OUT            the six, into the folder OUT
    .cache/trackio/bin/python test/make/real-runs.py --fixtures     three of them, made small, into test/fixtures/real-*/data

    trl-sft.db      qwen3-sft, 3 runs as TRL's SFTTrainer logs through the callback of transformers: a row every 10 global steps, an evaluation
                    every 100, no `step`, so that a row's step is its number. Three alerts, a table, notes, five traces.
    trl-grpo.db     qwen3-grpo, 2 runs as TRL's GRPOTrainer logs: 20 rewards, and a row for each of 26 timings at each global step, so that only
                    one row in 27 has the metrics of training.
    sweep-30.db     30 runs of 600 steps with noise; evaluated every 50. Some overfit, one diverges to NaN, and one of the middle is the best
                    of all at a single logged point (train/loss at step 431, eval/loss at step 399).
    constants.db    what smoothing must leave alone: constants, counters, plateaus, a switch, lines of 1 to 99 points, gaps, NaN, infinities, and a
                    single 1e6 among 5,000 points.
    diverging.db    4 runs of 1,500 steps: one goes up to about 1e6 and is NaN after that, one stays on a plateau, two are fine.
    sparse-eval.db  4 runs of 20,000 rows: train/loss in each, train/grad_norm in every 3rd, eval/loss in every 1,000th.

Curves are formulas and seeded noise; no model was trained. As in demo.py the package's clock and ids are replaced, so that rows carry the times of
a training that took its hours and two calls give the same rows; its sender thread is left out, rows are kept until 2,000 are there or the run ends, and
each keeps the time it was logged at. The files are checkpointed and whole without a -wal.
"""

import contextlib
import gzip
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

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {"TRACKIO_DIR": FOLDER.name, "TRACKIO_STORAGE_MODE": "sqlite", "HF_HUB_OFFLINE": "1"}
sys.dont_write_bytecode = True

import trackio  # noqa: E402  reads its folder from the environment when imported
import trackio.run  # noqa: E402
import trackio.sqlite_storage  # noqa: E402

KEPT = 2_000


class Clock(datetime):
    """Stands in for the package's `datetime`: its `now` moves only by `wait`."""

    moment = datetime(2026, 9, 14, 6, 3, 41, 118_402, tzinfo=timezone.utc)

    @classmethod
    def now(cls, tz=None):
        return cls.moment.astimezone(tz)

    @classmethod
    def wait(cls, seconds):
        cls.moment += timedelta(seconds=seconds)


def seed_package():
    ids = Random("ids")
    times = {}
    flush, bulk_log = trackio.run.Run._flush_queues_inline, trackio.sqlite_storage.SQLiteStorage.bulk_log

    def keep(run):
        for entry in run._queued_logs[-1:]:
            times.setdefault(entry["log_id"], Clock.now(timezone.utc).isoformat())
        if run._stop_flag.is_set() or len(run._queued_logs) >= KEPT:
            flush(run)

    def stamped(log_ids=None, **rest):
        bulk_log(**rest, log_ids=log_ids, timestamps=[times[one] for one in log_ids])

    trackio.run.datetime = trackio.sqlite_storage.datetime = Clock
    trackio.run.uuid = SimpleNamespace(uuid4=lambda: uuid.UUID(int=ids.getrandbits(128), version=4))
    trackio.run.Run._start_background_thread = lambda *_, **__: False
    trackio.run.Run._get_username = lambda _: None
    trackio.run.Run._flush_queues_inline = keep
    trackio.sqlite_storage.SQLiteStorage.bulk_log = staticmethod(stamped)


def begin(project, name, config, group=None):
    Clock.wait(1_500)
    return trackio.init(project=project, name=name, group=group, config=config, auto_log_gpu=False, auto_log_cpu=False)


def cosine(step, total, warmup, peak):
    if step < warmup:
        return peak * step / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))


def single(value):
    """A float32 as torch's .item() gives it."""
    import struct

    return struct.unpack("f", struct.pack("f", value))[0]


# --- TRL


def trainer_log(logs, step):
    """What the callback of transformers does with one log of the trainer: prefixes, the global step beside, and no `step`."""
    summary = {"train_runtime", "train_samples_per_second", "train_steps_per_second", "train_loss", "total_flos"}
    rows = {key: value for key, value in logs.items() if key not in summary}
    named = {f"eval/{key[5:]}" if key.startswith("eval_") else f"train/{key}": value for key, value in rows.items()}
    trackio.log({**named, "train/global_step": step})


def arguments(name, **more):
    """The members of TrainingArguments and of the model's config that people look at."""
    return {
        "model_type": "qwen3", "hidden_size": 1024, "num_hidden_layers": 28, "num_attention_heads": 16, "vocab_size": 151_936, "dtype": "bfloat16",
        "output_dir": f"out/{name}", "run_name": name, "num_train_epochs": 1.0, "lr_scheduler_type": "cosine", "optim": "adamw_torch_fused",
        "adam_beta1": 0.9, "adam_beta2": 0.999, "adam_epsilon": 1e-08, "max_grad_norm": 1.0, "bf16": True, "gradient_checkpointing": True,
        "seed": 42, "report_to": ["trackio"], **more, "model/num_parameters": 596_049_920,
    }  # fmt: skip


SFT = [
    {"name": "qwen3-0.6b-lr2e-5", "lr": 2e-5, "steps": 2_000, "floor": 1.18, "packing": False},
    {"name": "qwen3-0.6b-lr1e-4", "lr": 1e-4, "steps": 1_200, "floor": 1.12, "packing": False},
    {"name": "qwen3-0.6b-packing", "lr": 1e-4, "steps": 600, "floor": 1.1, "packing": True},
]


def trl_sft(small=False):
    for spec in SFT:
        chance = Random(f"sft {spec['name']}")
        total, warmup = spec["steps"], round(0.05 * spec["steps"])
        batch = arguments(spec["name"], learning_rate=spec["lr"], warmup_steps=warmup, packing=spec["packing"], max_length=2048,
                          per_device_train_batch_size=8, gradient_accumulation_steps=2, weight_decay=0.01, logging_steps=10, eval_steps=100)  # fmt: skip
        run = begin("qwen3-sft", spec["name"], None)
        trackio.config.update(batch, allow_val_change=True)
        speed = 32_768 if spec["packing"] else 11_200
        tokens, losses = 0.0, []
        for step in range(10, total + 1, 10):
            part = step / total
            level = spec["floor"] + 0.75 * math.exp(-9 * part) + 0.12 * (1 - part)
            loss = level + chance.gauss(0, 0.045)
            losses.append(loss)
            tokens += round(10 * speed * (1 + chance.gauss(0, 0.02)))
            Clock.wait(chance.uniform(9.5, 11.5))
            spike = 6.5 if step == 730 and spec["lr"] > 5e-5 else 1
            trainer_log(
                {
                    "loss": round(loss, 4),
                    "grad_norm": single(spike * (0.9 + 1.6 * math.exp(-20 * part)) * math.exp(chance.gauss(0, 0.18))),
                    "learning_rate": cosine(step - 1, total, warmup, spec["lr"]),
                    "entropy": single(level * 0.96 + chance.gauss(0, 0.03)),
                    "num_tokens": tokens,
                    "mean_token_accuracy": single(0.86 - 0.125 * level + chance.gauss(0, 0.006)),
                    "epoch": step / total,
                },
                step,
            )
            if step % 100 == 0:
                seconds = chance.uniform(21.4, 22.9)
                Clock.wait(seconds)
                turned = 0.09 * max(0, part - 0.6) if spec["lr"] > 5e-5 and not spec["packing"] else 0
                held = level + 0.045 + turned + chance.gauss(0, 0.004)
                trainer_log(
                    {
                        "eval_loss": single(held),
                        "eval_runtime": round(seconds, 4),
                        "eval_samples_per_second": round(512 / seconds, 3),
                        "eval_steps_per_second": round(64 / seconds, 3),
                        "eval_entropy": single(held * 0.95),
                        "eval_num_tokens": tokens,
                        "eval_mean_token_accuracy": single(0.86 - 0.125 * held),
                        "epoch": step / total,
                    },
                    step,
                )
            if spike > 1:
                run.alert("Gradient norm", f"train/grad_norm is 6 times its mean at global step {step}", trackio.AlertLevel.WARN)
            if step == total // 2:
                trackio.log({"samples/note": f"half of {spec['name']}: answers end where they should" if step > 300 else "half: answers run on"})
        took = total * 1.05
        summary = {"train_runtime": round(took, 4), "train_samples_per_second": round(16 * total / took, 3), "train_steps_per_second": round(total / took, 3)}
        summary |= {"total_flos": tokens * 6 * 596_049_920, "train_loss": sum(losses) / len(losses)}
        trainer_log({**summary, "epoch": 1.0}, total)  # of this the callback logs the epoch and the global step
        trackio.log({f"train/{key}": value for key, value in summary.items()})  # so people log what train() returned themselves
        if spec["packing"]:
            run.alert("Training done", f"train/train_loss {summary['train_loss']:.4f}", trackio.AlertLevel.INFO)
            log_samples(chance)
        if spec["lr"] == 2e-5:
            run.alert("Evaluation is slow", "eval/runtime is above 22 s", trackio.AlertLevel.ERROR, step=11)
        trackio.finish()


def log_samples(chance):
    asked = ["What is 17 · 23?", "Name the largest moon of Saturn.", "Turn 3 pm into 24-hour time.", "Is 91 prime?", "Spell 'rhythm' backwards."]
    given = ["391", "Titan", "15:00", "No: 7 · 13", "mhtyhr"]
    rows = [[question, answer, round(chance.uniform(0.5, 1), 3)] for question, answer in zip(asked, given, strict=True)]
    trackio.log({"samples/table": trackio.Table(columns=["prompt", "completion", "score"], data=rows)})
    for question, answer in zip(asked, given, strict=True):
        turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
        trackio.log({"samples/trace": trackio.Trace(turns, metadata={"duration_ms": round(chance.uniform(180, 900))})})


REWARDS = ["accuracy", "format", "tag_count", "reasoning_steps", "think_format", "length", "cosine_scaled", "repetition_penalty", "code_format",
           "language_consistency", "soft_overlong", "boxed_answer", "latex_valid", "unit", "integer_answer", "no_hedge", "self_check", "citation",
           "safety", "toxicity"]  # fmt: skip


def trl_grpo():
    for name, lr in [("qwen3-0.6b-grpo-beta0.04", 1e-6), ("qwen3-0.6b-grpo-lr5e-6", 5e-6)]:
        chance = Random(f"grpo {name}")
        total = 150
        begin("qwen3-grpo", name, None)
        trackio.config.update(arguments(name, learning_rate=lr, beta=0.04, num_generations=8, max_completion_length=1024, epsilon=0.2, loss_type="dapo",
                                        scale_rewards="group", use_vllm=True, vllm_mode="colocate", logging_steps=1), allow_val_change=True)  # fmt: skip
        tokens = 0.0
        for step in range(total):
            part = step / total

            def timed(what, seconds):
                took = seconds * math.exp(chance.gauss(0, 0.12))
                Clock.wait(took)
                trackio.log({f"profiling/Time taken: GRPOTrainer.{what}": took}, step=step)
                return took

            length = 620 - 260 * part + chance.gauss(0, 35)
            whole = timed("sync_weights", 0.62) + timed("vLLM.generate", 0.012 * length) + timed("_get_per_token_logps_and_entropies", 0.8)
            scored = sum(timed(f"{reward}_reward", 0.9 if reward in ("accuracy", "safety") else 0.004) for reward in REWARDS)
            whole += timed("_calculate_rewards", scored)
            timed("_prepare_inputs", whole)
            timed("compute_loss", 1.9)
            tokens += 64 * length
            row = {"loss": round(abs(chance.gauss(0.004 + 0.02 * part, 0.006)), 4), "grad_norm": single(0.11 + abs(chance.gauss(0, 0.04)))}
            row |= {"learning_rate": lr * (1 - part), "num_tokens": tokens, "completions/mean_length": length}
            row |= {"completions/min_length": float(round(length * 0.31)), "completions/max_length": float(min(1024, round(length * 1.9)))}
            row |= {"completions/clipped_ratio": max(0.0, round((0.19 - 0.2 * part) * 64 + chance.gauss(0, 1.5)) / 64)}
            row |= {"completions/mean_terminated_length": length * 0.93, "completions/min_terminated_length": float(round(length * 0.31))}
            row |= {"completions/max_terminated_length": float(min(1021, round(length * 1.8)))}
            reward = 0.0
            for index, which in enumerate(REWARDS):
                mean = (0.2 + 0.03 * index) + (0.9 - 0.2 - 0.03 * index) * (1 - math.exp(-3 * part)) + chance.gauss(0, 0.05)
                reward += mean / len(REWARDS)
                row |= {f"rewards/{which}_reward/mean": single(mean), f"rewards/{which}_reward/std": single(abs(chance.gauss(0.3 - 0.1 * part, 0.03)))}
            row |= {"reward": single(reward), "reward_std": single(abs(chance.gauss(0.22, 0.02))), "frac_reward_zero_std": round(chance.random() * 8 * part) / 8}
            row |= {"sampling/sampling_logp_difference/mean": single(abs(chance.gauss(0.012, 0.001)))}
            row |= {"sampling/sampling_logp_difference/max": single(abs(chance.gauss(0.9, 0.3)))}
            row |= {"sampling/importance_sampling_ratio/min": single(abs(chance.gauss(0.04, 0.02)))}
            row |= {"sampling/importance_sampling_ratio/mean": single(chance.gauss(1, 0.004)), "sampling/importance_sampling_ratio/max": 2.0}
            row |= {"kl": single(abs(0.0004 + 0.09 * part + chance.gauss(0, 0.006))), "entropy": single(0.42 - 0.2 * part + chance.gauss(0, 0.02))}
            row |= {"clip_ratio/low_mean": 0.0, "clip_ratio/low_min": 0.0, "clip_ratio/high_mean": 0.0, "clip_ratio/high_max": 0.0, "clip_ratio/region_mean": 0.0}
            trainer_log({**row, "step_time": whole + 2.1, "epoch": (step + 1) / total}, step + 1)
        trackio.finish()


# --- a sweep


def sweep():
    grid = [(lr, batch, decay) for lr in (1e-4, 3e-4, 1e-3, 3e-3, 1e-2) for batch in (32, 128) for decay in (0.0, 0.01, 0.1)]
    for index, (lr, batch, decay) in enumerate(grid):
        name = f"lr{lr:g}-bs{batch}-wd{decay:g}"
        chance = Random(f"sweep {name}")
        begin("sweep-30", name, {"lr": lr, "batch_size": batch, "weight_decay": decay, "seed": index % 3})
        far = abs(math.log10(lr / 1e-3)) + 0.15 * (batch == 128)
        floor = 0.62 + 0.34 * far + 0.05 * abs(decay - 0.01) ** 0.5
        speed = 5 + 3 * (1.2 - far)
        overfits = decay == 0 and lr >= 3e-4 and batch == 32
        diverges = lr == 1e-2 and batch == 32 and decay == 0
        noise = 0.06 if batch == 128 else 0.12
        lucky = name == "lr0.0003-bs128-wd0.1"
        for step in range(600):
            part = step / 600
            level = floor + (2.6 - floor) * math.exp(-speed * part)
            loss = level * (1 + chance.gauss(0, noise * (0.5 + 0.5 * math.exp(-3 * part))))
            if diverges and step >= 300:
                loss = loss * math.exp((step - 300) / 14) if step < 420 else math.nan
            if lucky and step == 431:
                loss = 0.181
            Clock.wait(0.9 + (batch == 128) * 1.6)
            row = {"train/loss": loss}
            if (step + 1) % 50 == 0 or (lucky and step == 399):
                held = level * 1.06 + (0.9 * max(0, part - 0.45) ** 1.5 if overfits else 0) + chance.gauss(0, 0.01)
                held = 0.402 if lucky and step == 399 else loss * 1.1 if diverges and step >= 300 else held
                row |= {"eval/loss": held, "eval/accuracy": math.nan if held != held else round(max(0.1, min(0.97, 0.98 - 0.27 * held)) * 5_000) / 5_000}
            trackio.log(row, step=step)
        trackio.finish()


# --- constants


SHORT = [1, 2, 3, 5, 8, 12, 19, 20, 30, 99]


def constants(small=False):
    rows, long = (200, 500) if small else (1_000, 5_000)
    for name, lr in [("steady-a", 1e-3), ("steady-b", 5e-4)]:
        chance = Random(f"constants {name}")
        begin("constants", name, {"lr": lr})
        off = False
        for row in range(rows):
            Clock.wait(2.5)
            values = {"constant/lr": lr, "constant/dropout": 0.1, "constant/eps": 1e-300}
            values |= {"counter/offset_steps": 123456789.1 + 0.1 * row, "counter/large": 1e15 + row, "counter/global_step": row, "counter/epoch": row / 250}
            values |= {"counter/tokens": 8_192 * (row + 1), "near/one": 1 + (1e-12 if chance.random() < 0.5 else -1e-12)}
            values |= {"plateau/lr": lr * (1 if row < rows * 0.4 else 0.1 if row < rows * 0.75 else 0.01)}
            values |= {"plateau/switch": int(rows * 0.3 <= row < rows * 0.55 or row >= rows * 0.9)}
            values |= {"noise/loss": 0.5 + 2 * math.exp(-5 * row / rows) + chance.gauss(0, 0.08)}
            if chance.random() < 0.03:
                off = not off
            if not off:
                values["gaps/loss"] = 1 + math.exp(-3 * row / rows) + chance.gauss(0, 0.05)
            middle = rows // 2
            values["odd/nan_in_the_middle"] = math.nan if middle <= row < middle + 3 else math.sin(row / 40) + chance.gauss(0, 0.1)
            odd = {middle - 20: math.inf, middle: -math.inf, middle + 1: math.inf}
            values["odd/infinities"] = odd.get(row, math.cos(row / 40) + chance.gauss(0, 0.1))
            for count in SHORT:
                if count <= rows and (row + 1) * count // rows > row * count // rows:
                    values[f"short/{count:02d}_points"] = 2 - row / rows + chance.gauss(0, 0.15)
            trackio.log(values)
        trackio.finish()
    chance = Random("constants spike")
    begin("constants", "one-spike", {"lr": 1e-3})
    for row in range(long):
        Clock.wait(1.2)
        trackio.log({"spike/loss": 1e6 if row == long * 3 // 5 else 0.8 + 1.5 * math.exp(-6 * row / long) + chance.gauss(0, 0.06), "constant/lr": 1e-3})
    trackio.finish()


# --- diverging, sparse evaluation


def diverging():
    for name, floor, lr in [("warmup-1000", 1.1, 3e-4), ("warmup-200", 1.05, 6e-4), ("frozen-head", 2.35, 3e-4), ("no-warmup-lr3e-2", 1.3, 3e-2)]:
        chance = Random(f"diverging {name}")
        begin("diverging", name, {"lr": lr, "batch_size": 64})
        for step in range(1_500):
            Clock.wait(1.7)
            part = step / 1_500
            loss = floor + (4.2 - floor) * math.exp(-(30 if name == "frozen-head" else 7) * part) + chance.gauss(0, 0.07)
            norm = (0.6 + 2 * math.exp(-8 * part)) * math.exp(chance.gauss(0, 0.25))
            if lr > 1e-2 and step >= 500:  # to 1e6 within 550 steps
                growth = math.exp((step - 500) / 550 * math.log(1e6 / 1.33))
                loss, norm = (loss * growth, norm * growth) if step <= 1_050 else (math.nan, math.nan)
            row = {"train/loss": loss, "train/grad_norm": norm, "train/lr": cosine(step, 1_500, 1 if lr > 1e-2 else 200, lr)}
            if (step + 1) % 100 == 0:
                row["eval/loss"] = loss * 1.04
            trackio.log(row, step=step)
        trackio.finish()


def sparse_eval(small=False):
    rows, each = (800, 40) if small else (20_000, 1_000)
    for name, floor in [("baseline", 2.9), ("wider", 2.78), ("deeper", 2.74), ("deeper-dropout", 2.81)][: 2 if small else 4]:
        chance = Random(f"sparse {name}")
        begin("sparse-eval", name, {"width": 1024 if name == "wider" else 768, "layers": 24 if "deeper" in name else 12})
        for row in range(rows):
            Clock.wait(0.6)
            part = row / rows
            level = floor + 3.2 * math.exp(-14 * part) + 0.9 * math.exp(-2.5 * part)
            values = {"train/loss": level + chance.gauss(0, 0.11)}
            if row % 3 == 0:
                values["train/grad_norm"] = (0.4 + 1.5 * math.exp(-10 * part)) * math.exp(chance.gauss(0, 0.3))
            if (row + 1) % each == 0:
                turned = 0.5 * max(0, part - 0.7) if name == "deeper" else 0
                values["eval/loss"] = level + 0.03 + turned + chance.gauss(0, 0.012)
            trackio.log(values)
        trackio.finish()


MADE = {"trl-sft": ("qwen3-sft", trl_sft), "trl-grpo": ("qwen3-grpo", trl_grpo), "sweep-30": ("sweep-30", sweep), "constants": ("constants", constants),
        "diverging": ("diverging", diverging), "sparse-eval": ("sparse-eval", sparse_eval)}  # fmt: skip


def whole(project):
    """The path of the project's database, with its -wal folded in and none needed."""
    path = Path(FOLDER.name) / f"{project}.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        mode = database.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        database.execute("VACUUM")
        if mode != "delete" or database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            sys.exit(f"real-runs: {path} is not whole")
    return path


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    small = arguments == ["--fixtures"]
    seed_package()
    for name in ["trl-sft", "constants", "sparse-eval"] if small else MADE:
        project, make = MADE[name]
        with contextlib.redirect_stdout(io.StringIO()):  # the package's greeting for each run
            make(small=True) if small else make()
        if small:
            target = FIXTURES / f"real-{name}" / "data" / f"{project}.db.gz"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(gzip.compress(whole(project).read_bytes(), mtime=0))
        else:
            target = Path(arguments[0]) / f"{name}.db"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(whole(project), target)
        print(f"{target.name}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
