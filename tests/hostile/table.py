#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every row of the table of bad input, shown to the program.

table.py PROGRAM LIBTROUBLE

Prints TAP. PROGRAM reads in confined processes; LIBTROUBLE makes trouble over files that ask for it.
"""
import fnmatch
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from forge import safetensors, tensor  # noqa: E402
from rows import GOOD, ROWS  # noqa: E402

N_ROWS = 68


def asking(word: str) -> bytes:
    """A whole model; in its metadata it asks LIBTROUBLE for trouble."""
    return safetensors({"__metadata__": {"ask": f"trouble: {word}"}, "w": tensor()}, bytes(4))


class Table:
    def __init__(self, program: str, trouble: str, folder: pathlib.Path) -> None:
        self.program, self.trouble, self.folder = program, trouble, folder
        self.n = self.failed = 0
        self.told = set()
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}

    def run(self, *args: str, preload=False, **how) -> list:
        env = dict(self.env, LD_PRELOAD=self.trouble) if preload else self.env
        done = subprocess.run([self.program, *args], env=env, capture_output=True, text=True, check=False, timeout=300,
                              **how)
        if done.returncode not in (0, 1, 3):
            print(f"# {args[0]}: exit {done.returncode}: {done.stderr.strip()}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def tell(self, row, what: str, model: dict, code: str, message: str, status: str) -> None:
        told = [model["error"]] if code.startswith("E_") else model["notes"]
        is_right = model["status"] == status and any(
            one and one["code"] == code and fnmatch.fnmatchcase(one["message"], message.replace("[", "[[]"))
            for one in told)
        self.n += 1
        self.failed += not is_right
        self.told.add(int(str(row).rstrip("a")))
        print(f"{'ok' if is_right else 'not ok'} {self.n} - row {row}: {what}: {code}")
        if not is_right:
            print(f"#  wanted {status}, {code} {message!r}")
            print(f"#  got {model['status']}, {model['error']}, {model['notes']}")

    def make(self, at: pathlib.Path, content) -> None:
        files = content if isinstance(content, dict) else {"": content}
        for name, data in files.items():
            path = at / name if name else at
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def files(self) -> None:
        """One file, one answer; all of them in one call, so that none spoils the next."""
        paths = []
        for i, (_row, name, content, *_rest) in enumerate(ROWS):
            path = self.folder / "files" / str(i) / name
            is_folder = isinstance(content, dict) and "." not in path.name
            self.make(path if is_folder or not isinstance(content, dict) else path.parent, content)
            paths.append(str(path))
        models = self.run("inspect", "--json", *paths)
        if len(models) != len(ROWS):
            print(f"Bail out! {len(models)} answers for {len(ROWS)} files")
            sys.exit(1)
        for (row, name, _content, code, message, status), model in zip(ROWS, models):
            self.tell(row, name, model, code, message, status)

    def no_files(self) -> None:
        at = self.folder / "no-files"
        at.mkdir()
        os.mkfifo(at / "fifo.safetensors")
        (at / "folder.safetensors").mkdir()
        held = socket.socket(socket.AF_UNIX)
        here = os.getcwd()
        os.chdir(at)		# the name of a socket may be no longer than that
        held.bind("socket.safetensors")
        os.chdir(here)
        names = ["fifo", "folder", "socket"]
        models = self.run("inspect", "--json", *(str(at / (name + ".safetensors")) for name in names), "/dev/null")
        for name, model in zip(names + ["device"], models):
            self.tell(63, name, model, "E_NOT_FILE", "not a regular file", "unsupported")

    def troubles(self) -> None:
        at = self.folder / "troubles"
        words = ["change", "fail", "crash", "call"]
        for word in words:
            self.make(at / (word + ".safetensors"), asking(word))
        self.make(at / "good.safetensors", GOOD)

        def inspect(word, *options):
            models = self.run(*options, "inspect", "--json", str(at / (word + ".safetensors")), str(at / "good.safetensors"),
                              preload=True)
            good = models[1]["status"] == "ok" and not models[1]["error"]
            return models[0] if good else models[1]

        self.tell(64, "changed", inspect("change", "--no-sandbox"), "E_CHANGED", "file changed while being read; will retry",
                  "unreadable")
        self.tell(65, "EIO", inspect("fail"), "E_IO", "cannot read: Input/output error", "unreadable")
        for word, why in (("crash", "Segmentation fault"), ("call", "forbidden system call")):
            self.tell(66, word, inspect(word), "E_WORKER", f"reading this file crashed the reader ({why}); "
                      "the file is quarantined from scans until it changes", "unreadable")
        self.make(at / "closed.safetensors", GOOD)
        (at / "closed.safetensors").chmod(0)
        nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
        for above in [at, *at.parents[:-2]] if nobody else []:
            above.chmod(0o755)
        self.tell(65, "EACCES", self.run("inspect", "--json", str(at / "closed.safetensors"), **nobody)[0], "E_IO",
                  "cannot read: Permission denied", "unreadable")

    def links(self) -> None:
        at, out = self.folder / "links", self.folder / "out"
        self.make(out / "m.safetensors", GOOD)
        at.mkdir()
        (at / "out.safetensors").symlink_to(out / "m.safetensors")
        (at / "dead.safetensors").symlink_to("nothing.safetensors")
        (at / "loop.safetensors").symlink_to("loop.safetensors")
        (at / "up.safetensors").symlink_to("..")
        self.run("scan", str(at))
        models = {model["name"]: model for model in self.run("list", "--json")}
        for name in ("out", "up"):
            self.tell(67, name, models[name], "W_LINK", "link points outside the library; not followed", "unsupported")
        for name in ("dead", "loop"):
            self.tell(67, name, models[name], "E_IO", "cannot read: the link leads nowhere", "unreadable")
        seen = self.run("inspect", "--json", str(at / "loop.safetensors"))
        self.tell(67, "loop by its name", seen[0], "E_IO", "cannot read: the link leads nowhere", "unreadable")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        table = Table(sys.argv[1], sys.argv[2], pathlib.Path(folder))
        table.files()
        table.no_files()
        table.troubles()
        table.links()
    missing = sorted(set(range(1, N_ROWS + 1)) - table.told)
    print(f"{'not ok' if missing else 'ok'} {table.n + 1} - every row of the table was shown {missing or ''}")
    print(f"1..{table.n + 1}")
    return int(table.failed > 0 or bool(missing))


if __name__ == "__main__":
    sys.exit(main())
