// SPDX-License-Identifier: MIT
#include "config/paths.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *set_or_null(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

/* The specification: "must be absolute; if not, consider the path invalid and ignore it". */
static const char *xdg(const char *name)
{
	const char *value = set_or_null(name);
	return value && value[0] == '/' ? value : NULL;
}

/* Without a home of any kind things go below the working folder rather than into "/". */
static const char *home(struct arena *arena)
{
	const char *value = set_or_null("HOME");
	if (value)
		return value;
	const struct passwd *user = getpwuid(getuid());
	return arena_cstr(arena, str_from(user && user->pw_dir[0] == '/' ? user->pw_dir : "."));
}

/* The XDG folder of ours: its variable or, below the home, where the specification says. */
static const char *ours(const char *variable, const char *below_home, struct arena *arena,
			const char **source)
{
	const char *base = xdg(variable);
	*source = base ? arena_printf(arena, "$%s", variable) : "default";
	if (base)
		return arena_printf(arena, "%s/lorarium", base);
	return arena_printf(arena, "%s/%s/lorarium", home(arena), below_home);
}

/* Options and $LORARIUM_DATA mean what a shell would make of them, from the working folder on. */
static const char *expanded(const char *path, struct arena *arena)
{
	if (path[0] == '~' && (path[1] == '/' || path[1] == '\0'))
		return arena_printf(arena, "%s%s", home(arena), path + 1);
	char *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
	if (!here)
		return arena_cstr(arena, str_from(path));
	const char *absolute = arena_printf(arena, "%s/%s", here[1] ? here : "", path);
	free(here);
	return absolute;
}

static const char *beside(const char *file, const char *name, struct arena *arena)
{
	const char *slash = strrchr(file, '/');
	if (!slash)
		return arena_cstr(arena, str_from(name));
	return arena_printf(arena, "%.*s/%s", (int)(slash - file), file, name);
}

static void find_data(struct paths *paths, const char *data, struct arena *arena)
{
	const char *variable = set_or_null("LORARIUM_DATA");
	if (data) {
		paths->data_dir = expanded(data, arena);
		paths->data_dir_source = "--data";
	} else if (variable) {
		paths->data_dir = expanded(variable, arena);
		paths->data_dir_source = "$LORARIUM_DATA";
	} else {
		paths->data_dir =
			ours("XDG_DATA_HOME", ".local/share", arena, &paths->data_dir_source);
	}
}

static void find_config(struct paths *paths, const char *config, struct arena *arena)
{
	if (config) {
		paths->config_file = expanded(config, arena);
		paths->config_file_source = "--config";
	} else {
		const char *dir =
			ours("XDG_CONFIG_HOME", ".config", arena, &paths->config_file_source);
		paths->config_file = arena_printf(arena, "%s/config.ini", dir);
	}
	paths->knowledge_dir = beside(paths->config_file, "knowledge", arena);
}

struct paths paths_find(const char *data, const char *config, struct arena *arena)
{
	struct paths paths = { 0 };
	const char *cache_source;
	find_data(&paths, data, arena);
	find_config(&paths, config, arena);
	const char *xdg_data = xdg("XDG_DATA_HOME");
	paths.trash_dir = xdg_data ? arena_printf(arena, "%s/Trash", xdg_data)
				   : arena_printf(arena, "%s/.local/share/Trash", home(arena));
	paths.cache_dir = ours("XDG_CACHE_HOME", ".cache", arena, &cache_source);
	return paths;
}
