# What the index knows after models moved is what it would know had it never seen them elsewhere: folders'
# names are evidence. Nothing is left for a scan to find.
lorarium demo demo >/dev/null
(cd demo && find . -name '*.safetensors' -size -400000k) | while read -r file; do
	mkdir -p "plain/${file%/*}"
	cp --sparse=always "demo/$file" "plain/$file"
done
lorarium scan plain | sed 's/ in .*//'
facts() { lorarium list --json | sed 's/"id":[0-9]*,//; s/"added":"[^"]*",//' | sort; }
check() {
	facts >now
	lorarium scan | sed 's/ in .*//'
	rm "$HOME"/.local/share/lorarium/index.db*
	lorarium scan >/dev/null
	facts | cmp - now && echo "as from the beginning"
}
facts >before
for template in '{kind}/{base}/{name}' 'x/{name}' 'pony/sdxl/{name}'; do
	lorarium organise kind:lora --template "$template" --apply | tail -n 1
	check
	status lorarium undo
	check
	cmp before now && echo "as before"
done
# A sidecar waits where the model goes to, and a model is folded away with its parts: a scan tells.
mkdir -p plain/y
echo '{"baseModel": "Pony"}' >plain/y/HarborFog.civitai.info
lorarium organise HarborFog --template 'y/{name}' --apply | tail -n 1
lorarium list HarborFog --json | grep -o '"companions":[^]]*'
check
status lorarium undo
lorarium list HarborFog --json | grep -o '"companions":[^]]*'
check
# A link that led nowhere leads to what comes.
mkdir -p plain/links
ln -s ../z/HarborFog.safetensors plain/links/fog.safetensors
lorarium scan | sed 's/ in .*//'
lorarium organise HarborFog --template 'z/{name}' --apply | tail -n 1
lorarium list fog.safetensors --json | grep -o '"status":"[^"]*"'
check
