# Tags, notes and favourites that other programs wrote beside models, taken over on wish.
lorarium demo demo >/dev/null
mkdir lib
for name in one two three; do cp demo/loras/SD1.5/HarborFog.safetensors lib/$name.safetensors; done
cat >lib/one.metadata.json <<'END'
{"file_name": "one", "tags": ["Style", "ink, paper", "+new", "", "style", "\u001bbad", 7], "notes": "  good at 0.6\nnot above ",
 "favorite": true, "civitai": {"model": {"tags": ["shop"]}}}
END
echo '{"notes": "sepia", "activation text": "a, b", "description": "of the shop"}' >lib/two.json
echo '{"tags": ["x"' >lib/three.metadata.json
lorarium scan lib >/dev/null
status lorarium adopt ''
lorarium tag one +STYLE +mine >/dev/null
lorarium note lib/two.safetensors 'my own' >/dev/null
lorarium rate two 4 >/dev/null
status lorarium adopt 'path:lib'
lorarium tags
status lorarium adopt 'path:lib' --json 2>/dev/null | sed 's/"id":[0-9]*/"id":N/'
status lorarium adopt 'path:lib' --apply
lorarium tags
lorarium note lib/one.safetensors
lorarium note lib/two.safetensors
lorarium list 'rating:4' --json | grep -c '"favourite":false'
lorarium list 'is:favourite' --json | grep -c .
# Nothing is taken over twice, and undo takes all of it back.
status lorarium adopt 'path:lib'
status lorarium undo
lorarium tags
lorarium note lib/two.safetensors
cat lib/two.json
