# Which tensors a LoRA attaches to; no library is opened.
lorarium demo demo >/dev/null
base=demo/checkpoints/SDXL/sd_xl_base_1.0.safetensors
lcm=demo/loras/Speed/lcm-lora-sdxl.safetensors
sd1=demo/loras/Speed/lcm-lora-sdv1-5.safetensors
status lorarium bind "$base" "$lcm"
lorarium bind "$base" "$sd1" | head -n 4
# Counts add up, and each module has its line.
lorarium bind --json "$base" "$sd1" | python3 -c '
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    b = o["binding"]
    print(" ".join(o), "|", " ".join(o["checkpoint"]), "|", " ".join(b))
    assert b["modules"] == b["bound"] + b["unbound"] + b["shape_mismatches"]
    detail = b["modules_detail"]
    assert len(detail) == b["modules"] + b["ignored"]
    states = [m["state"] for m in detail]
    print({s: states.count(s) for s in sorted(set(states))})
    print(b["components"])
    print(next(m for m in detail if m["state"] == "bound"))
    print(next(m for m in detail if m["state"] == "shape-mismatch"))
    print(next(m for m in detail if m["state"] == "unbound"))'
status lorarium bind "$lcm" "$base"
status lorarium bind "$base" "$base"
head -c 100 "$lcm" >cut.safetensors
status lorarium bind "$base" cut.safetensors
status lorarium bind "$base"
