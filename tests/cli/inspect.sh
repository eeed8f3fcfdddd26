# One line an argument, in order, always; exit 3 when one is absent.
lorarium demo demo >/dev/null
ckpt=demo/checkpoints/SDXL/sd_xl_base_1.0.safetensors
keys() {
	python3 -c '
import json, sys
for line in sys.stdin:
    model = json.loads(line)
    print(" ".join(model))
    print(" ".join(model["adapter"] or ["no adapter"]), "|", " ".join(model["trained_on"]), "|",
          " ".join(model["safety"]), "|", " ".join(model["hashes"]))'
}
short() {
	python3 -c '
import json, sys
for line in sys.stdin:
    m = json.loads(line)
    print(m["path"], m["status"], m["kind"], m["base_model"], m["error"] and m["error"]["code"],
          [n["code"] for n in m["notes"]], m["path_bytes"])'
}
lorarium inspect --json "$ckpt" demo/loras/Speed/lcm-lora-sdxl.safetensors | keys
: >empty.safetensors
echo "just words" >words.txt
cp demo/loras/Speed/lcm-lora-sdxl.safetensors $'caf\xe9 \x1b[31m.safetensors'
lorarium inspect --json nothing.safetensors "$ckpt" empty.safetensors words.txt . >lines
echo "[exit $?]"
short <lines
# Bytes that are not UTF-8 and bytes that a terminal would obey.
odd=$'caf\xe9 \x1b[31m.safetensors'
lorarium inspect --json "$odd" | short | cat -v
lorarium inspect "$odd" | head -n 3
# A link that is named is followed; one that leads nowhere cannot be read.
ln -s "$ckpt" link.safetensors
ln -s nowhere.safetensors dangling.safetensors
lorarium inspect --json link.safetensors | short
lorarium inspect dangling.safetensors >lines
echo "[exit $?]"
grep status lines
lorarium inspect "$ckpt" demo/loras/Speed/lcm-lora-sdxl.safetensors |
	grep -E '^$|^(path|name|kind|architecture|adapter|format|size|status|safety)'
# A sidecar that cannot be read is told once, by its name.
cp demo/loras/Speed/lcm-lora-sdxl.safetensors with.safetensors
echo '{bad' >with.civitai.info
mkdir with.metadata.json
lorarium inspect with.safetensors | grep note
# Many are read some at a time, and told in the order in which they were named.
mkdir many
for i in $(seq 40); do printf '%0*d' "$i" 0 >"many/$((i * 7 % 41)).pt"; done
lorarium inspect --json many/*.pt | sed 's/.*"path":"\([^"]*\)".*"bytes":\([0-9]*\),.*/\1 \2/' >told
stat -c '%n %s' many/*.pt | diff - told && wc -l <told
# What is not there has no size.
lorarium inspect nothing.safetensors empty.safetensors
