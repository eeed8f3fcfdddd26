# Undo, redo, history: tags, corrections and sets go back and forth again.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
tags() { lorarium tags | tr -s ' ' | tr '\n' ';'; echo; }
status lorarium undo
status lorarium redo
status lorarium history
status lorarium tag HarborFog +fog '+two words'
status lorarium tag 'kind:lora arch:sdxl' +style -fog
status lorarium correct HarborFog --base sdxl-pony
status lorarium set new portrait sd_xl_base_1.0.safetensors HarborFog.safetensors:0.5
status lorarium set delete portrait
lorarium history
tags
status lorarium undo
lorarium set show portrait | head -n 1
status lorarium undo 2
lorarium show HarborFog.safetensors --json | grep -o '"base_model":"[^"]*"'
status lorarium undo --operation 1
tags
lorarium history --json
status lorarium redo 4
tags
lorarium show HarborFog.safetensors --json | grep -o '"base_model":"[^"]*"'
status lorarium set list
status lorarium redo
status lorarium undo 99
status lorarium undo
tags
status lorarium undo 0
status lorarium undo --operation 77
status lorarium undo 1 --operation 1
status lorarium tag HarborFog +new --json
status lorarium redo
# What was tried last came to nothing: it is told that something else is taken back.
lorarium tag HarborFog +older >/dev/null
python3 - <<'END'
import glob, os, sqlite3
db = sqlite3.connect(os.path.expanduser("~/.local/share/lorarium/user.db"))
last = db.execute("SELECT max(max(id), max(coalesce(undone, 0))) FROM operation").fetchone()[0]
db.execute("INSERT INTO operation (id, at_s, what, words, is_asked, state, n_changed) "
           "VALUES (?, 0, 'move', '/full/disk', 1, 'rolled-back', 0)", (last + 1,))
db.commit()
END
status lorarium undo 2>&1 | sed 's/operation [0-9]*/operation N/g'
status lorarium redo
status lorarium undo --operation 1
