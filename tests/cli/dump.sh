# Everything people made, as text and back: the same bytes, whatever was lost in between.
lorarium demo demo >/dev/null
cp demo/loras/SD1.5/HarborFog.safetensors "$(printf 'demo/loras/caf\351.safetensors')"
lorarium scan demo >/dev/null
lorarium dump | sed -E "s/\"added_s\":[0-9]+/\"added_s\":N/"
lorarium tag HarborFog +fog '+two words' >/dev/null
lorarium tag 'path:caf' +raw >/dev/null
lorarium rate HarborFog 4 >/dev/null
lorarium favourite HarborFog >/dev/null
printf 'two\nlines "quoted"' | lorarium note HarborFog - >/dev/null
lorarium correct HarborFog --base sdxl-pony --kind lora >/dev/null
lorarium set new portrait sd_xl_base_1.0.safetensors HarborFog.safetensors:0.5:0.25 >/dev/null
lorarium set tag portrait +mine >/dev/null
lorarium set note portrait 'for faces' >/dev/null
lorarium dump >first
sed -E 's/"(added_s|corrected_s|bytes)":[0-9]+/"\1":N/g; s/"quick_hash":"[0-9a-f]*"/"quick_hash":"H"/' first
# Without the index: the same.
rm "$HOME"/.local/share/lorarium/index.db*
lorarium scan >/dev/null
lorarium dump | cmp - first && echo same
# Into an empty library: the same, and what hangs on files is back.
export LORARIUM_DATA=$PWD/other
status lorarium restore first
lorarium dump | cmp - first && echo same
lorarium scan >/dev/null
lorarium list 'tag:fog rating:4 is:favourite base:pony set:portrait' | sed 's/^#[0-9]* *//'
status lorarium undo
lorarium dump | grep -c '"model"'
status lorarium redo
lorarium dump | cmp - first && echo same
# Into one that has things already.
lorarium tag HarborFog +later >/dev/null
status lorarium restore first
lorarium tags
# What is none is refused whole.
for bad in 'x' '{}' '{"type":"model"}' '{"type":"root","path":"x","name":"y"}' \
	'{"type":"model","root":"/nowhere","path":"a","tags":[]}' \
	'{"type":"model","root":"'"$PWD"'/demo","path":"../x","rating":9}' \
	'{"type":"set","name":"a,b","loras":[{"root":"/x"}]}' '[1]' '{"type":"model","rating":-1}'; do
	{ sed -n 2p first; echo "$bad"; } >bad
	lorarium tag HarborFog -later >/dev/null
	status lorarium restore bad
done
lorarium tags | wc -l
status lorarium restore no-such-file
status lorarium restore - <first
