# Verdicts of files on disk; no library is opened, none is made.
lorarium demo demo >/dev/null
base=demo/checkpoints/SDXL/sd_xl_base_1.0.safetensors
lcm=demo/loras/Speed/lcm-lora-sdxl.safetensors
sd1=demo/loras/Speed/lcm-lora-sdv1-5.safetensors
status lorarium check "$base" "$lcm"
status lorarium check "$base" "$sd1"
status lorarium check "$lcm" "$base"
status lorarium check "$base" "$lcm:0.8" "$lcm:-0.25:1"
status lorarium check --strict "$base" "$lcm" "$lcm"
status lorarium check "$base" nothing.safetensors:0.5
echo "$HOME"/.local/share/*
# A file may be called like a weight.
cp "$lcm" 'odd:0.5'
weights() {
	python3 -c '
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print(" ".join(o), "|", " ".join(o["set"]))
    for l in o["loras"]:
        print(l["path"], l["weight"], l["weight_te"], l["fit"], [r["code"] for r in l["reasons"]])
        assert list(l) == ["path", "weight", "weight_te", "fit", "binding", "reasons", "advice"]'
}
lorarium check --json "$base" odd:0.5 odd:0.5:0.7 odd:0.5:0.7:.25 "$lcm:1" | weights
# The same content is the same LoRA, whatever its name.
cp "$lcm" copy.safetensors
ln -s "$lcm" link.safetensors
lorarium check "$base" "$lcm" copy.safetensors | grep duplicate
lorarium check "$base" "$lcm" link.safetensors | grep duplicate
# Damaged is no verdict on its own.
head -c 100 "$lcm" >cut.safetensors
status lorarium check "$base" cut.safetensors
# The binding is in the JSON; null where there is none.
lorarium check --json "$base" "$lcm" cut.safetensors | python3 -c '
import json, sys
for l in json.loads(sys.stdin.readline())["loras"]:
    print(l["path"], l["binding"])'
