// SPDX-License-Identifier: MIT
#include <inttypes.h>

#include "cli/cli.h"
#include "core/base/json_write.h"

bool tag_words_read(struct cli *cli, struct arena *arena, struct tag_words *out, struct error *err)
{
	size_t n = cli->args.n_operands - 1;
	struct str *add = ARENA_NEW_N(arena, struct str, n);
	struct str *remove = ARENA_NEW_N(arena, struct str, n);
	*out = (struct tag_words){ .add = add, .remove = remove };
	for (size_t i = 0; i < n; i++) {
		struct str tag = cli_operand(cli, i + 1);
		bool adds = str_has_prefix(tag, STR("+"));
		if (tag.len < 2 || (!adds && !str_has_prefix(tag, STR("-"))))
			return error_set(err, ERROR_USAGE, NULL,
					 "tag: \"%.*s\": a tag begins with + to be "
					 "added or with - to be removed",
					 STR_ARG(tag));
		tag = arena_str(arena, str_slice(tag, 1, tag.len));
		if (adds)
			add[out->n_add++] = tag;
		else
			remove[out->n_remove++] = tag;
	}
	return true;
}

static bool read_tags(struct cli *cli, struct request *request, struct error *err)
{
	struct tag_words words;
	if (!tag_words_read(cli, &request->arena, &words, err))
		return false;
	request->as.tag.add = words.add;
	request->as.tag.n_add = words.n_add;
	request->as.tag.remove = words.remove;
	request->as.tag.n_remove = words.n_remove;
	return cli_named_models(cli, &request->arena, &request->as.tag.models, err);
}

enum exit_status cmd_tag(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_TAG);
	bool ok = read_tags(cli, request, &err);
	return cli_change(cli, request, ok, &err);
}

static void print_tag(struct cli *cli, const struct tag_count *tag)
{
	if (!cli_json(cli)) {
		out_printf(&cli->out, "%7" PRIu64 "  ", tag->n_models);
		out_text(&cli->out, tag->tag);
		out_printf(&cli->out, "\n");
		return;
	}
	struct bytes line = { 0 };
	struct json_writer json = json_writer(&line);
	json_object(&json, NULL);
	json_string(&json, "tag", tag->tag);
	json_u64_value(&json, "models", tag->n_models);
	json_object_end(&json);
	out_line(&cli->out, &line);
	bytes_finish(&line);
}

enum exit_status cmd_tags(struct cli *cli)
{
	struct error err;
	if (!cli_library(cli, LIBRARY_READ, &err))
		return cli_fail(cli, &err);
	struct event *tags = cli_ask(cli, request_create(REQUEST_TAGS), &err);
	if (!tags)
		return cli_fail(cli, &err);
	for (size_t i = 0; i < tags->as.tags.n; i++)
		print_tag(cli, &tags->as.tags.tags[i]);
	event_destroy(tags);
	return EXIT_DONE;
}

enum exit_status cmd_tags_rename(struct cli *cli)
{
	struct error err;
	struct request *request = request_create(REQUEST_TAGS_RENAME);
	request->as.tags_rename.tag = arena_str(&request->arena, cli_operand(cli, 0));
	request->as.tags_rename.name = arena_str(&request->arena, cli_operand(cli, 1));
	return cli_change(cli, request, true, &err);
}
