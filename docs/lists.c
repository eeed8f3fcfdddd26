// SPDX-License-Identifier: MIT
/**
 * Runs at build time: copies a page from standard input and puts the lists that the program's own
 * tables hold in place of lines like "@commands@". With the argument "completion": the completion.
 */
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "config/knowledge.h"
#include "config/settings.h"
#include "core/query/query.h"

static void list_fields(struct bytes *out)
{
	for (enum query_field field = FIELD_TEXT + 1; field < FIELD_COUNT; field++) {
		bytes_printf(out, "*%s:*\n\t", query_field_word(field));
		help_man_text(out, query_field_help(field));
		bytes_printf(out, "\n\n");
	}
}

static void list_settings(struct bytes *out)
{
	struct settings defaults;
	settings_load(&defaults, "/nonexistent");
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
		struct str value = defaults.values[setting].text;
		bytes_printf(out, "*%s*", setting_key(setting));
		if (value.len > 0)
			bytes_printf(out, " = %.*s", STR_ARG(value));
		bytes_printf(out, "\n\t");
		help_man_text(out, setting_help(setting));
		bytes_printf(out, "\n\n");
	}
	settings_finish(&defaults);
}

static void list_completion(struct bytes *out)
{
	struct error mistake; /* of a user's files: there are none */
	struct knowledge *knowledge = knowledge_load(NULL, &mistake);
	help_completion(out, knowledge);
	knowledge_destroy(knowledge);
}

static const struct {
	const char *line;
	void (*list)(struct bytes *out);
} lists[] = {
	{ "@options@\n", help_man_options },
	{ "@commands@\n", help_man_commands },
	{ "@fields@\n", list_fields },
	{ "@settings@\n", list_settings },
};

static void copy_line(struct bytes *out, const char *line)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (strcmp(line, lists[i].line) == 0) {
			lists[i].list(out);
			return;
		}
	bytes_append(out, line, strlen(line));
}

int main(int argc, char **argv)
{
	struct bytes out = { 0 };
	char line[4096];
	if (argc == 2 && strcmp(argv[1], "completion") == 0)
		list_completion(&out);
	else
		while (fgets(line, sizeof line, stdin))
			copy_line(&out, line);
	bool ok = fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
	bytes_finish(&out);
	return ok ? 0 : 1;
}
