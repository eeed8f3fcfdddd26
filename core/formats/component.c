// SPDX-License-Identifier: MIT
#include "core/formats/component.h"

#include "core/formats/shard_set.h"

/** One way in which the weights are stored. */
struct copy {
	const struct folder_file *file;	/* NULL: in parts */
	struct shard_set set;
	unsigned rank;			/* the least is loaded */
};

/* What the libraries call their weights, and look for in this order:
   huggingface/diffusers:src/diffusers/utils/constants.py, huggingface/transformers. */
static const struct str stems[] = {
	{ "diffusion_pytorch_model", 23 }, { "model", 5 }, { "pytorch_model", 13 },
};

static const struct str extensions[] = {
	{ ".safetensors", 12 }, { ".bin", 4 }, { ".sft", 4 }, { ".pt", 3 }, { ".pth", 4 },
	{ ".ckpt", 5 }, { ".gguf", 5 },
};

#define N_OF(list) (sizeof(list) / sizeof *(list))

/** Index into `extensions`; N_OF(extensions): these are no weights. */
static size_t extension_rank(struct str name)
{
	size_t i = 0;
	while (i < N_OF(extensions) && !str_has_suffix(name, extensions[i]))
		i++;
	return i;
}

/** Index into `stems`; N_OF(stems): some other name. */
static size_t stem_rank(struct str common, bool *is_variant)
{
	size_t i = 0;
	for (*is_variant = false; i < N_OF(stems); i++) {
		struct str rest = common;
		if (!str_cut_prefix(&rest, stems[i]) || (rest.len && *rest.ptr != '.'))
			continue;
		*is_variant = rest.len > 0;
		break;
	}
	return i;
}

/** Usual names before others, whole precision before a variant, then by extension and stem. */
static unsigned rank_of(struct str common, struct str extension, bool is_in_parts)
{
	bool is_variant;
	unsigned stem = (unsigned)stem_rank(common, &is_variant);
	unsigned kind = (unsigned)extension_rank(extension);
	return (stem == N_OF(stems)) << 16 | (unsigned)is_variant << 12 | kind << 8 | stem << 4 |
	       is_in_parts;
}

static struct copy *find_set(const struct array *copies, const struct shard_name *name)
{
	for (size_t i = copies->len; i > 0; i--) {
		struct copy *copy = ARRAY_AT(copies, struct copy, i - 1);
		if (!copy->file && shard_name_is_same_set(&copy->set.name, name))
			return copy;
	}
	return NULL;
}

static void take_shard(struct gather *gather, struct array *copies, struct str folder,
		       const struct folder_file *file, const struct shard_name *name)
{
	struct copy *copy = find_set(copies, name);
	if (!copy) {
		copy = ARRAY_PUSH(copies, struct copy);
		copy->set = (struct shard_set){ .folder = folder, .name = *name };
		copy->rank = rank_of(shard_name_common(name, gather->arena), name->extension, true);
	}
	if (!name->count)
		copy->set.index = file;
	else if (!copy->set.name.count)
		copy->set.name = *name;
}

static void take_file(struct gather *gather, struct array *copies, struct str folder,
		      const struct folder_file *file)
{
	struct str name = str_slice(file->path, folder.len, file->path.len), stem = name;
	struct shard_name shard;
	if (!component_is_weights(name))
		return;
	if (shard_name_parse(name, &shard)) {
		take_shard(gather, copies, folder, file, &shard);
		return;
	}
	struct copy *copy = ARRAY_PUSH(copies, struct copy);
	stem.len -= extensions[extension_rank(name)].len;
	copy->file = file;
	copy->rank = rank_of(stem, name, false);
}

bool component_is_weights(struct str name)
{
	struct shard_name shard;
	if (str_find_byte(name, '/') >= 0)
		return false;
	if (shard_name_parse(name, &shard))
		return extension_rank(shard.extension) < N_OF(extensions);
	return extension_rank(name) < N_OF(extensions);
}

static const struct copy *best_of(const struct array *copies)
{
	const struct copy *best = NULL;
	for (size_t i = 0; i < copies->len; i++) {
		const struct copy *copy = ARRAY_AT(copies, struct copy, i);
		if (!best || copy->rank < best->rank)
			best = copy;
	}
	return best;
}

static void read_copy(struct gather *gather, const struct copy *copy, struct str prefix)
{
	if (copy->file)
		(void)gather_file(gather, copy->file, prefix);	/* an error is told */
	else
		shard_set_read(gather, &copy->set, prefix);
}

static bool is_of_copy(const struct copy *copy, const struct folder_file *file, struct str name)
{
	struct shard_name shard;
	if (copy->file)
		return copy->file == file;
	return shard_name_parse(name, &shard) && shard_name_is_same_set(&shard, &copy->set.name);
}

/** What lies beside the copy that counts. */
static void look_at_others(struct gather *gather, const struct copy *best, struct str folder)
{
	struct folder files = folder_below(gather->folder, folder);
	for (size_t i = 0; i < files.n_files; i++) {
		const struct folder_file *file = &files.files[i];
		struct str name = str_slice(file->path, folder.len, file->path.len);
		struct shard_name shard;
		bool is_index = shard_name_parse(name, &shard) && !shard.count;
		if (component_is_weights(name) && !is_index && !is_of_copy(best, file, name))
			gather_safety(gather, file);
	}
}

static void note_others(struct gather *gather, const struct copy *best, struct str folder,
			size_t n_others)
{
	struct str name = best->file ? best->file->path
				     : shard_name_common(&best->set.name, gather->arena);
	if (!best->file)
		name = arena_strf(gather->arena, "%.*s%.*s%.*s", STR_ARG(folder), STR_ARG(name),
				  STR_ARG(best->set.name.extension));
	reading_note(gather->out, gather->arena, "W_VARIANTS",
		     "%.*s counts; %zu other %s of these weights lie%s beside it", STR_ARG(name),
		     n_others, n_others == 1 ? "copy" : "copies", n_others == 1 ? "s" : "");
}

bool component_read(struct gather *gather, struct str folder, struct str prefix)
{
	struct folder files = folder_below(gather->folder, folder);
	struct array copies = ARRAY_OF(struct copy);
	for (size_t i = 0; i < files.n_files; i++)
		take_file(gather, &copies, folder, &files.files[i]);
	const struct copy *best = best_of(&copies);
	if (best) {
		read_copy(gather, best, prefix);
		look_at_others(gather, best, folder);
	}
	if (copies.len > 1)
		note_others(gather, best, folder, copies.len - 1);
	array_finish(&copies);
	return best != NULL;
}
