"""Makes the parquet-extra, static-extra and parquet-odd fixtures: parquet.py [FOLDER...]   (no name: all of them)

Python with pyarrow and the packages of requirements.txt (trackio 0.43.0); for parquet-0.2.3 also pandas, and FIXTURE_RELEASES, a folder with trackio-0.2.3 from
pip install --no-deps --target trackio-0.2.3 trackio==0.2.3. FIXTURE_WORK is a scratch folder.

The releases export by their own code what their own code logged; parquet-odd is written with pyarrow, in the ways in which a Parquet file may differ from
those. expect.py then says what they hold, as pyarrow reads it. Ids and times differ from one making to the next.
"""

import os
import random
import shutil
import sys
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
WORK = Path(os.environ["FIXTURE_WORK"])
NAN, INF = float("nan"), float("inf")


def place(name, files):
    """files: {path below data: where it is now}."""
    target = FIXTURES / name
    shutil.rmtree(target / "data", ignore_errors=True)
    for path, source in files.items():
        (target / "data" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target / "data" / path)


def old():
    """0.2.3: one text column with all that a row logged, bare NaN in it."""
    sys.path.insert(0, str(Path(os.environ["FIXTURE_RELEASES"], "trackio-0.2.3", "trackio")))
    from sqlite_storage import TRACKIO_DIR, SQLiteStorage

    SQLiteStorage._dataset_import_attempted = True
    for i in range(30):
        loss = NAN if i == 7 else INF if i == 8 else 2.5 / (i + 1)
        SQLiteStorage.log("old é/x", "first", {"train/loss": loss, "tokens": i * 1000, "big": 2**53 + 1, **({"note": "mixed"} if i == 3 else {})})
        SQLiteStorage.log("old é/x", "naïve \"run\"", {"train/loss": 1.5 ** -i, "flag": i % 2 == 0, **({"nothing": None, "nested": {"a": 1}, "list": [1, 2]} if i == 5 else {})})
    rows = [{"train/loss": float(i)} for i in range(6)]
    times = [f"2025-08-0{day}T10:00:00" for day in (5, 3, 3, 1, 9, 3)]
    SQLiteStorage.bulk_log("old é/x", "imported", rows, steps=[5, 3, 4, 1, 9, 2], timestamps=times)
    SQLiteStorage.log("second", "only", {"x": 1})
    SQLiteStorage.export_to_parquet()
    place("parquet-0.2.3", {path.name: path for path in TRACKIO_DIR.glob("*.parquet")})


def start(trackio, **kwargs):
    return trackio.init(embed=False, auto_log_gpu=False, auto_log_cpu=False, **kwargs)


def new():
    """0.43: artifacts used across projects, imports with times out of order, integers beyond 2^53, a run that logged nothing."""
    import trackio
    from trackio.sqlite_storage import SQLiteStorage
    from trackio.utils import TRACKIO_DIR

    model = WORK / "model.bin"
    model.write_text("v0")
    start(trackio, project="producer", name="train", config={"lr": 0.1, "seed": 2**53 + 1, "layers": [{"n": 1, "act": "relu"}, {"n": 2}]}, group="g")
    for i in range(5):
        trackio.log({"loss": NAN if i == 2 else -INF if i == 3 else 1.0 / (i + 1), "count": 2**53 + i, "small": i, "id": i})
    version = trackio.log_artifact(str(model), name="shared", type="model")
    trackio.finish()
    run = start(trackio, project="consumer", name="train", config={"lr": 0.5, "layers": None})
    trackio.log({"score": 0.5})
    run.use_artifact(version)
    trackio.finish()
    for project in ("consumer", "uses only"):
        run = start(trackio, project=project, name="only uses")
        run.use_artifact(version)
        trackio.finish()
    csv = WORK / "rows.csv"
    stamps = ["2026-05-02T00:00:00+00:00", "2026-05-01T00:00:00+00:00", "", "2026-05-02T00:00:00+00:00", "1777000000", "2026-05-01T12:00:00+00:00"]
    csv.write_text("step,timestamp,loss,acc\n" + "".join(f"{i * 10},{stamp},{i / 8},{'' if i == 2 else i}\n" for i, stamp in enumerate(stamps)))
    trackio.import_csv(str(csv), project="imported", name="out of order", force=True)
    SQLiteStorage._dataset_import_attempted = True
    SQLiteStorage.export_to_parquet()
    place("parquet-extra-0.43.0", {path.name: path for path in TRACKIO_DIR.glob("*.parquet") if not path.name.startswith("usesonly")})
    out = WORK / "static"
    SQLiteStorage.export_for_static_space("uses only", out)
    config = WORK / "config.json"
    config.write_text('{"mode": "static", "project": "uses only", "private": false, "version": "0.43.0", "bucket_id": "me/uses"}')
    place("static-extra-0.43.0", {"space/config.json": config} | {f"bucket/{path.relative_to(out).as_posix()}": path for path in out.rglob("*") if path.is_file()})


