# On a terminal it is told how far it is, and nothing of that is left; elsewhere nothing is.
lorarium demo demo >/dev/null
terminal() {
	python3 -c '
import os, pty, re, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
told = b""
try:
    while more := os.read(fd, 65536):
        told += more
except OSError:
    pass
os.waitpid(pid, 0)
# Each step that was painted over, by its words; then what a person sees.
steps = {re.sub(rb"[0-9.,]+", b"N", step) for step in re.findall(rb"\r\x1b\[K([^\r\n]+)(?=\r\x1b)", told)}
print(*sorted(step.decode() for step in steps if b"demo" not in step), sep="\n")
seen = [line.split(b"\r\x1b[K")[-1].rstrip(b"\r") for line in told.split(b"\n")]
print(len(seen) - 1, "lines, of these with escapes:", sum(b"\x1b" in line for line in seen))
' lorarium "$@"
}
lorarium scan demo >/dev/null 2>err
wc -c <err
terminal --no-color hash 'path:SD1.5/ size:<60M'
lorarium hash 'path:SD1.5/ size:<60M' 2>&1 >/dev/null | wc -c
