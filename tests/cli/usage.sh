# What is wrong is named, with the word that was probably meant; exit 2.
status lorarium --version
status lorarium lst
status lorarium list --lmit 3
status lorarium list kind:lora base:pony
status lorarium list -kind:lora
status lorarium show
status lorarium scan --limit 3
status lorarium scan --jobs many
status lorarium list --limit
status lorarium list --sort colour
status lorarium list --json=yes
status lorarium list --preview=all
status lorarium list --data ''
status lorarium list --config ''
status lorarium list --config=
status lorarium list --config .
status lorarium root
status lorarium root ad x
status lorarium help nothing
lorarium help check
lorarium check --help | head -n 3
lorarium --help | grep -c '^  '
