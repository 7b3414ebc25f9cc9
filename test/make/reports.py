"""
Writes test/fixtures/reports.json: of each text that values.json has (`trackio.markdown`), by folder and file: its run, key and step, its title (first heading, else first line), its words and letters,
how often it says some texts without case, and the SHA-256 of the database. Told by Python's re and hashlib.
"""

import glob
import gzip
import hashlib
import json
import os
import re

ROOT = os.path.join(os.path.dirname(__file__), "..", "fixtures")
SEARCHES = ["report", "É", "<script>", "still going", "nowhere"]


def title(text):
    found = re.search(r"^ {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$", text, re.M)
    return found.group(1) if found else next((line.strip() for line in text.split("\n") if line.strip()), "")


def words(text):
    return len(re.findall(r"[^\W_][\w'’.-]*", text))


def database(folder, name):
    for path in glob.glob(os.path.join(ROOT, folder, "data", "**", name + "*"), recursive=True):
        if path.endswith(name):
            return open(path, "rb").read()
        if path.endswith(name + ".gz"):
            return gzip.open(path, "rb").read()
    raise FileNotFoundError(f"{folder}: {name}")


wanted = {}
for folder, files in json.load(open(os.path.join(ROOT, "values.json"))).items():
    for file, values in files.items():
        texts = [one for one in values if one["kind"] == "trackio.markdown"]
        if not texts:
            continue
        wanted.setdefault(folder, {})[file] = {
            "sha256": hashlib.sha256(database(folder, file)).hexdigest(),
            "reports": [
                {
                    **{part: one[part] for part in ("run", "key", "step")},
                    "title": title(one["value"]["_value"]),
                    "words": words(one["value"]["_value"]),
                    "letters": len(one["value"]["_value"].encode("utf-16-le")) // 2,
                    "says": {search: one["value"]["_value"].lower().count(search.lower()) for search in SEARCHES},
                }
                for one in texts
            ],
        }

with open(os.path.join(ROOT, "reports.json"), "w") as out:
    json.dump(wanted, out, ensure_ascii=False, indent=1)
    out.write("\n")
