#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes files as a C table: embed.py OUT.c FILE..."""
import os
import sys

out, paths = sys.argv[1], sys.argv[2:]
with open(out, "w", encoding="ascii") as c:
    c.write('// Made by embed.py. SPDX-License-Identifier: MIT\n#include "core/samples/demo_files.h"\n')
    for i, path in enumerate(paths):
        with open(path, "rb") as f:
            data = f.read()
        c.write(f"\nstatic const unsigned char file_{i}[] = {{")
        for at in range(0, len(data), 20):
            c.write("\n\t" + "".join(f"{b}," for b in data[at:at + 20]))
        c.write("\n};\n")
    c.write("\nconst struct demo_file demo_files[] = {\n")
    for i, path in enumerate(paths):
        c.write(f'\t{{ "{os.path.basename(path)}", file_{i}, sizeof(file_{i}) }},\n')
    c.write("\t{ NULL, NULL, 0 },\n};\n")
