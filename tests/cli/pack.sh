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
