# Names that a Lora-Manager sidecar repeats follow its model; every other byte stays, and undo gives
# the file that was there.
mkdir lib lib/a
lorarium demo demo >/dev/null
cp demo/loras/SD1.5/HarborFog.safetensors lib/a/foo.safetensors
echo picture >lib/a/foo.png
cat >lib/a/foo.metadata.json <<END
{ "unknown": [1, {"file_name": "foo"}],
  "file_name": "foo",   "file_path": "$PWD/lib/a/foo.safetensors",
  "preview_url":"Z:/elsewhere/a/foo.png", "é": "\u00e9", "tags": ["a/b"]
}
END
touch -d 2020-01-02 lib/a/foo.metadata.json
cp demo/loras/SD1.5/HarborFog.safetensors lib/a/stale.safetensors
echo '{"file_name": "stale", "file_path": "/old/place/stale.safetensors"' >lib/a/stale.metadata.json
lorarium scan lib >/dev/null
snap() { find lib -type f -exec sha256sum {} + | sort -k 2; find lib -type f -printf '%p %T@\n' | sort; }
snap >before
status lorarium move foo lib/b --apply
cat lib/b/foo.metadata.json
stat -c %.10y lib/b/foo.metadata.json
status lorarium rename lib/b/foo.safetensors 'bär "x"' --apply
cat lib/b/*.metadata.json
status lorarium undo 2
snap | diff before - && echo "as before"
status lorarium redo 2
grep -c 'bär \\"x\\"' lib/b/*.metadata.json
status lorarium undo 2
snap | diff before - && echo "as before"
# What is no JSON moves as it is.
status lorarium move stale lib/b --apply
cat lib/b/stale.metadata.json
# What another program wrote into it since is not lost by an undo.
status lorarium move foo lib/b --apply
sed -i 's/tags/Tags/' lib/b/foo.metadata.json
status lorarium undo
ls lib/a lib/b
find lib -name '.lorarium*'
# PEFT's configuration, of the one name it has, goes with its model; one that stays keeps it.
mkdir -p lib/p
cp demo/loras/SD1.5/HarborFog.safetensors lib/p/adapter_model.safetensors
cp demo/loras/SD1.5/HarborFog.safetensors lib/p/other.safetensors
echo '{"lora_alpha": 8}' >lib/p/adapter_config.json
lorarium scan >/dev/null
status lorarium move path:p/other lib/q --apply
status lorarium move path:p/adapter lib/q --apply
ls lib/p lib/q
status lorarium undo 2
status lorarium organise path:p/adapter --template 'r/{kind}' --apply
status lorarium undo
status lorarium rename lib/p/adapter_model.safetensors mine
status lorarium trash path:p/adapter
cp lib/p/other.safetensors lib/p/adapter_model.pt
lorarium scan >/dev/null
status lorarium trash 'path:p/adapter format:safetensors'
status lorarium move path:p/adapter lib/q
lorarium tag path:p/adapter_model.pt +old
status lorarium organise 'path:p/adapter' --template '{tag}/{name}'
status lorarium organise 'path:p/adapter' --template 'q/{tag}{name}'
status lorarium trash 'path:p/adapter tag:old'
mkdir lib/q
echo '{}' >lib/q/adapter_config.json
status lorarium move path:p/adapter lib/q
