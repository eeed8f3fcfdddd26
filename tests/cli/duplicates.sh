# Hashes and duplicates: only what may be one is read, names of one file are no waste, bit rot is told.
lorarium demo demo >/dev/null
mkdir lib
for i in 1 2 3; do
	python3 - "$i" <<'P'
import json, struct, sys
seed = int(sys.argv[1])
data = bytes((i * seed + seed) % 251 for i in range(200000))
head = json.dumps({"lora_unet_x.lora_down.weight": {"dtype": "F16", "shape": [4, 25000], "data_offsets": [0, 200000]}}).encode()
open(f"lib/{seed}.safetensors", "wb").write(struct.pack("<Q", len(head)) + head + data)
P
done
cp lib/1.safetensors lib/copy.safetensors
ln lib/1.safetensors lib/link.safetensors
ln lib/2.safetensors lib/two-names.safetensors
cat lib/3.safetensors <(echo tail) >lib/unique.safetensors
lorarium scan lib >/dev/null
status lorarium duplicates --check
lorarium duplicates --json
lorarium list is:duplicate | wc -l
status lorarium hash ''
status lorarium hash 1.safetensors
status lorarium hash 1.safetensors --json
sha256sum lib/1.safetensors | cut -d' ' -f1
python3 -c 'import hashlib; print(hashlib.sha256(open("lib/1.safetensors","rb").read()[-200000:]).hexdigest()[:12])'
lorarium show 1.safetensors --json | grep -o '"hashes":{[^}]*}'
# A renamed file keeps its hash, a changed one loses it.
lorarium rename 1.safetensors eins --apply >/dev/null
lorarium show eins.safetensors --json | grep -o '"sha256":"[^"]*","autov2"' | cut -c1-24
status lorarium hash eins.safetensors --verify
stamp=$(stat -c %y lib/eins.safetensors)
printf 'X' | dd of=lib/eins.safetensors bs=1 seek=100000 conv=notrunc status=none
touch -d "$stamp" lib/eins.safetensors
status lorarium hash eins.safetensors --verify
touch lib/eins.safetensors
lorarium scan >/dev/null
lorarium show eins.safetensors --json | grep -o '"hashes":{[^}]*}'
status lorarium hash eins.safetensors
mkdir -p lib/pipe && cp -r demo/diffusers/* lib/pipe 2>/dev/null
lorarium scan >/dev/null
lorarium hash format:diffusers --json | sort | head -n 1 | cut -c1-200
# No byte of a file is read whose size no other file has.
rm "$HOME"/.local/share/lorarium/index.db*
lorarium scan >/dev/null
before=$(stat -c %X lib/unique.safetensors)
touch -a -d '2020-01-01' lib/unique.safetensors lib/copy.safetensors
lorarium duplicates >/dev/null
[[ $(stat -c %X lib/unique.safetensors) -lt 1600000000 ]] && echo "unread"
# A known hash tells what a file is, whatever it is called: no file is read again, and a scan keeps it.
mkdir -p "$HOME/.config/lorarium/knowledge"
cp demo/loras/SD1.5/HarborFog.safetensors lib/pony.safetensors
python3 - lib/pony.safetensors <<'P'
import json, struct, sys
data = open(sys.argv[1], "rb").read()
n = struct.unpack("<Q", data[:8])[0]
head = json.loads(data[8:8 + n])
head.pop("__metadata__", None)
text = json.dumps(head).encode()
open(sys.argv[1], "wb").write(struct.pack("<Q", len(text)) + text + data[8 + n:])
P
cat >"$HOME/.config/lorarium/knowledge/mine.ini" <<END
[base-model sd1-mine]
name = Mine
architecture = sd1
parent = sd1
edge = light
hashes = sha256:$(sha256sum lib/pony.safetensors | cut -d' ' -f1)@mine.safetensors
END
what() { lorarium show pony.safetensors --json | python3 -c 'import json,sys; o=json.load(sys.stdin); print(o["base_model"], o["confidence"], o["lineage_known"], [e["source"] for e in o["evidence"] if e["field"] == "base_model"])'; }
lorarium scan lib >/dev/null
what
lorarium hash pony.safetensors >/dev/null
what
lorarium scan lib >/dev/null
what
lorarium scan lib --full >/dev/null
what
lorarium rename pony.safetensors SD15-other --apply >/dev/null
lorarium show SD15-other.safetensors --json | grep -o '"base_model":"[^"]*","lineage'
lorarium undo >/dev/null
echo '; nothing new' >>"$HOME/.config/lorarium/knowledge/mine.ini"
lorarium scan lib >/dev/null
what
