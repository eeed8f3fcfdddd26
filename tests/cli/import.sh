# import: models come out of archives; shown first, done with --apply, undone. Archives are packed by
# strangers: what would land elsewhere, or is not what it says, does not come out, and nothing else does.
mkdir lib outside
cat >pack.py <<'P'
import io, json, struct, sys, tarfile, zipfile

def lora(seed):
    data = bytes((i * seed + seed) % 251 for i in range(200000))
    head = json.dumps({"__metadata__": {"ss_base_model_version": "sdxl_base_v1-0"}, **{
        f"lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.{half}.weight":
        {"dtype": "F16", "shape": shape, "data_offsets": span} for half, shape, span in
        (("lora_down", [4, 2048], [0, 16384]), ("lora_up", [640, 4], [16384, 21504]))}}).encode()
    return struct.pack("<Q", len(head)) + head + data[:21504]

def tar(path, members, mode="w:gz"):
    with tarfile.open(path, mode, format=tarfile.PAX_FORMAT) as out:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                out.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = content
                out.addfile(info)

def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members:
            out.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
P
pack() { python3 -W ignore -c "exec(open('pack.py').read()); $1"; }
snap() { find lib -type f -printf '%p %s %m\n' | sort; }
same() { snap | diff before - && echo "as before"; }
short() { sed -E 's/"(inode|mtime_ns|model)":[0-9]+/"\1":N/g'; }

pack 'zipped("lib/box.zip", [("one.safetensors", lora(1)), ("one.json", "{}"), ("one.png", "p"), ("readme.txt", "hi"),
	("sub/two.safetensors", lora(2)), ("__MACOSX/._one.safetensors", "x"), ("note.json", "{}")])'
pack 'tar("outside/box.tar.gz", [("./", (tarfile.DIRTYPE, "")), ("./a/three.safetensors", lora(3)), ("./a/three.txt", b"words")])'
lorarium scan lib >/dev/null
snap >before

echo "== where to"
status lorarium import outside/box.tar.gz
status lorarium import outside/box.tar.gz outside
status lorarium import outside/box.tar.gz ''
status lorarium import
status lorarium import nothing.zip lib
status lorarium import outside lib

echo "== shown, and nothing is done"
status lorarium import lib/box.zip
status lorarium import lib/box.zip lib/new --json | short
status lorarium import outside/box.tar.gz lib/deep/er
same

echo "== done, undone, done again"
umask 027
status lorarium import lib/box.zip --apply
snap
lorarium list --json | grep -o '"path":"[^"]*"\|"kind":"[^"]*"\|"base_model":"[^"]*"' | paste -d' ' - - - | sort
[[ $(stat -c %Y lib/one.safetensors) == $(stat -c %Y lib/box.zip) ]] && echo "as old as its archive"
status lorarium import lib/box.zip --apply
status lorarium undo
same
ls "$HOME/.local/share/Trash/files"
status lorarium redo
snap | wc -l
echo more >>lib/one.json
status lorarium undo
snap
rm -r lib/one.* lib/sub 2>/dev/null
lorarium scan --accept-missing >/dev/null
status lorarium import outside/box.tar.gz lib/deep/er --apply --json | tail -n 2 | short
find lib/deep -type f
lorarium history | head -n 1 | sed 's/.*import/import/'
status lorarium undo
same
find lib -mindepth 1 -type d

echo "== more than one file"
pack 'zipped("lib/many.zip", [("m/x-00001-of-00002.safetensors", lora(1)), ("m/x-00002-of-00002.safetensors", lora(2)),
	("m/x.safetensors.index.json", "{}"), ("pipe/model_index.json", "{}"), ("pipe/unet/config.json", "{}"),
	("pipe/unet/diffusion_pytorch_model.safetensors", lora(3)), ("m/a.safetensors", lora(4)), ("m/a.ckpt", "x"),
	("m/a.json", "{}")])'
status lorarium import lib/many.zip

snap >before

