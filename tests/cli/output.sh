# Standard output that does not take it, and what may reach a terminal.
lorarium demo all >/dev/null
mkdir demo
mv all/loras/SD1.5/水墨*.safetensors demo
lorarium scan demo >/dev/null
lorarium list >/dev/full
echo "[exit $?]"
lorarium --version >/dev/full
echo "[exit $?]"
n=0; while ((n++ < 400)); do ln demo/水墨* "demo/$n.safetensors"; done
lorarium scan demo >/dev/null
lorarium list --json | head -n 1 >/dev/null
echo "[exit ${PIPESTATUS[0]}]"
# No terminal: the report.
lorarium | head -n 1
lorarium --plain | head -n 1
lorarium --ascii list '水墨山'
LC_ALL=C lorarium list '水墨山'
lorarium list '水墨山'
