// SPDX-License-Identifier: MIT
#include "core/samples/sample.h"

#include "core/base/path.h"
#include "core/samples/companion.h"
#include "core/samples/container.h"
#include "core/samples/pipeline.h"

struct maker {
	const struct spec *entry;
	const struct key_source *keys;
	struct arena arena;
	struct str path;
	sample_write_fn write;
	void *context;
};

/* A share of the whole ("0.4") or a number of bytes: a download that stopped. */
static bool cut_size(const struct spec *entry, uint64_t *size_bytes, struct error *err)
{
	struct str cut = spec_text(entry, "cut", STR_NULL);
	double share;

	if (!cut.ptr)
		return true;
	if (str_find_byte(cut, '.') < 0 && str_to_u64(cut, size_bytes))
		return true;
	if (!str_to_double(cut, &share) || share < 0 || share > 1)
		return error_set(err, ERROR_FORMAT, NULL, "cut \"%.*s\"", STR_ARG(cut));
	*size_bytes = (uint64_t)((double)*size_bytes * share);
	return true;
}

static bool parse_mode(const struct spec *entry, unsigned *mode, struct error *err)
{
	struct str text = spec_text(entry, "mode", STR_NULL);

	*mode = SAMPLE_MODE_USUAL;
	if (!text.ptr)
		return true;
	*mode = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '7' || i == 4)
			return error_set(err, ERROR_FORMAT, NULL, "mode \"%.*s\"", STR_ARG(text));
		*mode = *mode << 3 | (unsigned)(text.ptr[i] - '0');
	}
	return true;
}

/* What lies behind the end goes. */
static void cut_pieces(struct sample_file *file, struct arena *arena)
{
	struct sample_piece *kept = ARENA_NEW_N(arena, struct sample_piece, file->n_pieces + 1);
	size_t n = 0;

	for (size_t i = 0; i < file->n_pieces && file->pieces[i].at < file->size_bytes; i++) {
		uint64_t room = file->size_bytes - file->pieces[i].at;
		kept[n] = file->pieces[i];
		if (kept[n].bytes.len > room)
			kept[n].bytes.len = (size_t)room;
		n++;
	}
	file->pieces = kept;
	file->n_pieces = n;
}

static bool make_model(struct maker *maker, uint64_t *size_bytes, struct error *err)
{
	const struct container_input input = { maker->entry, maker->keys, &maker->arena };
	if (str_equal(spec_text(maker->entry, "container", STR("")), STR("diffusers")))
		return pipeline_make(&input, maker->write, maker->context, size_bytes, err);
	struct sample_file file = { .path = maker->path };
	struct bytes head = { 0 };
	bool ok = container_make(&input, &head, &file, err) &&
		  cut_size(maker->entry, &file.size_bytes, err) &&
		  parse_mode(maker->entry, &file.mode, err);

	if (ok) {
		file.head = bytes_str(&head);
		if (file.head.len > file.size_bytes)
			file.head.len = (size_t)file.size_bytes;
		cut_pieces(&file, &maker->arena);
		*size_bytes = file.size_bytes;
		ok = maker->write(maker->context, &file, err);
	}
	bytes_finish(&head);
	return ok;
}

/* The last component without its extension; a leading dot is none. */
static bool make_companion(struct maker *maker, struct str style,
			   const struct companion_model *model, struct error *err)
{
	struct str folder = str_slice(maker->path, 0, maker->path.len - model->file.len);
	struct sample_file file = {
		.path = arena_strf(&maker->arena, "%.*s%.*s.%.*s", STR_ARG(folder),
				   STR_ARG(model->stem), STR_ARG(style)),
		.mode = SAMPLE_MODE_USUAL,
	};
	struct bytes bytes = { 0 };
	bool ok = companion_append(style, model, &maker->arena, &bytes, err);

	if (ok) {
		file.head = bytes_str(&bytes);
		file.size_bytes = file.head.len;
		ok = maker->write(maker->context, &file, err);
	}
	bytes_finish(&bytes);
	return ok;
}

static bool make_companions(struct maker *maker, uint64_t size_bytes, struct error *err)
{
	const struct spec *styles = spec_find(maker->entry, "sidecars");
	ptrdiff_t slash = str_rfind_byte(maker->path, '/');
	struct companion_model model = {
		.file = str_slice(maker->path, (size_t)(slash + 1), maker->path.len),
		.size_bytes = size_bytes,
		.info = spec_find(maker->entry, "info"),
	};

	model.stem = path_stem(model.file);
	for (const struct spec *style = styles ? styles->first : NULL; style; style = style->next) {
		if (!make_companion(maker, style->text, &model, err))
			return false;
	}
	return true;
}

bool sample_make(struct str manifest_line, const struct key_source *keys, sample_write_fn write,
		 void *context, struct error *err)
{
	struct maker maker = { .keys = keys, .write = write, .context = context };
	uint64_t size_bytes = 0;
	bool ok;

	arena_init(&maker.arena);
	ok = spec_parse(manifest_line, &maker.arena, &maker.entry, err);
	if (ok) {
		maker.path = spec_text(maker.entry, "path", STR(""));
		ok = maker.path.len > 0 || error_set(err, ERROR_FORMAT, NULL, "no path");
	}
	if (ok)
		ok = (make_model(&maker, &size_bytes, err) &&
		      make_companions(&maker, size_bytes, err)) ||
		     error_context(err, "sample %.*s", STR_ARG(maker.path));
	arena_finish(&maker.arena);
	return ok;
}
