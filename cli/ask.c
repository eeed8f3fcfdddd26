// SPDX-License-Identifier: MIT
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/query/query.h"

/* Requests that wait in the library while one answer is printed. */
enum { AHEAD = 32 };

static bool open_library(struct cli *cli, enum library_mode mode, struct error *err)
{
	const struct setting_value *values = cli->settings.values;
	struct array lists[2] = { ARRAY_OF(struct str), ARRAY_OF(struct str) };
	static const enum setting settings[2] = { SETTING_SCAN_EXTENSIONS, SETTING_SCAN_IGNORE };
	for (size_t i = 0; i < 2; i++) {
		struct str rest = values[settings[i]].text, part;
		while (str_next_part(&rest, ';', &part))
			if (str_trim(part).len > 0)
				*ARRAY_PUSH(&lists[i], struct str) = str_trim(part);
	}
	const struct args *args = &cli->args;
	struct library_options options = {
		.data_dir = cli->paths.data_dir,
		.trash_dir = cli->paths.trash_dir,
		.knowledge = cli->knowledge,
		.readers = cli->readers,
		.mode = mode,
		.watches = mode == LIBRARY_WRITE_IF_FREE && values[SETTING_SCAN_WATCH].number != 0,
		.hash_idle_s = mode == LIBRARY_WRITE_IF_FREE
				       ? (unsigned)values[SETTING_HASH_IDLE].number
				       : 0,
		.wait_s = args->numbers[OPTION_WAIT] < 86400 ? (unsigned)args->numbers[OPTION_WAIT]
							     : 86400,
		.n_workers = args->has[OPTION_JOBS]
				     ? (unsigned)(args->numbers[OPTION_JOBS] < 256
							  ? args->numbers[OPTION_JOBS]
							  : 256)
				     : (unsigned)values[SETTING_SCAN_WORKERS].number,
		.extensions = array_to_arena(&lists[0], &cli->arena),
		.n_extensions = lists[0].len,
		.ignore = array_to_arena(&lists[1], &cli->arena),
		.n_ignore = lists[1].len,
	};
	array_finish(&lists[0]);
	array_finish(&lists[1]);
	return library_open(&options, &cli->library, err);
}

bool cli_library(struct cli *cli, enum library_mode mode, struct error *err)
{
	if (cli->library)
		return true;
	cli->library_mode = mode;
	return open_library(cli, mode, err);
}

void cli_inspect(struct cli *cli, const struct str *paths, size_t n, struct arena *arena,
		 struct model *out)
{
	const char *terminated[LIBRARY_INSPECT_MAX];
	if (!cli->inspector)
		cli->inspector = library_inspector_create(cli->knowledge, cli->readers);
	for (size_t i = 0; i < n; i++)
		terminated[i] = arena_cstr(arena, paths[i]);
	library_inspect(cli->inspector, terminated, n, arena, out);
}

uint32_t cli_send(struct cli *cli, struct request *request)
{
	request->serial = ++cli->serial;
	library_send(cli->library, request);
	return cli->serial;
}

struct event *cli_receive(struct cli *cli, uint32_t serial, int timeout_ms)
{
	for (;;) {
		struct event *event = library_receive(cli->library, timeout_ms);
		if (!event)
			return NULL;
		if (event->type == EVENT_TOLD)
			out_complain(&cli->out, event->as.told.text);
		else if (event->type == EVENT_CONCLUDING ||
			 (event->serial == serial && event->type != EVENT_CHANGED))
			return event;
		event_destroy(event);
	}
}

/* Waits for the answer itself: progress and a result whose ids are still being made are not it. */
static struct event *receive_answer(struct cli *cli, uint32_t serial, struct error *err)
{
	for (;;) {
		struct event *event = cli_receive(cli, serial, -1);
		if (!event) {
			error_set(err, ERROR_INDEX, NULL, "the library: no answer came");
			return NULL;
		}
		bool is_early = event->type == EVENT_PROGRESS || event->type == EVENT_CONCLUDING ||
				event->type == EVENT_FILES ||
				(event->type == EVENT_RESULT && !event->as.result.ids &&
				 event->as.result.n > 0 && event->as.result.mistake_column == 0);
		if (event->type != EVENT_FAILED && !is_early)
			return event;
		if (event->type == EVENT_FAILED) {
			*err = event->as.failed;
			event_destroy(event);
			return NULL;
		}
		event_destroy(event);
	}
}

