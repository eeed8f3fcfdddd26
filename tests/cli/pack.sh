# A set packed with its files, and what an archive of one is.
lorarium demo demo >/dev/null
mkdir -p one/loras two
cp demo/loras/SD1.5/HarborFog.safetensors one/loras/fog.safetensors
cp demo/loras/Speed/lcm-lora-sdv1-5.safetensors $'one/loras/odd\n\xff.safetensors'
echo '{}' >one/loras/fog.json
echo picture >one/loras/fog.preview.png
lorarium scan one >/dev/null
lorarium set new fog fog:0.8:0.5 $'one/loras/odd\n\xff.safetensors' >/dev/null
lorarium set note fog 'for the harbour' >/dev/null
lorarium set tag fog +style >/dev/null
manifest() {
	python3 -c '
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
first, *rest = z.infolist()
m = json.loads(z.read(first))
print(first.filename, m["name"], m["note"], m["tags"], m["checkpoint"], m["loras"])
assert [f["path"] for f in m["files"]] == [i.filename for i in rest]
for f, i in zip(m["files"], rest):
    data = z.read(i)
    assert len(data) == f["bytes"] and hashlib.sha256(data).hexdigest() == f["sha256"]
    print(" ", i.filename, oct(i.external_attr >> 16), i.compress_type)' "$1"
}
status lorarium set pack fog fog.zip
manifest fog.zip
status lorarium set pack fog fog.zip
status lorarium set pack fog fog.tar.zst --json
tar --zstd -tf fog.tar.zst
tar --zstd -tvf fog.tar.zst | awk '{print $1, $2}' | sort -u
status lorarium set pack fog fog.rar
status lorarium set pack fog nowhere/fog.zip
status lorarium set pack nothing x.zip
status lorarium set pack fog ''
status lorarium set unpack ''
status lorarium import '' one
# Models of two roots lie in folders of the roots' names; a whole folder comes with what is in it.
cp demo/loras/SD1.5/HarborFog.safetensors two/fog.safetensors
python3 - two/small <<'PY'
import json, os, struct, sys
def model(path, tensors):
    os.makedirs(os.path.dirname(path))
    head, at = {}, 0
    for name, shape in tensors.items():
        size = 2
        for n in shape: size *= n
        head[name] = {"dtype": "F16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(head).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + bytes(at))
root = sys.argv[1]
model(root + "/unet/diffusion_pytorch_model.safetensors", {
    "conv_in.weight": [320, 4, 3, 3], "time_embedding.linear_1.weight": [1280, 320],
    "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight": [320, 768]})
json.dump({"_class_name": "UNet2DConditionModel"}, open(root + "/unet/config.json", "w"))
json.dump({"_class_name": "StableDiffusionPipeline",
           "unet": ["diffusers", "UNet2DConditionModel"]}, open(root + "/model_index.json", "w"))
PY
lorarium scan two >/dev/null
lorarium set new both two/small one/loras/fog.safetensors two/fog.safetensors:0.3
status lorarium set pack both both.zip
manifest both.zip
# What is gone cannot be packed, and what leads out of the roots is not.
rm one/loras/fog.json
mv two/fog.safetensors elsewhere
status lorarium set pack both gone.zip
ln -s ../elsewhere two/fog.safetensors
status lorarium set pack both gone.zip
ls -A
# Unpacked elsewhere, into a library that knows nothing of it.
lorarium set show fog --json >fog.json 2>&1
mkdir -p "$HOME/other/in"
export LORARIUM_DATA=$HOME/elsewhere
lorarium root add "$HOME/other" >/dev/null
status lorarium set unpack fog.tar.zst
status lorarium set unpack fog.tar.zst "$HOME/nowhere"
status lorarium set unpack fog.tar.zst "$HOME/other/in"
same() { python3 -c '
import json, os, sys
a, b = (json.load(open(p)) for p in sys.argv[1:])
for o in (a, b):
    o.pop("checkpoint")
    for l in o["loras"]: l["path"] = os.path.basename(l["path"]).replace("\n", "_").replace("�", "_")
print(a == b or (a, b))' fog.json again.json; }
lorarium set show fog --json >again.json
same
(cd "$HOME/other/in" && find . -type f -perm 644 | sort)
status lorarium set unpack fog.tar.zst "$HOME/other/in"
status lorarium set unpack fog.tar.zst "$HOME/other/in" 'fog 2'
# What is there with other bytes stays, and nothing at all is done.
echo other >"$HOME/other/in/loras/fog.json"
rm "$HOME/other/in/loras/fog.safetensors"
status lorarium set unpack fog.tar.zst "$HOME/other/in" third
cat "$HOME/other/in/loras/fog.json"
ls "$HOME/other/in/loras"
# Undone, the files are in the trash; done again from the other format.
rm "$HOME/other/in/loras/fog.json"
status lorarium set unpack fog.zip "$HOME/other/in" third
lorarium history | sed 's/^.\{27\}//' | head -n 5
# A stranger's archive: nothing leaves the folder, and a byte that is not what the manifest says ends it.
python3 - <<'PY'
import hashlib, io, json, tarfile, zipfile
def manifest(name, files, more={}):
    return json.dumps({"lorarium_set": 1, "name": name, "checkpoint": None, "loras": [{"path": files[0][0]}],
        "files": [{"path": p, "bytes": len(b), "sha256": hashlib.sha256(b).hexdigest()} for p, b in files], **more})
def pack(path, text, members):
    with zipfile.ZipFile(path, "w") as z:
        if text is not None: z.writestr("lorarium-set.json", text)
        for name, data in members: z.writestr(name, data)
good = [("a/x.safetensors", b"12345678")]
pack("climbs.zip", manifest("s", [("../x.safetensors", b"1")]), [("../x.safetensors", b"1")])
pack("absolute.zip", manifest("s", [("/tmp/x.safetensors", b"1")]), [("/tmp/x.safetensors", b"1")])
pack("other-bytes.zip", manifest("s", good), [("a/x.safetensors", b"87654321")])
pack("longer.zip", manifest("s", good), [("a/x.safetensors", b"123456789")])
pack("not-there.zip", manifest("s", good), [])
pack("twice.zip", manifest("s", good + [("A/x.safetensors", b"1")]), good)
pack("no-manifest.zip", None, good)
pack("newer.zip", manifest("s", good, {"lorarium_set": 2}), good)
pack("no-json.zip", "{", good)
script = good + [("custom_nodes/x.py", b"1")]
pack("script.zip", manifest("s", script), script)
beside = good + [("a/y.json", b"{}")]
pack("beside.zip", manifest("s", beside), beside)
pack("itself.zip", manifest("s", good + [("Lorarium-Set.json", b"{}")]), good)
pack("tag.zip", manifest("s", good, {"tags": ["+x"]}), good)
pack("note.zip", manifest("s", good, {"note": "a\0b"}), good)
pack("name.zip", manifest("a\nb", good), good)
with tarfile.open("link.tar.xz", "w:xz") as t:
    def add(info, data=b""):
        info.size = len(data); t.addfile(info, io.BytesIO(data))
    add(tarfile.TarInfo("./lorarium-set.json"), manifest("s", good).encode())
    link = tarfile.TarInfo("./a/x.safetensors"); link.type = tarfile.SYMTYPE; link.linkname = "/etc/passwd"; add(link)
PY
for archive in climbs absolute other-bytes longer not-there twice no-manifest newer no-json script beside itself tag note \
	name; do
	status lorarium set unpack "$archive.zip" "$HOME/other/in/new" x 2>&1 | grep -v ' extract '
done
status lorarium set unpack link.tar.xz "$HOME/other/in/new" x 2>&1 | grep -v ' extract '
find "$HOME/other/in/new" -type f; ls "$HOME/other" "$HOME"
