// SPDX-License-Identifier: MIT
#include "config/settings.h"

#include <errno.h>
#include <string.h>

#include "config/ini.h"
#include "config/read_file.h"
#include "core/base/near.h"
#include "core/base/text.h"
#include "core/organise/template.h"

enum setting_type {
	TYPE_NUMBER,
	TYPE_YES_NO,
	TYPE_CHOICE,
	TYPE_SUFFIXES,
	TYPE_GLOBS,
	TYPE_TEMPLATE
};

struct row {
	const char *key;
	enum setting_type type;
	const char *preset;
	uint64_t max;        /* of numbers */
	const char *choices; /* of choices, spaces between */
	const char *help;
};

static const struct row rows[SETTING_COUNT] = {
	[SETTING_SCAN_WORKERS] = { "scan.workers", TYPE_NUMBER, "0", 64, NULL,
				   "How many files are read at once; 0 means one for each processor, at least 8" },
	[SETTING_SCAN_EXTENSIONS] = { "scan.extensions", TYPE_SUFFIXES,
				      ".safetensors;.sft;.ckpt;.pt;.pt2;.pth;.bin;.pkl;.gguf;.onnx",
				      0, NULL,
				      "Endings of files that may be models, in any case, with ; between" },
	[SETTING_SCAN_IGNORE] = { "scan.ignore", TYPE_GLOBS, "", 0, NULL,
				  "Names of files and folders to pass by, such as *.bak;old-*, with ; between" },
	[SETTING_SCAN_AT_START] = { "scan.at-start", TYPE_YES_NO, "yes", 0, NULL,
				    "Look for changes when lorarium opens" },
	[SETTING_SCAN_WATCH] = { "scan.watch", TYPE_YES_NO, "yes", 0, NULL,
				 "See by itself what appears, changes or goes while lorarium is open" },
	[SETTING_HASH_IDLE] = { "hash.idle", TYPE_NUMBER, "0", 86400, NULL,
				"Hash models after so many seconds of rest while lorarium is open; 0 means never" },
	[SETTING_ORGANISE_TEMPLATE] = { "organise.template", TYPE_TEMPLATE, "{kind}/{base}/{name}",
					0, NULL, "Where organise puts models, below their root" },
	[SETTING_UI_THEME] = { "ui.theme", TYPE_CHOICE, "auto", 0,
			       "auto dark light mono high-contrast blue-orange",
			       "Colours of the screen" },
	[SETTING_UI_ASCII] = { "ui.ascii", TYPE_YES_NO, "no", 0, NULL,
			       "Draw with plain characters only" },
	[SETTING_UI_MOUSE] = { "ui.mouse", TYPE_YES_NO, "yes", 0, NULL, "Listen to the mouse" },
	[SETTING_UI_SORT] = { "ui.sort", TYPE_CHOICE, "name", 0,
			      "name size added modified base kind rank",
			      "What the list of models is sorted by" },
};

static bool read_number(const struct row *row, struct str text, double *out, struct error *err)
{
	uint64_t number;
	if (!str_to_u64(text, &number) || number > row->max)
		return error_set(err, ERROR_FORMAT, NULL, "a number from 0 to %llu is expected",
				 (unsigned long long)row->max);
	*out = (double)number;
	return true;
}

static bool read_choice(const char *choices, struct str text, double *out, struct error *err)
{
	struct near near = NEAR(text);
	struct str rest = str_from(choices), word;
	for (size_t i = 0; str_next_part(&rest, ' ', &word); i++) {
		near_offer(&near, word);
		if (!str_equal(word, text))
			continue;
		*out = (double)i;
		return true;
	}
	if (near.best.ptr)
		return error_set(err, ERROR_FORMAT, NULL, "no such choice; did you mean \"%.*s\"?",
				 STR_ARG(near.best));
	return error_set(err, ERROR_FORMAT, NULL, "one of these is expected: %s", choices);
}

/* No near word here: "on" is near to "no". */
static bool read_yes_no(struct str text, double *out, struct error *err)
{
	*out = str_equal(text, STR("yes"));
	return *out == 1 || str_equal(text, STR("no")) ||
	       error_set(err, ERROR_FORMAT, NULL, "yes or no is expected");
}

static bool check_suffixes(struct str text, struct error *err)
{
	struct str rest = text, part;
	while (str_next_part(&rest, ';', &part)) {
		part = str_trim(part);
		if (part.len < 2 || part.ptr[0] != '.')
			return error_set(err, ERROR_FORMAT, NULL,
					 "endings are expected, such as .safetensors;.ckpt");
	}
	return true;
}

