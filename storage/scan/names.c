// SPDX-License-Identifier: MIT
#include "storage/scan/names.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "storage/scan/hub.h"

static const struct str usual_extensions[] = {
	{ ".safetensors", 12 }, { ".sft", 4 }, { ".ckpt", 5 }, { ".pt", 3 },   { ".pt2", 4 },
	{ ".pth", 4 },          { ".bin", 4 }, { ".pkl", 4 },  { ".gguf", 5 }, { ".onnx", 5 },
};

/* Firefox, Chromium, aria2, scripts, Safari, Hugging Face, WinSCP, torrents, Opera. */
const char *const download_suffixes[] = {
	".part",     ".crdownload", ".aria2", ".tmp", ".download",   ".partial", ".incomplete",
	".filepart", ".!qb",        ".!ut",   ".bc!", ".opdownload", NULL,
};

static bool has_suffix_nocase(struct str text, struct str suffix)
{
	return text.len > suffix.len &&
	       str_equal_nocase(str_slice(text, text.len - suffix.len, text.len), suffix);
}

bool name_is_model(const struct name_rules *rules, struct str name)
{
	const struct str *list = rules->n_extensions ? rules->extensions : usual_extensions;
	size_t n = rules->n_extensions ? rules->n_extensions
				       : sizeof usual_extensions / sizeof *usual_extensions;
	for (size_t i = 0; i < n; i++)
		if (has_suffix_nocase(name, list[i]))
			return true;
	return false;
}

struct str name_stem(struct str name)
{
	ptrdiff_t dot = str_rfind_byte(name, '.');
	return dot > 0 ? str_slice(name, 0, (size_t)dot) : name;
}

struct str name_of_path(struct str path)
{
	ptrdiff_t slash = str_rfind_byte(path, '/');
	return str_slice(path, (size_t)(slash + 1), path.len);
}

struct str name_of_folder(struct str path)
{
	ptrdiff_t slash = str_rfind_byte(path, '/');
	return slash > 0 ? name_of_path(str_slice(path, 0, (size_t)slash)) : STR_NULL;
}

bool name_cut_download(struct str *name)
{
	for (size_t i = 0; download_suffixes[i]; i++) {
		struct str suffix = str_from(download_suffixes[i]);
		if (has_suffix_nocase(*name, suffix)) {
			*name = str_slice(*name, 0, name->len - suffix.len);
			return true;
		}
	}
	return false;
}

bool name_is_skipped_folder(struct str path)
{
	struct str name = name_of_path(path);
	return hub_is_inner_folder(path) || str_equal(name, STR(".git")) ||
	       str_equal(name, STR("@eaDir")) || str_equal(name, STR(".lorarium-trash")) ||
	       (str_has_prefix(name, STR(".lorarium-")) && str_has_suffix(name, STR(".part"))) ||
	       str_has_prefix(name, STR(".Trash")) || str_equal_nocase(name, STR("$RECYCLE.BIN")) ||
	       str_has_suffix(path, STR(".local/share/Trash"));
}

static bool fits(const struct name_rules *rules, const char *glob, const char *name,
		 const char *path)
{
	char absolute[2 * PATH_MAX];
	if (glob[0] != '/')
		return fnmatch(glob, name, 0) == 0 || fnmatch(glob, path, FNM_PATHNAME) == 0;
	int len = rules->root ? snprintf(absolute, sizeof absolute, "%s/%s",
					 strcmp(rules->root, "/") == 0 ? "" : rules->root, path)
			      : -1;
	return len > 0 && (size_t)len < sizeof absolute &&
	       fnmatch(glob, absolute, FNM_PATHNAME) == 0;
}

bool name_is_ignored(const struct name_rules *rules, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	for (size_t i = 0; i < rules->n_ignore; i++)
		if (fits(rules, rules->ignore[i], name, path))
			return true;
	return false;
}

bool name_is_passed_by(const struct name_rules *rules, struct str path)
{
	char part[2 * PATH_MAX];
	if (rules->n_ignore == 0 || path.len >= sizeof part)
		return false;
	for (size_t i = 1; i <= path.len; i++) {
		if (i < path.len && path.ptr[i] != '/')
			continue;
		memcpy(part, path.ptr, i);
		part[i] = '\0';
		if (name_is_ignored(rules, part))
			return true;
	}
	return false;
}
