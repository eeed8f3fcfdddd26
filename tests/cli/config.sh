# Settings, where they come from, and mistakes in them.
status lorarium config
mkdir -p "$HOME/.config/lorarium/knowledge"
printf '[scan]\nworkers = 2\n[keys]\nquit = x\n' >"$HOME/.config/lorarium/config.ini"
lorarium config --json | grep -e workers -e keys
status lorarium --config other.ini config
touch other.ini
lorarium --config other.ini config | grep -e '^config' -e workers
lorarium --config /dev/null config | grep -e workers
LORARIUM_DATA=$PWD/elsewhere lorarium config | head -n 1
XDG_DATA_HOME=relative lorarium config | head -n 1
printf '[scan]\nwrokers = 2\n' >bad.ini
status lorarium --config bad.ini config | grep workers
printf '[base-model mine]\nparnt = sdxl\n' >"$HOME/.config/lorarium/knowledge/mine.ini"
status lorarium tags
# What walls there are depends on the build and the kernel.
status lorarium doctor | sed 's/^\(ok  *sandbox: files are read in processes\).*/\1 .../'
lorarium --no-sandbox doctor | grep -A 1 sandbox
lorarium doctor --json | head -n 1
# A database that cannot be opened is told with what mends it, not given up on.
rm "$HOME/.config/lorarium/knowledge/mine.ini"
mkdir models
lorarium --data broken scan models >/dev/null
rm -f broken/user.db-*
yes garbage | head -n 1000 >broken/user.db
status lorarium --data broken doctor --json | grep -e fault -e exit
echo '--- edit: the example when there is none, then what is there'
export EDITOR="$PWD/editor" HOME="$PWD/other-home"
printf '#!/bin/sh\ngrep -c . "$1"\nsed -i "s/^;workers = .*/workers = $WORKERS/; s/^workers = .*/workers = $WORKERS/" "$1"\n' >editor
chmod +x editor
WORKERS=3 status lorarium config edit | sed 's/^[1-9][0-9]*$/N/'
lorarium config | grep workers
stat -c '%a %n' "$HOME/.config/lorarium" "$HOME/.config/lorarium/config.ini"
WORKERS=many status lorarium config edit | sed 's/^[1-9][0-9]*$/N/'
EDITOR=false status lorarium config edit
status lorarium --config /dev/null config edit
status lorarium --config none.ini config edit
