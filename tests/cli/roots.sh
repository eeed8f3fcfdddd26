# Roots within roots: the deepest owns, and nothing is lost or missed when one is added later.
lorarium demo all >/dev/null
mkdir -p outer/inner
mv all/loras outer/inner/loras
mv all/checkpoints/SDXL/sd_xl_base_1.0.safetensors outer
owners() {
	lorarium list --json | python3 -c '
import collections, json, sys
models = [json.loads(line) for line in sys.stdin]
print(dict(sorted(collections.Counter(m["root"] for m in models).items())),
      sum("kept" in m["tags"] for m in models), "tagged")'
}
lorarium scan outer >/dev/null
lorarium tag path:Pony +kept
owners
echo '--- a folder that is named twice is read and counted once'
lorarium scan outer ./outer//. outer/ --json | python3 -c '
import json, sys
summary = json.loads(sys.stdin.read())
print(summary["seen"] == summary["unchanged"] == int(sys.argv[1]))' "$(lorarium list | wc -l)"
lorarium scan outer/inner --json | python3 -c '
import json, sys
summary = json.loads(sys.stdin.read())
print(summary["new"], summary["gone"])'
owners
# More than the brake lets go of are no longer the outer one's, yet none is missing.
status lorarium scan
lorarium root list
owners
# A root has one name.
status lorarium root add outer
status lorarium root add outer outer
status lorarium root add outer another
