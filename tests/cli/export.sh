# What a person made, told to the sidecars of other programs: as a plan, with every other byte as it was.
lorarium demo demo >/dev/null
mkdir lib
for name in one two three four; do cp demo/loras/SD1.5/HarborFog.safetensors lib/$name.safetensors; done
cat >lib/one.metadata.json <<'EOF'
{
  "file_name": "one",
  "x-unknown": {"b": 1.50, "a": [ ]},
  "tags": [
    "Style",
    "ink, paper"
  ],
  "notes": "grüße",
  "favorite": false,
  "z": 1e3
}
EOF
printf '{"notes": "", "activation text": "a, b"}\r\n' >lib/two.json
echo '{"learning_rate": 1}' >lib/three.json
cp -r lib before
lorarium scan lib >/dev/null
status lorarium export ''
lorarium tag 'path:lib/one|path:lib/three|path:lib/four' +style +new +Paper >/dev/null
lorarium note lib/one.safetensors 'good at "0.6"' >/dev/null
lorarium note lib/two.safetensors $'sepia\nold' >/dev/null
lorarium favourite one >/dev/null
status lorarium export 'path:lib'
diff -r before lib && echo untouched
status lorarium export 'path:lib' --json | sed -E 's/"(inode|mtime_ns|model|bytes)":[0-9]+/"\1":N/g'
status lorarium export 'path:lib' --apply
diff -r before lib
# All of it is said now, and nothing of it is new to the library.
status lorarium export 'path:lib'
status lorarium adopt path:two
lorarium history --limit 1 | sed 's/^ *[0-9]* *TIME *//'
status lorarium undo
diff -r before lib && echo "as before"
status lorarium redo
diff -r before lib | grep -c '^[<>]'
# One that its owner changed since is not replaced.
echo >>lib/two.json
status lorarium undo 2>&1 | sed 's/operation [0-9]*/operation N/'
grep -c sepia lib/two.json
# A plan file holds only as long as the sidecar is what it was, and says only what people make.
lorarium note lib/one.safetensors 'another' >/dev/null
status lorarium export one --plan-out plan
status lorarium apply plan
lorarium undo >/dev/null
echo ' ' >>lib/one.metadata.json
status lorarium apply plan
sed 's/"says":{/"says":{"file_name":"evil",/' plan >evil
status lorarium apply evil
grep '"action":"write"' plan >alone
status lorarium apply alone 2>&1 | grep -v '^  '
# What cannot be told says why, and then nothing is done.
rm lib/*.json
for name in broken linked huge readonly folder list; do cp demo/loras/SD1.5/HarborFog.safetensors lib/$name.safetensors; done
echo '{"tags": ["x"' >lib/broken.metadata.json
echo '{"notes": ""}' >elsewhere.json
ln -s ../elsewhere.json lib/linked.json
head -c 5000000 /dev/zero | tr '\0' ' ' >lib/huge.json
echo '{"notes": ""}' >lib/readonly.json
chmod a-w lib/readonly.json
mkdir lib/folder.json
echo '{"notes": "", "tags": {}, "file_name": ""}' >lib/list.metadata.json
lorarium scan lib >/dev/null
lorarium tag 'path:lib' +all >/dev/null
for name in broken linked huge readonly folder list; do lorarium note lib/$name.safetensors 'a note' >/dev/null; done
status lorarium export 'path:lib' --apply
cat elsewhere.json
