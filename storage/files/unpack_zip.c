// SPDX-License-Identifier: MIT
#include "storage/files/unpack_zip.h"

#include <string.h>

#include "core/formats/zip_directory.h"

/** Entries of one name: there may be several. */
struct zip_name {
	uint64_t n, sum_bytes;
};

/* Folders end in a slash for one reader and not for the other. */
static struct str bare(struct str name)
{
	while (str_cut_suffix(&name, STR("/")))
		;
	return name;
}

static void add_all(struct unpack_zip *zip, const struct zip_directory *directory,
		    struct arena *arena)
{
	map_init(&zip->by_name, arena, directory->n_entries + 1);
	for (size_t i = 0; i < directory->n_entries; i++) {
		void **place = map_place(&zip->by_name, bare(directory->entries[i].name));
		struct zip_name *name =
			*place ? *place : (*place = ARENA_NEW(arena, struct zip_name));
		name->n++;
		name->sum_bytes += directory->entries[i].size_bytes;
	}
	zip->n_left = directory->n_entries;
}

void unpack_zip_read(struct unpack_zip *zip, const struct blob *blob, struct arena *arena)
{
	char magic[4];
	struct error ignored; /* libarchive tells what cannot be read */
	struct reading reading = { 0 };
	struct zip_directory directory;
	struct format_job job = { .blob = blob, .arena = arena, .out = &reading };
	*zip = (struct unpack_zip){ 0 };
	if (!blob_read_at(blob, 0, magic, sizeof magic, &ignored) || memcmp(magic, "PK", 2) != 0)
		return;
	zip->is_zip = true;
	if (zip_directory_read(&job, arena, &directory))
		add_all(zip, &directory, arena);
	else
		zip->differs = true;
}

void unpack_zip_meet(struct unpack_zip *zip, const struct unpack_member *member)
{
	if (!zip->is_zip || zip->differs)
		return;
	struct zip_name *name = map_find(&zip->by_name, bare(member->path));
	zip->differs = !name || name->n == 0 || name->sum_bytes < member->size_bytes;
	if (zip->differs)
		return;
	name->n--;
	name->sum_bytes -= member->size_bytes;
	zip->differs = name->n == 0 && name->sum_bytes > 0;
	zip->n_left--;
}

bool unpack_zip_agrees(const struct unpack_zip *zip, struct error *err)
{
	if (!zip->is_zip || (!zip->differs && zip->n_left == 0))
		return true;
	return error_set(err, ERROR_FORMAT, "W_ZIP_AMBIG", "zip can be read in two ways");
}
