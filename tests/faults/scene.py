# SPDX-License-Identifier: MIT
"""A small library for the fault tests, and the auditor. Shares no code with the program: files are
known by their hashes, what people made by SQL of its own."""

import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import zipfile


def safetensors(seed: int, kib: int) -> bytes:
    """A LoRA whose tensors are told apart by the seed."""
    data = hashlib.shake_256(str(seed).encode()).digest(kib * 1024)
    half = len(data) // 2
    header = {"__metadata__": {"ss_output_name": f"n{seed}"}}
    for i, name in enumerate(("lora_down", "lora_up")):
        rows = half // 2 // 320
        header[f"lora_unet_down_blocks_0_attentions_0_proj_in.{name}.weight"] = {
            "dtype": "F16", "shape": [rows, 320] if i == 0 else [320, rows],
            "data_offsets": [i * rows * 640, (i + 1) * rows * 640]}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data[:4 * rows * 320]


class Scene:
    def __init__(self, program: str, fault: str, work: pathlib.Path, other: pathlib.Path):
        self.program, self.fault = program, fault
        self.work, self.other = work, other / "lorarium-faults"
        self.places = {"lib": work / "lib", "home": work / "home", "data": work / "data",
                       "other": self.other}

    def make(self) -> None:
        for path in self.places.values():
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
        for trash in self.other.parent.glob(".Trash-*"):
            shutil.rmtree(trash)
        lib = self.places["lib"]
        (lib / "a").mkdir()
        for i, name in enumerate(("a/one", "a/two.v2", "three")):
            (lib / f"{name}.safetensors").write_bytes(safetensors(i, 40))
            for suffix in (".json", ".preview.png"):
                (lib / (name + suffix)).write_bytes(f"{name}{suffix}".encode() * 100)
            if name == "three":
                (lib / "three.json").write_text('{"notes": "of another", "sd version": "SD1"}')
            if name != "a/one":
                self.write_names(lib / f"{name}.safetensors")
            for path in lib.rglob("*.*"):
                os.utime(path, ns=(10**18 + 12345, 10**18 + 12345))
                os.setxattr(path, "user.mark", b"kept")
        (lib / "a/one.ckpt").write_bytes(b"not much of a model")
        (lib / "pair").mkdir()
        for name in ("x", "y"):
            (lib / f"pair/{name}.safetensors").write_bytes(safetensors(9, 40))
        self.make_pipeline(lib / "pipe")
        self.pack()
        self.run("scan", str(lib), str(self.other))
        self.run("tag", "one.safetensors", "+keep")
        self.run("tag", "x.safetensors", "+twin")
        self.run("tag", "pipe", "+whole")
        self.run("note", "three.safetensors", "of mine")
        self.tagged = {"keep": self.hash(lib / "a/one.safetensors"),
                       "twin": self.hash(lib / "pair/x.safetensors")}
        self.contents = self.snapshot()
        # Two models have these sidecars: when one goes, it gets copies. One of a pair may become two names.
        self.shared = {self.hash(lib / "a" / ("one" + s)) for s in (".json", ".preview.png")}
        self.shared.add(self.tagged["twin"])

    def make_pipeline(self, folder: pathlib.Path) -> None:
        """A folder that is one model."""
        for i, part in enumerate(("unet", "vae")):
            (folder / part).mkdir(parents=True)
            (folder / part / "model.safetensors").write_bytes(safetensors(30 + i, 40))
            (folder / part / "config.json").write_text(f'{{"part": "{part}"}}')
        parts = {"unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}
        (folder / "model_index.json").write_text(
            json.dumps({"_class_name": "StableDiffusionPipeline"} | parts))
        (folder / "alias").symlink_to("model_index.json")
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink():
                os.setxattr(path, "user.mark", b"kept")
            os.utime(path, ns=(10**18 + 12345, 10**18 + 12345), follow_symlinks=False)
        self.pipeline = self.look_into(folder)

    @classmethod
    def look_into(cls, folder: pathlib.Path) -> dict:
        """All that is in it, by its name."""
        return {str(p.relative_to(folder)): os.readlink(p) if p.is_symlink()
                else None if p.is_dir() else cls.hash(p) for p in folder.rglob("*")}

    def pipelines(self, may_keep: int) -> list:
        """The folder is whole in one place; another may have some of it only where it may be kept."""
        folders = [p for p in (self.places["lib"] / "pipe", self.other / "moved/pipe") if p.is_dir()]
        whole = [p for p in folders if self.look_into(p) == self.pipeline]
        if not whole:
            return [f"the folder is nowhere whole: {[self.look_into(p) for p in folders]}"]
        if not set(self.tag_places("whole")) & set(whole):
            return [f"the tag of the folder is at {self.tag_places('whole')}"]
        if len(folders) > 1 and not may_keep:
            return ["the folder is in two places"]
        return []

    def pack(self) -> None:
        """An archive outside of the library: two models, one of them with a companion."""
        members = {"p.safetensors": safetensors(20, 40), "p.json": b"{}" * 50,
                   "sub/q.safetensors": safetensors(21, 40)}
        self.box = self.work / "box.zip"
        with zipfile.ZipFile(self.box, "w", zipfile.ZIP_DEFLATED) as out:
            for name, content in members.items():
                out.writestr(name, content)
        self.packed = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
        self.box_hash = self.hash(self.box)

    def audit_import(self, may_keep: int) -> list:
        """What came out of the archive is whole, with all that belongs to it; the archive stays."""
        folder = self.places["lib"] / "in"
        there = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
        faults = [f"{name} is not what the archive holds" for name, path in there.items()
                  if self.hash(path) != self.packed.get(name)]
        if ("p.json" in there) != ("p.safetensors" in there) and not may_keep:
            faults.append(f"half a model came out: {sorted(there)}")
        if self.hash(self.box) != self.box_hash:
            faults.append("the archive is another")
        return faults

    @staticmethod
    def write_names(model: pathlib.Path) -> None:
        """A sidecar that repeats the names of its model, as another program writes it."""
        model.with_suffix(".metadata.json").write_text(json.dumps(
            {"file_name": model.stem, "of": model.stem, "file_path": str(model), "tags": ["a"],
             "preview_url": str(model.with_suffix(".preview.png"))}, indent=2))

    def environment(self, **faults: str) -> dict:
        env = {"PATH": os.environ["PATH"], "HOME": str(self.places["home"]), "LC_ALL": "C.UTF-8",
               "LORARIUM_DATA": str(self.places["data"])}
        if faults:
            env |= {"LD_PRELOAD": self.fault} | faults
        return env

    def run(self, *arguments: str, **faults: str) -> subprocess.CompletedProcess:
        return subprocess.run([self.program, *arguments], env=self.environment(**faults),
                              cwd=self.work, capture_output=True, timeout=120, check=False)

    @staticmethod
    def hash(path: pathlib.Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    @classmethod
    def known(cls, path: pathlib.Path) -> str:
        """What a content is counted by: names that follow the model make no other content."""
        if ".metadata" not in path.name:
            return cls.hash(path)
        told = json.loads(path.read_text())
        return hashlib.sha256(repr([(k, None if k.startswith(("file_", "preview_")) else v)
                                    for k, v in told.items()]).encode()).hexdigest()

    def misnamed(self) -> list:
        """Sidecars in the library that name another place than their own."""
        faults = []
        for path in (p for root in (self.places["lib"], self.other)
                     for p in root.rglob("*.metadata.json") if "Trash" not in str(p)):
            told, stem = json.loads(path.read_text()), path.name.removesuffix(".metadata.json")
            wanted = (stem, f"{path.parent}/{stem}.safetensors", f"{path.parent}/{stem}.preview.png")
            if (told["file_name"], told["file_path"], told["preview_url"]) != wanted:
                faults.append(f"{path} names {told['file_path']}")
        return faults

    def bare(self) -> list:
        """A model in the library has the sidecars that it had, whatever they say by now."""
        three = hashlib.sha256(safetensors(2, 40)).hexdigest()
        return [f"{path} has no {suffix}" for root in (self.places["lib"], self.other)
                for path in root.rglob("*.safetensors") if "Trash" not in str(path)
                and self.hash(path) == three for suffix in (".json", ".metadata.json")
                if not path.with_suffix(suffix).is_file()]

    def files(self) -> list:
        roots = [self.places["lib"], self.other, self.places["home"]]
        return [p for root in roots for p in root.rglob("*") if p.is_file()
                and p.suffix != ".trashinfo"]

    def snapshot(self) -> dict:
        """Every content, and how often it is there."""
        counts: dict = {}
        for path in self.files():
            key = self.known(path)
            counts[key] = counts.get(key, 0) + 1
        return counts

    def tree(self) -> dict:
        home = self.places["home"]
        return {str(p): (self.hash(p), p.stat().st_mtime_ns, p.stat().st_mode,
                         sorted((k, os.getxattr(p, k)) for k in os.listxattr(p)))
                for p in self.files() if home not in p.parents}

    def audit(self, may_keep: int = 0) -> list:
        """What was lost or left over. A source that cannot be removed may stay beside its copy."""
        faults = []
        now = self.snapshot()
        more = {key: now.get(key, 0) - n for key, n in self.contents.items() if key not in self.shared}
        inner = [more.pop(key) for key in set(self.pipeline.values()) & more.keys()]
        kept = sum(more.values()) + any(n > 0 for n in inner)  # a folder is one, however much of it
        for key, n in self.contents.items():
            if now.get(key, 0) < n or (now[key] > n and key not in self.shared and kept > may_keep):
                faults.append(f"content {key[:12]} is there {now.get(key, 0)} times, not {n}")
        for root in (self.places["lib"], self.other, self.places["home"]):
            faults += [f"left behind: {path}" for path in root.rglob("*.part")]
        if not may_keep:
            faults += self.misnamed()
            faults += self.bare()
        faults += self.pipelines(may_keep)
        faults += self.audit_import(may_keep)
        for tag, content in self.tagged.items():
            faults += self.audit_tag(tag, content)
        return faults

    def audit_tag(self, tag: str, content: str) -> list:
        """A tag is where its content is; that of a copy that went is on the copy that stayed."""
        places = self.tag_places(tag)
        files = [p for p in places if p.is_file()]
        if not 1 <= len(places) <= self.contents[content]:
            return [f"the tag {tag} is at {places}"]
        if any(self.hash(p) != content for p in files):
            return [f"the tag {tag} is on another file: {files}"]
        if not files and not self.is_in_trash(content):
            return [f"the tag {tag} is on no file: {places}"]
        if not files and tag == "twin" and self.is_in_library(content):
            return [f"the tag {tag} is not on the copy that stayed"]
        return []

    def tag_places(self, tag: str) -> list:
        with sqlite3.connect(self.places["data"] / "user.db") as db:
            rows = db.execute("""SELECT root.path, subject.path FROM tag JOIN subject
                ON subject.id = subject_id JOIN root ON root.id = root_id WHERE folded = ?""", (tag,))
            return [pathlib.Path(os.fsdecode(a)) / os.fsdecode(b) for a, b in rows]

    def renumber(self) -> None:
        """Folders that were laid out anew are the ones that the journal knows."""
        if not (self.places["data"] / "user.db").exists():
            return
        with sqlite3.connect(self.places["data"] / "user.db") as db:
            for (old,) in db.execute("SELECT DISTINCT old FROM step WHERE is_folder").fetchall():
                if os.path.isdir(old):
                    db.execute("UPDATE step SET ino = ? WHERE old = ? AND is_folder",
                               (os.stat(old).st_ino, old))

    def is_in_library(self, content: str) -> bool:
        return any(self.hash(p) == content for root in (self.places["lib"], self.other)
                   for p in root.rglob("*.safetensors") if "Trash" not in str(p))

    def is_in_trash(self, content: str) -> bool:
        trash = self.places["home"] / ".local/share/Trash/files"
        tops = [trash, *self.other.parent.glob(".Trash-*/files")]
        return any(self.hash(p) == content for t in tops if t.is_dir()
                   for p in t.iterdir() if p.is_file())
