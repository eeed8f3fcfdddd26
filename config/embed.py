#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes files as C: embed.py OUT.c DEFAULTS.ini KNOWLEDGE.ini...

Bytes become arrays of numbers, since C17 promises string literals of 4095 bytes only.
"""

import os
import sys


def array(name, path):
    with open(path, "rb") as file:
        data = file.read()
    numbers = ",".join(str(byte - 256 if byte > 127 else byte) for byte in data)
    return f"static const char {name}[] = {{{numbers}}};\n"


def main(out_path, defaults, *knowledge):
    out = ['#include "config/knowledge.h"\n#include "config/settings.h"\n\n']
    out.append(array("defaults", defaults))
    out.append("const struct str settings_example = { defaults, sizeof defaults };\n\n")
    rows = []
    for i, path in enumerate(knowledge):
        out.append(array(f"file_{i}", path))
        rows.append(f'\t{{ "{os.path.basename(path)}", {{ file_{i}, sizeof file_{i} }} }},\n')
    out.append("\nconst struct knowledge_file knowledge_embedded[] = {\n" + "".join(rows) + "};\n")
    out.append(f"const size_t knowledge_embedded_n = {len(rows)};\n")
    with open(out_path, "w", encoding="ascii") as file:
        file.write("".join(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
