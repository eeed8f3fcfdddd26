// SPDX-License-Identifier: MIT
/**
 * One folder as plans see it: its models, and which of its other files belong to which.
 */
#ifndef STORAGE_FILES_FOLDER_VIEW_H
#define STORAGE_FILES_FOLDER_VIEW_H

#include "core/base/error.h"
#include "core/base/map.h"
#include "storage/scan/companions.h"
#include "storage/scan/listing.h"
#include "storage/scan/names.h"

struct folder_view {
	struct arena arena;
	struct listing listing; /* owns the names */
	struct str path;        /* absolute; STR_NULL: none was read yet */
	const struct str *models;
	size_t n_models;
	const struct str *repeated; /* of each: the name that its sidecars repeat */
	const struct str *others;
	size_t n_others;
	const struct companions *companions; /* of each */
	struct map by_name;                  /* name -> index + 1 */
	struct map by_stem;                  /* stem -> how many */
};

/** Reads another folder, unless it is that already. @err  SYSTEM */
NODISCARD bool folder_view_read(struct folder_view *view, struct str path,
				const struct name_rules *rules, struct error *err);
void folder_view_finish(struct folder_view *view);

/** Its companions, of the first part of a sharded set those of the whole; NULL: no model has that name. */
const struct companions *folder_view_find(const struct folder_view *view, struct str name);

/** The companions of a model that is a folder of that name. */
void folder_view_find_folder(const struct folder_view *view, struct str name, struct arena *arena,
			     struct companions *out);

/** Another model of the folder that has the same stem, and so the same sidecars, after the i-th of
 *  these; STR_NULL when there are no more. */
struct str folder_view_sibling(const struct folder_view *view, struct str name, size_t i);

#endif
