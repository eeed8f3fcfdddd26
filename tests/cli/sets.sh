# Sets: made, changed, shown, asked for, and what survives a file that moves.
lorarium demo demo >/dev/null
status lorarium set list
status lorarium set new portrait sd_xl_base_1.0 lcm-lora-sdxl:0.8
lorarium scan demo >/dev/null
base=demo/checkpoints/SDXL/sd_xl_base_1.0.safetensors
lcm=demo/loras/Speed/lcm-lora-sdxl.safetensors
status lorarium set new Portrait "$base" "$lcm:0.8:0.5"
status lorarium set new portrait
status lorarium set new ' '
status lorarium set add portrait HarborFog.safetensors:-0.25 clay-diorama
status lorarium set show PORTRAIT
status lorarium set list
line() {
	python3 -c '
import json, os, sys
for line in sys.stdin:
    o = json.loads(line)
    print(*o)
    print(o["name"], os.path.basename(o["checkpoint"] or "-"), o["fit"], o["note"], o["tags"])
    for l in o["loras"]:
        print(" ", *l, "|", os.path.basename(l["path"]), l["weight"], l["weight_te"])
    for r in o["reasons"]:
        print(" ", r["code"])'
}
lorarium set list --json | line
status lorarium set weight portrait HarborFog -0.5
status lorarium set weight portrait HarborFog -0.5
status lorarium set weight portrait lcm-lora-sdxl 1 0.25
status lorarium set weight portrait sd_xl_base_1.0 1
status lorarium set weight portrait lcm-lora-sdxl much
status lorarium set note portrait 'for the harbour pictures'
status lorarium set note portrait
status lorarium set note portrait --json
status lorarium set tag portrait +Style +harbour
status lorarium set tag portrait -STYLE
status lorarium set tag portrait style
status lorarium set copy portrait other
status lorarium set remove other HarborFog sd_xl_base_1.0
status lorarium set remove other HarborFog
status lorarium set compare portrait other
lorarium set compare portrait other --json | head -n 1 | sed "s|$PWD|HERE|g"
lorarium set show other --json | line
# In queries and in the JSON of models.
status lorarium list set:portrait
status lorarium list set:=port
status lorarium list 'set: kind:checkpoint'
echo "$(($(lorarium list | wc -l) - $(lorarium list is:unused | wc -l))) models in sets"
lorarium show HarborFog --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["sets"])'
lorarium show clay-diorama --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["sets"])'
# A file that another program moves stays in its sets; one that is gone is named.
mkdir demo/elsewhere
mv demo/loras/SD1.5/HarborFog.safetensors demo/elsewhere/
mv demo/loras/SD1.5/clay-diorama.safetensors gone.safetensors
lorarium scan >/dev/null
lorarium set show portrait | sed "s|$PWD|HERE|g"
status lorarium set remove portrait clay-diorama
# Names.
status lorarium set rename portrait other
status lorarium set rename portrait PORTRAIT
status lorarium set rename portrai x
status lorarium set delete other
status lorarium set list
status lorarium set
status lorarium set lst
