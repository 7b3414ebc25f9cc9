"""Makes the extra-* fixtures: old-versions.py [FOLDER...]   (no name: all of them)

FIXTURE_VENVS     folder with the virtual environments old (gradio 5 or 6, gradio_client, huggingface_hub < 1.32, pandas), mid and new
FIXTURE_RELEASES  folder with one trackio-<version> folder per release: pip install --no-deps --target trackio-<version> trackio==<version>
FIXTURE_WORK      scratch folder

Each is written by the releases themselves (old-versions-log.py), or by hand where none of them would (old-versions-odd.py); expect.py then
says what they hold. Ids, names of random runs and times differ from one making to the next.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
VENVS, RELEASES, WORK = (Path(os.environ[f"FIXTURE_{name}"]) for name in ("VENVS", "RELEASES", "WORK"))

PLAIN = "pre é/x v1.0"
# folder: (projects, releases that wrote it, one after the other)
CASES = {
    "extra-0.0.5": ([PLAIN, "second project", "dot.dot/é #1"], ["0.0.5"]),
    "extra-0.0.12": ([PLAIN], ["0.0.12"]),
    "extra-0.0.16": ([PLAIN, "two"], ["0.0.16"]),
    "extra-0.0.19": ([PLAIN], ["0.0.19"]),
    "extra-0.4.0": ([PLAIN], ["0.4.0"]),
    "extra-0.4.1": ([PLAIN], ["0.4.1"]),
    "extra-0.7.0": ([PLAIN], ["0.7.0"]),
    "extra-0.9.1": ([PLAIN], ["0.9.1"]),
    "extra-0.12.0": ([PLAIN], ["0.12.0"]),
    "extra-0.16.1": ([PLAIN], ["0.16.1"]),
    "extra-0.17.0": ([PLAIN], ["0.17.0"]),
    "extra-0.20.2": ([PLAIN], ["0.20.2"]),
    "extra-0.21.1": ([PLAIN], ["0.21.1"]),
    "extra-0.24.2": ([PLAIN], ["0.24.2", "0.24.2"]),
    "extra-0.26.0": ([PLAIN], ["0.26.0"]),
    "extra-0.30.0": ([PLAIN], ["0.30.0"]),
    "extra-0.34.1": ([PLAIN], ["0.34.1"]),
    "extra-0.38.1": ([PLAIN], ["0.38.1", "0.38.1"]),
    "extra-0.41.0": ([PLAIN], ["0.41.0"]),
    "extra-0.42.0": ([PLAIN], ["0.42.0", "0.42.0"]),
    "extra-chain-0.1-0.38": ([PLAIN], ["0.4.0", "0.4.1", "0.16.1", "0.17.0", "0.24.2", "0.38.1"]),
    "extra-chain-0.0.16-0.42": ([PLAIN], ["0.0.16", "0.42.0"]),
    "extra-chain-0.9-0.42": ([PLAIN], ["0.9.1", "0.21.1", "0.42.0"]),
}


def venv_of(version):
    minor = int(version.split(".")[1])
    return "old" if minor < 10 else "mid" if minor < 24 else "new"


def log(version, work, *args):
    env = {**os.environ, "HF_HOME": str(work / "home"), "PYTHONPATH": str(RELEASES / f"trackio-{version}"), "PYTHONDONTWRITEBYTECODE": "1"}
    python = VENVS / venv_of(version) / "bin" / "python"
    done = subprocess.run([python, HERE / "old-versions-log.py", *args], cwd=work, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180)
    print(f"{version} {args}", *[line[:160] for line in done.stderr.splitlines() if line.startswith(("refused", "Traceback")) or "Error" in line][:4], sep="\n  ")


def place(folder, databases, how, version):
    """Big files are packed. A case that is refused has words instead of an expected reading."""
    target = FIXTURES / folder
    shutil.rmtree(target, ignore_errors=True)
    (target / "data").mkdir(parents=True)
    for file in databases:
        raw = file.read_bytes()
        if len(raw) > 40_000:
            (target / "data" / f"{file.name}.gz").write_bytes(gzip.compress(raw, 9, mtime=0))
        elif raw or file.suffix == ".db":
            (target / "data" / file.name).write_bytes(raw)
    if folder.startswith("foreign"):
        (target / "expected.json").write_text(json.dumps({"source": {"trackio_version": version}, "expected": how}, indent=1) + "\n")
        return
    (target / "expected.json").write_text(json.dumps({"source": {"trackio_version": version, "how": how}}))
    subprocess.run([sys.executable, HERE / "expect.py", target], check=True)


def make(folder):
    work = WORK / folder
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    if folder in ODD:
        words = subprocess.run([sys.executable, HERE / "old-versions-odd.py", folder, work], check=True, capture_output=True, text=True).stdout.strip()
        place(folder, sorted(work.glob("*.db*")), words, None)
        return
    projects, versions = CASES[folder]
    for i, version in enumerate(versions):
        log(version, work, *projects, *(["--continue"] if i else []))
    databases = [file for file in work.rglob("*.db*") if file.name.endswith((".db", ".db-wal")) and "gradio" not in str(file)]
    how = "public API (trackio.init, log, finish) of " + ", then ".join(versions) + "; naive local times are those of Asia/Tokyo"
    if any(file.suffix == ".db-wal" for file in databases):
        how += "; its process ended without closing the database, so the newest rows are in the -wal"
    place(folder, databases, how, versions[-1])


ODD = ["extra-odd-pages", "extra-odd-numbers", "extra-odd-schema", "extra-odd-rows", "foreign-utf16"]

if __name__ == "__main__":
    for folder in sys.argv[1:] or [*CASES, *ODD]:
        make(folder)
