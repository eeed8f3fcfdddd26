# ./start from anywhere and by any name; the build itself is played.
repo=$(dirname "${BASH_SOURCE[0]}")/../..
mkdir -p tree/.ci tree/build/release tools models "with space" ./-dash
cp "$repo/start" tree/
cp "$repo/.ci/packages.sh" tree/.ci/
ln -s "$(command -v lorarium)" tree/build/release/lorarium
printf '#!/bin/sh\n' | tee tools/ninja >tools/meson
printf '#!/bin/sh\necho install ok installed\n' >tools/dpkg-query
chmod +x tools/*
PATH=$PWD/tools:$PATH
lorarium demo all >/dev/null
cp all/loras/Speed/lcm-lora-sdxl.safetensors "with space"
cp all/loras/Speed/lcm-lora-sdxl.safetensors ./-dash/other.safetensors
ln -s tree/start linked
status ./linked "with space"
status tree/start -dash
status tree/start -- -dash
CDPATH=/ status tree/start "with space"
here=$PWD
(mkdir gone && cd gone && rmdir ../gone && status "$here/tree/start" "$here/with space" 2>&1 | grep "^\[")
echo '--- wrong'
status tree/start ''
status tree/start nowhere
status tree/start one two
status tree/start --help
echo '--- the demo: made once, whole, and never in the library of the user'
export XDG_CACHE_HOME=relative
lorarium demo "$HOME/.cache/lorarium/demo/library.part" >/dev/null
tree/start | head -n 1
tree/start | head -n 1
ls "$HOME/.cache/lorarium/demo"
lorarium root list | wc -l
