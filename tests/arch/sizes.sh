#!/usr/bin/env bash
# Refuses a file over 600 lines, a function over 80, a file without its licence line, and calls
# that have no place here.
set -u
cd "${SOURCE_ROOT:-$(dirname "$0")/../..}" || exit 1
bad=0

found=$(find core config storage tui cli -name '*.[ch]' -exec awk '
	function close_file() {
		if (lines > 600)
			printf "%s: %d lines, the limit is 600\n", file, lines
	}
	FNR == 1 {
		close_file()
		file = FILENAME
		start = 0
		if ($0 !~ /SPDX-License-Identifier: MIT/)
			printf "%s: no licence line\n", file
	}
	{ lines = FNR }
	/^\{/ { start = FNR }
	/^\}$/ {
		if (start && FNR - start > 80)
			printf "%s:%d: a function of %d lines\n", file, start, FNR - start
		start = 0
	}
	END { close_file() }
' {} +)
[[ -z $found ]] || { echo "$found"; bad=1; }

calls=$(grep -rnE '\b(strcpy|strcat|sprintf|vsprintf|gets|system|popen|strtok|atoi|atol|alloca|sscanf)[[:space:]]*\(' \
	--include='*.[ch]' core config storage tui cli)
[[ -z $calls ]] || { echo "$calls"; bad=1; }

[[ $bad -eq 0 ]] && echo "files, functions and calls keep their bounds"
exit "$bad"
