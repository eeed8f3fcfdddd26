# The alias of a LoRA, what its trainer called it: A1111 takes it for a name beside the stem.
lorarium demo demo >/dev/null
mkdir more
called() { # NAME ALIAS: a LoRA in a file of that name, whose metadata calls it ALIAS
	python3 - demo/loras/SD1.5/HarborFog.safetensors "more/$1.safetensors" "$2" <<'T'
import json, struct, sys
source, target, alias = sys.argv[1:]
data = open(source, "rb").read()
n, = struct.unpack("<Q", data[:8])
header = json.loads(data[8:8 + n])
header.setdefault("__metadata__", {})["ss_output_name"] = alias
header = json.dumps(header).encode()
header += b" " * (-len(header) % 8)
with open(target, "wb") as out:
    out.write(struct.pack("<Q", len(header)) + header + data[8 + n:])
T
}
called one 'first light'
called two shared
called three shared
called four four
called five none
called six Addams
called seven one
called 'eight=8' eight
called nine 'n:9'
mkdir more/other
called other/one.v2 one.v3
cp more/other/one.v2.safetensors more/one.v2.safetensors
called one.v2 one.v4
lorarium scan demo more >/dev/null
aliases() { python3 -c '
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print(o["name"], o["alias"])'; }
echo "== told"
lorarium list root:more --json | aliases | sort
lorarium inspect more/one.safetensors more/four.safetensors --json | aliases
lorarium show more/one.safetensors | grep alias
lorarium show six | grep alias
echo "== named"
for name in 'first light' shared four none Addams one eight 'eight=8' one.v4 SHARED; do
	echo "-- $name"
	lorarium check --prompt - --json <<<"<lora:$name:1> <lora:four:1>" | python3 -c '
import json, os, sys
o = json.loads(sys.stdin.readline())
print(os.path.basename(o["loras"][0]["path"]), o["missing"])'
done
echo "== exported"
lorarium set new mine one two more/one.v2.safetensors 'eight=8' nine four:0.5 >/dev/null
status lorarium set export mine --as a1111
lorarium set export mine --as swarmui
echo "== renamed"
lorarium rename 'eight=8' eight --apply >/dev/null
lorarium scan >/dev/null
lorarium list root:more --json | aliases | grep eight
echo "== an index from before aliases fills itself without a file being read"
mv more away
python3 - <<'T'
import os, sqlite3
db = sqlite3.connect(os.path.expanduser("~/.local/share/lorarium/index.db"))
tail = lambda alias: 1 + (len(alias) if alias else 0)  # how it ends, packed
for id, alias in db.execute("SELECT id, alias FROM model").fetchall():
    flat, = db.execute("SELECT flat FROM finding WHERE model_id = ?", (id,)).fetchone()
    old = b"\x01" + flat[1:len(flat) - tail(alias)]
    db.execute("UPDATE finding SET flat = ? WHERE model_id = ?", (old, id))
db.execute("DROP INDEX seen_target")
db.execute("ALTER TABLE seen DROP COLUMN target")
db.execute("DROP TRIGGER model_departs")
db.execute("DROP TABLE departed")
db.execute("DROP INDEX model_alias")
db.execute("ALTER TABLE model DROP COLUMN alias")
db.execute("UPDATE knowledge SET version = 'before'")
db.execute("PRAGMA user_version = 5")
db.commit()
T
status lorarium list root:more
status lorarium scan demo >/dev/null
lorarium list root:more --json | aliases | sort
lorarium check --prompt - --json <<<'<lora:first light:1>' | grep -c 'more/one.safetensors'
