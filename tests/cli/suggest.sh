# What to take for a checkpoint: fits without reserve, wished tags first, nothing that clashes.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
status lorarium suggest v1-5-pruned-emaonly
lorarium tag 'HarborFog | moss_and_ruins_loha' +wet >/dev/null
lorarium tag moss_and_ruins_loha +green >/dev/null
status lorarium suggest v1-5-pruned-emaonly 'tag:wet | tag:green' --limit 2
lorarium suggest v1-5-pruned-emaonly --json --limit 5 | python3 -c '
import json, sys
lines = [json.loads(line) for line in sys.stdin]
print(*lines[0])
assert {o["fit"] for o in lines} == {"compatible"} and all(o["why"] for o in lines)
print(len(lines), "weights", sum(o["weight"] for o in lines) < 3)'
# The same twice.
lorarium suggest v1-5-pruned-emaonly --json >one
lorarium suggest v1-5-pruned-emaonly --json >two
cmp one two && echo same
# What is suggested is compatible as a whole.
lorarium suggest v1-5-pruned-emaonly --json --limit 8 | python3 -c '
import json, sys
for o in map(json.loads, sys.stdin): print(o["path"] + ":" + str(o["weight"]))' |
	xargs -d '\n' lorarium check --strict v1-5-pruned-emaonly >/dev/null && echo strict
status lorarium suggest v1-5-pruned-emaonly base:flux1-dev
status lorarium suggest v1-5-pruned-emaonly 'base:'
status lorarium suggest v1-5-pruned-emaonly 'bse:x'
