// SPDX-License-Identifier: MIT
#include "cli/cli.h"
#include "cli/editor.h"
#include "config/setting_add.h"
#include "core/base/json_write.h"

static void print(struct cli *cli, struct str key, struct str value, struct str source)
{
	if (!cli_json(cli)) {
		out_text(&cli->out, key);
		out_printf(&cli->out, " = ");
		out_text(&cli->out, value);
		out_style(&cli->out, OUT_DIM);
		out_printf(&cli->out, "    (");
		out_text(&cli->out, source);
		out_printf(&cli->out, ")");
		out_style(&cli->out, OUT_PLAIN);
		out_printf(&cli->out, "\n");
		return;
	}
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "key", key);
	json_string(&json, "value", value);
	json_string(&json, "source", source);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

static struct str source_of(struct cli *cli, const char *file, unsigned line)
{
	return line > 0 ? arena_strf(&cli->arena, "%s:%u", file, line) : str_from(file);
}

enum exit_status cmd_config(struct cli *cli)
{
	const struct paths *paths = &cli->paths;
	print(cli, STR("data"), str_from(paths->data_dir), str_from(paths->data_dir_source));
	print(cli, STR("config"), str_from(paths->config_file),
	      str_from(paths->config_file_source));
	print(cli, STR("knowledge"), str_from(paths->knowledge_dir),
	      str_from(paths->config_file_source));
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
		const struct setting_value *value = &cli->settings.values[setting];
		print(cli, str_from(setting_key(setting)), value->text,
		      source_of(cli, value->source, value->line));
	}
	for (size_t i = 0; i < cli->settings.keys.len; i++) {
		const struct key_setting *key =
			ARRAY_AT(&cli->settings.keys, struct key_setting, i);
		print(cli, arena_strf(&cli->arena, "keys.%.*s", STR_ARG(key->command)), key->keys,
		      source_of(cli, paths->config_file, key->line));
	}
	return EXIT_DONE;
}

/* What is wrong in it is told now, and not only the next time. */
enum exit_status cmd_config_edit(struct cli *cli)
{
	struct error err;
	struct settings settings = { 0 };
	const char *file = cli->paths.config_file;
	if (!setting_make_file(file, &cli->arena, &err) || !editor_open(file, &err))
		return cli_fail(cli, &err);
	settings_load(&settings, file);
	if (settings.mistake.code != ERROR_NONE)
		out_complain(&cli->out, str_from(settings.mistake.text));
	settings_finish(&settings);
	return EXIT_DONE;
}
