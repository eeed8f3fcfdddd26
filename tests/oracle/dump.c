// SPDX-License-Identifier: MIT
/**
 * Writes the GGUF and ONNX files of manifests to a folder and tells what our readers see in them:
 * "== FILE", then a line a tensor: name, type, place, size, shape.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/formats/format.h"
#include "core/samples/sample.h"
#include "core/samples/spec.h"
#include "tests/support/sample_disk.h"

static const char *const words[] = {
	"F32",  "F16",  "BF16", "F64",  "I8",   "I16",  "I32",  "I64",  "U8",   "BOOL",   "Q4_0",
	"Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS",
};

static const char *word_of(enum dtype dtype)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (dtype_find(str_from(words[i])) == dtype)
			return words[i];
	}
	return "?";
}

static void print_tensor(const struct tensor *tensor)
{
	printf("%.*s %s %" PRIu64 " %" PRIu64, STR_ARG(tensor->name),
	       word_of((enum dtype)tensor->dtype), tensor->offset_bytes, tensor->size_bytes);
	for (unsigned i = 0; i < tensor->rank; i++)
		printf(" %" PRIu64, tensor->shape[i]);
	printf("\n");
}

static bool print_file(void *context, const struct sample_file *file, struct error *err)
{
	const struct sample_disk *disk = context;
	struct format_reader *reader = format_reader_create();
	struct arena arena = { 0 };
	struct reading reading;
	bool ok = sample_disk_write(context, file, err);
	int fd = open(arena_printf(&arena, "%s/%.*s", disk->folder, STR_ARG(file->path)), O_RDONLY);
	struct blob blob = blob_from_fd(fd, file->size_bytes);

	format_read(reader, &blob, file->path, &arena, &reading);
	printf("== %.*s\n", STR_ARG(file->path));
	for (size_t i = 0; i < reading.table.n_tensors; i++)
		print_tensor(&reading.table.tensors[i]);
	close(fd);
	arena_finish(&arena);
	format_reader_destroy(reader);
	return ok;
}

static bool make(struct str line, struct sample_disk *disk)
{
	const struct key_source keys = sample_disk_keys();
	struct error err = { 0 };
	if (sample_make(line, &keys, print_file, disk, &err))
		return true;
	fprintf(stderr, "%s\n", err.text);
	return false;
}

static bool is_wanted(struct str line, struct arena *arena)
{
	const struct spec *entry;
	struct error err;
	if (!spec_parse(line, arena, &entry, &err))
		return false;
	struct str container = spec_text(entry, "container", STR(""));
	return str_equal(container, STR("gguf")) || str_equal(container, STR("onnx"));
}

int main(int argc, char **argv)
{
	struct arena arena = { 0 };
	bool ok = argc > 2;
	for (int i = 2; i < argc; i++) {
		struct sample_disk disk = {
			.folder = argv[1],
			.corpus = sample_disk_source(&arena, "tests/corpus"),
		};
		struct str rest = sample_disk_read(&arena, argv[i]), line;
		while (str_next_part(&rest, '\n', &line))
			if (line.len && is_wanted(line, &arena))
				ok = make(line, &disk) && ok;
	}
	arena_finish(&arena);
	return ok ? 0 : 1;
}
