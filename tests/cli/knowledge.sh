# Knowledge that changes: conclusions follow, and no model file is read again for them.
lorarium demo all >/dev/null
mkdir -p demo ../home/.config/lorarium/knowledge
mv all/loras/Pony/*.safetensors all/loras/Speed/lcm-lora-sdxl.safetensors demo
json() { python3 -c "
import json, sys
for line in sys.stdin:
    o = json.loads(line)
    print($1)"; }
lorarium scan demo
lorarium correct glass_slipper_pony --base sdxl-animagine --json
lorarium groups --json base:sdxl | json 'o["base_model"], o["own"]'
echo '--- taught something, while the files are away'
mv demo away
cat >../home/.config/lorarium/knowledge/mine.ini <<INI
[base-model sdxl-mine]
name = My fine-tune
parent = sdxl-pony
architecture = sdxl
tokens = foal; meadow; glass
INI
status lorarium scan --json
lorarium groups --json base:sdxl | json 'o["base_model"], o["own"]'
lorarium list --sort name base:sdxl-mine --json | json 'o["name"], o["confidence"], o["online"]'
lorarium show glass_slipper_pony --json | json 'o["base_model"], o["confidence"]'
lorarium correct glass_slipper_pony --clear --json
lorarium show glass_slipper_pony --json | json 'o["base_model"], o["confidence"]'
echo '--- the files are back: nothing of them changed'
mv away demo
status lorarium scan --json
echo '--- forgotten again, and the title comes from elsewhere'
cat >../home/.config/lorarium/knowledge/mine.ini <<INI
[fact title]
from = meta:ss_output_name
INI
lorarium scan --json >/dev/null
lorarium list --json base:sdxl | json 'o["base_model"], o["title"]' | sort | uniq -c
