// SPDX-License-Identifier: MIT
/**
 * Where things live: contract.md, "Where things live". Decides from arguments and environment.
 */
#ifndef CONFIG_PATHS_H
#define CONFIG_PATHS_H

#include "core/base/arena.h"

struct paths {
	const char *data_dir; /* user.db, index.db, lock, backups/ */
	const char *config_file;
	const char *knowledge_dir;   /* knowledge/ beside the config file */
	const char *trash_dir;       /* $XDG_DATA_HOME/Trash */
	const char *cache_dir;       /* $XDG_CACHE_HOME/lorarium */
	const char *data_dir_source; /* "--data", "$LORARIUM_DATA", "$XDG_DATA_HOME", "default" */
	const char *config_file_source;
};

/** @data, @config: the options' values or NULL. Empty or relative XDG values count as unset. */
struct paths paths_find(const char *data, const char *config, struct arena *arena);

#endif
