# duplicates --keep: of each content one copy stays, chosen by rules; the others go to the trash or become
# names of it. Shown first, proven, done with --apply, undone.
model() { # model SEED FILE
	mkdir -p "$(dirname "$2")"
	python3 - "$1" "$2" <<'P'
import json, struct, sys
seed = int(sys.argv[1])
data = bytes((i * seed + seed) % 251 for i in range(200000))
head = json.dumps({"lora_unet_x.lora_down.weight": {"dtype": "F16", "shape": [4, 25000], "data_offsets": [0, 200000]}}).encode()
open(sys.argv[2], "wb").write(struct.pack("<Q", len(head)) + head + data)
P
}
tree() { find lib fast -type f -printf '%p %n\n' | sort; }
snap() { find lib fast -type f -printf '%p %s %T@\n' | sort; }
same() { snap | diff before - && echo "as before"; }
short() { sed -E 's/"(inode|mtime_ns|model)":[0-9]+/"\1":N/g'; }
attached() { lorarium list --json | grep -o '"path":"[^"]*"\|"tags":[^]]*]\|"rating":[0-9nul]*\|"note":[^,]*\|"sets":[^]]*]' | paste -d' ' - - - - - | sort; }

model 1 lib/a/one.safetensors
model 1 'lib/b/one (1).safetensors'
model 1 fast/one.safetensors
model 2 lib/two.safetensors
model 2 fast/zwei.safetensors
model 3 lib/single.safetensors
ln lib/two.safetensors lib/two-too.safetensors
touch -d 2020-01-01 lib/a/one.safetensors
touch -d 2021-01-01 'lib/b/one (1).safetensors'
touch -d 2022-01-01 fast/one.safetensors lib/two.safetensors
touch -d 2023-01-01 fast/zwei.safetensors
echo preview >'lib/b/one (1).png'
echo preview >fast/one.json
lorarium scan lib fast >/dev/null
snap >before

echo "== wrong usage"
status lorarium duplicates --apply
status lorarium duplicates --link
status lorarium duplicates --keep eldest
status lorarium duplicates --keep root:
status lorarium duplicates --keep path:lib/a
status lorarium duplicates --keep oldest --check
status lorarium duplicates 'bse:x' --keep oldest

echo "== a QUERY says what counts as a copy"
lorarium duplicates | tail -n 1
lorarium duplicates root:lib
status lorarium duplicates root:fast --check
status lorarium duplicates 'root:fast' --keep oldest

echo "== shown, and nothing is done"
status lorarium duplicates --keep oldest
status lorarium duplicates --keep root:fast
status lorarium duplicates --keep 'path:*(1)*,newest'
status lorarium duplicates --keep oldest --json | short
same

echo "== done; what people attached goes to the copy that stays"
lorarium tag 'one (1).safetensors' +mine +style >/dev/null
lorarium note 'one (1).safetensors' 'from b' >/dev/null
lorarium rate '"one (1)"' 4 >/dev/null
lorarium tag path:a/ +style +old >/dev/null
lorarium note lib/a/one.safetensors 'from a' >/dev/null
lorarium set new mix >/dev/null
lorarium set add mix fast/one.safetensors:0.5 >/dev/null
attached
attached >attached-before
status lorarium duplicates --keep oldest --apply
tree
attached
lorarium set show mix --json | grep -o '"loras":[^]]*]'
ls "$HOME/.local/share/Trash/files" | sort
status lorarium duplicates --check
lorarium history | head -n 1 | sed 's/.*duplicates/duplicates/'
status lorarium undo
same
attached | diff attached-before - && echo "attached as before"
status lorarium redo
tree
attached | head -n 1
status lorarium undo
same
attached | diff attached-before - && echo "attached as before"

echo "== as links: nothing moves, only the room is shared"
inodes=$(stat -c %i lib/*/*.safetensors fast/*.safetensors)
status lorarium duplicates --keep tagged,oldest --link
status lorarium duplicates --keep tagged,oldest --link --apply
tree
[[ lib/a/one.safetensors -ef fast/one.safetensors ]] && echo "one file"
attached | diff attached-before - && echo "attached as before"
lorarium duplicates | tail -n 1
status lorarium duplicates --keep oldest
status lorarium undo
same
[[ $inodes == $(stat -c %i lib/*/*.safetensors fast/*.safetensors) ]] && echo "the files of before"
attached | diff attached-before - && echo "attached as before"

echo "== what is no copy any more does not go"
status lorarium duplicates --keep oldest --plan-out plan.json >/dev/null
echo more >>'lib/b/one (1).safetensors'
status lorarium apply plan.json | tail -n 2
truncate -s -5 'lib/b/one (1).safetensors'
touch -d 2021-01-01 'lib/b/one (1).safetensors'
same
# The same size and time, another byte: only reading tells.
printf X | dd of=lib/a/one.safetensors bs=1 seek=100000 conv=notrunc status=none
touch -d 2020-01-01 lib/a/one.safetensors
status lorarium apply plan.json | tail -n 2
same
status lorarium duplicates --keep oldest --apply | tail -n 2
same
model 1 lib/a/one.safetensors
touch -d 2020-01-01 lib/a/one.safetensors
# The copy that was to stay is gone, or another.
mv lib/a/one.safetensors elsewhere
status lorarium apply plan.json | grep -v json
mv elsewhere lib/a/one.safetensors
# Plans that would leave none.
rm plan.json
lorarium duplicates --keep oldest --plan-out plan.json >/dev/null
sed -n 1,2p plan.json >evil.json
python3 - <<'P'
import json, os
lines = [json.loads(l) for l in open("plan.json")]
first = lines[1]
other = dict(first, old=first["kept"], kept=first["old"], group=first["group"] + 100,
             inode=os.stat(first["kept"]).st_ino, mtime_ns=os.stat(first["kept"]).st_mtime_ns)
open("evil.json", "w").write("\n".join(json.dumps(l) for l in (first, other)))
self = dict(first, kept=first["old"])
open("self.json", "w").write(json.dumps(self))
far = dict(first, kept="/etc/hostname")
open("far.json", "w").write(json.dumps(far))
P
status lorarium apply evil.json
status lorarium apply self.json
status lorarium apply far.json
same
# A file that a link leads to; a link itself is no copy.
ln -s ../fast/one.safetensors lib/link.safetensors
lorarium scan >/dev/null
status lorarium duplicates --keep oldest | grep '^!\|exit'
status lorarium duplicates --keep root:fast | grep 'link\|exit'
rm lib/link.safetensors
same
