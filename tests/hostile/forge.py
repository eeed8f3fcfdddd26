# SPDX-License-Identifier: MIT
"""Files that are wrong in exactly one way. Every maker returns bytes."""
import json
import struct
import zlib


def safetensors(header, data=b"", length=None) -> bytes:
    """`header` as an object, or as the bytes that stand for one."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(dtype="F32", shape=(1,), offsets=(0, 4)) -> dict:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


# Pickles.

PROTO = b"\x80\x02"


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def of_global(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def storage(key="0", kind="FloatStorage", numel=4, legacy=False) -> bytes:
    return (b"(" + text("storage") + of_global("torch", kind) + text(key) + text("cpu") + number(numel) +
            (b"N" if legacy else b"") + b"tQ")


def rebuilt(stored: bytes, offset=0, shape=(4,)) -> bytes:
    return (of_global("torch._utils", "_rebuild_tensor_v2") + b"(" + stored + number(offset) +
            b"(" + b"".join(map(number, shape)) + b"t" + b"(" + number(1) * len(shape) + b"t" + b"\x89" +
            of_global("collections", "OrderedDict") + b")RtR")


def state_dict(value: bytes, name="w") -> bytes:
    return PROTO + b"}" + text(name) + value + b"s."


WHOLE = state_dict(rebuilt(storage()))
CALLS = PROTO + of_global("posix", "system") + b"(" + text("true") + b"tR."

# Zips: of what a directory says, and of what the local headers do.


class Member:
    def __init__(self, name, data, method=0, flags=0, size=None, packed=None, crc=None, local_name=None,
                 extra=b"", at=None):
        self.name, self.data, self.method, self.flags = name.encode(), data, method, flags
        self.packed = data if packed is None else packed
        self.size = len(data) if size is None else size
        self.crc = zlib.crc32(data) if crc is None else crc
        self.local_name = self.name if local_name is None else local_name.encode()
        self.extra, self.at = extra, at


def deflated(data: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush()


def zipped(members, before=b"", end=b"", count=None, directory_at=None, directory_bytes=None,
           comment=b"", entry_magic=b"PK\1\2", padding=b"") -> bytes:
    """@end: what stands between directory and end record; @before: what stands before the whole."""
    body, places = b"", []
    for one in members:
        places.append(len(body) if one.at is None else one.at)
        body += (b"PK\3\4" + struct.pack("<HHHHHIIIHH", 20, one.flags, one.method, 0, 0, one.crc,
                                         len(one.packed), one.size, len(one.local_name), 0) +
                 one.local_name + one.packed)
    body += padding
    directory = b""
    for one, place in zip(members, places):
        directory += (entry_magic + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, one.flags, one.method, 0, 0, one.crc,
                                                len(one.packed), one.size, len(one.name), len(one.extra), 0, 0,
                                                0, 0, place) + one.name + one.extra)
    n = len(members) if count is None else count
    return (before + body + directory + end + b"PK\5\6" +
            struct.pack("<HHHHIIH", 0, 0, min(n, 0xffff), min(n, 0xffff),
                        len(directory) if directory_bytes is None else directory_bytes,
                        len(body) if directory_at is None else directory_at, len(comment)) + comment)


def torch(pickle=WHOLE, more=(), data=bytes(16), **how) -> bytes:
    members = [Member("archive/data.pkl", pickle)] + list(more)
    if data is not None:
        members.append(Member("archive/data/0", data))
    return zipped(members + [Member("archive/version", b"3\n")], **how)


# PyTorch before 1.6: five pickles, then the storages.

MAGIC = PROTO + b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."


def legacy(model=None, magic=MAGIC, protocol=1001, keys=("0",), numel=4) -> bytes:
    model = state_dict(rebuilt(storage(legacy=True))) if model is None else model
    info = PROTO + b"}" + text("little_endian") + b"\x88s."
    return (magic + PROTO + number(protocol) + b"." + info + model +
            PROTO + b"](" + b"".join(map(text, keys)) + b"e." + struct.pack("<q", numel) + bytes(16))


# GGUF.

def gtext(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def pair(key: str, kind: int, value: bytes) -> bytes:
    return gtext(key) + struct.pack("<I", kind) + value


def ginfo(name="w", shape=(32,), kind=0, offset=0) -> bytes:
    return (gtext(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape) +
            struct.pack("<IQ", kind, offset))


def gguf(pairs=(), infos=(), version=3, n_pairs=None, n_tensors=None, data=bytes(128)) -> bytes:
    n_pairs = len(pairs) if n_pairs is None else n_pairs
    n_tensors = len(infos) if n_tensors is None else n_tensors
    head = b"GGUF" + struct.pack("<IQQ", version, n_tensors, n_pairs) + b"".join(pairs) + b"".join(infos)
    return head + bytes(-len(head) % 32) + data


def png(width=8, height=8) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\2\0\0\0"
