# What Debian 12 must have, and how to get it. Sourced by ./start and ./check.
# Every package here is declared in meson.build too, or is a tool of the build.

BUILD_PACKAGES=(
	gcc libc6-dev meson ninja-build pkg-config python3-minimal scdoc
	libncurses-dev libsqlite3-dev libarchive-dev libinih-dev libutf8proc-dev libssl-dev
	zlib1g-dev
)
TEST_PACKAGES=(clang-format-14 libcmocka-dev libvterm-dev ncurses-term python3)

# install_missing PACKAGE...: says nothing when all are there.
install_missing() {
	local missing=() package sudo=()
	for package in "$@"; do
		[[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) == "install ok installed" ]] ||
			missing+=("$package")
	done
	[[ ${#missing[@]} -gt 0 ]] || return 0
	if [[ $(id -u) -ne 0 ]]; then
		if ! command -v sudo >/dev/null; then
			echo "lorarium: these packages are missing, and there is no sudo to install them:" \
				"${missing[*]}" >&2
			return 3
		fi
		sudo=(sudo)
	fi
	echo "Installing ${missing[*]} ..." >&2
	local log
	log=$(mktemp)
	if ! {
		"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
			"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
				apt-get install -q -y --no-install-recommends "${missing[@]}"
	} >"$log" 2>&1 </dev/null; then
		tail -n 20 "$log" >&2
		echo "lorarium: could not install ${missing[*]}" >&2
		rm -f "$log"
		return 3
	fi
	rm -f "$log"
}
