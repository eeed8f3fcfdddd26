// SPDX-License-Identifier: MIT
#include "core/formats/component.h"
#include "core/formats/diffusers.h"
#include "core/formats/shard_set.h"

/** The files of a sharded set, and nothing beside them that would be another copy. */
static bool read_shards(struct gather *gather)
{
	struct shard_set set = { .folder = STR("") };
	for (size_t i = 0; i < gather->folder->n_files; i++) {
		const struct folder_file *file = &gather->folder->files[i];
		struct shard_name name;
		if (!shard_name_parse(file->path, &name))
			continue;
		if (!name.count)
			set.index = file;
		if (name.count || !set.name.count)
			set.name = name;
	}
	if (set.name.extension.ptr)
		shard_set_read(gather, &set, STR(""));
	return set.name.extension.ptr != NULL;
}

void format_read_folder(struct format_reader *reader, const struct folder *folder,
			struct arena *arena, struct reading *out)
{
	struct gather gather;
	gather_init(&gather, reader, folder, arena, out);
	if (!diffusers_read(&gather) && !read_shards(&gather) &&
	    !component_read(&gather, STR(""), STR("")))
		reading_fail(out, arena, "E_NOT_FILE", "not a regular file");
	gather_finish(&gather);
}
