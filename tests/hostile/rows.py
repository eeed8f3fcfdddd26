# SPDX-License-Identifier: MIT
"""The table of what bad input gets: one line a file that is wrong in one way.

A row: its number in the table, file name, bytes (or a dict of files), code, message, status. The message is
whole, as the table words it. A code that begins with E_ is the error, others stand among the notes.
"""
import io
import json
import lzma
import struct
import tarfile

from forge import (CALLS, MAGIC, PROTO, WHOLE, Member, deflated, gguf, ginfo, gtext, legacy, number, of_global, pair,
                   png, rebuilt, safetensors, state_dict, storage, tensor, text, torch, zipped)

GOOD = safetensors({"w": tensor()}, bytes(4))
AMBIGUOUS = "zip can be read in two ways (%s); treated as unsafe"


def indexed(places: dict) -> dict:
    """A sharded set of which the first part lies there."""
    return {"m-00001-of-00002.safetensors": GOOD,
            "m.safetensors.index.json": json.dumps({"weight_map": places}).encode()}


def tarred(**what) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo("good.safetensors")
        info.size = len(GOOD)
        tar.addfile(info, io.BytesIO(GOOD))
        bad = tarfile.TarInfo("bad.safetensors")
        for key, value in what.items():
            setattr(bad, key, value)
        bad.size = 0 if bad.type != tarfile.REGTYPE else len(GOOD)
        tar.addfile(bad, io.BytesIO(GOOD))
    return out.getvalue()


def two_ends() -> bytes:
    """The second one stands in the comment of the first, and says the same."""
    whole = torch()
    end = whole[-22:]
    return whole[:-2] + struct.pack("<H", len(end)) + end


def st(header, data=bytes(4), **how) -> bytes:
    return safetensors(header, data, **how)


def beside(name: str, content: bytes) -> dict:
    return {"m.safetensors": GOOD, name: content}