static bool read_value(const struct row *row, struct str text, double *number, struct error *err)
{
	switch (row->type) {
	case TYPE_NUMBER: return read_number(row, text, number, err);
	case TYPE_YES_NO: return read_yes_no(text, number, err);
	case TYPE_CHOICE: return read_choice(row->choices, text, number, err);
	case TYPE_SUFFIXES: return check_suffixes(text, err);
	case TYPE_GLOBS: return true;
	case TYPE_TEMPLATE: return template_check(text, err);
	}
	return false;
}

static void set_defaults(struct settings *settings)
{
	struct error err;
	array_clear(&settings->keys);
	for (int i = 0; i < SETTING_COUNT; i++) {
		struct setting_value *value = &settings->values[i];
		*value = (struct setting_value){ .text = str_from(rows[i].preset),
						 .source = "default" };
		if (!read_value(&rows[i], value->text, &value->number, &err))
			BUG("%s: %s", rows[i].key, err.text);
	}
}

struct reader {
	struct settings *settings;
	const char *file; /* on the settings' arena */
};

/* "FILE:LINE" is put before this by ini_parse_text(). */
static bool mistake(struct reader *r, struct str section, struct str key, struct error *err)
{
	struct arena *arena = &r->settings->arena;
	struct str name = arena_strf(arena, "%.*s%s%.*s", STR_ARG(section), section.len ? "." : "",
				     STR_ARG(key));
	struct str clean = text_clean_copy(arena, name, TEXT_UTF8);
	return error_context(err, "%.*s", STR_ARG(clean));
}

static bool find_setting(struct str name, enum setting *out, struct error *err)
{
	struct near near = NEAR(name);
	for (int i = 0; i < SETTING_COUNT; i++) {
		near_offer(&near, str_from(rows[i].key));
		if (str_equal(str_from(rows[i].key), name)) {
			*out = (enum setting)i;
			return true;
		}
	}
	if (near.best.ptr)
		return error_set(err, ERROR_FORMAT, NULL, "no such setting; did you mean \"%.*s\"?",
				 STR_ARG(near.best));
	return error_set(err, ERROR_FORMAT, NULL, "no such setting");
}

static bool take_setting(struct reader *r, struct str section, struct str key, struct str text,
			 unsigned line, struct error *err)
{
	struct arena *arena = &r->settings->arena;
	struct str name = arena_strf(arena, "%.*s.%.*s", STR_ARG(section), STR_ARG(key));
	enum setting setting;
	double number = 0;
	if (!find_setting(name, &setting, err) || !read_value(&rows[setting], text, &number, err))
		return mistake(r, section, key, err);
	r->settings->values[setting] = (struct setting_value){
		.text = text, .number = number, .source = r->file, .line = line
	};
	return true;
}

/* An ini_fn. Keys are checked by whoever knows the commands. */
static bool take(void *context, struct str section, struct str key, struct str value, unsigned line,
		 struct error *err)
{
	struct reader *r = context;
	if (!key.len)
		return true;
	if (!str_equal(section, STR("keys")))
		return take_setting(r, section, key, value, line, err);
	*ARRAY_PUSH(&r->settings->keys, struct key_setting) =
		(struct key_setting){ .command = key, .keys = value, .line = line };
	return true;
}

void settings_load(struct settings *settings, const char *file)
{
	memset(settings, 0, sizeof *settings);
	arena_init(&settings->arena);
	settings->keys = ARRAY_OF(struct key_setting);
	set_defaults(settings);

	/* The usual word for "no file". */
	if (strcmp(file, "/dev/null") == 0)
		return;
	struct reader r = { settings, arena_cstr(&settings->arena, str_from(file)) };
	struct error *err = &settings->mistake;
	struct str text;
	if (!read_file(file, INI_BYTES_MAX, &settings->arena, &text, err)) {
		if (err->code == ERROR_SYSTEM && err->sys == ENOENT)
			*err = (struct error){ 0 };
		return;
	}
	if (!ini_parse_text(text, r.file, take, &r, err))
		set_defaults(settings);
}

void settings_finish(struct settings *settings)
{
	if (!settings)
		return;
	array_finish(&settings->keys);
	arena_finish(&settings->arena);
}

const char *setting_key(enum setting setting)
{
	return rows[setting].key;
}

const char *setting_help(enum setting setting)
{
	return rows[setting].help;
}
