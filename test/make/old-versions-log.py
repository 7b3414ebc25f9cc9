"""Logs a small project with the trackio release on PYTHONPATH: old-versions-log.py PROJECT [PROJECT...]   [--continue]

`--continue` writes what a later release adds to a project: it resumes a run, takes a used name again, starts a new run.
"""

import inspect
import os
import sys
import time

os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TZ="Asia/Tokyo")
time.tzset()

import trackio

if hasattr(trackio, "launch_gradio"):  # 0.0.5 waits for its server to end
    trackio.launch_gradio = lambda **_: sys.modules["trackio.ui"].demo.launch(quiet=True, prevent_thread_lock=True)[1]

NAN, INF = float("nan"), float("inf")
KNOWN = inspect.signature(trackio.init).parameters
AWKWARD = "a/b #1 100% \"q\" 'x'; -- \\ <b>&amp; 🦊 ünï\u0301 "


def start(project, name, **wanted):
    if "group" not in KNOWN:
        wanted.pop("group", None)
    quiet = {"embed": False, "auto_log_gpu": False, "auto_log_cpu": False}
    return trackio.init(project=project, name=name, **{k: v for k, v in {**wanted, **quiet}.items() if k in KNOWN})


def log(run, values, step=None):
    """A release refuses what it cannot store; the rest goes on."""
    try:
        if step is not None and run and "step" in inspect.signature(run.log).parameters:
            run.log(values, step=step)
        else:
            trackio.log(values)
    except Exception as error:
        print("refused:", str(values)[:60], type(error).__name__, str(error)[:80], file=sys.stderr)


def first(project):
    run = start(project, "first", config={"lr": 1e-3, "deep": {"list": [1, 2.5, None, {"x": "é"}], "empty": {}}, "big": 2**53 + 1, "flag": True, "none": None, "text": "NaN"}, group="A/1")
    for i in range(24):
        values = {"train/loss": 2 / (i + 1), "n": i * 1000, "ratio": i / 3}
        if i % 5 == 0:
            values["sparse/a/b"] = -1e-7 * i
        if i in (3, 4, 7):
            values["odd"] = {3: NAN, 4: INF, 7: -INF}[i]
        if i == 9:
            values.update({"flag": True, "word": "tür", "nothing": None, "neg0": -0.0, "tiny": 5e-324, "max": 1.7976931348623157e308, "int53": 2**53 + 1, "int64": 2**63 - 1, "e22": 1e22, "e21": 123456789012345680000.0})
        if i == 10:
            values.update({"nested": {"a": [1, INF, {"b": NAN}], "n": 1}, "list": [1, 2], "mixed": 3, "quote\"\\/\n\t🦊": 1.5})
        if i == 11:
            values.update({"mixed": "three", "": 0.5, " ": 7, "constructor": 5, "NaN": 6, "1": 1, "0": 0})
        log(run, values)
    log(run, {"__proto__": 4, "toString": 1})  # refused before 0.6, renamed later
    trackio.finish()


def awkward(project):
    run = start(project, AWKWARD, config={"lr": 0.1})
    for step in (10, 5, 5, 0, -3, 7, 100000000000, 8):
        log(run, {"back/and/forth": step * 0.1, "step twin": step}, step=step)
    log(run, {"half": 0.5}, step=2.5)
    trackio.finish()


def long(project):
    """One payload over several pages, keys of 300 characters, many keys."""
    run = start(project, "long")
    log(run, {"before": 1, "loss": 1.5})
    log(run, {"text": "lorem ipsum é " * 1400, "loss": 2.5, "after": 2})
    log(run, {f"wide/{i:04d}": i / 7 for i in range(120)})
    log(run, {"k" * 300: 1.25, "loss": 3.5})
    trackio.finish()


def twin(project, config):
    run = start(project, "twin", config=config, group="twins")
    for i in range(4):
        log(run, {"train/loss": config["seed"] + i / 10, f"only/{config['seed']}": i})
    trackio.finish()


def resumed(project, name, lr):
    run = start(project, name, config={"lr": lr, "resumed_by": getattr(trackio, "__version__", "?")}, resume="allow", group="later")
    for i in range(5):
        log(run, {"train/loss": lr * i, "odd": NAN if i == 2 else 1, "nested": {"x": [NAN]}})
    trackio.finish()


*projects, mode = sys.argv[1:] if sys.argv[-1] == "--continue" else [*sys.argv[1:], ""]
for project in projects:
    if mode == "":
        for write in (first, awkward, long):
            write(project)
        twin(project, {"seed": 1})
    else:
        resumed(project, "first", 0.25)
        twin(project, {"seed": 2})
        resumed(project, f"new in {getattr(trackio, '__version__', '?')}", 0.5)
time.sleep(1)  # releases up to 0.16 send in the background
os._exit(0)  # some of them keep a server running
