#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns SQL files into C: named statements into an enum and a table, migrations into an array.

  embed_sql.py statements STATEMENTS.sql OUT.h OUT.c
  embed_sql.py schema PREFIX OUT.c 0001-name.sql 0002-name.sql ...
"""
import re
import sys

LICENCE = "// SPDX-License-Identifier: MIT\n"
HEAD = re.compile(r"^-- ([A-Z][A-Z0-9_]*): (.+)$")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def literal(text):
    lines = [line.strip() for line in text.strip().splitlines()]
    lines = [line for line in lines if line and not line.startswith("--")]
    quoted = " ".join(lines).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def named(path):
    """Yields (name, comment, SQL) of a statements file."""
    name, comment, body = None, "", []
    for line in read(path).splitlines():
        head = HEAD.match(line)
        if head and name:
            yield name, comment, "\n".join(body)
        if head:
            name, comment, body = head[1], head[2], []
        else:
            body.append(line)
    if name:
        yield name, comment, "\n".join(body)


def statements(source, header, out):
    found = list(named(source))
    names = [name for name, _, _ in found]
    if len(set(names)) != len(names):
        sys.exit(f"{source}: a name stands twice")
    enum = "".join(f"\tSQL_{name},\t/* {comment} */\n" for name, comment, _ in found)
    write(header, LICENCE + "/** Every statement, by name: made from statements.sql. */\n"
          "#ifndef STORAGE_INDEX_STATEMENTS_H\n#define STORAGE_INDEX_STATEMENTS_H\n\n"
          "enum sql {\n" + enum + "\tSQL_COUNT\n};\n\n"
          "extern const char *const sql_texts[SQL_COUNT];\n\n#endif\n")
    table = "".join(f"\t[SQL_{name}] =\n\t\t{literal(body)},\n" for name, _, body in found)
    write(out, LICENCE + '#include "storage/index/statements.h"\n\n'
          "const char *const sql_texts[SQL_COUNT] = {\n" + table + "};\n")


def schema(prefix, out, *sources):
    """Bytes instead of literals: C compilers need only take literals of 4095 bytes."""
    code = LICENCE + '#include "storage/index/schema.h"\n\n'
    for number, source in enumerate(sources, 1):
        if not re.search(rf"/{number:04}-[^/]+\.sql$", "/" + source):
            sys.exit(f"{source}: expected number {number:04}")
        numbers = ",".join(str(byte) for byte in read(source).encode() + b"\0")
        code += f"static const char step_{number}[] = {{{numbers}}};\n"
    steps = ", ".join(f"step_{i + 1}" for i in range(len(sources)))
    code += (f"\nconst char *const {prefix}_schema[] = {{ {steps} }};\n"
             f"const int {prefix}_schema_version = {len(sources)};\n")
    write(out, code)


if __name__ == "__main__":
    {"statements": statements, "schema": schema}[sys.argv[1]](*sys.argv[2:])
