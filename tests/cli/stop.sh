# Ctrl-C while a scan runs, felt by every process of it: it ends in order, says so, and the next
# one goes on.
python3 - <<'PY'
import os, signal, subprocess, time

os.mkdir("models")
for i in range(20000):
    open(f"models/{i}.safetensors", "w").close()
scan = subprocess.Popen(["lorarium", "scan", "models"], stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE, text=True, start_new_session=True)
def listens():
    with open(f"/proc/{scan.pid}/status") as status:
        caught = next(line for line in status if line.startswith("SigCgt"))
    return int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1
while scan.poll() is None and not listens():
    time.sleep(0.001)
os.killpg(scan.pid, signal.SIGINT)
out, told = scan.communicate()
# A machine that is fast enough was done before.
stopped = "lorarium: scan: it was stopped before its end; the next one goes on from there\n"
print((scan.returncode, told) in [(3, stopped), (0, "")], out.count("\n"))
PY
lorarium list --json | grep -c -e E_WORKER -e E_IO
lorarium scan >/dev/null
lorarium list | wc -l
