# A model has one id for as long as the index is there: out into the trash and back, away with its root and back;
# and an id is never another model's.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
mkdir demo/own outside
cp demo/loras/SD1.5/HarborFog.safetensors demo/own/foo.safetensors
lorarium scan >/dev/null
ids() { lorarium list "$1" --json | sed -E 's/^.*"path":"([^"]*)".*"id":([0-9]+).*"added":"([^"]*)".*/\2 \3 \1/' | sort; }
keep() { ids "$1" >was; }
same() { ids "$1" | diff was - && echo same; }
fresh() { ids "$1" | cut -d ' ' -f 1 | while read -r id; do grep -q "^$id " given && echo "$id was given before"; done; }

echo "== the trash, and both ways back"
keep path:own/
lorarium trash path:own/foo.safetensors --apply >/dev/null
lorarium list path:own/ --json
cp demo/loras/SD1.5/HarborFog.safetensors demo/own/bar.safetensors # the newest id is free, and stays so
lorarium scan >/dev/null
cp was given && fresh path:own/bar
lorarium list path:own/bar | wc -l
sleep 1.1 # so that the time of coming back would be another
lorarium undo >/dev/null
same path:own/foo
lorarium redo >/dev/null
lorarium scan >/dev/null
status lorarium trash --restore foo.safetensors --apply | tail -n 1
same path:own/foo
lorarium tag path:own/foo +mine >/dev/null
ids tag:mine | diff was - && echo same

echo "== copies that go and come back"
keep path:own/
lorarium hash path:own/ >/dev/null
lorarium duplicates path:own/ --keep shortest --apply >/dev/null 2>&1
lorarium list path:own/ | wc -l
lorarium undo >/dev/null
same path:own/

echo "== in by import, out and in again"
cp demo/loras/SD1.5/HarborFog.safetensors outside/new.safetensors
python3 -c 'import zipfile; zipfile.ZipFile("outside/box.zip", "w").write("outside/new.safetensors", "new.safetensors")'
lorarium import outside/box.zip "$PWD/demo/own" --apply | tail -n 1
keep path:own/new
lorarium undo >/dev/null
lorarium list path:own/new --json
lorarium redo >/dev/null
same path:own/new

echo "== purged, and its file is there again"
keep path:own/bar
mv demo/own/bar.safetensors outside && lorarium scan >/dev/null
lorarium purge path:own/bar --apply >/dev/null
lorarium list path:own/bar --json
mv outside/bar.safetensors demo/own && lorarium scan >/dev/null
same path:own/bar

echo "== the root goes and comes"
keep path:own/
lorarium root remove demo >/dev/null
lorarium list --json
lorarium scan demo >/dev/null
same path:own/

echo "== another file at the place of one that left is another model"
cp was given
lorarium trash path:own/foo.safetensors --apply >/dev/null
cp demo/loras/SD1.5/HarborFog.safetensors demo/own/foo.safetensors
printf ' ' >>demo/own/foo.safetensors
lorarium scan >/dev/null
fresh path:own/foo
lorarium list path:own/foo | wc -l
