# A root that moved as a whole: its models, their tags and their ids go with it.
lorarium demo all >/dev/null
mkdir old
mv all/loras old/loras
lorarium scan old >/dev/null
lorarium scan all >/dev/null
lorarium tag 'root:old path:Pony' +kept
ids() {
	lorarium list 'root:old' --json | python3 -c '
import json, sys
print(sorted((m["name"], m["id"]) for m in map(json.loads, sys.stdin)))'
}
ids >before
mkdir -p far/away
mv old far/away/models
status lorarium root relocate old nowhere
status lorarium root relocate other far
status lorarium root relocate old all
status lorarium root relocate old far
status lorarium root relocate old far/away/models
status lorarium root relocate old far/away/models/
ids | cmp - before && echo "every id is as it was"
lorarium root list
lorarium list 'tag:kept' --json | grep -c far/away/models
lorarium list 'is:offline'
lorarium scan old 2>&1 | tail -n 1
lorarium scan far/away/models | sed 's/in N s//'
ids | cmp - before && echo "every id is as it was"
lorarium list 'tag:kept' --json | wc -l
# An outer root may know it already; what is not there may be forced.
mkdir empty
status lorarium root relocate old empty
status lorarium root relocate old empty --force --json
lorarium root relocate old "$PWD/far/away/models"
# A root that was removed and had the place: its tags join.
lorarium root relocate old empty --force
lorarium scan far/away/models >/dev/null
lorarium tag 'root:models Pony' +later
lorarium root remove far/away/models
lorarium root relocate old far/away/models
lorarium list 'tag:kept tag:later' --json | wc -l
lorarium doctor >/dev/null
echo "[exit $?]"
# It is an operation like any other: undo and redo bring the place back, if it is there.
mkdir else
mv far/away/models else/models
lorarium root relocate old else/models
lorarium history --limit 1 | sed 's/^ *[0-9]* *TIME *//'
status lorarium undo
mv else/models far/away/models
status lorarium undo
lorarium root list
ids | cmp - before && echo "every id is as it was"
lorarium list 'tag:kept tag:later' --json | wc -l
status lorarium redo
mkdir -p else/models
status lorarium redo
lorarium root list | grep old
status lorarium undo
lorarium scan far/away/models | sed 's/in N s//'
lorarium list 'tag:kept tag:later' --json | wc -l
# The first of them took a removed root in: it is a root of its own again.
status lorarium undo
mkdir third
lorarium root add third
lorarium doctor >/dev/null
echo "[exit $?]"
