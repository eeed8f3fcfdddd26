// SPDX-License-Identifier: MIT
#include "storage/scan/hub.h"

#include <fcntl.h>
#include <unistd.h>

#include "storage/scan/listing.h"
#include "storage/scan/names.h"

enum { SHA256_DIGITS = 64 };

#define REPOSITORY STR("models--")

/** The last component that names a repository and is followed by "/snapshots/REVISION". */
bool hub_place_parse(struct str path, struct hub_place *out)
{
	struct str rest = path, component;
	size_t at = 0;
	bool is_found = false;
	while (str_next_part(&rest, '/', &component)) {
		size_t end = at + component.len;
		struct str behind = str_slice(path, end < path.len ? end + 1 : path.len, path.len);
		at = end + 1;
		if (!str_has_prefix(component, REPOSITORY) ||
		    !str_cut_prefix(&behind, STR("snapshots/")) ||
		    !str_next_part(&behind, '/', &out->revision) || !out->revision.len)
			continue;
		out->repository = str_slice(path, 0, end);
		out->rest = behind.ptr ? behind : STR("");
		is_found = true;
	}
	return is_found;
}

struct str hub_name(const struct hub_place *place, struct arena *arena)
{
	struct str name = name_of_path(place->repository);
	(void)str_cut_prefix(&name, REPOSITORY);
	ptrdiff_t dashes = str_find(name, STR("--"));
	if (dashes < 0)
		return arena_str(arena, name);
	struct str owner = str_slice(name, 0, (size_t)dashes);
	return arena_strf(arena, "%.*s/%.*s", STR_ARG(owner),
			  STR_ARG(str_slice(name, (size_t)dashes + 2, name.len)));
}

static bool holds_unfinished(int fd)
{
	struct listing listing = { 0 };
	struct error err;
	bool is_found = false, is_listed = listing_read(&listing, fd, &err);
	for (size_t i = 0; is_listed && i < listing.names.len && !is_found; i++)
		is_found = str_has_suffix(ARRAY_AT(&listing.names, struct listed, i)->name,
					  STR(".incomplete"));
	listing_finish(&listing);
	return is_found;
}

bool hub_is_fetching(struct str path)
{
	struct hub_place place;
	struct arena arena = { 0 };
	if (!hub_place_parse(path, &place))
		return false;
	int fd = open(arena_printf(&arena, "%.*s/blobs", STR_ARG(place.repository)),
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool is_fetching = fd >= 0 && holds_unfinished(fd);
	if (fd >= 0)
		close(fd);
	arena_finish(&arena);
	return is_fetching;
}

bool hub_is_blob(struct str repository, struct str path)
{
	return str_cut_prefix(&path, repository) && str_cut_prefix(&path, STR("/blobs/")) &&
	       path.len && str_find_byte(path, '/') < 0;
}

struct str hub_sha256(struct str path)
{
	struct str name = name_of_path(path), repository = path;
	repository.len -= name.len;
	if (!str_cut_suffix(&repository, STR("/blobs/")) ||
	    !str_has_prefix(name_of_path(repository), REPOSITORY))
		return STR_NULL;
	for (size_t i = 0; i < name.len; i++)
		if (!((name.ptr[i] >= '0' && name.ptr[i] <= '9') ||
		      (name.ptr[i] >= 'a' && name.ptr[i] <= 'f')))
			return STR_NULL;
	return name.len == SHA256_DIGITS ? name : STR_NULL;
}

bool hub_is_inner_folder(struct str path)
{
	static const struct str inner[] = {
		{ "blobs", 5 },
		{ "refs", 4 },
		{ "trees", 5 },
		{ ".no_exist", 9 },
	};
	struct str name = name_of_path(path), repository = name_of_folder(path);
	for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
		if (str_equal(name, inner[i]))
			return str_has_prefix(repository, REPOSITORY);
	return false;
}
