// SPDX-License-Identifier: MIT
#include "core/samples/pipeline.h"

#include "core/base/json_write.h"
#include "core/formats/tensor_table.h"
#include "core/samples/parts.h"

struct maker {
	const struct container_input *input;
	struct str folder; /* the entry's path */
	sample_write_fn write;
	void *context;
	uint64_t size_bytes;
};

/** A component while it is written. */
struct component_maker {
	struct maker *maker;
	const struct spec *component; /* as an entry of its own */
	struct str place, stem;
	struct array rows; /* struct key_row */
};

/* Files. */

static struct str join(struct maker *maker, struct str dir, struct str name)
{
	bool is_top = !dir.len || str_equal(dir, STR("."));
	return is_top ? arena_strf(maker->input->arena, "%.*s/%.*s", STR_ARG(maker->folder),
				   STR_ARG(name))
		      : arena_strf(maker->input->arena, "%.*s/%.*s/%.*s", STR_ARG(maker->folder),
				   STR_ARG(dir), STR_ARG(name));
}

static bool write_file(struct maker *maker, struct str path, struct str head,
		       struct sample_file *file, struct error *err)
{
	file->path = path;
	file->head = head;
	file->mode = SAMPLE_MODE_USUAL;
	maker->size_bytes += file->size_bytes;
	return maker->write(maker->context, file, err);
}

/** A text as it stands, anything else as JSON. */
static bool write_spec(struct maker *maker, struct str path, const struct spec *spec,
		       struct error *err)
{
	struct bytes text = { 0 };
	struct json_writer json = json_writer(&text);
	struct spec nameless = *spec;
	nameless.key = STR_NULL;
	if (spec->type == SPEC_TEXT)
		bytes_append_str(&text, spec->text);
	else
		spec_write(&nameless, maker->input->arena, &json);
	struct sample_file file = { .size_bytes = text.len };
	bool ok = write_file(maker, path, bytes_str(&text), &file, err);
	bytes_finish(&text);
	return ok;
}

/* Weights. */

/** The component as an entry: with a container, the metadata of a converter, the entry's dtype. */
static const struct spec *entry_of(const struct maker *maker, const struct spec *component)
{
	static const struct spec format = { SPEC_TEXT, { "format", 6 }, { "pt", 2 }, NULL, NULL };
	struct arena *arena = maker->input->arena;
	bool is_pickle = str_equal(spec_text(component, "format", STR("")), STR("bin"));
	struct spec *added = ARENA_NEW_N(arena, struct spec, 3),
		    *entry = ARENA_NEW(arena, struct spec);
	struct str dtype = spec_text(maker->input->entry, "dtype", STR("F16"));
	added[0] =
		(struct spec){ SPEC_TEXT, STR("container"),
			       is_pickle ? STR("torch-zip") : STR("safetensors"), NULL, &added[1] };
	added[1] = (struct spec){ SPEC_TABLE, STR("metadata"), STR_NULL, &format, &added[2] };
	added[2] = (struct spec){ SPEC_TEXT, STR("dtype"), spec_text(component, "dtype", dtype),
				  NULL, component->first };
	*entry = (struct spec){ SPEC_TABLE, STR_NULL, STR_NULL, &added[0], NULL };
	return entry;
}

static bool write_whole(struct component_maker *component, struct error *err)
{
	struct maker *maker = component->maker;
	const struct container_input input = {
		component->component,
		maker->input->keys,
		maker->input->arena,
	};
	bool is_pickle = str_equal(spec_text(component->component, "format", STR("")), STR("bin"));
	struct str name = arena_strf(maker->input->arena, "%.*s%s", STR_ARG(component->stem),
				     is_pickle ? ".bin" : ".safetensors");
	struct sample_file file = { 0 };
	struct bytes head = { 0 };
	bool ok = container_make(&input, &head, &file, err) &&
		  write_file(maker, join(maker, component->place, name), bytes_str(&head), &file,
			     err);
	bytes_finish(&head);
	return ok;
}

static bool is_left_out(const struct spec *component, size_t number)
{
	const struct spec *missing = spec_find(component, "missing");
	for (const struct spec *one = missing ? missing->first : NULL; one; one = one->next) {
		uint64_t value;
		if (str_to_u64(one->text, &value) && value == number)
			return true;
	}
	return false;
}

static uint64_t bytes_of(const struct key_row *row)
{
	return key_elements(row) * dtype_bits(row->dtype) / 8;
}

/** How many of the rows from `first` on fit into one shard; at least one. */
static size_t shard_length(const struct array *rows, size_t first, uint64_t limit)
{
	uint64_t used = 0;
	size_t n = 0;
	for (; first + n < rows->len; n++) {
		uint64_t more = bytes_of(ARRAY_AT(rows, struct key_row, first + n));
		if (n && used + more > limit)
			break;
		used += more;
	}
	return n;
}

