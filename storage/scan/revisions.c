// SPDX-License-Identifier: MIT
#include "storage/scan/revisions.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/base/blob.h"
#include "core/base/path.h"
#include "core/formats/weights.h"
#include "storage/scan/beneath.h"
#include "storage/scan/names.h"

enum { REVISION_DIGITS = 40 }; /* of a git commit */

/** What refs/main says; STR_NULL when it is not there or not a revision. */
static struct str main_revision(int root_fd, const struct hub_place *place, struct arena *arena)
{
	char digits[REVISION_DIGITS];
	struct error err;
	int fd = beneath_open(root_fd,
			      arena_printf(arena, "%.*s/refs/main", STR_ARG(place->repository)),
			      O_RDONLY);
	if (fd < 0)
		return STR_NULL;
	struct blob blob = blob_from_fd(fd, sizeof digits);
	bool is_read = blob_read_at(&blob, 0, digits, sizeof digits, &err);
	close(fd);
	return is_read ? arena_str(arena, (struct str){ digits, sizeof digits }) : STR_NULL;
}

static bool comes_before(struct str a, struct str b, struct str first)
{
	if (str_equal(a, first) || str_equal(b, first))
		return str_equal(a, first) && !str_equal(b, first);
	return str_compare(a, b) < 0;
}

static void take_revisions(struct revisions *revisions, int fd, struct str first,
			   struct arena *arena)
{
	struct listing listing = { 0 };
	struct error err;
	if (listing_read(&listing, fd, &err))
		for (size_t i = 0; i < listing.names.len; i++) {
			struct str name = ARRAY_AT(&listing.names, struct listed, i)->name;
			if (comes_before(name, revisions->place.revision, first))
				*ARRAY_PUSH(&revisions->before, struct str) =
					arena_str(arena, name);
		}
	listing_finish(&listing);
}

void revisions_init(struct revisions *revisions, int root_fd, struct str path, struct arena *arena)
{
	*revisions = (struct revisions){ .root_fd = root_fd, .before = ARRAY_OF(struct str) };
	if (!hub_place_parse(path, &revisions->place))
		return;
	int fd = beneath_open(
		root_fd,
		arena_printf(arena, "%.*s/snapshots", STR_ARG(revisions->place.repository)),
		O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return;
	take_revisions(revisions, fd, main_revision(root_fd, &revisions->place, arena), arena);
	close(fd);
}

void revisions_finish(struct revisions *revisions)
{
	array_finish(&revisions->before);
}

/** Does the path below another revision lead to that file? */
static bool is_same(const struct revisions *revisions, struct str revision, struct str rest,
		    uint64_t inode, struct arena *arena)
{
	struct stat st;
	const char *path = arena_printf(arena, "%.*s/snapshots/%.*s/%.*s",
					STR_ARG(revisions->place.repository), STR_ARG(revision),
					STR_ARG(rest));
	return fstatat(revisions->root_fd, path, &st, 0) == 0 && st.st_ino == inode;
}

/** Other words about the same weights make no other model. */
static bool are_same_parts(const struct revisions *revisions, struct str revision, struct str rest,
			   const struct candidate *candidate, struct arena *arena)
{
	for (size_t i = 0; i < candidate->n_parts; i++) {
		const struct part *part = &candidate->parts[i];
		struct str path = path_join(arena, rest, part->path);
		if (weights_is_name(name_of_path(part->path)) &&
		    !is_same(revisions, revision, path, part->inode, arena))
			return false;
	}
	return true;
}

static bool is_in(const struct revisions *revisions, struct str revision,
		  const struct candidate *candidate, struct arena *arena)
{
	struct hub_place place;
	if (!hub_place_parse(candidate->path, &place))
		return false;
	if (candidate->type == CANDIDATE_FOLDER)
		return are_same_parts(revisions, revision, place.rest, candidate, arena);
	if (candidate->type != CANDIDATE_SHARDS)
		return is_same(revisions, revision, place.rest, candidate->state.inode, arena);
	ptrdiff_t slash = str_rfind_byte(place.rest, '/');
	struct str folder = str_slice(place.rest, 0, slash < 0 ? 0 : (size_t)slash);
	return are_same_parts(revisions, revision, folder, candidate, arena);
}

bool revisions_show(const struct revisions *revisions, const struct candidate *candidate,
		    struct arena *arena)
{
	for (size_t i = 0; i < revisions->before.len; i++)
		if (is_in(revisions, *ARRAY_AT(&revisions->before, struct str, i), candidate,
			  arena))
			return true;
	return false;
}
