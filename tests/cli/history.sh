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
