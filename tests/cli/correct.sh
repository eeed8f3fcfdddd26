# What a person knows better than the file: wins at once, and survives whatever comes.
lorarium demo all >/dev/null
mkdir demo
mv all/checkpoints/SDXL/Pony/ponyDiffusionV6XL_inpainting.safetensors demo/thing.safetensors
mv all/loras/Speed/lcm-lora-sdxl.safetensors demo/speed.safetensors
json() { python3 -c "
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print($1)"; }
facts='[o["kind"], o["architecture"], o["base_model"], o["lineage_known"], o["confidence"],
	[(e["field"], e["says"]) for e in o["evidence"] if e["source"] == "user"],
	sorted({(e["source"], e["field"], e["says"]) for e in o["conflicts"]})]'
show() { lorarium show --json "$1" | json "$facts"; }
lorarium scan demo >/dev/null
show thing
echo '--- wrong usage'
status lorarium correct
status lorarium correct thing
status lorarium correct '' --clear
status lorarium correct thing speed --clear
status lorarium correct thing --base ponny
status lorarium correct thing --base sdxl-zzzzzzzzz
status lorarium correct thing --kind loar
status lorarium correct 'base:nonsense' --clear
status lorarium correct thing --base
status lorarium list --base pony
echo '--- a base model by its alias, and everything follows'
status lorarium correct --json thing --base noob
status lorarium correct --json thing --base=sdxl-noobai
show thing
show thing.safetensors
show demo/thing.safetensors
lorarium inspect --json demo/thing.safetensors | json "$facts"
lorarium list base:noob
lorarium list 'confidence:certain base:noob'
lorarium groups --json base:noob | json 'o["base_model"], o["own"]'
lorarium fit thing --json | json 'o["fit"], [r["code"] for r in o["reasons"]]'
lorarium check --json demo/thing.safetensors speed | json 'o["checkpoint"]["base_model"]'
echo '--- another architecture, another kind'
status lorarium correct 'thing|speed' --base flux1-dev
show thing
lorarium fit thing --json | json 'o["fit"], [r["code"] for r in o["reasons"]]'
status lorarium correct thing --kind vae
show thing
lorarium list kind:vae
echo '--- it survives a scan, a move, a rename and the loss of the index'
lorarium scan --full >/dev/null
show thing
mkdir demo/deeper
mv demo/thing.safetensors demo/deeper/other.safetensors
lorarium scan >/dev/null
show other
rm ../home/.local/share/lorarium/index.db*
status lorarium list
mv demo/deeper/other.safetensors demo/again.safetensors
lorarium scan >/dev/null
show again
echo '--- and goes as it came'
status lorarium correct --json again --clear
status lorarium correct --json again --clear
show again
status lorarium correct --json speed --clear --kind controlnet
show speed
status lorarium correct --json 'kind:controlnet | kind:checkpoint' --clear
echo '--- a base model of one'"'"'s own that is gone again'
mkdir -p ../home/.config/lorarium/knowledge
cat >../home/.config/lorarium/knowledge/mine.ini <<INI
[base-model sdxl-mine]
name = My fine-tune
parent = sdxl-illustrious
architecture = sdxl
INI
status lorarium correct again --base sdxl-mine
lorarium list base:sdxl-mine
rm ../home/.config/lorarium/knowledge/mine.ini
lorarium scan >/dev/null
show again
echo '--- what does not match'
status lorarium correct --json nothing-of-that-name --base pony
status lorarium correct --json --kind lora -- -again
lorarium doctor | grep -v ok
