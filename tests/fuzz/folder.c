// SPDX-License-Identifier: MIT
/**
 * Reads any bytes as the files of a model folder: "=PATH" on a line of its own, then what the file
 * holds. Identifies what comes out.
 */
#include "config/knowledge.h"
#include "core/identify/identify.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES_MAX = 64 };

static int compare(const void *a, const void *b)
{
	const struct folder_file *left = a, *right = b;
	return str_compare(left->path, right->path);
}

/** Two files of one name cannot lie in a folder. */
static size_t drop_repeated(struct folder_file *files, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (!kept || !str_equal(files[kept - 1].path, files[i].path))
			files[kept++] = files[i];
	return kept;
}

static size_t split(struct str text, struct folder_file *files)
{
	size_t n = 0;
	while (n < FILES_MAX && str_cut_prefix(&text, STR("="))) {
		ptrdiff_t line = str_find_byte(text, '\n');
		size_t path_len = line < 0 ? text.len : (size_t)line;
		struct str path = str_slice(text, 0, path_len);
		text = str_slice(text, path_len < text.len ? path_len + 1 : path_len, text.len);
		ptrdiff_t next = str_find(text, STR("\n="));
		size_t len = next < 0 ? text.len : (size_t)next;
		bool is_unreadable = str_cut_suffix(&path, STR("!"));
		files[n++] = (struct folder_file){
			.path = path,
			.blob = blob_from_memory(text.ptr, len),
			.why_not = is_unreadable ? "Permission denied" : NULL,
		};
		text = str_slice(text, next < 0 ? len : len + 1, text.len);
	}
	qsort(files, n, sizeof *files, compare);
	return drop_repeated(files, n);
}

static void check(const struct reading *reading)
{
	if (reading->error.code.ptr && reading->status == STATUS_OK)
		abort();
	if (reading->n_notes > NOTES_MAX)
		abort();
	for (size_t i = 0; i < reading->table.n_tensors; i++) {
		const struct tensor *tensor = &reading->table.tensors[i];
		if (tensor->rank && !tensor->shape)
			abort();
	}
	for (size_t i = 0; i < reading->config.n_pairs; i++)
		if (str_find_byte(reading->config.pairs[i].key, ':') < 0)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct knowledge *knowledge; /* once: loading takes longer than identifying */
	struct folder_file files[FILES_MAX];
	struct error mistake = { 0 };
	if (!knowledge)
		knowledge = knowledge_load(NULL, &mistake);
	struct folder folder = { files, split((struct str){ (const char *)data, size }, files) };
	struct format_reader *reader = format_reader_create();
	struct arena arena = { 0 };
	struct gist gist = { 0 };
	struct tensor_facts facts;
	struct model model;
	format_read_folder(reader, &folder, &arena, &gist.reading);
	check(&gist.reading);
	identify_tensors(knowledge, &gist.reading.table, &gist.reading.config, &arena, &facts);
	struct identify_input input = {
		.name = STR("org/name"),
		.gist = &gist,
		.tensors = gist.reading.has_table ? &facts : NULL,
	};
	identify(knowledge, &input, &arena, &model);
	arena_finish(&arena);
	format_reader_destroy(reader);
	return 0;
}
