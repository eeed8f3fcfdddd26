#!/usr/bin/env python3
"""What a reader in Python does: walk, read each safetensors header, json.loads it."""
import json
import os
import struct
import sys

files = tensors = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if not name.lower().endswith(".safetensors"):
            continue
        with open(os.path.join(folder, name), "rb") as f:
            (n,) = struct.unpack("<Q", f.read(8))
            header = json.loads(f.read(n))
        files += 1
        tensors += sum(1 for key in header if key != "__metadata__")
print(files, "headers,", tensors, "tensors")
