# What fits, from what was scanned: the files need not be there.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
base=demo/checkpoints/SDXL/sd_xl_base_1.0.safetensors
lcm=demo/loras/Speed/lcm-lora-sdxl.safetensors
verdicts() {
	python3 -c '
import json, sys
n = {}
for line in sys.stdin:
    o = json.loads(line)
    assert list(o) == ["path", "weight", "weight_te", "fit", "binding", "reasons", "advice"]
    assert o["fit"] == "compatible" or o["advice"]
    n.setdefault(o["fit"], []).append(o)
for fit in n:
    print(fit, len(n[fit]), sum(o["binding"] is not None for o in n[fit]))'
}
lorarium fit sd_xl_base_1.0 --json | verdicts
lorarium fit "$base" --json | verdicts
lorarium fit --for lcm-lora-sdxl --json | verdicts
lorarium fit --for "$lcm" --json | verdicts
lorarium fit sd_xl_base_1.0 lcm
lorarium fit --for lcm-lora-sdxl 'turbo | base:pony'
# The counts are those of the lines, and of fit:CHECKPOINT.
lorarium fit --matrix --json | python3 -c '
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    assert list(o) == ["checkpoint", "compatible", "caution", "unknown", "incompatible"]
    assert list(o["checkpoint"]) == ["path", "architecture", "base_model"]
    if o["checkpoint"]["path"].endswith("sd_xl_base_1.0.safetensors"):
        print(list(o.values())[1:])'
lorarium list fit:sd_xl_base_1.0 --json | wc -l
lorarium fit --matrix base:flux1-dev
lorarium fit --matrix 'kind:checkpoint anything'
# Without its disk all is as it was; only paths are gone.
mv demo elsewhere
lorarium fit sd_xl_base_1.0 --json | verdicts
lorarium check sd_xl_base_1.0 lcm-lora-sdxl
lorarium bind sd_xl_base_1.0 lcm-lora-sdxl
status lorarium fit "$base"
# A checkpoint that the library does not know, and a LoRA.
lorarium fit elsewhere/checkpoints/SDXL/sd_xl_base_1.0.safetensors --json | verdicts
lorarium fit --for elsewhere/loras/Speed/lcm-lora-sdxl.safetensors --json | verdicts
status lorarium fit
status lorarium fit --for lcm-lora-sdxl lcm more
status lorarium fit --for lcm-lora-sdxl --matrix
status lorarium fit --for sd_xl_base_1.0 lcm
status lorarium fit lcm-lora-sdxl lcm
status lorarium fit nothing
status lorarium fit --matrix 'bse:pony'
status lorarium fit --matrix fit:nothing
# fit: in queries takes a CHECKPOINT as the command does.
verdict_count() { lorarium fit "$1" --json | grep -c '"fit":"compatible"'; }
lorarium list fit:elsewhere/checkpoints/SDXL/sd_xl_base_1.0.safetensors --json | wc -l
verdict_count elsewhere/checkpoints/SDXL/sd_xl_base_1.0.safetensors
lorarium list "fit:$PWD/demo/checkpoints/SDXL/sd_xl_base_1.0.safetensors" --json | wc -l
mkdir 'in the library' 'not in it'
cp elsewhere/checkpoints/SDXL/sd_xl_base_1.0.safetensors 'in the library/my xl.safetensors'
cp elsewhere/checkpoints/SDXL/sd_xl_base_1.0.safetensors 'in the library/sd_xl_base_1.0.safetensors'
cp elsewhere/checkpoints/SDXL/sd_xl_base_1.0.safetensors 'not in it/xl.safetensors'
mv elsewhere demo
lorarium scan 'in the library' >/dev/null
lorarium list 'fit:"in the library/my xl.safetensors" -lcm' --json | wc -l
lorarium list 'fit:"not in it/xl.safetensors" -lcm' --json | wc -l
lorarium list 'fit:"my xl" -lcm' --json | wc -l
(cd 'not in it' && lorarium list 'fit:../demo/checkpoints/SDXL/sd_xl_base_1.0.safetensors -lcm' --json | wc -l)
status lorarium list 'lcm fit:sd_xl_base_1.0' 2>&1 | sed 's/#[0-9][0-9]*/#N/g'
status lorarium list 'lcm fit:not/there.safetensors'
ln -s nowhere dead.safetensors
status lorarium list fit:dead.safetensors
status lorarium list fit:in
