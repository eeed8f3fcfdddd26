#!/usr/bin/env bash
# Refuses C that is not laid out as .clang-format says.
set -u
cd "${SOURCE_ROOT:-$(dirname "$0")/../..}" || exit 1
if find core config storage tui cli tests -name '*.[ch]' -print0 |
	xargs -0 clang-format-14 --dry-run -Werror; then
	echo "every source is laid out as .clang-format says"
else
	echo "clang-format-14 -i FILE lays a file out"
	exit 1
fi
