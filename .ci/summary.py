#!/usr/bin/env python3
"""Adds up meson's test logs and closes with one line: `check: N passed, N failed`.

A cmocka program counts with each of its tests, any other test as one.
"""
import json
import re
import sys


def count(path):
    passed = failed = skipped = 0
    with open(path, encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            output = test.get("stdout", "") + test.get("stderr", "")
            ran = re.findall(r"\[  PASSED  \] (\d+) test", output)
            bad = re.findall(r"\[  FAILED  \] (\d+) test", output)
            if test["result"] == "OK":
                passed += sum(map(int, ran)) or 1
            elif test["result"] == "SKIP":
                skipped += 1
            else:
                passed += sum(map(int, ran))
                failed += sum(map(int, bad)) or 1
                print("failed:", test["name"])
    return passed, failed, skipped


totals = [count(path) for path in sys.argv[1:]]
passed, failed, skipped = (sum(column) for column in zip(*totals))
print(f"check: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(1 if failed or not passed else 0)
