# The demo is written into empty folders and its own, over nothing.
count() { sed -E "s/(models\":|^)[0-9]+/\1N/; s/(bytes\":)[0-9]+/\1N/"; }
lorarium demo deep/down/demo | count
lorarium demo --json deep/down/demo | count
mkdir mine
echo precious >mine/file
status lorarium demo mine
ls -A mine
status lorarium demo mine/file
ln -s "$PWD/mine" link
rm -r deep/down/demo/loras
ln -s "$PWD/mine" deep/down/demo/loras
lorarium demo deep/down/demo 2>&1 | sed "s/sample .*: /sample NAME: /"
ls -A mine