def logged():
    """Rows of three runs that log side by side; the third's come neither by time nor by id."""
    rng = random.Random(7)
    rows = []
    for i in range(120):
        run = ("aaaa", "twin") if i % 3 == 0 else ("bbbb", "twin") if i % 3 == 1 else ("cccc", "shuffled")
        day = 1 + i // 40 if run[0] != "cccc" else 1 + (i * 7) % 5
        row = {"id": i + 1, "run_id": run[0], "timestamp": f"2026-04-0{day}T00:00:{i // 10:02d}+00:00" if run[0] != "cccc" else f"2026-04-0{day}T00:00:00+00:00", "run_name": run[1]}
        row |= {"step": (i // 3) * (1 if run[0] != "bbbb" else -1), "log_id": f"{i:032x}", "space_id": None}
        row["train/loss"] = rng.choice([NAN, INF, -INF]) if i % 41 == 40 else rng.random() * 10**rng.randint(-300, 300)
        row["rare"] = rng.random() if i % 50 == 3 else None
        row["only one"] = 0.125 if i == 100 else None
        row["count"] = rng.choice([0, -1, 2**53 + 1, -(2**62), 7]) if i % 2 else None
        row["small"] = i % 100
        row["narrow"] = rng.randint(-(2**15), 2**15) / 256
        row["flag"] = None if i % 4 else i % 8 == 0
        row["note"] = "warm-up é" if i % 10 == 0 else None
        row["json"] = '{"_type":"trackio.image","file_path":"a"}' if i % 20 == 0 else "[1,2]" if i % 20 == 1 else "{broken" if i % 20 == 2 else None
        row["nothing"] = None
        row["nested"] = {"a": 1, "b": None} if i % 30 == 0 else None
        row["vector"] = [] if i % 60 == 0 else [1.0, 2.0] if i % 30 == 1 else None
        kind = "trackio.image" if i % 40 == 0 else "trackio.video"
        row["media"] = {"_type": kind, "file_path": f"p/{i}"} if i % 20 == 0 else None
        row["price"] = Decimal(rng.randint(-999, 999)) / 100 if i % 3 else None
        rows.append(row)
    tail = [row for row in rows if row["run_id"] == "cccc"]
    rng.shuffle(tail)
    shuffled = iter(tail)
    return [next(shuffled) if row["run_id"] == "cccc" else row for row in rows]


def odd():
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = WORK / "odd"
    out.mkdir()
    rows = logged()
    text, real, whole = pa.string(), pa.float64(), pa.int64()
    types = {
        "id": whole, "run_id": text, "timestamp": text, "run_name": text, "step": whole, "log_id": text, "space_id": pa.null(), "train/loss": real, "rare": real, "only one": real,
        "count": whole, "small": pa.uint8(), "narrow": pa.float32(), "flag": pa.bool_(), "note": text, "json": text, "nothing": pa.null(), "nested": pa.struct([("a", whole), ("b", text)]),
        "vector": pa.list_(real), "media": pa.struct([("_type", text), ("file_path", text)]), "price": pa.decimal128(9, 2),
    }
    table = pa.Table.from_pylist(rows, schema=pa.schema(list(types.items())))

    def write(name, content=table, **options):
        pq.write_table(content, out / f"{name}.parquet", **options)

    write("row groups", row_group_size=17, data_page_size=64, write_page_index=True)
    write("no statistics", write_statistics=False)
    for codec in ("zstd", "gzip", "brotli", "lz4", "none"):
        write(codec, compression=codec, row_group_size=100)
    write("pages v2", data_page_version="2.0", data_page_size=128, use_dictionary=False, version="2.6")
    encodings = {"train/loss": "BYTE_STREAM_SPLIT", "narrow": "BYTE_STREAM_SPLIT", "step": "DELTA_BINARY_PACKED", "id": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED", "timestamp": "DELTA_BYTE_ARRAY", "run_name": "DELTA_LENGTH_BYTE_ARRAY", "flag": "RLE"}
    write("encodings", use_dictionary=False, column_encoding=encodings)
    write("dictionaries overflow", dictionary_pagesize_limit=64, data_page_size=256)
    needed = table.schema
    for name in ("id", "run_id", "timestamp", "run_name", "step", "train/loss", "small"):
        needed = needed.set(needed.get_field_index(name), needed.field(name).with_nullable(False))
    write("no nulls allowed", table.cast(needed))
    write("no rows", table.slice(0, 0))
    small = table.select(["timestamp", "run_name", "step", "train/loss", "price"])
    # an older file, in which metrics were called what columns are called today
    numbers = pa.array([float(i) for i in range(len(rows))])
    write("names of columns", small.append_column("run_id", numbers).append_column("log_id", numbers).append_column("", numbers).append_column("a.b", numbers))
    half = pa.array([None if i % 5 else i / 4 for i in range(len(rows))], pa.float16())
    wide = pa.array([Decimal(i) / 8 if i % 2 else None for i in range(len(rows))], pa.decimal256(60, 20))
    unsigned = pa.array([2**64 - 1 - i for i in range(len(rows))], pa.uint64())
    write("number types", small.append_column("half", half).append_column("wide", wide).append_column("unsigned", unsigned).append_column("days", pa.array([i for i in range(len(rows))], pa.date32())))
    place("parquet-odd", {path.name: path for path in out.glob("*.parquet")})


MAKERS = {"parquet-0.2.3": old, "parquet-extra-0.43.0": new, "parquet-odd": odd}

if __name__ == "__main__":
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    os.environ |= {"HF_HOME": str(WORK / "home"), "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    os.environ.pop("TRACKIO_DIR", None)
    for folder in sys.argv[1:] or MAKERS:
        if len(sys.argv) == 2:
            MAKERS[folder]()
        elif os.spawnl(os.P_WAIT, sys.executable, sys.executable, __file__, folder):
            raise SystemExit(f"{folder} failed")
