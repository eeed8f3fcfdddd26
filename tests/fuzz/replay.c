// SPDX-License-Identifier: MIT
/**
 * Runs a fuzz target over every file of the folders given, and over cut-off copies of each:
 * the bounded replay of ./check, without libFuzzer.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CUTS = 8, SEED_MAX = 16 << 20 };

static bool run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	uint8_t *buffer = malloc(SEED_MAX);
	size_t size = buffer ? fread(buffer, 1, SEED_MAX, file) : 0;
	fclose(file);
	/* Each copy is of its exact size, so that a read past the end is seen. */
	for (int cut = 0; buffer && cut <= CUTS; cut++) {
		size_t part = size - size * (size_t)cut / CUTS;
		uint8_t *exact = malloc(part ? part : 1);
		for (size_t i = 0; exact && i < part; i++)
			exact[i] = buffer[i];
		if (exact)
			LLVMFuzzerTestOneInput(exact, part);
		free(exact);
	}
	free(buffer);
	return true;
}

int main(int argc, char **argv)
{
	int n_seeds = 0;
	for (int i = 1; i < argc; i++) {
		struct dirent **names = NULL;
		int n = scandir(argv[i], &names, NULL, alphasort);
		for (int j = 0; j < n; j++) {
			char path[4096];
			snprintf(path, sizeof path, "%s/%s", argv[i], names[j]->d_name);
			if (names[j]->d_name[0] != '.')
				n_seeds += run_file(path);
			free(names[j]);
		}
		free(names);
	}
	printf("%d seeds replayed\n", n_seeds);
	return n_seeds > 0 ? 0 : 1;
}
