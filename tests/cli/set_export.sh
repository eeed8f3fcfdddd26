# A set for other programs: names as each of them calls models, warnings apart from it.
lorarium demo demo >/dev/null
mkdir demo/loras/other
cp demo/loras/Speed/lcm-lora-sdxl.safetensors demo/loras/other/
cp demo/loras/SD1.5/HarborFog.safetensors 'demo/loras/other/odd=name.safetensors'
lorarium scan demo >/dev/null
lorarium set new mine sd_xl_base_1.0 HarborFog:0.8:0.5 demo/loras/Speed/lcm-lora-sdxl.safetensors \
	'odd=name:-1' >/dev/null
for as in a1111 lora-manager swarmui sdcpp diffusers json; do
	echo "== $as"
	status lorarium set export mine --as $as
done
echo "== nodes"
for as in comfyui rgthree; do
	lorarium set export mine --as $as | python3 -c '
import json, sys
for key, node in json.load(sys.stdin).items():
    print(key, node["class_type"], node["inputs"])'
done
lorarium set export mine --as comfyui-workflow | python3 -c '
import json, sys
o = json.load(sys.stdin)
for node in o["nodes"]:
    print(node["id"], node["type"], node["widgets_values"])
print(o["links"])'
echo "== --json takes and gives JSON alone: a value on a line"
diff <(lorarium set export mine --json) <(lorarium set export mine --as json) && echo same
for as in comfyui comfyui-workflow rgthree json; do
	lorarium set export mine --as $as --json | wc -l
done
status lorarium set export mine --as swarmui --json
echo "== usage"
status lorarium set export mine --as word
status lorarium set export nothing
