# What lies inside an archive is told; a scan lists archives only when it is asked to.
lorarium demo demo >/dev/null
mkdir library box
cp demo/loras/Speed/lcm-lora-sdxl.safetensors box/one.safetensors
echo words >box/readme.txt
tar -czf library/box.tar.gz box
cp box/one.safetensors library
lorarium inspect library/box.tar.gz | grep -E '^(name|kind|format|status|safety|note|error)'
cp library/box.tar.gz library/box.ckpt
lorarium inspect library/box.ckpt | grep -E '^(format|status|note)'
rm library/box.ckpt
lorarium scan library
lorarium list format:archive
mkdir -p ~/.config/lorarium
printf '[scan]\nextensions = .safetensors;.tar.gz;.7z\n' >~/.config/lorarium/config.ini
lorarium scan
lorarium list format:archive --json | python3 -c '
import json, sys
for line in sys.stdin:
    m = json.loads(line)
    print(m["name"], m["format"], m["kind"], m["status"], m["tensors"], m["notes"])'
# Cut off in the middle.
head -c 20000 library/box.tar.gz >library/cut.tar.gz
lorarium inspect library/cut.tar.gz | grep -E '^(status|note|error)'
