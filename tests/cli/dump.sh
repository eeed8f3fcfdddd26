# All that people made, out and in again: byte for byte, merged, taken back, or not at all.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
status lorarium dump
lorarium tag HarborFog +fog '+two words' >/dev/null
lorarium rate HarborFog 4 >/dev/null
printf 'first\n\tsecond "third"' | lorarium note HarborFog.safetensors - >/dev/null
lorarium favourite 'kind:checkpoint arch:sdxl' >/dev/null
lorarium correct HarborFog --base sdxl-pony >/dev/null
mkdir $'odd\377' && cp demo/loras/SD1.5/HarborFog.safetensors $'odd\377/a\377b.safetensors'
lorarium scan $'odd\377' >/dev/null
lorarium tag 'root:odd' +odd >/dev/null
lorarium set new portrait sd_xl_base_1.0.safetensors HarborFog:0.5 >/dev/null
lorarium set note portrait 'for faces' >/dev/null
lorarium set tag portrait +mine >/dev/null
lorarium dump >one
sed 's/"root_bytes":"[^"]*"/"root_bytes":BYTES/g; s/"quick_hash":"[^"]*"/"quick_hash":HASH/' one
echo '--- into an empty place'
other() { lorarium --data "$PWD/other" "$@"; }
status other restore one
other dump | cmp - one && echo same
status other restore --json one
sed 's/"version":2/"version":1/; s/"former":\[\],//' one >older
lorarium --data "$PWD/from-older" restore older >/dev/null
lorarium --data "$PWD/from-older" dump | cmp - one && echo same
other scan >/dev/null
other show HarborFog.safetensors --json | grep -o '"tags":.*"favourite":[a-z]*'
other list 'base:pony tag:fog' | wc -l
status other undo
other dump | wc -l
other redo >/dev/null
other dump | cmp - one && echo same
echo '--- the index is nothing'
rm other/index.db*
other scan >/dev/null
other dump | cmp - one && echo same
echo '--- beside what is there'
other tag HarborFog.safetensors -fog +mist >/dev/null
other rate HarborFog.safetensors 1 >/dev/null
other note HarborFog.safetensors 'mine' >/dev/null
other set note portrait 'for hands' >/dev/null
status other restore - <one
other show HarborFog.safetensors --json | grep -o '"tags":.*"favourite":[a-z]*'
other note HarborFog.safetensors
other set list
status other restore one
other history --limit 2 | cut -c 26-
echo '--- into a file'
status lorarium dump file
cmp file one && echo same
stat -c %a file
status lorarium dump file
status lorarium dump none/file
echo '--- all or nothing'
fresh() { status lorarium --data "$PWD/fresh" restore "$1" 2>&1 | sed 's/column [0-9]*/column N/'; }
head -n 4 one >bad; echo '{"type":"model"}' >>bad; fresh bad
head -n 4 one >bad; echo '{"type":"model","unknown":1}' >>bad; fresh bad
(head -n 1 one; sed -n 4p one) >bad; fresh bad
(head -n 3 one; tail -n 1 one) >bad; fresh bad
sed 's/"version":2/"version":3/' one >bad; fresh bad
sed '4s/"former":\[\]/"former":[{"bytes":1}]/' one >bad; fresh bad
tail -n +2 one >bad; fresh bad
sed 's/"rating":4/"rating":6/' one >bad; fresh bad
sed 's/"two words"/"two,words"/' one >bad; fresh bad
sed 's|"path":"loras/|"path":"../|' one >bad; fresh bad
sed '4s/,"bytes".*//; 4s/^.*"path"/{"path"/' one >bad; fresh bad
sed 's/"added":"[^"]*"/"added":"2026-02-30T00:00:00Z"/' one >bad; fresh bad
sed 's/"path_bytes":"[^"]*"/"path_bytes":"a"/' one >bad; fresh bad
: >bad; fresh bad
fresh none
fresh .
lorarium --data "$PWD/fresh" dump
lorarium --data "$PWD/fresh" history