struct event *cli_ask(struct cli *cli, struct request *request, struct error *err)
{
	return receive_answer(cli, cli_send(cli, request), err);
}

static bool fail_query(struct error *err, size_t column, struct str why)
{
	return error_set(err, ERROR_USAGE, NULL, "query: column %zu: %.*s", column, STR_ARG(why));
}

bool cli_check_query(struct cli *cli, struct str text, struct error *err)
{
	struct query_mistake mistake;
	struct arena arena = { 0 };
	bool ok = query_parse(text, cli->knowledge, (int64_t)time(NULL), &arena, &mistake) != NULL;
	arena_finish(&arena);
	return ok || fail_query(err, mistake.column, str_from(mistake.text));
}

/* An empty QUERY means all: far too easily said, by a variable that is not set. */
bool cli_named_models(struct cli *cli, struct arena *arena, struct selection *models,
		      struct error *err)
{
	struct str query = cli_operand(cli, 0);
	models->query = arena_str(arena, query);
	if (str_trim(query).len == 0)
		return error_set(err, ERROR_USAGE, NULL, "%s: the QUERY is empty; name the models",
				 args_command(cli->args.command)->name);
	return cli_check_query(cli, query, err);
}

struct event *cli_query(struct cli *cli, struct str text, struct error *err)
{
	if (!cli_check_query(cli, text, err))
		return NULL;
	struct request *request = request_create(REQUEST_QUERY);
	request->as.query.text = arena_str(&request->arena, text);
	if (cli->args.has[OPTION_SORT])
		request->as.query.sort = sort_find(str_from(cli->args.values[OPTION_SORT]));
	request->as.query.descending = cli->args.has[OPTION_REVERSE];
	struct event *event = cli_ask(cli, request, err);
	if (!event || event->as.result.mistake_column == 0)
		return event;
	/* What only the library can know: fit:NAME with no such checkpoint. */
	fail_query(err, event->as.result.mistake_column, event->as.result.mistake);
	event_destroy(event);
	return NULL;
}

struct event *cli_query_kinds(struct cli *cli, struct str text, struct str kinds, struct error *err)
{
	/* The text stands first, so that the columns of late mistakes are right but for one. */
	return cli_query(
		cli,
		text.len > 0 ? arena_strf(&cli->arena, "(%.*s) %.*s", STR_ARG(text), STR_ARG(kinds))
			     : kinds,
		err);
}

uint64_t cli_count(struct cli *cli, struct str query)
{
	struct error err;
	struct event *event = cli_query(cli, query, &err);
	uint64_t n = event ? event->as.result.n : 0;
	event_destroy(event);
	return n;
}

static struct request *details_request(uint32_t id)
{
	struct request *request = request_create(REQUEST_DETAILS);
	request->as.details.id = id;
	return request;
}

bool cli_each_details(struct cli *cli, const uint32_t *ids, size_t n, details_fn take,
		      void *context, struct error *err)
{
	uint32_t serials[AHEAD];
	size_t n_sent = 0;
	bool ok = true;
	for (size_t i = 0; i < n_sent || (ok && i < n); i++) {
		for (; ok && n_sent < n && n_sent < i + AHEAD; n_sent++)
			serials[n_sent % AHEAD] = cli_send(cli, details_request(ids[n_sent]));
		struct error other;
		struct event *event = receive_answer(cli, serials[i % AHEAD], ok ? err : &other);
		/* Gone since the query: no fault of anybody. */
		if (event && ok && event->as.details.found)
			ok = take(context, event, err);
		else if (!event)
			ok = false;
		event_destroy(event);
	}
	return ok;
}
