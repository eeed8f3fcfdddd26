# What is closed, empty or broken around it is told, and nothing of the user's is touched.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
status lorarium tag '' +all
status lorarium tag ' ' +all
lorarium tags
(lorarium list kind:vae >&-) ; echo "[exit $?]"
echo '--- killed before the first table was made, or the disk was full then'
mkdir cut
python3 -c "
import sqlite3
for name in ('user.db', 'index.db'):
    sqlite3.connect('cut/' + name).execute('PRAGMA journal_mode = WAL')"
status lorarium --data cut list
status lorarium --data cut scan demo/vae
lorarium --data cut list | wc -l
data=$HOME/.local/share/lorarium
rm -f "$data"/user.db-*
echo 'this is no database at all, whatever its name may say' >"$data/user.db"
cp "$data/user.db" before
status lorarium list kind:vae
lorarium doctor | tail -n 2
echo "[exit ${PIPESTATUS[0]}]"
cmp "$data/user.db" before && echo untouched
echo '--- damage that nothing meets: it is met once a day, before what is sound is replaced'
mine() { lorarium --data "$PWD/mine" "$@"; }
mine scan demo/vae >/dev/null
mine tag kind:vae +one
python3 -c "
import sqlite3
path = 'mine/user.db'
page, = sqlite3.connect(path).execute(\"SELECT rootpage FROM sqlite_master WHERE name = 'made_folder'\").fetchone()
with open(path, 'r+b') as file:
    file.seek((page - 1) * 4096)
    file.write(b'Z' * 4096)"
status mine tag kind:vae +two
mine doctor | grep -c 'put back a copy'
rm mine/backups/user-????-??-??.db # as if they were of other days
cp mine/user.db before
status mine tag kind:vae +three 2>&1 | sed 's/backups:.*/backups/'
status mine tag kind:vae +three 2>&1 | sed 's/backups:.*/backups/'
cmp mine/user.db before && ls mine/backups | wc -l
