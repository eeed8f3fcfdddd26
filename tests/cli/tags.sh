# Tags: found together and apart, renamed, merged, taken back.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
tags() { lorarium tags | tr -s ' ' | tr '\n' ';'; echo; }
count() { lorarium list "$1" | wc -l; }
lorarium tag 'kind:lora arch:sdxl' +style >/dev/null
lorarium tag 'kind:lora arch:sd1' +Fog >/dev/null
lorarium tag HarborFog.safetensors +style >/dev/null
lorarium set new portrait sd_xl_base_1.0.safetensors >/dev/null
lorarium set tag portrait +fog >/dev/null
tags
echo "both $(count 'tag:style tag:fog') either $(count 'tag:style|tag:fog') one $(count 'tag:style -tag:fog')"
echo '--- the same tag, written otherwise'
status lorarium tags rename fog FOG
status lorarium tags rename fog FOG --json
tags
echo '--- another name'
status lorarium tags rename fog 'misty things' --json
tags
lorarium set list --json | grep -o '"tags":[^]]*]'
echo '--- into one that is there: it keeps its spelling'
status lorarium tags rename 'Misty Things' STYLE
tags
lorarium list tag:misty
lorarium undo
tags
lorarium set list --json | grep -o '"tags":[^]]*]'
lorarium redo
tags
lorarium history --limit 2 | cut -c 26-
echo '--- what cannot be'
status lorarium tags rename nothing else
status lorarium tags rename style 'a,b'
status lorarium tags rename style ''
status lorarium tags rename style
status lorarium tags nothing