ROWS = [
    (1, "m.safetensors", b"", "E_EMPTY", "file is empty", "partial"),
    (2, "m.safetensors", b"1234567", "E_ST_SHORT", "too short to be safetensors: 7 bytes, need at least 8", "damaged"),
    (3, "m.safetensors", struct.pack("<Q", 100000001) + b"{" + bytes(64), "E_ST_HDR_BIG",
     "header says 100000001 bytes; the format's limit is 100000000", "damaged"),
    (4, "m.safetensors", st(b'{"w":', b"", length=4096), "E_ST_HDR_EOF",
     "header says 4096 bytes but the file has only 13 (download cut off?)", "partial"),
    (5, "m.safetensors", st(b'{"\xff":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'), "E_ST_UTF8",
     "header is not UTF-8 at byte 2", "damaged"),
    (6, "m.safetensors", st(b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'), "E_ST_JSON",
     "header is not valid JSON at byte 53: *", "damaged"),
    (6, "deep.safetensors", st(b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":' + b"[" * 9 + b"]" * 9 + b"}}"),
     "E_ST_JSON", "header is not valid JSON at byte *", "damaged"),
    (7, "m.safetensors", st(b'{"w":%s,"w":%s}' % ((json.dumps(tensor()).encode(),) * 2)), "E_ST_DUP",
     'tensor "w" is listed twice', "damaged"),
    (8, "dtype.safetensors", st({"w": {"shape": [1], "data_offsets": [0, 4]}}), "E_ST_FIELD", 'tensor "w" has no dtype',
     "damaged"),
    (8, "shape.safetensors", st({"w": {"dtype": "F32", "data_offsets": [0, 4]}}), "E_ST_FIELD", 'tensor "w" has no shape',
     "damaged"),
    (8, "offsets.safetensors", st({"w": {"dtype": "F32", "shape": [1]}}), "E_ST_FIELD", 'tensor "w" has no data_offsets',
     "damaged"),
    (9, "negative.safetensors", st({"w": tensor(shape=[-1])}), "E_ST_NUM",
     'tensor "w": shape is not a whole number in range', "damaged"),
    (9, "fraction.safetensors", st({"w": tensor(shape=[1.5])}), "E_ST_NUM",
     'tensor "w": shape is not a whole number in range', "damaged"),
    (9, "large.safetensors", st({"w": tensor(offsets=[0, 2**64])}), "E_ST_NUM",
     'tensor "w": data_offsets is not a whole number in range', "damaged"),
    (10, "m.safetensors", st({"w": tensor(shape=[2, 2**64 - 2])}), "E_ST_OVERFLOW",
     'tensor "w" has an impossible shape', "damaged"),
    (11, "m.safetensors", st({"w": tensor(shape=[2])}), "E_ST_SIZE",
     'tensor "w" needs 8 bytes but its range has 4', "damaged"),
    (12, "hole.safetensors", st({"a": tensor(), "w": tensor(offsets=[8, 12])}, bytes(12)), "E_ST_RANGE",
     'tensor "w" starts at 8, expected 4 (hole or overlap)', "damaged"),
    (12, "overlap.safetensors", st({"a": tensor(), "w": tensor(offsets=[2, 6])}, bytes(6)), "E_ST_RANGE",
     'tensor "w" starts at 2, expected 4 (hole or overlap)', "damaged"),
    (13, "m.safetensors", st({"w": tensor(shape=[4], offsets=[0, 16])}, bytes(4)), "E_TRUNCATED",
     "file is cut off: 74 of 86 bytes present", "partial"),
    (14, "m.safetensors", st({"w": tensor()}, bytes(7)), "E_ST_TAIL",
     "3 extra bytes after the last tensor (not plain safetensors)", "damaged"),
    (15, "m.safetensors", st({"w": tensor("F4", [3], [0, 2])}, bytes(2)), "E_ST_ALIGN",
     'tensor "w": 12 bits is not a whole number of bytes', "damaged"),
    (16, "m.safetensors", st({"w": tensor("F7")}), "W_ST_DTYPE", 'tensor "w" has unknown type "F7"', "ok"),
    (17, "m.safetensors", st({"__metadata__": {"k": 1}, "w": tensor()}), "W_ST_META", 'metadata "k" is not text', "ok"),
    (18, "m.safetensors", b"<!DOCTYPE html><html><body>Sign in</body></html>", "E_NOT_MODEL",
     "this is a web page, not a model (login needed when downloading?)", "damaged"),
    (19, "m.safetensors", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 4265146304\n",
     "E_LFS", "this is a Git LFS pointer; the real file (4265146304 bytes) was not downloaded", "partial"),
    (20, "m.safetensors", beside("m.safetensors.aria2", b"x"), "W_PARTIAL", "download looks unfinished", "partial"),
    (20, "m.safetensors.crdownload", GOOD, "W_PARTIAL", "download looks unfinished", "partial"),
    (20, "m.safetensors", beside("m.safetensors.!ut", b"half"), "W_PARTIAL", "download looks unfinished", "partial"),
    (21, "m.ckpt", GOOD, "W_MISNAMED", "named .ckpt but contains *", "ok"),
    (22, "m.pt", torch()[:-40], "E_ZIP_END", "zip directory is missing (cut off?)", "partial"),
    (23, "outside.pt", torch(directory_at=1 << 30), "E_ZIP_DIR", "zip directory is damaged at 1073741824", "damaged"),
    (23, "signature.pt", torch(entry_magic=b"PK\1\3"), "E_ZIP_DIR", "zip directory is damaged at *", "damaged"),
    (24, "entry.pt", zipped([Member("archive/data.pkl", WHOLE, size=0xffffffff, extra=b"\1\0\4\0abcd")]), "E_ZIP_64",
     "zip64 fields contradict each other", "damaged"),
    (24, "end.pt", torch(directory_at=0xffffffff), "E_ZIP_64", "zip64 fields contradict each other", "damaged"),
    (25, "m.pt", zipped([Member("archive/data.pkl", WHOLE)], end=b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 200001, 200001, 0, 0) +
                        b"PK\6\7" + struct.pack("<IQI", 0, 0, 1), count=0xffff, directory_at=0xffffffff,
                        directory_bytes=0xffffffff), "E_ZIP_MANY", "zip lists 200001 entries; limit 200000", "damaged"),
    (26, "names.pt", torch(more=[Member("archive/x", b"x", local_name="archive/y")]), "W_ZIP_AMBIG",
     AMBIGUOUS % "its two names of an entry differ", "ok"),
    (26, "flags.pt", torch(more=[Member("archive/x", b"x", flags=0x20)]), "W_ZIP_AMBIG",
     AMBIGUOUS % "flags of encryption or patching", "ok"),
    (26, "twice.pt", torch(more=[Member("archive/x", b"x"), Member("archive/x", b"y")]), "W_ZIP_AMBIG",
     AMBIGUOUS % "two entries of one name", "ok"),
    (26, "two-ends.pt", two_ends(), "W_ZIP_AMBIG", AMBIGUOUS % "two end records", "ok"),
    (26, "shifted.pt", torch(before=b"PK\3\4" + bytes(60)), "W_ZIP_AMBIG",
     AMBIGUOUS % "its directory is not where it should be", "ok"),
    ("26a", "m.pt", zipped([Member("archive/data.pkl", WHOLE, crc=1), Member("archive/data/0", bytes(16))]), "W_ZIP_CRC",
     "checksum of archive/data.pkl does not match; contents were checked anyway", "ok"),
    (27, "m.pt", zipped([Member("archive/data.pkl", WHOLE, method=12)]), "E_ZIP_METHOD",
     "archive/data.pkl uses compression method 12", "unsupported"),
    (28, "m.pt", zipped([Member("archive/data.pkl", WHOLE, method=8, size=8, packed=deflated(WHOLE))]), "E_BOMB",
     "archive/data.pkl expands beyond its declared 8 bytes", "damaged"),
    (28, "ratio.pt", zipped([Member("archive/data.pkl", b"", method=8, size=200 << 20, packed=deflated(bytes(9)))]), "E_BOMB",
     "archive/data.pkl expands beyond its declared 209715200 bytes", "damaged"),
    (29, "m.pt", zipped([Member("archive/data.pkl", WHOLE, flags=1, size=len(WHOLE), packed=bytes(12) + WHOLE)]),
     "E_ZIP_CRYPT", "archive/data.pkl is encrypted", "unsupported"),
    (29, "aes.pt", zipped([Member("archive/data.pkl", WHOLE, flags=1, method=99)]), "E_ZIP_CRYPT",
     "archive/data.pkl is encrypted", "unsupported"),
    (29, "m.zip", zipped([Member("m.safetensors", GOOD, flags=1, packed=bytes(12) + GOOD)]), "E_ZIP_CRYPT",
     "m.safetensors is encrypted", "unsupported"),
    (30, "m.pt", zipped([Member("archive/readme", b"x")]), "E_PT_NOPKL", "zip has no data.pkl: not a torch checkpoint",
     "unsupported"),
    (31, "missing.pt", torch(data=None), "E_PT_STORAGE", 'tensor "w": storage 0 is missing or has 0 of 16 bytes', "damaged"),
    (31, "small.pt", torch(data=bytes(7)), "E_PT_STORAGE", 'tensor "w": storage 0 is missing or has 7 of 16 bytes',
     "damaged"),
    (32, "m.pt", torch(state_dict(rebuilt(storage(), offset=1))), "E_PT_SPAN",
     'tensor "w" reaches past the end of its storage', "damaged"),
    (33, "m.pt", torch(state_dict(rebuilt(storage(kind="OddStorage")))), "W_PT_DTYPE",
     'tensor "w" has unknown storage type OddStorage', "ok"),
    (34, "m.pt", torch(more=[Member("archive/byteorder", b"big")]), "W_PT_ENDIAN", "saved on a big-endian machine", "ok"),
    (35, "m.pkl", PROTO + b"}\xf0.", "E_PK_OPCODE", "pickle is broken at byte 3 (opcode 0xf0)", "damaged"),
    (35, "in-zip.pt", torch(PROTO + b"}\xf0."), "E_PK_OPCODE", "pickle is broken at byte 3 (opcode 0xf0)", "damaged"),
    (36, "m.pkl", PROTO + b"}", "E_PK_EOF", "pickle ends before it is complete", "damaged"),
    (37, "m.pkl", PROTO + b"}ss.", "E_PK_STACK", "pickle is malformed at byte 3", "damaged"),
    (37, "mark.pkl", PROTO + b"}u.", "E_PK_STACK", "pickle is malformed at byte 3", "damaged"),
    (37, "in-zip.pt", torch(PROTO + b"}u."), "E_PK_STACK", "pickle is malformed at byte 3", "damaged"),
    (38, "m.pkl", PROTO + b"h\x07.", "W_PK_MEMO", "pickle reads an unset memo slot 7", "ok"),
    (39, "m.pkl", b"\x80\x06}.", "E_PK_PROTO", "pickle protocol 6 is newer than this program knows", "damaged"),
    (40, "m.pkl", b"\x80\x04\x95" + struct.pack("<Q", 3) + b"\x8c\x04abcd.", "E_PK_FRAME",
     "pickle frames are inconsistent (hides code from scanners)", "damaged"),
    (41, "numbers.pkl", PROTO + number(1) + number(2) + b"\x93.", "V_UNKNOWN",
     "runs code when loaded: name of the function is hidden", "ok"),
    (41, "extension.pkl", PROTO + b"\x82\x01.", "V_UNKNOWN", "runs code when loaded: name of the function is hidden", "ok"),
    (42, "m.pkl", CALLS, "V_RUNS_CODE", "runs code when loaded: posix.system", "ok"),
    (43, "m.pkl", PROTO + b"X" + struct.pack("<I", 17 << 20) + bytes(17 << 20) + b".", "E_PK_LIMIT",
     "pickle exceeds the limit of 16 MiB*", "damaged"),
    (44, "m.pt", torch(WHOLE + PROTO + b"N." + PROTO + b"N."), "W_PK_MORE", "2 further pickles follow; all were checked",
     "ok"),
    (45, "m.pt", b"7z\xbc\xaf\x27\x1c" + bytes(64), "W_WRAPPED",
     "a compressed archive named as a checkpoint (used to dodge scanners)", "unsupported"),
    (45, "xz.ckpt", lzma.compress(WHOLE), "W_WRAPPED", "a compressed archive named as a checkpoint (used to dodge scanners)",
     "unsupported"),
    (46, "m.pt", legacy(protocol=1002), "E_PT_MAGIC", "not a torch file: bad magic", "damaged"),
    (46, "magic.pt", legacy(magic=PROTO + b"\x8a\x0a" + MAGIC[4:-2] + b"\x18."), "E_PT_MAGIC", "not a torch file: bad magic",
     "damaged"),
    (47, "key.pt", legacy(keys=("1",)), "E_PT_LEGACY", "storage table does not match the tensors", "damaged"),
    (47, "numel.pt", legacy(numel=5), "E_PT_LEGACY", "storage table does not match the tensors", "damaged"),
    (48, "m.pt", torch(PROTO + of_global("models.net", "Net") + b")\x81}" + text("_parameters") + b"}" + text("w") +
                       rebuilt(storage()) + b"ssb."), "V_MODULE",
     "a whole Python object, not a weight dictionary: models.net.Net", "ok"),
    (49, "m.gguf", gguf(version=4), "E_GG_VERSION", "GGUF version 4 is not known", "unsupported"),
    (49, "one.gguf", gguf(version=1), "E_GG_VERSION", "GGUF version 1 is not known", "unsupported"),
    (49, "zero.gguf", b"GGUF" + bytes(28), "E_GG_VERSION", "GGUF version 0 is not known", "unsupported"),
    (50, "m.bin", b"tjgg" + struct.pack("<I", 3) + bytes(64), "E_GG_OLD", 'pre-GGUF format "ggjt"', "unsupported"),
    (51, "pairs.gguf", gguf(n_pairs=99999), "E_GG_COUNT", "says 99999 *, more than the file could hold", "damaged"),
    (51, "tensors.gguf", gguf(n_tensors=99999), "E_GG_COUNT", "says 99999 *, more than the file could hold", "damaged"),
    (52, "m.gguf", gguf([pair("k", 8, struct.pack("<Q", 1 << 20) + b"x")]), "E_GG_STRING",
     "text of 1048576 bytes at * runs past the end", "damaged"),
    (53, "m.gguf", gguf([pair("k", 9, struct.pack("<IQ", 99, 1))]), "E_GG_ARRAY", 'key "k": bad array (type 99, depth 1)',
     "damaged"),
    (54, "key.gguf", gguf([pair("k", 4, bytes(4))] * 2), "E_GG_DUP", '"k" appears twice', "damaged"),
    (54, "tensor.gguf", gguf([], [ginfo(), ginfo(offset=128)], data=bytes(256)), "E_GG_DUP", '"w" appears twice', "damaged"),
    (55, "m.gguf", gguf([], [ginfo(shape=[1] * 9)]), "E_GG_SHAPE", 'tensor "w" has an impossible shape', "damaged"),
    (55, "overflow.gguf", gguf([], [ginfo(shape=[1 << 40, 1 << 40])]), "E_GG_SHAPE", 'tensor "w" has an impossible shape',
     "damaged"),
    (55, "block.gguf", gguf([], [ginfo(shape=[33], kind=2)]), "E_GG_SHAPE", 'tensor "w" has an impossible shape', "damaged"),
    (56, "m.gguf", gguf([pair("general.alignment", 4, struct.pack("<I", 24))]), "E_GG_ALIGN",
     "general.alignment is 24; must be a power of two", "damaged"),
    (56, "zero.gguf", gguf([pair("general.alignment", 4, bytes(4))]), "E_GG_ALIGN",
     "general.alignment is 0; must be a power of two", "damaged"),
    (57, "m.gguf", gguf([], [ginfo(offset=16)], data=bytes(256)), "E_GG_OFFSET",
     'tensor "w" lies outside the file or overlaps', "damaged"),
    (57, "overlap.gguf", gguf([], [ginfo("a"), ginfo("w", offset=32)], data=bytes(256)), "E_GG_OFFSET",
     'tensor "w" lies outside the file or overlaps', "damaged"),
    (58, "m.safetensors.index.json", indexed({"w": "m-00001-of-00002.safetensors", "x": "../x.safetensors"}), "E_IX_PATH",
     'index points outside its folder: "../x.safetensors"', "damaged"),
    (58, "absolute/m.safetensors.index.json", indexed({"w": "/etc/passwd"}), "E_IX_PATH",
     'index points outside its folder: "/etc/passwd"', "damaged"),
    (59, "m-00001-of-00002.safetensors", indexed({"w": "m-00001-of-00002.safetensors", "x": "m-00002-of-00002.safetensors"}),
     "W_IX_MISSING", "shard m-00002-of-00002.safetensors is missing", "damaged"),
    (60, "m.safetensors", beside("m.civitai.info", b'{"a":'), "W_JSON", "sidecar m.civitai.info ignored: *", "ok"),
    (60, "deep/m.safetensors", beside("m.json", b"[" * 65 + b"]" * 65), "W_JSON", "sidecar m.json ignored: *", "ok"),
    (60, "large/m.safetensors", beside("m.json", bytes((16 << 20) + 1)), "W_JSON", "sidecar m.json ignored: larger than 16 MiB",
     "ok"),
    (61, "m.safetensors", beside("m.preview.png", png(40000, 40000)), "W_IMAGE",
     "preview ignored: m.preview.png: it is 40000 x 40000 pixels, too large to be shown", "ok"),
    (61, "header/m.safetensors", beside("m.jpg", b"\xff\xd8\xff\xd9"), "W_IMAGE",
     "preview ignored: m.jpg: its header is broken", "ok"),
    (62, "up.zip", zipped([Member("../../m.safetensors", GOOD)]), "E_AR_PATH",
     'refused member "../../m.safetensors": its path leads out of the archive', "damaged"),
    (62, "absolute.tar", tarred(name="/tmp/m.safetensors"), "E_AR_PATH",
     'refused member "/tmp/m.safetensors": its path is absolute', "damaged"),
    (62, "link.tar", tarred(type=tarfile.SYMTYPE, linkname="/etc/passwd"), "E_AR_PATH",
     'refused member "bad.safetensors": it is a link', "damaged"),
    (62, "device.tar", tarred(type=tarfile.CHRTYPE), "E_AR_PATH", 'refused member "bad.safetensors": it is no regular file',
     "damaged"),
    (68, "pipeline", {"model_index.json": b'{"_class_name":["mine","Pipe"],"unet":["diffusers","UNet2DConditionModel"]}',
                      "unet/config.json": b"{}", "unet/diffusion_pytorch_model.safetensors": GOOD}, "V_REMOTE_CODE",
     "loads Python from this folder: mine.Pipe", "ok"),
    (68, "with-python", {"model_index.json": b'{"_class_name":"Pipe","unet":["diffusers","UNet2DConditionModel"]}', "mine.py": b"",
                         "unet/config.json": b"{}", "unet/diffusion_pytorch_model.safetensors": GOOD}, "V_REMOTE_CODE",
     "loads Python from this folder: mine.py", "ok"),
    (68, "auto-map", {"config.json": b'{"auto_map":{"AutoModel":"mine.Model"}}', "model.safetensors": GOOD}, "V_REMOTE_CODE",
     "loads Python from this folder: mine.Model", "ok"),
]
