# SPDX-License-Identifier: MIT
"""Readers of GGUF and ONNX that share no line with ours: they print what dump.c prints.

usage: readers.py FOLDER, the files' names on stdin
"""
import struct
import sys

GGML = {0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20),
        6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 10: ("Q2_K", 256, 84),
        11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176),
        14: ("Q6_K", 256, 210), 20: ("IQ4_NL", 32, 18), 23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1),
        25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8), 30: ("BF16", 1, 2)}
ONNX = {1: ("F32", 4), 2: ("U8", 1), 3: ("I8", 1), 6: ("I32", 4), 7: ("I64", 8), 9: ("BOOL", 1),
        10: ("F16", 2), 11: ("F64", 8), 16: ("BF16", 2)}


def product(numbers):
    result = 1
    for number in numbers:
        result *= number
    return result


def gguf(file):
    version = struct.unpack("<I", file.read(8)[4:])[0]
    order = "<" if version & 0xffff else ">"

    def number(kind):
        return struct.unpack(order + kind, file.read(struct.calcsize(order + kind)))[0]

    def text():
        return file.read(number("Q")).decode("utf-8", "surrogateescape")

    def value(kind):
        if kind == 8:
            return text()
        if kind == 9:
            inner, n = number("I"), number("Q")
            return [value(inner) for _ in range(n)]
        return number("BbHhIif?__Qqd"[kind])

    n_tensors, n_pairs, pairs = number("Q"), number("Q"), {}
    for _ in range(n_pairs):
        key = text()
        pairs[key] = value(number("I"))
    for _ in range(n_tensors):
        name = text()
        shape = [number("Q") for _ in range(number("I"))][::-1]
        word, block, size = GGML[number("I")]
        place = number("Q")
        shape = pairs.get("comfy.gguf.orig_shape." + name, shape)
        yield name, word, place, product(shape) // block * size, shape


def fields(data):
    at = 0

    def varint():
        nonlocal at
        result = shift = 0
        while True:
            result |= (data[at] & 127) << shift
            shift += 7
            at += 1
            if data[at - 1] < 128:
                return result

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            size = varint() if tag & 7 == 2 else 8 if tag & 7 == 1 else 4
            yield tag >> 3, data[at:at + size]
            at += size


def onnx(file):
    for number, graph in fields(file.read()):
        for inner, tensor in fields(graph) if number == 7 else ():
            if inner != 5:
                continue
            parts = list(fields(tensor))
            shape = [v for n, v in parts if n == 1]
            word, size = ONNX[next(v for n, v in parts if n == 2)]
            name = next(v for n, v in parts if n == 8).decode()
            yield name, word, 0, product(shape) * size, shape


for path in sys.stdin.read().splitlines():
    print("==", path)
    with open(f"{sys.argv[1]}/{path}", "rb") as stream:
        is_gguf = stream.read(4) == b"GGUF"
        stream.seek(0)
        for row in (gguf if is_gguf else onnx)(stream):
            print(*row[:4], *row[4])