static struct str shard_file(const struct component_maker *component, size_t number, size_t count)
{
	return arena_strf(component->maker->input->arena, "%.*s-%05zu-of-%05zu.safetensors",
			  STR_ARG(component->stem), number, count);
}

static bool write_shard(struct component_maker *component, struct str name, size_t first, size_t n,
			struct error *err)
{
	struct maker *maker = component->maker;
	const struct container_input input = {
		component->component,
		maker->input->keys,
		maker->input->arena,
	};
	struct array rows = ARRAY_OF(struct key_row);
	struct sample_file file = { 0 };
	struct bytes head = { 0 };
	for (size_t i = 0; i < n; i++)
		*ARRAY_PUSH(&rows, struct key_row) =
			*ARRAY_AT(&component->rows, struct key_row, first + i);
	container_safetensors(&input, &rows, &head, &file);
	bool ok = write_file(maker, join(maker, component->place, name), bytes_str(&head), &file,
			     err);
	bytes_finish(&head);
	array_finish(&rows);
	return ok;
}

static bool write_index(struct component_maker *component, const struct bytes *map,
			struct error *err)
{
	struct maker *maker = component->maker;
	struct str name = arena_strf(maker->input->arena, "%.*s.safetensors.index.json",
				     STR_ARG(component->stem));
	uint64_t total = 0;
	struct bytes text = { 0 };
	for (size_t i = 0; i < component->rows.len; i++)
		total += bytes_of(ARRAY_AT(&component->rows, struct key_row, i));
	bytes_printf(&text, "{\"metadata\":{\"total_size\":%llu},\"weight_map\":{",
		     (unsigned long long)total);
	bytes_append_str(&text, bytes_str(map));
	bytes_append_str(&text, STR("}}\n"));
	struct sample_file file = { .size_bytes = text.len };
	bool ok = write_file(maker, join(maker, component->place, name), bytes_str(&text), &file,
			     err);
	bytes_finish(&text);
	return ok;
}

static bool write_shards(struct component_maker *component, uint64_t limit, struct error *err)
{
	const struct array *rows = &component->rows;
	size_t count = 0, number = 0;
	struct bytes map = { 0 };
	struct json_writer json = json_writer(&map);
	bool ok = true;
	for (size_t first = 0; first < rows->len; first += shard_length(rows, first, limit))
		count++;
	for (size_t first = 0; ok && first < rows->len;) {
		size_t n = shard_length(rows, first, limit);
		struct str name = shard_file(component, ++number, count);
		for (size_t i = first; i < first + n; i++)
			json_string(&json, ARRAY_AT(rows, struct key_row, i)->name.ptr, name);
		if (!is_left_out(component->component, number))
			ok = write_shard(component, name, first, n, err);
		first += n;
	}
	ok = ok && write_index(component, &map, err);
	bytes_finish(&map);
	return ok;
}

static bool write_weights(struct component_maker *component, struct error *err)
{
	const struct container_input *input = component->maker->input;
	uint64_t limit = spec_number(component->component, "shard_bytes", 0);
	if (!limit)
		return write_whole(component, err);
	bool ok = parts_build(component->component, input->keys, input->arena, &component->rows,
			      err) &&
		  write_shards(component, limit, err);
	array_finish(&component->rows);
	return ok;
}

static bool make_component(struct maker *maker, const struct spec *spec, struct error *err)
{
	const struct spec *config = spec_find(spec, "config");
	struct component_maker component = {
		.maker = maker,
		.component = entry_of(maker, spec),
		.place = spec_text(spec, "dir", STR(".")),
		.stem = spec_text(spec, "stem", STR("diffusion_pytorch_model")),
		.rows = ARRAY_OF(struct key_row),
	};
	if (config &&
	    !write_spec(maker, join(maker, component.place, STR("config.json")), config, err))
		return false;
	return !spec_find(spec, "parts") || write_weights(&component, err);
}

bool pipeline_make(const struct container_input *input, sample_write_fn write, void *context,
		   uint64_t *size_bytes, struct error *err)
{
	struct maker maker = { input, spec_text(input->entry, "path", STR("")), write, context, 0 };
	const struct spec *index = spec_find(input->entry, "index");
	const struct spec *files = spec_find(input->entry, "files");
	const struct spec *components = spec_find(input->entry, "components");
	bool ok = !index ||
		  write_spec(&maker, join(&maker, STR(""), STR("model_index.json")), index, err);
	for (const struct spec *one = files ? files->first : NULL; ok && one; one = one->next)
		ok = write_spec(&maker, join(&maker, STR(""), one->key), one, err);
	for (const struct spec *one = components ? components->first : NULL; ok && one;
	     one = one->next)
		ok = make_component(&maker, one, err);
	*size_bytes = maker.size_bytes;
	return ok;
}
