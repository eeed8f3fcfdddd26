# Another instance that writes: it is named, reading goes on, and --wait waits.
lorarium demo demo >/dev/null
lorarium scan demo >/dev/null
mkfifo held
python3 - "$HOME/.local/share/lorarium/lock" <<'PY' &
import fcntl, os, sys, time
lock = open(sys.argv[1], "r+")
fcntl.flock(lock, fcntl.LOCK_EX)
open("held", "w").close()
open("go", "x").close()
while os.path.exists("go"):
    time.sleep(0.01)
PY
read -r _ <held
lorarium tag kind:vae +a 2>&1 | sed 's/pid [0-9]*/pid N/'
echo "[exit ${PIPESTATUS[0]}]"
lorarium list kind:vae | wc -l
(sleep 0.2; rm go) &
status lorarium --wait 20 tag kind:vae +a
wait
