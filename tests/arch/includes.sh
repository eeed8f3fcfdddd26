#!/usr/bin/env bash
# Reads every #include and refuses an arrow that the house does not have, curses outside
# tui/term, and a third-party header outside its room. See docs/design.md.
set -u
cd "${SOURCE_ROOT:-$(dirname "$0")/../..}" || exit 1
bad=0

refuse() {
	echo "$1"
	bad=1
}

# What each room may include of ours, as an extended regular expression.
declare -A allowed=(
	[core]='^core/'
	[config]='^(core|config)/'
	[storage]='^(core|storage)/'
	[tui]='^(core|config|tui)/|^storage/(library|messages)\.h$'
	[cli]='^(core|config|cli)/|^storage/(library|messages)\.h$|^tui/tui\.h$'
)

# Order inside core: a folder may include itself and what stands before it on its line.
declare -A inside_core=(
	[base]='base'
	[formats]='base|formats'
	[knowledge]='base|formats|knowledge'
	[adapters]='base|formats|knowledge|adapters'
	[identify]='base|formats|knowledge|adapters|identify'
	[fit]='base|formats|knowledge|adapters|identify|fit'
	[sets]='base|formats|knowledge|adapters|identify|fit|sets'
	[organise]='base|formats|knowledge|identify|organise'
	[query]='base|formats|knowledge|identify|query'
	[samples]='base|formats|samples'
)

while IFS= read -r hit; do
	file=${hit%%:*}
	rest=${hit#*:}
	line=${rest%%:*}
	text=${rest#*:}
	room=${file%%/*}
	if [[ $text =~ \"([^\"]+)\" ]]; then
		ours=${BASH_REMATCH[1]}
		if [[ $ours == */* && ! $ours =~ ${allowed[$room]} ]]; then
			refuse "$file:$line: $room may not include $ours"
		fi
		if [[ $room == core && $ours == core/* ]]; then
			part=${file#core/}
			[[ $ours =~ ^core/(${inside_core[${part%%/*}]:-no-such-folder})/ ]] ||
				refuse "$file:$line: core/${part%%/*} may not include $ours"
		fi
	elif [[ $text =~ \<([^\>]+)\> ]]; then
		case ${BASH_REMATCH[1]} in
		*curses.h | term.h)
			[[ $file == tui/term/* ]] || refuse "$file:$line: curses outside tui/term" ;;
		sqlite3.h)
			[[ $file == storage/* ]] || refuse "$file:$line: SQLite outside storage" ;;
		archive.h | archive_entry.h)
			[[ $file == storage/* ]] || refuse "$file:$line: libarchive outside storage" ;;
		ini.h)
			[[ $file == config/ini.c ]] || refuse "$file:$line: inih outside config/ini.c" ;;
		utf8proc.h)
			[[ $file == core/base/* ]] || refuse "$file:$line: utf8proc outside core/base" ;;
		zlib.h)
			[[ $file == core/formats/zip_member.c || $file == core/formats/png_text.c ||
				$file == core/samples/container_torch.c || $file == core/base/squeeze.c ]] ||
				refuse "$file:$line: zlib where nothing is squeezed" ;;
		openssl/*)
			[[ $file == core/base/hash.c ]] || refuse "$file:$line: libcrypto outside core/base/hash.c" ;;
		esac
	fi
done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include' --include='*.[ch]' core config storage tui cli)

[[ $bad -eq 0 ]] && echo "every include keeps to its room"
exit "$bad"
