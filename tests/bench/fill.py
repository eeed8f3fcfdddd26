#!/usr/bin/env python3
"""An index of many models without the files: a scanned demo whose rows are multiplied.

    fill.py LORARIUM DATA LIBRARY COUNT
    fill.py LORARIUM DATA LIBRARY lora=10000,checkpoint=165

Names are made of words, so that filters find something; the first one goes to DATA/first-name. Facts come
along, so that verdicts have the layouts of the demo's models to go by.
"""
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

WORDS = ("detailed cinematic neon gothic watercolor retro vivid soft dark dreamy ukiyo baroque pastel analog cyber "
         "mystic studio noir flat ink style portrait lighting anime landscape armor eyes hands slider character "
         "concept background texture dress comic lines glow mix film dragon castle river robot").split()


FACETS = "SELECT model.id FROM model JOIN class ON class.id = class_id"


def seeds_of(index, wanted, copied):
    """[(seed rows, how many to make of them)]: of each kind, or of all models as they are mixed."""
    def rows(where, values):
        return index.execute(f"SELECT id, {', '.join(copied)} FROM model WHERE id IN ({FACETS} {where})",
                             values).fetchall()
    if wanted.isdigit():
        seeds = rows("", ())
        return [(seeds, max(0, int(wanted) - len(seeds)))]
    return [(rows("WHERE kind = ?", (kind,)), int(count))
            for kind, count in (part.split("=") for part in wanted.split(","))]


def main():
    lorarium, data, library, wanted = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    if not library.exists():
        subprocess.run([lorarium, "demo", library], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([lorarium, "--data", data, "scan", library], check=True, stdout=subprocess.DEVNULL)

    rng = random.Random(1)
    index = sqlite3.connect(data / "index.db")
    index.execute("PRAGMA synchronous=OFF")
    columns = [row[1] for row in index.execute("PRAGMA table_info(model)")]
    copied = [c for c in columns if c not in ("id", "path", "name", "listing")]
    seen_columns = [row[1] for row in index.execute("PRAGMA table_info(seen)") if row[1] not in ("path", "model_id")]

    seen_rows = dict((row[0], row[1:]) for row in index.execute(
        f"SELECT model_id, {', '.join(seen_columns)} FROM seen"))
    findings = dict((row[0], row[1:]) for row in index.execute("SELECT model_id, flat, companions FROM finding"))
    facts = dict((row[0], row[1:]) for row in index.execute("SELECT model_id, layout_id, flat FROM facts"))
    (last,) = index.execute("SELECT max(id) FROM model").fetchone()

    def put(table, columns, rows):
        index.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", rows)

    with index:
        for seeds, count in seeds_of(index, wanted, copied):
            for start in range(0, count, 10000):
                models, seen, found, kept = [], [], [], []
                for i in range(start, min(start + 10000, count)):
                    seed = seeds[i % len(seeds)]
                    last += 1
                    name = f"{rng.choice(WORDS)}_{rng.choice(WORDS)}_{rng.choice(WORDS)}_v{rng.randrange(1, 9)}_{last}"
                    path = f"{last // 80:05}/{name}.safetensors".encode()
                    models.append((last, path, name.encode(), name.encode() + b"\x1fsafetensors\x1e", *seed[1:]))
                    seen.append((path, last, *seen_rows[seed[0]]))
                    found.append((last, *findings[seed[0]]))
                    if seed[0] in facts:
                        kept.append((last, *facts[seed[0]]))
                put("model", ["id", "path", "name", "listing", *copied], models)
                put("seen", ["path", "model_id", *seen_columns], seen)
                put("finding", ["model_id", "flat", "companions"], found)
                put("facts", ["model_id", "layout_id", "flat"], kept)
    index.execute("ANALYZE")
    (first,) = index.execute("SELECT name FROM model ORDER BY listing LIMIT 1").fetchone()
    index.close()
    (data / "first-name").write_bytes(first)
    # The files do not exist: the screen must not look for them.
    (data / "config.ini").write_text("[scan]\nat-start = no\n")


if __name__ == "__main__":
    main()
