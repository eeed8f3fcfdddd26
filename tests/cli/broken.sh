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
