# Links elsewhere that lead to what a plan takes away: told beside the step, and no conflict.
mkdir -p lib/a lib/b out
lorarium demo demo >/dev/null
cp demo/loras/SD1.5/HarborFog.safetensors lib/a/fog.safetensors
cp demo/loras/SD1.5/HarborFog.safetensors lib/a/calm.safetensors
ln -s ../a/fog.safetensors lib/b/link.safetensors
# The root may be reached by a link.
ln -s . via
lorarium scan via/lib >/dev/null
plan() { lorarium "$@" | sed 's/, [0-9.]*[KM]\b/, SIZE/'; }
echo "== move, rename, organise, trash"
plan move path:a/fog via/lib/c
plan rename fog.safetensors mist
plan organise 'path:a/' --template 'new/{name}'
plan trash path:a/fog
lorarium move path:a/fog via/lib/c --json | grep -o '"note":[^,]*\|"notes":[0-9]*'
lorarium move path:a/calm via/lib/c --json | grep -o '"note":[^,]*\|"notes":[0-9]*'
echo "== a plan that was kept is looked at again"
lorarium move path:a/fog via/lib/c --plan-out plan.json >/dev/null
lorarium apply plan.json | tail -n 2
cat lib/b/link.safetensors 2>&1 | head -c 60
echo
lorarium undo
cmp lib/a/fog.safetensors lib/b/link.safetensors
echo "== another link to it; one that goes as well is no loss"
ln -s "$PWD/lib/a/fog.safetensors" lib/a/other.safetensors
lorarium scan >/dev/null
plan rename '#'"$(lorarium list path:a/fog --json | grep -o '"id":[0-9]*' | cut -d: -f2)" mist
plan trash 'fog | other'
plan trash 'fog | other | link' | tail -n 1
echo "== a link that was turned elsewhere since the scan"
ln -sfn ../a/calm.safetensors lib/b/link.safetensors
rm lib/a/other.safetensors
plan move 'path:a/fog' via/lib/c
lorarium scan >/dev/null
plan move 'path:a/fog' via/lib/c
plan move 'path:a/calm' via/lib/c
echo "== copies that become names of what stays are there as before"
lorarium hash 'path:a/' >/dev/null
plan duplicates 'path:a/' --keep "path:$PWD/via/lib/a/fog.safetensors" --link
echo "== an index from before learns of links by the next scan"
python3 - <<'END'
import sqlite3, glob, os
db = sqlite3.connect(os.path.expanduser("~/.local/share/lorarium/index.db"))
db.executescript("DROP INDEX seen_target; ALTER TABLE seen DROP COLUMN target; PRAGMA user_version = 7")
END
lorarium scan | sed 's/, [0-9.]* s.*//'
plan move 'path:a/calm' via/lib/c
