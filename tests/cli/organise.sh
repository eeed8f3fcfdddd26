# Organise, move, rename, trash: shown first, done with --apply, undone; nothing is overwritten.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
snap() { find demo -type f -printf '%p %s %T@\n' | sort; }
snap >before
same() { snap | diff before - && echo "as before"; }
status lorarium organise ''
status lorarium organise 'kind:lora' --template '{knd}/{name}'
status lorarium organise 'kind:lora' --template '../{name}'
status lorarium organise 'nothing-of-that-name'
lorarium tag HarborFog +fog
lorarium organise 'kind:lora | kind:checkpoint' | tail -n 1
same
lorarium organise 'kind:lora | kind:checkpoint' --apply | tail -n 1
ls demo/lora/sdxl-pony
lorarium list tag:fog --json | grep -o '"path":"[^"]*"'
lorarium scan | sed 's/ in .*//'
status lorarium undo
same
ls demo/lora 2>&1
# Companions go along, under the new name; a name that is longer is somebody else's.
mkdir demo/own
cp demo/loras/SD1.5/HarborFog.safetensors demo/own/foo.safetensors
cp demo/loras/SD1.5/HarborFog.safetensors demo/own/foo.v2.safetensors
touch demo/own/foo.json demo/own/foo.png demo/own/foo.v2.png demo/own/foo.safetensors.rgthree-info.json
touch demo/own/foo_1.png demo/own/other.txt
lorarium scan >/dev/null
status lorarium rename foo.safetensors bar --apply
ls demo/own
status lorarium rename bar.safetensors foo.v2
status lorarium rename bar.safetensors a/b
status lorarium rename bar.safetensors "$(printf 'a\nb')"
status lorarium undo
ls demo/own
# What two models share is copied while one of them stays.
cp demo/own/foo.safetensors demo/own/foo.ckpt
lorarium scan >/dev/null
status lorarium move foo.safetensors demo/there --apply
ls demo/own demo/there
status lorarium undo
ls demo/own demo/there
# Trash, as other programs know it.
status lorarium trash 'path:own/ kind:lora'
status lorarium trash 'path:own/ kind:lora' --apply
ls demo/own
ls home/.local/share/Trash/files "$HOME"/.local/share/Trash/files 2>/dev/null
grep -h Path= "$HOME"/.local/share/Trash/info/foo.safetensors.trashinfo
lorarium list path:own/
status lorarium undo
ls demo/own
find "$HOME"/.local/share/Trash -type f
status lorarium redo
ls demo/own
status lorarium undo
# Conflicts: all of them, and nothing is done.
status lorarium move 'path:own/ kind:lora' demo/own/sub --plan-out plan.json
status lorarium move 'path:own/ kind:lora' demo/own/sub --plan-out plan.json
mkdir demo/own/sub
touch demo/own/sub/foo.png
status lorarium apply plan.json
rm demo/own/sub/foo.png
echo changed >>demo/own/foo.json
status lorarium apply plan.json
status lorarium move HarborFog /nowhere
status lorarium move HarborFog demo/loras/SD1.5/HarborFog.safetensors/x
echo '{"action":"restore","old":"/etc/passwd","new":"/tmp/x"}' >evil.json
status lorarium apply evil.json
echo '{"action":"move","old":"/etc/passwd","new":"/tmp/x"}' >evil.json
status lorarium apply evil.json
lorarium move HarborFog demo/own/sub --json | sed -E 's/"(inode|mtime_ns|model)":[0-9]+/"\1":N/g'
# A byte that is no UTF-8 goes there and back.
cp demo/own/foo.safetensors "$(printf 'demo/own/caf\351.safetensors')"
lorarium scan >/dev/null
status lorarium move 'caf' demo/own/sub --plan-out raw.json
status lorarium apply raw.json
ls -b demo/own/sub
lorarium history | head -n 3
# A disk that keeps less of a time than this one: the way back knows what it was.
other=$(mktemp -d /dev/shm/lorarium-XXXXXX)
trap 'rm -rf "$other"' EXIT
mkdir lib
cp demo/loras/SD1.5/HarborFog.safetensors lib/dated.safetensors
touch -d '2024-05-06 07:08:09.123456789' lib/dated.safetensors
lorarium scan lib "$other" >/dev/null
lorarium move dated "$other" --apply >/dev/null
touch -d '2024-05-06 07:08:08' "$other/dated.safetensors"
status lorarium undo
stat -c %y lib/dated.safetensors
# A folder that is a model goes to another disk and back, with its links, times and modes.
mkdir -p lib/pipe/unet
cp lib/dated.safetensors lib/pipe/unet/model.safetensors
echo '{"_class_name":"StableDiffusionPipeline","unet":["diffusers","UNet2DConditionModel"]}' >lib/pipe/model_index.json
ln -s ../model_index.json lib/pipe/unet/alias
chmod 700 lib/pipe/unet
touch -d '2024-05-06 07:08:09.123456789' lib/pipe/unet lib/pipe
inner() { find "$1" -printf '%P %y %m %T@ %l\n' | sort; }
inner lib/pipe >before
lorarium scan >/dev/null
lorarium tag pipe +folder
lorarium move pipe "$other/in" | sed "s|$other|OTHER|; s/where .* are free/where there is room/"
status lorarium move pipe "$other/in" --apply >/dev/null
ls lib
inner "$other/in/pipe" | diff before - && echo 'as it was'
lorarium list tag:folder --json | grep -o '"path":"[^"]*"' | sed "s|$other|OTHER|"
status lorarium undo
inner lib/pipe | diff before - && echo 'as before'
ls "$other"
status lorarium redo
status lorarium undo
inner lib/pipe | diff before - && echo 'as before'
mkfifo lib/pipe/unet/fifo
status lorarium move pipe "$other/in" | sed "s|$other|OTHER|; s/where .* are free/where there is room/"
rm lib/pipe/unet/fifo
# Links in it lead where they led, or nothing moves: also by its name alone, and on the way back.
mkdir lib/shared
echo '{}' >lib/shared/config.json
for link in ../../shared/config.json "$PWD/lib/pipe/model_index.json"; do
	ln -s "$link" lib/pipe/unet/out
	for to in lib/deep/er "$other/in"; do
		status lorarium move pipe "$to" --apply | grep link | sed "s|$other|OTHER|"
	done
	rm lib/pipe/unet/out
