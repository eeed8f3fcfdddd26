// SPDX-License-Identifier: MIT
#include "core/samples/sample.h"

#include "core/samples/demo_files.h"

static struct str embedded(struct str name)
{
	for (const struct demo_file *file = demo_files; file->name; file++) {
		if (str_equal(name, str_from(file->name)))
			return (struct str){ (const char *)file->bytes, file->len };
	}
	return STR_NULL;
}

static struct str find_embedded(void *context, struct str name, struct arena *arena)
{
	(void)context;
	return embedded(arena_strf(arena, "%.*s.keys", STR_ARG(name)));
}

struct counter {
	sample_write_fn write;
	void *context;
	bool is_folder; /* of which all files are one model */
	size_t n_models;
};

/* Previews, sidecars and a downloader's control files go along; models are safetensors. */
static bool count_and_write(void *context, const struct sample_file *file, struct error *err)
{
	struct counter *counter = context;

	if (!counter->is_folder && str_has_suffix(file->path, STR(".safetensors")))
		counter->n_models++;
	return counter->write(counter->context, file, err);
}

bool sample_demo(sample_write_fn write, void *context, size_t *n_models, struct error *err)
{
	const struct key_source keys = { .find = find_embedded };
	struct counter counter = { .write = write, .context = context };
	struct str rest = embedded(STR("demo.jsonl")), line;

	while (str_next_part(&rest, '\n', &line)) {
		if (line.len == 0 || str_has_prefix(line, STR("//")))
			continue;
		counter.is_folder = str_find(line, STR("\"container\":\"diffusers\"")) >= 0;
		counter.n_models += counter.is_folder;
		if (!sample_make(line, &keys, count_and_write, &counter, err))
			return error_context(err, "demo");
	}
	*n_models = counter.n_models;
	return true;
}
