// SPDX-License-Identifier: MIT
/**
 * Writes the models of manifests below a folder: `mixed FOLDER MANIFEST...`, with SOURCE_ROOT set.
 */
#include <stdio.h>

#include "core/samples/sample.h"
#include "tests/support/sample_disk.h"

static bool write_all(struct sample_disk *disk, struct str lines)
{
	const struct key_source keys = sample_disk_keys();
	struct str line;
	while (str_next_part(&lines, '\n', &line)) {
		struct error err = { 0 };
		if (line.len && !sample_make(line, &keys, sample_disk_write, disk, &err)) {
			fprintf(stderr, "mixed: %s\n", err.text);
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	struct arena arena = { 0 };
	bool ok = argc > 2;
	for (int i = 2; ok && i < argc; i++) {
		struct sample_disk disk = {
			.folder = argv[1],
			.corpus = sample_disk_source(&arena, "tests/corpus"),
		};
		ok = write_all(&disk, sample_disk_read(&arena, argv[i]));
	}
	arena_finish(&arena);
	return ok ? 0 : 1;
}
