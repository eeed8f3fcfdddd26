// SPDX-License-Identifier: MIT
#include "core/formats/component.h"

#include "core/formats/shard_set.h"
#include "core/formats/weights.h"

/** One way in which the weights are stored. */
struct copy {
	const struct folder_file *file; /* NULL: in parts */
	struct shard_set set;
	unsigned rank; /* the least is loaded */
};

static struct copy *find_set(const struct array *copies, const struct shard_name *name)
{
	for (size_t i = copies->len; i > 0; i--) {
		struct copy *copy = ARRAY_AT(copies, struct copy, i - 1);
		if (!copy->file && shard_name_is_same_set(&copy->set.name, name))
			return copy;
	}
	return NULL;
}

static void take_shard(struct array *copies, struct str folder, const struct folder_file *file,
		       const struct shard_name *name, unsigned rank)
{
	struct copy *copy = find_set(copies, name);
	if (!copy) {
		copy = ARRAY_PUSH(copies, struct copy);
		copy->set = (struct shard_set){ .folder = folder, .name = *name };
		copy->rank = rank;
	}
	if (!name->count)
		copy->set.index = file;
	else if (!copy->set.name.count)
		copy->set.name = *name;
}

static void take_file(struct array *copies, struct str folder, const struct folder_file *file)
{
	struct str name = str_slice(file->path, folder.len, file->path.len);
	struct shard_name shard;
	if (!weights_is_name(name))
		return;
	if (shard_name_parse(name, &shard))
		take_shard(copies, folder, file, &shard, weights_rank(name));
	else
		*ARRAY_PUSH(copies, struct copy) =
			(struct copy){ .file = file, .rank = weights_rank(name) };
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
		(void)gather_file(gather, copy->file, prefix); /* an error is told */
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
		if (weights_is_name(name) && !is_index && !is_of_copy(best, file, name))
			gather_safety(gather, file);
	}
}

static void note_others(struct gather *gather, const struct copy *best, struct str folder,
			size_t n_others)
{
	struct str name = best->file ? str_slice(best->file->path, folder.len, best->file->path.len)
				     : shard_name_of_whole(&best->set.name, gather->arena);
	reading_note(gather->out, gather->arena, "W_VARIANTS",
		     "%.*s%.*s counts; %zu other %s of these weights lie%s beside it",
		     STR_ARG(folder), STR_ARG(name), n_others, n_others == 1 ? "copy" : "copies",
		     n_others == 1 ? "s" : "");
}

bool component_read(struct gather *gather, struct str folder, struct str prefix)
{
	struct folder files = folder_below(gather->folder, folder);
	struct array copies = ARRAY_OF(struct copy);
	for (size_t i = 0; i < files.n_files; i++)
		take_file(&copies, folder, &files.files[i]);
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
