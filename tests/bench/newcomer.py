#!/usr/bin/env python3
"""newcomer.py LORARIUM [--baud N] [--latency MS] [--think S] [--short]: the first minute over a slow line.

In a tmux of 80x24, behind line.py, on a new library of the demo: chooses a checkpoint, shows what fits it, takes
three LoRAs, copies the prompt. Each key is pressed only after the screen has said what it does, and S seconds
later. Tells how many seconds, keys and bytes that took; fails when the screen does not lead on.
"""
import argparse, os, subprocess, sys, tempfile, time

TYPING_S, PATIENCE_S = 0.15, 40
FIND = list("/kind:checkpoint sd_xl_b") + ["Enter"]
# What is seen, and what is pressed then.
SHORT = [("512-base-ema ", ["j", "j", "c"]), ("f shows what fits", ["f"]), ("showing what fits", ["a"])]
LONG = [("512-base-ema ", ["c"]), ("kind:checkpoint finds", FIND), ("sd_xl_base_1.0   ", ["c"]),
        ("Esc drops", ["Escape"]), ("all models", ["f"]), ("showing what fits", ["a"])]
REST = [("1 in the set", ["j", "a"]), ("2 in the set", ["j", "a"]), ("+", ["y"]), ("l prompt", ["l"]), ("<lora:", [])]


class Terminal:
    def __init__(self, folder, command):
        self.tmux = ["tmux", "-S", folder + "/tmux", "-f", "/dev/null"]
        environment = ["-e", "XDG_CONFIG_HOME=" + folder, "-e", "LC_ALL=C.UTF-8"]
        self.run("new-session", "-d", "-x", "80", "-y", "24", *environment, *command)

    def run(self, *words):
        return subprocess.run(self.tmux + list(words), capture_output=True, text=True, check=True).stdout

    def wait(self, text):
        end = time.monotonic() + PATIENCE_S
        while text not in self.run("capture-pane", "-p"):
            if time.monotonic() > end:
                sys.exit(f"the screen does not say {text!r}:\n" + self.run("capture-pane", "-p"))
            time.sleep(0.03)


def play(terminal, steps, think_s):
    begin, n_keys = time.monotonic(), 0
    for text, keys in steps:
        terminal.wait(text)
        print(f"{time.monotonic() - begin:6.2f} s  {text.strip():24} {''.join(k if len(k) == 1 else f'<{k}>' for k in keys)}")
        time.sleep(think_s if keys else 0)
        for key in keys:
            terminal.run("send-keys", key)
            time.sleep(TYPING_S)
        n_keys += len(keys)
    return time.monotonic() - begin, n_keys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("lorarium", type=os.path.abspath)
    parser.add_argument("--baud", default="9600")
    parser.add_argument("--latency", default="150")
    parser.add_argument("--think", type=float, default=2)
    parser.add_argument("--short", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lorarium = [args.lorarium, "--data", folder + "/data"]
        for words in ["demo", folder + "/demo"], ["root", "add", folder + "/demo"]:
            subprocess.run(lorarium + words, check=True, stdout=subprocess.DEVNULL)
        line = [sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "line.py")]
        options = ["--baud", args.baud, "--latency", args.latency, "--log", folder + "/log"]
        terminal = Terminal(folder, line + options + lorarium)
        seconds, n_keys = play(terminal, (SHORT if args.short else LONG) + REST, args.think)
        terminal.run("send-keys", "q")
        while not os.path.exists(folder + "/log") or not (told := open(folder + "/log").read()):
            time.sleep(0.05)
        down, up = told.split()
        print(f"{args.baud} baud: {seconds:.1f} s, {n_keys} keys, {down} bytes down, {up} up")


if __name__ == "__main__":
    main()
