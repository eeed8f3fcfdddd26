# scan.ignore: what it names leaves the list, is not missing, and its tags go to no copy; it comes back with them.
lorarium demo demo >/dev/null
mkdir -p demo/old/deep
cp demo/loras/SD1.5/HarborFog.safetensors demo/old/deep/copy.safetensors
cp demo/loras/SD1.5/HarborFog.safetensors demo/loras/old.safetensors
lorarium scan demo | cut -d, -f 1
lorarium tag path:old/deep +mine
config() { mkdir -p "$HOME/.config/lorarium" && printf '[scan]\nignore = %s\n' "$1" >"$HOME/.config/lorarium/config.ini"; }
counts() { lorarium scan | sed 's/, [0-9]* offline.*//'; lorarium list tag:mine | sed 's/^#ID *//;s/  */ /g'; lorarium list is:missing | wc -l; }
echo "== a folder, by its absolute path: no other of that name"
config "$PWD/demo/old"
counts
lorarium list old.safetensors | wc -l
echo "== and back"
config 'nothing'
counts
echo "== most of a root is no sign of a disk that is not there"
config 'loras;checkpoints;vae'
status lorarium scan | sed 's/, [0-9]* offline.*//'
lorarium list is:missing | wc -l
config ''
lorarium scan | cut -d, -f 1-2
