"""Writes test/fixtures/files.json: what trackio.save copied, of every fixture, by the project's folder of media.

    python3 test/make/saved-files.py
"""

import json
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def saved(data):
    """By the path of a project's folder below `data`: names below files/ with their bytes."""
    found = {}
    for media in sorted(data.rglob("media")):
        if not media.is_dir():
            continue
        # a static export has one project, and no folder for it
        static = (media.parent / "metrics.parquet").exists() or (media.parent / "runs.json").exists()
        projects = [media] if static else sorted(one for one in media.iterdir() if one.is_dir())
        for project in projects:
            files = project / "files"
            names = sorted(one for one in files.rglob("*") if one.is_file()) if files.is_dir() else []
            if names:
                key = project.relative_to(data).as_posix()
                found[key] = [[one.relative_to(files).as_posix(), one.stat().st_size] for one in names]
    return found


listed = {}
for fixture in sorted(FIXTURES.iterdir()):
    found = saved(fixture / "data") if (fixture / "data").is_dir() else {}
    if found:
        listed[fixture.name] = found
(FIXTURES / "files.json").write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n")
