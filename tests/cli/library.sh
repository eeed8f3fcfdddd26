# A library from the first scan to the last tag.
lorarium demo all >/dev/null
mkdir -p demo/loras/Speed
mv all/checkpoints/SDXL/Pony/*.safetensors all/checkpoints/SDXL/sd_xl_base_1.0.safetensors demo
mv all/loras/Speed/lcm* demo/loras/Speed
head -c 5000 demo/loras/Speed/lcm-lora-sdxl.safetensors >demo/cut.safetensors
printf '\021\0\0\0\0\0\0\0{ not JSON at all' >demo/broken.safetensors
# What identification says in words is its own business: only the facts that are proven.
facts() { grep -E '^(path|name|kind|architecture|adapter|format|size|status|id|root|tag)'; }
json() { python3 -c "
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print($1)"; }
status lorarium list
status lorarium scan --json demo
status lorarium scan
status lorarium scan --check
lorarium --data here/is/nothing list kind:lora
status lorarium root list
lorarium root list --json
lorarium groups --json | json '" ".join(o)' | sort -u
lorarium groups --json | tail -n 1 | json 'o["base_model"]'
lorarium groups 'base:pony'
lorarium groups --json 'base:pony' | json 'o["base_model"], o["total"]'
lorarium groups --json nothing-of-that-name
lorarium list 'kind:checkpoint base:pony'
lorarium list --json 'kind:checkpoint base:pony' | json '" ".join(o)' | sort -u
lorarium list --json --sort size --reverse --limit 3 | json 'o["name"], o["bytes"]'
status lorarium tag 'kind:checkpoint base:pony' +favourites +old
lorarium tag --json 'kind:checkpoint base:pony' -old +x
status lorarium tag kind:checkpoint favourites
lorarium tags
lorarium tags --json
lorarium list tag:favourites --json | json 'o["tags"]'
echo '--- a very long name moves its own line only'
long=$(printf 'n%.0s' $(seq 200))
cp demo/loras/Speed/lcm-lora-sdxl.safetensors "demo/$long.safetensors"
lorarium scan >/dev/null
lorarium list arch:sdxl | awk '{ print (length($0) > 200 ? "long" : length($0) < 110 ? "short" : "padded") }' | sort | uniq -c | sed 's/^ *//'
rm "demo/$long.safetensors"
lorarium scan --json >/dev/null
echo '--- show'
lorarium show lcm-lora-sdxl.safetensors | facts
lorarium show demo/loras/Speed/lcm-lora-sdxl.safetensors --json |
	json 'o["path"], o["root"], o["online"], o["companions"]'
echo '--- names that several models have'
mkdir copies
cp demo/loras/Speed/lcm-lora-sdxl.safetensors copies/
lorarium scan copies >/dev/null
status lorarium show lcm-lora-sdxl
status lorarium show nothing-of-that-name
echo '--- fit'
lorarium fit --json sd_xl_base_1.0 'path:Speed' | json 'o["fit"], o["path"].rsplit("/", 1)[1]'
status lorarium fit sd_xl_base_1.0 'path:Speed base:sd1'
status lorarium root remove copies
status lorarium root remove copies
status lorarium root add nowhere
mv demo moved
status lorarium scan
