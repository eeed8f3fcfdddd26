# What a prompt, a picture or a workflow names, and whether it goes together.
lorarium demo demo >/dev/null
status lorarium check --prompt - </dev/null
lorarium scan demo >/dev/null
cat >prompt.txt <<'T'
a harbour at night, <lora:HarborFog:0.6> <lora:clay-diorama:0.4:0.9>
Negative prompt: <lora:nothing:1>
Steps: 20, Sampler: Euler a, Model hash: 0123456789, Model: v1-5-pruned-emaonly, Version: v1.9
T
status lorarium check --prompt prompt.txt
status lorarium check --prompt - <<<'fog <lora:HarborFog:1> <lora:not there:1>'
codes() {
	python3 -c '
import json, os, sys
o = json.loads(sys.stdin.readline())
print(*o)
print(os.path.basename(o["checkpoint"]["path"] or "-"), o["set"]["fit"], o["missing"])
for l in o["loras"]:
    print(os.path.basename(l["path"]), l["weight"], l["weight_te"], l["fit"], [r["code"] for r in l["reasons"]])'
}
lorarium check --prompt prompt.txt --json | codes
python3 - <<'T'
import json, struct, zlib
def chunk(t, d): return struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
api = {"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "SDXL\\sd_xl_base_1.0.safetensors"}},
       "2": {"class_type": "LoraLoader", "inputs": {"lora_name": "SD1.5/HarborFog.safetensors",
             "strength_model": 0.8, "strength_clip": 0.5, "model": ["1", 0]}},
       "3": {"class_type": "LoraLoader", "inputs": {"lora_name": "gone.safetensors", "strength_model": 1}}}
json.dump(api, open("api.json", "w"))
def png(name, *chunks):
    open(name, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))
png("a1111.png", chunk(b"tEXt", b"parameters\0" + open("prompt.txt", "rb").read()))
png("comfy.png", chunk(b"iTXt", b"prompt\0\1\0\0\0" + zlib.compress(json.dumps(api).encode())))
png("none.png")
T
lorarium check --prompt a1111.png --json | codes
lorarium check --prompt comfy.png --json | codes
lorarium check --prompt api.json --json >api.seen
lorarium check --prompt comfy.png --json | cmp - api.seen && echo same
cat comfy.png | lorarium check --prompt - --json | cmp - api.seen && echo same
# What we export can be read again.
lorarium set new mine v1-5-pruned-emaonly HarborFog:0.5 clay-diorama:0.25:0.75 >/dev/null
for as in a1111 comfyui comfyui-workflow rgthree; do
	lorarium set export mine --as $as | lorarium check --prompt - --json | codes
done
status lorarium check --prompt none.png
status lorarium check --prompt nowhere.png
status lorarium check --prompt prompt.txt HarborFog
status lorarium check
