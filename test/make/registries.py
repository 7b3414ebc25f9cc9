"""
Makes test/fixtures/registry-0.43.0 with the trackio package of requirements.txt: a team that trains a model, evaluates it in a project of its own, and moves `production` from
version to version over ten weeks, back once and away once. And writes test/fixtures/registries.json: of every registry of test/fixtures, and of logs that two writers wrote at
random, what the package's own reducer makes of the events, and which version each alias names after each of them.

    python test/make/registries.py [--only-json]
"""

import glob
import gzip
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import uuid
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

work = tempfile.mkdtemp()
os.environ.update({"TRACKIO_DIR": work, "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "GRADIO_ANALYTICS_ENABLED": "False"})

import trackio  # noqa: E402
import trackio.registry_storage as registry_storage  # noqa: E402
import trackio.run  # noqa: E402
import trackio.sqlite_storage  # noqa: E402
from trackio.registry_storage import RegistryStorage  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures")
FIXTURE = os.path.join(ROOT, "registry-0.43.0")


class Clock(datetime):
    """Stands in for the package's `datetime`: its `now` is what the story says."""

    moment = datetime(2026, 9, 16, 8, 0, tzinfo=timezone.utc)

    @classmethod
    def now(cls, tz=None):
        cls.moment += timedelta(milliseconds=137)
        return cls.moment


def at(month, day, hour=9, minute=0):
    Clock.moment = datetime(2026, month, day, hour, minute, tzinfo=timezone.utc)


def file_of(name, text):
    path = os.path.join(work, "out", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


def train(project, name, used, made, value):
    """A run that uses artifacts by their specs, logs a few rows, and makes versions."""
    run = trackio.init(project=project, name=name, auto_log_gpu=False, auto_log_cpu=False, embed=False)
    for spec in used:
        run.use_artifact(spec)
    for step in range(3):
        trackio.log({"eval/accuracy": value - 0.02 * (2 - step)}, step=400 * (step + 1))
    found = []
    for artifact, kind, text, aliases in made:
        one = trackio.Artifact(artifact, type=kind, metadata={"eval/accuracy": value})
        one.add_file(file_of(f"{name}/{artifact}.txt", text))
        found.append(run.log_artifact(one, aliases=aliases))
    return run, found


def make():
    trackio.run.datetime = trackio.sqlite_storage.datetime = registry_storage.datetime = Clock
    registry_storage._WRITER_ID = "5eed5eed"
    ids = random.Random("ids")
    trackio.run.uuid = SimpleNamespace(uuid4=lambda: uuid.UUID(int=ids.getrandbits(128), version=4))
    trackio.run.Run._get_username = lambda _: None
    at(9, 15, 10)
    api = trackio.Api()
    train("grpo", "prepare", [], [("gsm8k-prompts", "dataset", "prompts 1", None)], 0.1)
    trackio.finish()
    at(9, 15, 18)
    train("grpo", "sft-s0", ["gsm8k-prompts:v0"], [("base-sft", "model", "sft", ["best"])], 0.41)
    trackio.finish()
    at(9, 16, 9)
    api.create_registry("acme", description="What the team ships")
    versions = []
    story = [
        ("grpo-b0.04-s0", 9, 16, 0.714, ["staging"]),
        ("grpo-b0-s0", 10, 4, 0.762, []),
        ("gspo-s0", 10, 18, 0.748, ["canary"]),
        ("grpo-b0-s1", 10, 28, 0.755, ["candidate"]),
        ("dr-grpo-s0", 10, 31, 0.759, []),
        ("dr-grpo-s0-resumed", 11, 25, 0.771, ["canary"]),
    ]
    for i, (name, month, day, value, aliases) in enumerate(story):
        at(month, day, 11)
        run, (made,) = train("grpo", name, ["base-sft:v0", "gsm8k-prompts:v0"], [("qwen3-grpo", "model", f"weights {i}", ["best"] if value == 0.771 else None)], value)
        run.link_artifact(made, "registry-acme/gsm8k-solver", aliases=aliases)
        versions.append(made)
        trackio.finish()
        # the same moves as a person would make them from a terminal
        for move in {
            "grpo-b0.04-s0": [(9, 22, "production", 0)],
            "grpo-b0-s0": [(10, 6, "staging", 1), (10, 9, "production", 1)],
            "gspo-s0": [(10, 20, "staging", 2), (10, 24, "production", 2), (10, 26, "production", 1)],
            "dr-grpo-s0": [(11, 2, "staging", 4), (11, 6, "production", 4)],
            "dr-grpo-s0-resumed": [(11, 27, "production", 5)],
        }.get(name, []):
            month, day, alias, version = move
            at(month, day, 8, 30)
            made = versions[version]
            RegistryStorage.link_artifact_version("acme", "gsm8k-solver", "model", "grpo", made.name, int(made.version[1:]), [alias])
        if name == "grpo-b0-s1":
            at(10, 30, 15, 10)
            RegistryStorage.unlink("acme", "gsm8k-solver", 3)
    at(11, 26, 9)
    for i, suite in enumerate(["hard-s0", "math500", "gsm8k-0", "gsm8k-1", "gsm8k-2", "gsm8k-3", "gsm8k-4"]):
        # runs of another project use the artifact of this one
        train("evals", f"eval-{suite}", [versions[5]], [], 0.6 + i / 100)
        trackio.finish()
    at(11, 26, 12)
    RegistryStorage.create_collection("acme", "gsm8k-prompts", "dataset", "Prompts <b>& answers</b>")
    RegistryStorage.link_artifact_version("acme", "gsm8k-prompts", "dataset", "grpo", "gsm8k-prompts", 0, ["production"])
    at(11, 26, 13)
    RegistryStorage.create_collection("acme", "gsm8k-prompts", "dataset", "Prompts and answers")
    RegistryStorage.create_collection("acme", "reward-judge", "model")
    # from a project that nobody opened
    at(11, 26, 14)
    RegistryStorage.link_artifact_version("acme", "reward-judge", "model", "judges & co", "judge", 7, ["production"], "judge-run", "f" * 32, "team/judges")
    shutil.rmtree(FIXTURE, ignore_errors=True)
    os.makedirs(os.path.join(FIXTURE, "data"))
    for path in sorted(glob.glob(os.path.join(work, "*.db"))):
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("VACUUM")
        connection.close()
        with open(path, "rb") as file, open(os.path.join(FIXTURE, "data", os.path.basename(path) + ".gz"), "wb") as to:
            with gzip.GzipFile(fileobj=to, mode="wb", mtime=0, filename="") as packed:
                packed.write(file.read())


def folded(events):
    """Collections as the package lists them after all of these events, and what each alias names after each of them."""
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    RegistryStorage._create_registry_tables_cursor(connection)
    after = []
    for event in events:
        RegistryStorage.replay_events_cursor(connection, [event])
        aliases = {
            one["name"]: {alias: link["collection_version"] for link in one["links"] for alias in link["aliases"]}
            for one in RegistryStorage.list_collections_cursor(connection)
        }
        after.append(aliases)
    return {"collections": RegistryStorage.list_collections_cursor(connection), "after": after}


def by_chance(seed):
    """A log of two writers, each of which knows nothing of the other: the versions that they ask for collide."""
    chance = random.Random(seed)
    moment = datetime(2026, 3, 1, tzinfo=timezone.utc)
    events = []
    linked = []
    counts = {"a": 0, "b": 0}
    def event(kind, payload):
        nonlocal moment
        moment += timedelta(seconds=chance.choice([0, 1, 60, 86_400]), microseconds=chance.randrange(1, 999))
        writer = chance.choice(["aaaaaaaa", "bbbbbbbb"])
        uid = f"{moment.strftime('%Y%m%dT%H%M%S%f')}-{writer}-{len(events):06d}"
        events.append({"event_uid": uid, "ts": moment.isoformat(), "kind": kind, "payload": {"registry": "r", **payload}})
    event("create", {})
    for name in ("a", "b"):
        event("create", {"collection": name, "type": "model", "description": None})
    for _ in range(120):
        name = chance.choice(["a", "b"])
        kind = chance.choice(["link", "link", "promote", "promote", "promote", "unlink", "update", "create"])
        if kind == "link":
            source = {"source_project": f"p{chance.randrange(2)}", "source_artifact": f"m{chance.randrange(2)}", "source_version": chance.randrange(6)}
            asked = chance.choice([None, counts[name], counts[name] + chance.randrange(3), max(0, counts[name] - 1)])
            counts[name] += 1
            event("link", {"collection": name, **source, "run_name": "r", "run_id": None, **({} if asked is None else {"collection_version": asked})})
            linked.append((name, source))
        elif kind == "promote":
            there = [source for other, source in linked if other == name]
            if not there:
                continue
            event("promote", {"collection": name, "alias": chance.choice(["production", "staging", "latest", "canary"]), **chance.choice(there)})
        elif kind == "unlink":
            there = [source for other, source in linked if other == name]
            if not there or chance.random() < 0.4:
                continue
            event("unlink", {"collection": name, **chance.choice(there)})
        elif kind == "update":
            event("update", {"collection": name, "description": f"d{len(events)}"})
        else:
            event("create", {"collection": name, "type": "other"})
    events.sort(key=lambda one: one["event_uid"])
    # what the package refuses is left out: it gives up there, a reader goes on
    kept = []
    for one in events:
        try:
            folded([*kept, one])
            kept.append(one)
        except ValueError:
            pass
    return kept


def stored():
    found = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "*", "data", "**", "registry-*.db*"), recursive=True)):
        with tempfile.TemporaryDirectory() as folder:
            copy = os.path.join(folder, "a.db")
            opener = gzip.open if path.endswith(".gz") else open
            with opener(path, "rb") as file, open(copy, "wb") as to:
                to.write(file.read())
            connection = sqlite3.connect(copy)
            connection.row_factory = sqlite3.Row
            RegistryStorage._add_missing_columns_cursor(connection, {"collection_links": {"source_server_base_url": "TEXT"}})
            events = RegistryStorage.get_events_cursor(connection)
            collections = RegistryStorage.list_collections_cursor(connection)
            connection.close()
        told = folded(events)
        assert [one | {"description": None} for one in collections] == [one | {"description": None} for one in told["collections"]], path
        found[os.path.relpath(path, ROOT)] = {"collections": collections, "events": events, "after": told["after"]}
    for path in sorted(glob.glob(os.path.join(ROOT, "*", "data", "**", "registries", "*", "registry.json"), recursive=True)):
        events = [json.load(open(one)) for one in glob.glob(os.path.join(os.path.dirname(path), "events", "*.json"))]
        events.sort(key=lambda one: one["event_uid"])
        found[os.path.relpath(path, ROOT)] = {"events": events, **folded(events)}
    for seed in range(4):
        events = by_chance(seed)
        found[f"by chance {seed}"] = {"events": events, **folded(events)}
    return found


if "--only-json" not in sys.argv:
    make()
with open(os.path.join(ROOT, "registries.json"), "w", encoding="utf-8") as file:
    json.dump(stored(), file, ensure_ascii=False, indent=None, separators=(",", ":"))
    file.write("\n")
shutil.rmtree(work, ignore_errors=True)