done
ln -s "$PWD/lib/shared/config.json" lib/pipe/unet/absolute
ln -s ../../pipe/model_index.json lib/pipe/unet/by_name
ln -s ../../../nowhere lib/pipe/unet/broken
status lorarium move pipe lib/deep --apply | tail -n 1
cat lib/deep/pipe/unet/absolute
cmp lib/deep/pipe/unet/by_name lib/deep/pipe/model_index.json
status lorarium rename pipe tube | grep link
status lorarium undo
rm lib/pipe/unet/absolute lib/pipe/unet/b*
# Two moves, the second of them to the other disk, are taken back together.
lorarium move pipe lib/deep --apply >/dev/null
lorarium move pipe "$other" --apply >/dev/null
status lorarium undo 2
ls lib lib/pipe
ls "$other"
# A sharded set takes the sidecars of the whole along, unless another model has the same.
mkdir lib/set
for part in 1 2; do
	cp lib/dated.safetensors "lib/set/s-0000$part-of-00002.safetensors"
done
touch lib/set/s.json lib/set/s.preview.png lib/set/s_1.png
echo '{"weight_map":{}}' >lib/set/s.safetensors.index.json
lorarium scan >/dev/null
status lorarium move path:set/ lib/parts --apply | tail -n 2
ls lib/set lib/parts
status lorarium undo
cp lib/dated.safetensors lib/set/s.safetensors
lorarium scan >/dev/null
status lorarium move s-00001-of-00002.safetensors lib/parts --apply | tail -n 2
ls lib/set lib/parts
status lorarium undo
status lorarium trash path:set/ --apply | tail -n 2
ls lib/set
status lorarium undo
ls lib/set
# A root may be a link: that is its owner's word, also for folders that are made right below it.
mkdir real
cp lib/dated.safetensors real/under_a_link.safetensors
ln -s real linked
lorarium root add "$PWD/linked" >/dev/null 2>&1
lorarium scan >/dev/null
status lorarium move under_a_link.safetensors "$PWD/linked/new" --apply | tail -n 2
ls real real/new
status lorarium move under_a_link.safetensors "$PWD/linked" --apply | tail -n 2
ls real
status lorarium undo
status lorarium undo
