# What is missing stays until a person lets go of it; and even then it can come back.
lorarium demo all >/dev/null
mkdir lib away
mv all/loras lib/loras
lorarium scan lib >/dev/null
lorarium tag 'path:Pony' +kept >/dev/null
lorarium tag 'path:SDXL' +there >/dev/null
pony=$(lorarium list path:Pony --json | wc -l)
mv lib/loras/Pony away/
lorarium scan --accept-missing >/dev/null
lorarium list 'is:missing' --json | wc -l
status lorarium purge ''
status lorarium purge 'path:SDXL'
lorarium purge 'tag:kept' | tail -n 1
lorarium purge 'tag:kept' --json | tail -n 1
lorarium tags
lorarium purge 'tag:kept' --apply | tail -n 1
lorarium list 'is:missing' --json | wc -l
lorarium tags
lorarium purge 'tag:kept' --apply --json
lorarium history | head -n 1 | sed 's/^[^ ]* *//'
lorarium undo
lorarium tags
# The files come back, to another place: nothing is lost.
lorarium redo
lorarium tags
mv away/Pony lib/Pony
lorarium scan >/dev/null
[ "$(lorarium list tag:kept --json | wc -l)" = "$pony" ] && echo "every tag is back"
lorarium tags
# Put away for longer than ninety days: only what did not come back is let go of.
rm lib/Pony/*
lorarium scan --accept-missing >/dev/null
lorarium purge 'is:missing' --apply | tail -n 1
lorarium dump | grep -c kept
db=$HOME/.local/share/lorarium/user.db
python3 - "$db" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("update subject set purged_s = purged_s - 91 * 86400 where purged_s is not null")
db.commit()
END
lorarium scan >/dev/null
lorarium dump | grep -c kept
lorarium tags
lorarium doctor >/dev/null
echo "[exit $?]"