echo "== what strangers pack"
hostile() { # hostile NAME PYTHON
	pack "$2"
	echo "-- $1"
	status lorarium import "hostile.$1" lib/in --apply 2>&1
	same
	find . "$HOME" -newer stamp -type f | grep -v 'hostile\|Trash\|index.db\|user.db\|/lock\|user.jsonl\|/stamp'
}
touch stamp
hostile up.zip 'zipped("hostile.up.zip", [("good.safetensors", lora(1)), ("../evil.safetensors", lora(2))])'
hostile root.zip 'zipped("hostile.root.zip", [("/evil.safetensors", lora(2))])'
hostile drive.zip 'zipped("hostile.drive.zip", [("C:evil.safetensors", lora(2))])'
hostile up.tar 'tar("hostile.up.tar", [("a/../../evil.safetensors", lora(2))], "w")'
hostile control.tar 'tar("hostile.control.tar", [("a\x1b[2Jb.safetensors", lora(2)), ("c\nd.safetensors", lora(2))], "w")'
hostile slash.tar 'tar("hostile.slash.tar", [("a\\\\b.safetensors", lora(2)), ("a//b.safetensors", lora(2))], "w")'
hostile deep.tar 'tar("hostile.deep.tar", [("d/" * 20 + "b.safetensors", lora(2))], "w")'
hostile long.tar 'tar("hostile.long.tar", [("n" * 250 + ".safetensors", lora(2))], "w")'
hostile link.tar 'tar("hostile.link.tar", [("l.safetensors", (tarfile.SYMTYPE, "/etc/passwd")), ("h.safetensors", (tarfile.LNKTYPE, "l.safetensors")), ("p.safetensors", (tarfile.FIFOTYPE, "")), ("d.ckpt", (tarfile.CHRTYPE, ""))], "w")'
hostile through.tar 'tar("hostile.through.tar", [("d", (tarfile.SYMTYPE, "../../outside")), ("d/evil.safetensors", lora(2))], "w")'
lorarium undo
hostile twice.tar 'tar("hostile.twice.tar", [("a.safetensors", lora(1)), ("a.safetensors", lora(2)), ("./b.safetensors", lora(1)), ("b.safetensors", lora(1))], "w")'
hostile case.zip 'zipped("hostile.case.zip", [("A.safetensors", lora(1)), ("a.safetensors", lora(2))])'
hostile bomb.tar.xz 'tar("hostile.bomb.tar.xz", [("a.safetensors", bytes(64 << 20))], "w:xz")'
hostile bomb.zip 'zipped("hostile.bomb.zip", [(f"{i}.safetensors", bytes(32 << 20)) for i in range(3)])
data = bytearray(open("hostile.bomb.zip", "rb").read())
at = data.find(b"PK\1\2"); data[at+24:at+28] = struct.pack("<I", 0xfffffffe)
at = data.find(b"PK\3\4"); data[at+22:at+26] = struct.pack("<I", 0xfffffffe)
open("hostile.bomb.zip", "wb").write(data)'
hostile lies.zip 'zipped("hostile.lies.zip", [("a.safetensors", lora(1))])
data = bytearray(open("hostile.lies.zip", "rb").read())
for magic, at in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
    at += data.find(magic); data[at:at+4] = struct.pack("<I", 100)
open("hostile.lies.zip", "wb").write(data)'
hostile secret.zip 'zipped("hostile.secret.zip", [("a.safetensors", lora(1))])
data = bytearray(open("hostile.secret.zip", "rb").read())
data[data.find(b"PK\1\2") + 8] |= 1; data[6] |= 1
open("hostile.secret.zip", "wb").write(data)'
hostile two.zip 'import zlib
info = zipfile.ZipInfo("harmless.txt")
info.extra = struct.pack("<HHBI", 0x7075, 5 + 16, 1, zlib.crc32(b"harmless.txt")) + b"evil.safetensors"
with zipfile.ZipFile("hostile.two.zip", "w") as out: out.writestr(info, lora(2))'
hostile cut.zip 'zipped("hostile.cut.zip", [("a.safetensors", lora(1))])
data = open("hostile.cut.zip", "rb").read(); open("hostile.cut.zip", "wb").write(data[:len(data) // 2])'
hostile cut.tar.gz 'tar("hostile.cut.tar.gz", [("a.safetensors", lora(1)), ("b.safetensors", lora(2))])
data = open("hostile.cut.tar.gz", "rb").read(); open("hostile.cut.tar.gz", "wb").write(data[:len(data) * 2 // 3])'
hostile rot.zip 'zipped("hostile.rot.zip", [("a.safetensors", lora(1))])
data = bytearray(open("hostile.rot.zip", "rb").read()); data[600] ^= 0xff
open("hostile.rot.zip", "wb").write(data)'
hostile none.zip 'open("hostile.none.zip", "wb").write(b"what is this? " * 100)'
hostile words.zip 'zipped("hostile.words.zip", [("words.txt", "no models")])'

echo "== what is in the way"
touch lib/one.safetensors
status lorarium import lib/box.zip --apply
rm lib/one.safetensors
mkdir lib/one.safetensors
status lorarium import lib/box.zip | tail -n 2
rmdir lib/one.safetensors
ln -s ../outside lib/leads-out
status lorarium import lib/box.zip lib/leads-out | tail -n 2
rm lib/leads-out
# A sidecar says more than the first bytes did.
pack 'zipped("lib/said.zip", [("s.safetensors", lora(5)), ("s.civitai.info", json.dumps({"baseModel": "Pony", "model": {"type": "LORA"}}))])'
status lorarium import lib/said.zip --apply
status lorarium --no-sandbox import lib/many.zip lib/here --apply | tail -n 2
