"""Curves of a GPT-2 124M training run, one row at a time, as the demo logs them.

Nothing is measured: every number comes from the formulas below and a seeded generator. Floats are rounded to 5 significant
digits, as many loggers do.
"""

import math
from random import Random

PARAMETERS = 124_000_000
TOKENS_A_STEP = 524_288
PEAK_FLOPS = 8 * 312e12
# Training steps between rows; what is costly to compute comes with every second, fourth or tenth row.
ROW, RATIO, LAYERS, EVAL = 25, 50, 100, 250


def rounded(value):
    return float(f"{value:.5g}") if math.isfinite(value) else value


def learning_rate(spec, step):
    """Linear warmup, then cosine to a tenth of the peak, or flat and linear to zero over the last 30 % ("trapezoid")."""
    peak, warmup, total = spec["lr"], spec["warmup"], spec["total"]
    if step < warmup:
        return peak * step / warmup
    part = min(1.0, (step - warmup) / (total - warmup))
    if spec["schedule"] == "cosine":
        return peak * (0.1 + 0.45 * (1 + math.cos(math.pi * part)))
    return peak * min(1.0, (1 - part) / 0.3)


def smooth_loss(spec, step):
    """Power law from ln(50257) = 10.82 to the optimizer's floor, less what the falling learning rate gives back at the end."""
    start, floor = 10.82, spec["floor"]
    tail = (1 + step / spec["knee"]) ** -spec["alpha"]
    cooled = 1 - learning_rate(spec, step) / spec["lr"] if step > spec["warmup"] else 0.0
    return floor + (start - floor) * tail - 0.07 * cooled


class Training:
    """State of one run: its generator, and what a spike leaves behind."""

    def __init__(self, spec):
        self.spec = spec
        self.random = Random(f"{spec['name']} noise")
        self.bump = 0.0
        self.drift = 0.0
        self.mood = 0.0

    def row(self, step):
        """What is logged at a step: name to value. Rows must be asked for in order of steps."""
        spec, noise = self.spec, self.random.gauss
        lr = learning_rate(spec, step)
        # Runs of one seed see the same batches, so their losses go up and down together.
        batch = Random(f"batch {spec['seed']} {step}").gauss(0, 0.03)
        self.mood = 0.85 * self.mood + noise(0, 0.05)
        gradient = spec["gradient"] * (1 + 7 * (1 + step / 120) ** -0.9) * math.exp(self.mood + noise(0, 0.13))
        gradient *= self.spike(step)
        clean = smooth_loss(spec, step) + self.bump + self.diverging(step)
        # A sharp turn within one row: it is logged before the optimizer answers.
        loss = clean + batch * (1 + clean / 8) + noise(0, 0.012)
        if self.drift:
            gradient *= math.exp(1.9 * self.drift)
        speed = PEAK_FLOPS * 0.41 / (6 * PARAMETERS) * spec["speed"] * (1 + noise(0, 0.004))
        if self.random.random() < 0.012:
            speed *= self.random.uniform(0.72, 0.93)
        ratio = 3e-3 * (lr / spec["lr"] + 1e-3) * (1 + step / 400) ** -0.35 * spec["ratio"] * math.exp(noise(0, 0.1))
        out = {
            "train/loss": loss,
            "train/grad_norm": gradient,
            "train/lr": lr,
            "train/tokens_per_s": round(speed),
            "tokens": step * TOKENS_A_STEP,
        }
        if step % RATIO == 0:
            out["train/update_ratio"] = ratio
        if step % LAYERS == 0:
            out["train/mfu"] = speed * 6 * PARAMETERS / PEAK_FLOPS
            out["epoch"] = step * TOKENS_A_STEP / 9.9e9
            for layer, share in ((0, 0.34), (11, 0.21)):
                out[f"layers/{layer}/grad_norm"] = gradient * share * math.exp(noise(0, 0.08))
                entropy = 6.1 - 0.5 * (layer / 11) - (2.1 - layer / 9) * (1 - (1 + step / (5 * spec["knee"])) ** -0.6)
                out[f"layers/{layer}/attn_entropy"] = entropy + noise(0, 0.02)
        if self.is_eval(step):
            out |= self.evaluated(clean)
        if spec.get("nan_from") is not None and step >= spec["nan_from"]:
            broken = {"train/loss", "train/grad_norm", "train/update_ratio", "eval/loss", "eval/perplexity"}
            out = {key: math.nan if key in broken or key.startswith("layers/") else value for key, value in out.items()}
        elif step == (spec.get("nan_from") or -1) - ROW:
            out["train/grad_norm"] = math.inf
        if step == spec.get("skipped"):
            out["train/grad_norm"] = math.nan
        return {key: value if isinstance(value, int) else rounded(value) for key, value in out.items()}

    def spike(self, step):
        """The factor on the gradient norm; a large spike also lifts the loss, which then recovers over some ten rows."""
        self.bump *= 0.72
        forced = self.spec["spikes"].get(step)
        if forced:
            self.bump += forced
            return 6 + 14 * forced
        if step > 400 and self.random.random() < 0.006:
            size = self.random.uniform(2.5, 7)
            self.bump += 0.006 * size
            return size
        return 1.0

    def diverging(self, step):
        """The rise of a run that diverges: slow, then exponential until it meets the loss of a model that knows nothing."""
        begin, end = self.spec.get("diverges", (math.inf, math.inf))
        if step < begin:
            return 0.0
        self.drift = 4.4 * (step - begin) / (end - begin)
        return min(7.1, 0.055 * math.expm1(self.drift) * (1 + self.random.gauss(0, 0.08)))

    def is_eval(self, step):
        return step % EVAL == 0

    def evaluated(self, clean):
        noise = self.random.gauss
        loss = clean + 0.015 + noise(0, 0.004)
        # 0 at an untrained model's loss, about 1 at 3.2.
        skill = max(0.0, (4.75 - loss) / 1.55)
        return {
            "eval/loss": loss,
            "eval/perplexity": math.exp(loss),
            "eval/hellaswag_acc": 0.252 + 0.078 * skill**1.25 + noise(0, 0.0016),
            "eval/lambada_acc": max(0.0, 0.012 + 0.36 * skill**1.1 + noise(0, 0.004)),
            "eval/arc_easy_acc": 0.262 + 0.172 * skill + noise(0, 0.005),
            "eval/piqa_acc": 0.528 + 0.105 * skill + noise(0, 0.004),
        }
