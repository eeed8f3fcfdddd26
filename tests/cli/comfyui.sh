# The names in what is exported for ComfyUI are those that its own lists have, whatever a root is.
lorarium demo demo >/dev/null
mkdir -p comfy/models/loras/sub/deep comfy/models/loras/.hidden comfy/models/loras/checkpoints \
	comfy/models/loras/loras/models/loras comfy/models/checkpoints/SDXL comfy/models/diffusion_models/a
lora=demo/loras/SD1.5/clay-diorama.safetensors
n=0
put() { # a LoRA of other bytes under that name
	n=$((n + 1))
	python3 - "$lora" "comfy/models/loras/$1" $n <<'T'
import json, struct, sys
source, target, n = sys.argv[1:]
data = open(source, "rb").read()
size, = struct.unpack("<Q", data[:8])
header = json.loads(data[8:8 + size])
header.setdefault("__metadata__", {})["n"] = n
header = json.dumps(header).encode()
with open(target, "wb") as out:
    out.write(struct.pack("<Q", len(header)) + header + data[8 + size:])
T
}
put plain.safetensors
put 'sub/with spaces.safetensors'
put "sub/deep/quote's \"and\" more.safetensors"
put 'sub/[brackets] {and} (these).safetensors'
put 'sub/deep/水墨画 – café 🎨.safetensors'
put '.leading dot.safetensors'
put '.hidden/in hidden folder.safetensors'
put 'checkpoints/in a folder called like another pool.safetensors'
put 'loras/again.safetensors'
put 'loras/models/loras/and again.safetensors'
put 'back\slash.safetensors'
put 'UPPER.SAFETENSORS'
put 'dots.in.its.name.v1.0.safetensors'
put 'short.sft'
put 'percent%20&amp;$HOME;`x`.safetensors'
cp demo/checkpoints/SD1.5/v1-5-pruned-emaonly.safetensors comfy/models/checkpoints/SDXL/'base model.safetensors'
mkdir comfy/models/loras/.git
cp "$lora" comfy/models/loras/.git/not-listed.safetensors
echo text >comfy/models/loras/notes.txt
cp comfy/models/loras/plain.safetensors comfy/models/loras/plain.safetensors.part
# What its lists have: all below a pool, links followed, .git left out, of these extensions.
cat >list.py <<'T'
import json, os, sys
EXTENSIONS = {".ckpt", ".pt", ".pt2", ".bin", ".pth", ".safetensors", ".pkl", ".sft"}
def listed(root):
    for folder, folders, files in os.walk(root, followlinks=True):
        folders[:] = [name for name in folders if name != ".git"]
        for name in files:
            if os.path.splitext(name)[1].lower() in EXTENSIONS:
                yield os.path.relpath(os.path.join(folder, name), root)
def named(exported, what):
    if "nodes" in exported: # the editor's
        values = [(node["type"], node["widgets_values"]) for node in exported["nodes"]]
        return [v[0] for kind, v in values if kind.startswith(what)]
    keys = {"LoraLoader": "lora_name", "CheckpointLoaderSimple": "ckpt_name"}
    return [node["inputs"][keys[what]] for node in exported.values() if node["class_type"].startswith(what)]
exported = json.load(sys.stdin)
for what, pool in ("LoraLoader", "loras"), ("CheckpointLoaderSimple", "checkpoints"):
    ours, theirs = named(exported, what), list(listed("comfy/models/" + pool))
    assert len(ours) == len(set(ours))
    for name in sorted(set(ours) ^ set(theirs)):
        print("only here:" if name in ours else "only there:", name)
    print(what, len(ours), "names")
T
try() { # the set of all that is there, with these roots
	echo "== $*"
	rm -rf ~/.local
	lorarium scan "$@" >/dev/null
	lorarium list kind:lora --json | python3 -c '
import json, subprocess, sys
paths = [json.loads(line)["path"] for line in sys.stdin]
checkpoint = "comfy/models/checkpoints/SDXL/base model.safetensors"
subprocess.run(["lorarium", "set", "new", "all", checkpoint, *paths], check=True, stdout=subprocess.DEVNULL)'
	for as in comfyui comfyui-workflow; do
		lorarium set export all --as $as | python3 list.py
	done
}
try comfy
try comfy/models
try comfy/models/loras comfy/models/checkpoints
try comfy/models/loras comfy/models/loras/sub comfy/models
# Links: their lists have a file once by each way to it, a library has it once.
mkdir -p elsewhere
ln -s sub comfy/models/loras/linked
ln -s plain.safetensors comfy/models/loras/link.safetensors
mv comfy/models/loras/short.sft elsewhere/
ln -s ../../../elsewhere comfy/models/loras/out
try comfy/models | grep -v 'only there: linked/'
# On Windows their lists have the other separator. (No file there has one in its name.)
rm 'comfy/models/loras/back\slash.safetensors'
try comfy/models >/dev/null 2>&1
for as in comfyui comfyui-workflow rgthree; do
	lorarium set export all --as $as --windows | python3 -c '
import json, sys
text = sys.stdin.read()
json.loads(text)
print("/ in names:", ".safetensors" in text and "sub/" in text, "\\ in names:", r"sub\\deep\\" in text)'
done
status lorarium set export all --as a1111 --windows
