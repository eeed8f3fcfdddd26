# Notes, ratings, favourites: attached, asked for, taken back.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
facts() { lorarium show HarborFog --json | python3 -c 'import json,sys; o=json.load(sys.stdin); print(o["rating"], o["favourite"], repr(o["note"]))'; }
facts
status lorarium rate HarborFog 4
status lorarium rate HarborFog 4
status lorarium rate HarborFog 6
status lorarium rate '' 3
status lorarium rate 'kind:lora arch:flux1' 2 --json
status lorarium list 'rating:>=3'
lorarium list 'rating:2' | wc -l
status lorarium favourite HarborFog
lorarium list is:favourite
status lorarium note HarborFog
status lorarium note HarborFog 'Good with fog; weight 0.6'
status lorarium note HarborFog
printf 'first line\n\033[31msecond\n\n' | status lorarium note HarborFog.safetensors -
status lorarium note HarborFog.safetensors
facts
lorarium show HarborFog | grep -aE '^(note|rating|favourite)'
status lorarium note HarborFog --json
status lorarium note no-such-model x
status lorarium undo
facts
status lorarium note HarborFog ''
facts
status lorarium favourite HarborFog --off
status lorarium rate HarborFog 0
facts
lorarium history
status lorarium undo 4
facts
# They hang on the file, not on the index.
mkdir demo/elsewhere && mv demo/loras/SD1.5/HarborFog.safetensors demo/elsewhere
lorarium scan >/dev/null
rm "$HOME"/.local/share/lorarium/index.db*
lorarium scan >/dev/null
facts
