# What other programs moved, where two files had the same content: asked, not guessed.
lorarium demo demo >/dev/null
mkdir -p lib/a lib/b lib/c
cp demo/loras/SD1.5/HarborFog.safetensors lib/a/x.safetensors
cp demo/loras/SD1.5/HarborFog.safetensors lib/b/y.safetensors
cp demo/loras/SD1.5/HarborFog.safetensors one.safetensors
tagged() {
	lorarium list 'tag:' --json | python3 -c '
import json, os, sys
for m in sorted(map(json.loads, sys.stdin), key=lambda m: m["path"]):
    print(os.path.relpath(m["path"]), m["tags"])'
}
lorarium scan lib >/dev/null
lorarium tag path:a/x +ofx >/dev/null
lorarium tag path:b/y +ofy >/dev/null
status lorarium moved
# Either of two that are gone.
rm lib/a/x.safetensors lib/b/y.safetensors
cp one.safetensors lib/c/z.safetensors
lorarium scan lib | sed 's/in N s//'
tagged
status lorarium moved
status lorarium moved --json
lorarium doctor | grep moved
# One that was not there all the while says nothing new.
lorarium scan lib 2>&1 | grep -c 'may have moved'
status lorarium moved lib/a/x.safetensors
status lorarium moved lib/a/x.safetensors lib/c/other.safetensors
status lorarium moved lib/c/z.safetensors lib/c/z.safetensors
status lorarium moved /tmp/x lib/c/z.safetensors
cp demo/loras/SD1.5/*oir*.safetensors lib/c/other.safetensors
lorarium scan lib >/dev/null
status lorarium moved lib/a/x.safetensors lib/c/other.safetensors
status lorarium moved lib/a/x.safetensors lib/c/z.safetensors
tagged
lorarium history --limit 1 | sed 's/^ *[0-9]* *TIME *//'
status lorarium undo
tagged
status lorarium redo
# One of two that came.
lorarium purge 'path:b/y' --apply
cp one.safetensors lib/a/1.safetensors
cp one.safetensors lib/b/2.safetensors
rm lib/c/z.safetensors
lorarium scan lib | sed 's/in N s//'
status lorarium moved
status lorarium moved lib/c/z.safetensors lib/b/2.safetensors --json
tagged
# What is alone on both sides is followed as ever; what went into the trash did not move.
mv lib/b/2.safetensors lib/c/3.safetensors
rm lib/a/1.safetensors
lorarium scan lib | sed 's/in N s//'
tagged
cp one.safetensors lib/a/4.safetensors
lorarium scan lib >/dev/null
lorarium trash path:c/3 --apply >/dev/null
lorarium moved
# Written over, and then gone: what it was before may have come back.
rm -rf lib
mkdir -p lib/d
cp one.safetensors lib/d/5.safetensors
cp demo/loras/SD1.5/*oir*.safetensors lib/d/stays.safetensors
lorarium scan --accept-missing lib >/dev/null
lorarium tag path:d/5 +before >/dev/null
cp demo/loras/SD1.5/*oir*.safetensors lib/d/5.safetensors
printf x >>lib/d/5.safetensors
lorarium scan lib >/dev/null
mv lib/d/5.safetensors gone.safetensors
cp one.safetensors lib/d/stays.safetensors
lorarium scan lib | sed 's/in N s//'
status lorarium moved
lorarium dump >dumped # and so it is elsewhere
other() { lorarium --data "$PWD/other" "$@"; }
other restore dumped >/dev/null
other dump | cmp - dumped && echo same
other scan >/dev/null 2>&1
status other moved
status lorarium moved lib/d/5.safetensors lib/d/stays.safetensors
tagged
# It is known by what it is now: moved on, it is found again.
mkdir lib/e
cp lib/d/stays.safetensors lib/e/6.safetensors
rm lib/d/stays.safetensors
lorarium scan lib >/dev/null
tagged
