// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "core/base/json_write.h"

/* A key that is pressed should be felt at once. */
enum { INTERRUPT_MS = 100 };

static bool add_root(struct cli *cli, struct str path, struct error *err)
{
	struct request *request = request_create(REQUEST_ROOT_ADD);
	request->as.root.path = arena_str(&request->arena, path);
	struct event *done = cli_ask(cli, request, err);
	event_destroy(done);
	return done != NULL;
}

static void show_scan(const struct event *event)
{
	uint64_t seen = event->as.progress.seen, total = event->as.progress.total_guess;
	double seconds = event->as.progress.seconds;
	double a_second = seconds > 0 ? (double)seen / seconds : 0;
	if (!progress_begin())
		return;
	fprintf(stderr, "scan %" PRIu64, seen);
	if (total > seen)
		fprintf(stderr, "/%" PRIu64, total);
	fprintf(stderr, "  %" PRIu64 " read", event->as.progress.read);
	if (a_second >= 1)
		fprintf(stderr, "  %.0f/s", a_second);
	if (total > seen && a_second > 0)
		fprintf(stderr, "  %.0f s left", (double)(total - seen) / a_second);
	fflush(stderr);
}

/* Ctrl-C ends the scan, not the program: what was read by then is kept. */
static struct event *await_scan(struct cli *cli, uint32_t serial)
{
	interrupt_watch();
	for (;;) {
		struct event *event = cli_receive(cli, serial, INTERRUPT_MS);
		if (event && event->type != EVENT_PROGRESS && event->type != EVENT_CONCLUDING)
			return event;
		if (event && event->type == EVENT_PROGRESS)
			show_scan(event);
		else if (event)
			progress_show(event); /* other knowledge: all is thought through first */
		event_destroy(event);
		if (interrupt_came())
			library_send(cli->library, request_create(REQUEST_CANCEL));
	}
}

static struct event *run_scan(struct cli *cli, const struct str *paths, size_t n, struct error *err)
{
	struct request *request = request_create(REQUEST_SCAN);
	struct str *wanted = ARENA_NEW_N(&request->arena, struct str, n);
	for (size_t i = 0; i < n; i++)
		wanted[i] = arena_str(&request->arena, paths[i]);
	request->as.scan.paths = wanted;
	request->as.scan.n_paths = n;
	request->as.scan.full = cli->args.has[OPTION_FULL];
	request->as.scan.accept_missing = cli->args.has[OPTION_ACCEPT_MISSING];
	struct event *event = await_scan(cli, cli_send(cli, request));
	progress_erase();
	if (event->type == EVENT_SCANNED)
		return event;
	*err = event->as.failed;
	event_destroy(event);
	return NULL;
}

/* The counts of a scan, in the order of the contract. */
static void counts_of(const struct scan_summary *summary, uint64_t counts[8])
{
	const uint64_t all[8] = { summary->seen,    summary->new,    summary->changed,
				  summary->moved,   summary->gone,   summary->unchanged,
				  summary->damaged, summary->offline };
	for (size_t i = 0; i < 8; i++)
		counts[i] = all[i];
}

static void print_summary(struct cli *cli, const struct scan_summary *summary)
{
	static const char *const keys[8] = { "seen", "new",       "changed", "moved",
					     "gone", "unchanged", "damaged", "offline" };
	uint64_t counts[8];
	counts_of(summary, counts);
	if (cli_json(cli)) {
		struct bytes line = { 0 };
		struct json_writer json = json_writer(&line);
		json_object(&json, NULL);
		for (size_t i = 0; i < 8; i++)
			json_u64_value(&json, keys[i], counts[i]);
		json_double_value(&json, "seconds", summary->seconds);
		json_object_end(&json);
		out_line(&cli->out, &line);
		bytes_finish(&line);
		return;
	}
	for (size_t i = 0; i < 8; i++)
		out_printf(&cli->out, "%s%" PRIu64 " %s", i > 0 ? ", " : "", counts[i], keys[i]);
	out_printf(&cli->out, " in %.1f s\n", summary->seconds);
}

static enum exit_status judge_summary(struct cli *cli, const struct scan_summary *summary)
{
	struct error err;
	if (summary->brake) {
		error_set(&err, ERROR_OFFLINE, NULL,
			  "scan: %" PRIu64 " models are gone at once, so none of "
			  "them was marked missing; if that is right, say --accept-missing",
			  summary->n_withheld);
		return cli_fail(cli, &err);
	}
	if (summary->offline > 0) {
		error_set(&err, ERROR_OFFLINE, NULL,
			  "scan: %" PRIu64 " root%s not there; see `lorarium root "
			  "list`",
			  summary->offline, summary->offline == 1 ? " is" : "s are");
		return cli_fail(cli, &err);
	}
	if (summary->cancelled) {
		error_set(&err, ERROR_CANCELLED, NULL,
			  "scan: it was stopped before its end; the next one goes on from there");
		return cli_fail(cli, &err);
	}
	return cli->args.has[OPTION_CHECK] && summary->damaged > 0 ? EXIT_NO : EXIT_DONE;
}

/* The folders that were named, each once: one that is named twice is not read and counted twice. */
static bool read_folders(struct cli *cli, struct str *paths, size_t *n, struct error *err)
{
	*n = 0;
	for (size_t i = 0; i < cli->args.n_operands; i++) {
		if (!cli_folder(cli, cli_operand(cli, i), &paths[*n], err))
			return false;
		size_t same = 0;
		while (!str_equal(paths[same], paths[*n]))
			same++;
		*n += same == *n;
	}
	return true;
}

enum exit_status cmd_scan(struct cli *cli)
{
	struct error err;
	size_t n;
	struct str *paths = ARENA_NEW_N(&cli->arena, struct str, cli->args.n_operands);
	if (!read_folders(cli, paths, &n, &err))
		return cli_fail(cli, &err);
	if (!cli_library(cli, LIBRARY_WRITE, &err))
		return cli_fail(cli, &err);
	for (size_t i = 0; i < n; i++)
		if (!add_root(cli, paths[i], &err))
			return cli_fail(cli, &err);
	struct event *scanned = run_scan(cli, paths, n, &err);
	if (!scanned)
		return cli_fail(cli, &err);
	print_summary(cli, &scanned->as.scanned);
	enum exit_status status = judge_summary(cli, &scanned->as.scanned);
	event_destroy(scanned);
	return status;
}
