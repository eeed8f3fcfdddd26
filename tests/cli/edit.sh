# Many models as one text, in one's own editor; what comes back is checked as a whole.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
mkdir bin
# An editor with an argument of its own: does to the file what the script says.
cat >bin/ed-it <<'SH'
#!/bin/sh
echo "editor: $1, $#, $(stat -c '%a' "$2" "$(dirname "$2")" | tr '\n' ' ')"
ls -l /proc/self/fd | grep -c -E 'user.db|index.db|/lock'
cp "$2" ../../here/before
sh ../../here/script "$2"
SH
sed -i "s|\.\./\.\./here|$PWD|g" bin/ed-it
chmod +x bin/ed-it
export PATH=$PWD/bin:$PATH EDITOR='ed-it  -x'
ids() { sed -E 's/^[0-9]+ /ID /'; }
lorarium tag 'path:SD1.5' +draft '+two words' >/dev/null
lorarium rate HarborFog 4 >/dev/null
printf 'first # line\nsecond [a] \\n' | lorarium note HarborFog.safetensors - >/dev/null
echo '--- nothing is changed'
: >script
status lorarium edit HarborFog
ids <before
echo '--- shown, and done only when asked for'
cat >script <<'SH'
python3 - "$1" <<'PY'
import sys
kept = []
for line in open(sys.argv[1]):
    if '# HarborFog' in line:
        kept.append(line.split()[0] + r'  5  *  [two words, new \] \# one, Draft]  fresh note\nof two lines # what' + '\n')
open(sys.argv[1], 'w').writelines(kept)
PY
SH
status lorarium edit 'path:SD1.5' 2>&1 | sed 's|/edit-[^/]*/|/EDIT/|'
lorarium history | cut -c 26- | head -n 1
status lorarium edit 'path:SD1.5' --apply
lorarium show HarborFog.safetensors --json | grep -o '"tags":.*"note":"[^"]*"'
lorarium tags | tr -s ' '
lorarium history | cut -c 26- | head -n 1
status lorarium undo
lorarium note HarborFog.safetensors
status lorarium edit --json --apply HarborFog
echo '--- all mistakes, and nothing is done'
cat >script <<'SH'
cat >>"$1" <<TXT
x
99999  -  -  []
$(tail -n 1 "$1")
1  6  -  []
1  -  x  []
1  -  -  a, b
1  -  -  [a, b
TXT
SH
status lorarium edit HarborFog --apply 2>&1 | sed -E 's|/edit-[^/]*/|/EDIT/|; s/: [0-9]+ is there/: ID is there/'
echo 'sed -i "s/\[/[+bad, /" "$1"' >script
status lorarium edit HarborFog --apply 2>&1 | sed 's|/edit-[^/]*/|/EDIT/|'
lorarium history | cut -c 26- | head -n 1
echo '--- editors that do not'
echo 'exit 3' >script
status lorarium edit HarborFog 2>&1
EDITOR=no-such-editor status lorarium edit HarborFog 2>&1
VISUAL=false status lorarium edit HarborFog
status lorarium edit ''
status lorarium edit nothing-of-that-name
find "$HOME/.local/share/lorarium" -name 'edit-*' | wc -l
