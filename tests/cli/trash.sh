# trash --list and --restore: what came from the roots, whoever trashed it, comes back to where it was; a place
# that is taken is a conflict, and an info that is broken or lies is counted and never followed.
trash="$HOME/.local/share/Trash"
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
mkdir demo/own
cp demo/loras/SD1.5/HarborFog.safetensors demo/own/foo.safetensors
touch demo/own/foo.json demo/own/foo.png demo/own/foo.v2.png
lorarium scan >/dev/null
lorarium tag foo.safetensors +mine >/dev/null
short() { sed -E 's/"(inode|mtime_ns|model)":[0-9]+/"\1":N/g; s/"time":"[^"]*"/"time":"T"/; s/[0-9-]{10} [0-9:]{5}/WHEN/'; }
put() { # put NAME WHERE [DATE]: as another program does
	mkdir -p "$trash/files" "$trash/info"
	echo "of another program" >"$trash/files/$1"
	printf '[Trash Info]\nPath=%s\nDeletionDate=%s\n' "$2" "${3-2026-01-02T03:04:05}" >"$trash/info/$1.trashinfo"
}

echo "== wrong usage"
status lorarium trash
status lorarium trash --restore
status lorarium trash --list foo
status lorarium trash --list --restore
status lorarium trash --restore foo --plan-out plan.json
status lorarium trash --list
status lorarium trash --restore foo

echo "== a model and what belongs to it, there and back"
lorarium trash path:own/foo.safetensors --apply | tail -n 1
ls demo/own
lorarium trash --list | short
lorarium trash --list --json | short
status lorarium trash --restore foo
ls demo/own
status lorarium trash --restore foo --apply
ls demo/own
find "$trash" -type f
lorarium list tag:mine --json | grep -o '"path":"[^"]*"'
status lorarium undo
ls demo/own
ls "$trash/files"
status lorarium undo
ls demo/own
lorarium history | cut -c 27-

echo "== its place is taken"
lorarium trash path:own/foo.safetensors --apply >/dev/null
echo mine >demo/own/foo.png
status lorarium trash --restore foo --apply
cat demo/own/foo.png
ls demo/own
rm demo/own/foo.png

echo "== by other programs, and together"
put bar.safetensors "$PWD/demo/own/bar.safetensors"
put bar.json "$PWD/demo/own/bar.json" 2026-01-02T03:04:06
put bar.2.json "$PWD/demo/own/bar.json" 2026-01-03T03:04:06
put lonely.png "$PWD/demo/own/l%6Fnely.png"
put elsewhere.safetensors "$PWD/elsewhere/bar.safetensors"
put undated.safetensors "$PWD/demo/own/undated.safetensors" yesterday
lorarium trash --list | short
status lorarium trash --restore bar.json
status lorarium trash --restore bar.safetensors --apply
status lorarium trash --restore "$PWD/demo/own/lonely.png" --apply
ls demo/own

echo "== broken and hostile"
put up "$PWD/demo/own/../../../etc/up"
put relative demo/own/relative.safetensors
put percent "$PWD/demo/own/%zz"
put nul "$PWD/demo/own/a%00b"
put root /
echo "no info" >"$trash/info/undated.safetensors.trashinfo"
put huge "$PWD/demo/own/huge"
head -c 100000 /dev/zero | tr '\0' x >>"$trash/info/huge.trashinfo"
put link "$PWD/demo/own/link"
mv "$trash/info/link.trashinfo" info-elsewhere
ln -s "$PWD/info-elsewhere" "$trash/info/link.trashinfo"
mkfifo "$trash/info/pipe.trashinfo" && touch "$trash/files/pipe"
put escape "$PWD/demo/own/%1B[31mred.safetensors"
status lorarium trash --list 2>&1 | short
mv "$trash" real-trash && ln -s "$PWD/real-trash" "$trash"
status lorarium trash --list
rm "$trash" && mv real-trash "$trash"

echo "== from another disk"
other=$(mktemp -d /dev/shm/lorarium-XXXXXX)
trap 'rm -rf "$other"' EXIT
lorarium scan "$other" >/dev/null
put far.safetensors "$other/far.safetensors"
status lorarium trash --restore far --apply | sed "s|$other|OTHER|g"
ls "$other"
