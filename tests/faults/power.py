# SPDX-License-Identifier: MIT
"""Replay of a power cut: what the disks may hold when the changes of a log stop at any point.

What was synced is there. Of the rest anything may be missing: writes to a file one by one, names one
by one, but never a name without what it was made from. A rename is done or not, never half.
"""

import os
import pathlib
import random
import shutil


class Link:
    def __init__(self, to: bytes):
        self.to = to


class Change:
    def __init__(self, line: str):
        kind, *rest = line.split(" ")
        self.kind = kind
        n = 2 if kind in ("rename", "link") else 1
        self.paths = [os.path.normpath(os.fsdecode(bytes.fromhex(p))) for p in rest[:n]]
        self.offset = int(rest[n]) if len(rest) > n else 0
        self.bytes = bytes.fromhex(rest[n + 1]) if len(rest) > n + 1 else b""
        self.inode = -1
        self.needs: list = []           # changes without which this one makes no sense


class Disk:
    """The files as they were, held by links beside the library, so that their inodes stay."""

    def __init__(self, tops: list):
        self.tops = [pathlib.Path(t) for t in tops]
        self.names: dict = {}           # path -> number
        self.kept: list = []            # number -> a link, bytes, or None for a folder
        for top in self.tops:
            vault = self.vault(top)
            shutil.rmtree(vault, ignore_errors=True)
            vault.mkdir()
            for path in sorted(top.rglob("*")):
                self.names[str(path)] = len(self.kept)
                if path.is_dir() and not path.is_symlink():
                    self.kept.append(None)
                elif ".db" in path.name:
                    self.kept.append(path.read_bytes())
                else:
                    self.kept.append(vault / str(len(self.kept)))
                    os.link(path, self.kept[-1])

    @staticmethod
    def vault(top: pathlib.Path) -> pathlib.Path:
        return top.parent / (top.name + ".vault")

    def read(self, log: pathlib.Path) -> list:
        """The changes below the tops, each with the file that it is about and what it needs."""
        names, last, n = dict(self.names), {}, len(self.kept)
        changes = []
        for line in log.read_text().splitlines():
            change = Change(line)
            if not any(p.startswith(f"{t}/") or p == str(t) for t in self.tops for p in change.paths):
                continue
            for path in change.paths:
                for touched in (path, os.path.dirname(path)):
                    if touched in last:
                        change.needs.append(last[touched])
            first, new = change.paths[0], change.paths[-1]
            if change.kind in ("create", "mkdir", "symlink"):
                names[first], n = n, n + 1
            change.inode = names.get(first, -1)
            if change.kind == "rename":
                self.rename(names, first, new)
            if change.kind in ("rename", "link"):
                names[new] = change.inode
            if change.kind in ("rename", "unlink", "rmdir"):
                names.pop(first, None)
            if change.kind not in ("write", "truncate", "allocate", "fsync"):
                for path in change.paths:
                    last[path] = change
            changes.append(change)
        return changes

    @staticmethod
    def rename(names: dict, old: str, new: str) -> None:
        """With a folder goes what is in it."""
        for path in [p for p in names if p.startswith(old + "/")]:
            names[new + path[len(old):]] = names.pop(path)

    @staticmethod
    def certain(changes: list) -> set:
        """What was synced, and what that needs."""
        sure: set = set()
        files: dict = {}
        folders: dict = {}
        for change in changes:
            if change.kind == "fsync":
                found = files.pop(change.inode, []) + folders.pop(change.paths[0], [])
                while found:
                    one = found.pop()
                    if id(one) not in sure:
                        sure.add(id(one))
                        found += one.needs
            elif change.kind in ("write", "truncate", "allocate"):
                change.needs = []
                files.setdefault(change.inode, []).append(change)
            else:
                for path in change.paths:
                    folders.setdefault(os.path.dirname(path), []).append(change)
        return sure

    def cut(self, changes: list, rng: random.Random) -> None:
        """Stops after any of the changes, loses what may be lost, and lays the disks out like that."""
        changes = changes[:rng.randint(0, len(changes))]
        sure = self.certain(changes)
        luck = rng.choice((0.0, 0.5, 0.9))
        names, contents, lost = dict(self.names), dict(enumerate(self.kept)), set()
        made = len(self.kept)
        for change in changes:
            first, new = change.paths[0], change.paths[-1]
            if change.kind in ("create", "mkdir", "symlink"):
                contents[change.inode] = {"create": b"", "mkdir": None}.get(change.kind, Link(change.bytes))
                made += 1
            if id(change) not in sure and (rng.random() >= luck
                                           or any(id(n) in lost for n in change.needs)):
                lost.add(id(change))
            elif change.kind in ("create", "mkdir", "symlink", "rename", "link"):
                names[new] = change.inode
                if change.kind == "rename":
                    self.rename(names, first, new)
                    names.pop(first, None)
            elif change.kind in ("unlink", "rmdir"):
                names.pop(first, None)
            elif change.kind != "fsync":
                self.write(contents, change)
        self.lay_out(names, contents)

    @staticmethod
    def write(contents: dict, change: Change) -> None:
        old = contents.get(change.inode)
        if not isinstance(old, bytes):
            return
        end = change.offset + len(change.bytes)
        if change.kind == "truncate":
            old = old[:change.offset]
        old = old.ljust(end if change.kind != "truncate" else change.offset, b"\0")
        contents[change.inode] = old[:change.offset] + change.bytes + old[end:]

    def lay_out(self, names: dict, contents: dict) -> None:
        for top in self.tops:
            for path in top.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path, inode in sorted(names.items()):
            what, place = contents.get(inode, b""), pathlib.Path(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            if what is None:
                place.mkdir(exist_ok=True)
            elif isinstance(what, Link):
                place.symlink_to(os.fsdecode(what.to))
            elif isinstance(what, bytes):
                place.write_bytes(what)
            elif place.exists() and what.exists() and place.samefile(what):
                pass                    # in a trash outside, from the round before
            elif what.lstat().st_dev == place.parent.stat().st_dev:
                os.link(what, place)
            else:
                raise AssertionError(f"{path}: a rename between devices?")
