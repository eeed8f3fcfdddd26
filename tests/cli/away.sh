# Models on a root that is not there: whoever wants their files is told which root that is.
lorarium demo demo >/dev/null
mkdir -p nas/loras
mv demo/loras/SD1.5/HarborFog.safetensors nas/
mv demo/loras/SD1.5/clay-diorama.safetensors nas/loras/
lorarium scan demo nas >/dev/null
lorarium set new mine v1-5-pruned-emaonly HarborFog clay-diorama:0.5 >/dev/null
lorarium set export mine --as comfyui >export.json
try() {
	status lorarium set pack mine mine.zip
	status lorarium hash clay-diorama
	status lorarium check v1-5-pruned-emaonly nas/loras/clay-diorama.safetensors
	status lorarium check v1-5-pruned-emaonly nas/loras/other.safetensors
	status lorarium rename clay-diorama brick
	status lorarium check v1-5-pruned-emaonly clay-diorama
	lorarium set export mine --as comfyui | cmp - export.json && echo same
}
mv nas nas.off
echo "== it has gone"
try
echo "== a scan has seen that"
lorarium scan 2>&1 | grep offline
try
echo "== another folder stands there"
mkdir nas
status lorarium set pack mine mine.zip
rmdir nas
status lorarium move v1-5-pruned-emaonly nas
status lorarium move v1-5-pruned-emaonly nas/checkpoints --json
echo "== the index knows nothing of it"
rm ~/.local/share/lorarium/index.db*
lorarium scan >/dev/null 2>&1
status lorarium set show mine
status lorarium set pack mine mine.zip
lorarium set export mine --as comfyui | grep -o 'loras/[^"]*\|clay[^"]*'
echo "== back"
mv nas.off nas
lorarium scan >/dev/null
status lorarium set pack mine mine.zip
rm nas/HarborFog.safetensors
status lorarium set pack mine other.zip
