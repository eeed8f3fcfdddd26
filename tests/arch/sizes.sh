#!/usr/bin/env bash
# Refuses a file over 600 lines, a function over 80, a file without its licence line, and calls
# that have no place here.
set -u
cd "${SOURCE_ROOT:-$(dirname "$0")/../..}" || exit 1
bad=0

while IFS= read -r file; do
	lines=$(wc -l <"$file")
	if [[ $lines -gt 600 ]]; then
		echo "$file: $lines lines, the limit is 600"
		bad=1
	fi
	if ! head -n 1 "$file" | grep -q 'SPDX-License-Identifier: MIT'; then
		echo "$file: no licence line"
		bad=1
	fi
	long=$(awk -v file="$file" '
		/^\{/ { start = NR }
		/^\}$/ { if (start && NR - start > 80) printf "%s:%d: a function of %d lines\n", file, start, NR - start; start = 0 }
	' "$file")
	[[ -z $long ]] || { echo "$long"; bad=1; }
done < <(find core config storage tui cli -name '*.[ch]')

calls=$(grep -rnE '\b(strcpy|strcat|sprintf|vsprintf|gets|system|popen|strtok|atoi|atol|alloca|sscanf)[[:space:]]*\(' \
	--include='*.[ch]' core config storage tui cli)
[[ -z $calls ]] || { echo "$calls"; bad=1; }

[[ $bad -eq 0 ]] && echo "files, functions and calls keep their bounds"
exit "$bad"
