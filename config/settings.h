// SPDX-License-Identifier: MIT
/**
 * The settings: one table of key, type, default, range and help; effective values and their source.
 */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/str.h"

enum setting {
	SETTING_SCAN_WORKERS,      /* number, 0: one a processor, at least 8 */
	SETTING_SCAN_EXTENSIONS,   /* list of suffixes, ";" between */
	SETTING_SCAN_IGNORE,       /* list of globs, ";" between */
	SETTING_SCAN_AT_START,     /* yes/no: rescan when the UI opens */
	SETTING_SCAN_WATCH,        /* yes/no: see changes while the UI is open */
	SETTING_HASH_IDLE,         /* number: seconds of rest before hashing; 0: never */
	SETTING_ORGANISE_TEMPLATE, /* {kind}/{base}/{name} */
	SETTING_UI_THEME,          /* auto dark light mono high-contrast blue-orange */
	SETTING_UI_ASCII,          /* yes/no */
	SETTING_UI_MOUSE,          /* yes/no */
	SETTING_UI_SORT,           /* name size added modified base kind rank */
	SETTING_COUNT
};

struct setting_value {
	struct str text;    /* effective, as text */
	double number;      /* of numbers; 1/0 for yes/no */
	const char *source; /* "default", or the file's name on the settings' arena */
	unsigned line;      /* 0 for defaults */
};

struct settings {
	struct arena arena;
	struct setting_value values[SETTING_COUNT];
	struct array keys;    /* struct key_setting: [keys] section, in file order */
	struct error mistake; /* code NONE, or the first mistake: runs on defaults then */
};

struct key_setting {
	struct str command, keys;
	unsigned line;
};

/** Reads `file`; an absent one gives the defaults. Never fails: see `mistake`. */
void settings_load(struct settings *settings, const char *file);
void settings_finish(struct settings *settings);

/** The commented example for a new file of settings; embedded by the build. */
extern const struct str settings_example;

const char *setting_key(enum setting setting); /* "scan.workers" */
const char *setting_help(enum setting setting);

#endif
