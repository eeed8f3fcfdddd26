// SPDX-License-Identifier: MIT
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/base/json_write.h"

static const char *const state_words[] = {
	[CHECK_OK] = "ok",
	[CHECK_WARNING] = "warning",
	[CHECK_FAULT] = "fault",
};

static void print(struct cli *cli, const struct check_line *line)
{
	static const enum out_style styles[] = {
		[CHECK_OK] = OUT_GOOD,
		[CHECK_WARNING] = OUT_CAUTION,
		[CHECK_FAULT] = OUT_BAD,
	};
	struct out *out = &cli->out;
	if (!cli_json(cli)) {
		out_style(out, styles[line->state]);
		out_printf(out, "%-8s", state_words[line->state]);
		out_style(out, OUT_PLAIN);
		out_text(out, line->check);
		out_printf(out, ": ");
		out_text(out, line->message);
		out_printf(out, line->mend.len > 0 ? "\n        to mend it: " : "\n");
		if (line->mend.len > 0) {
			out_text(out, line->mend);
			out_printf(out, "\n");
		}
		return;
	}
	struct bytes text = { 0 };
	struct json_writer json = json_writer(&text);
	json_object(&json, NULL);
	json_string(&json, "check", line->check);
	json_string(&json, "state", str_from(state_words[line->state]));
	json_string(&json, "message", line->message);
	json_string(&json, "mend", line->mend);
	json_object_end(&json);
	out_line(out, &text);
	bytes_finish(&text);
}

static struct check_line check_mistake(const char *check, const struct error *mistake,
				       const char *fine)
{
	bool ok = mistake->code == ERROR_NONE;
	return (struct check_line){
		.check = str_from(check),
		.message = str_from(ok ? fine : mistake->text),
		.mend = ok ? STR_NULL : STR("mend that line; until then it is left out"),
		.state = ok ? CHECK_OK : CHECK_WARNING,
	};
}

static struct check_line check_terminal(struct cli *cli)
{
	const char *term = getenv("TERM"), *codeset = nl_langinfo(CODESET);
	struct check_line line = { .check = STR("terminal") };
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		line.message = STR("this is no terminal: only reports can be printed here");
	} else if (!term || !term[0] || strcmp(term, "dumb") == 0) {
		line.state = CHECK_WARNING;
		line.message = STR("TERM names no terminal that can be drawn on");
		line.mend = STR("set TERM, for example to xterm-256color, or use --plain");
	} else if (strcmp(codeset, "UTF-8") != 0) {
		line.state = CHECK_WARNING;
		line.message = arena_strf(&cli->arena,
					  "%s, character set %s: names outside ASCII are shown "
					  "escaped",
					  term, codeset);
		line.mend = STR("set a UTF-8 locale, for example LC_ALL=C.UTF-8");
	} else {
		line.message = arena_strf(&cli->arena, "%s, UTF-8, %zu columns", term,
					  cli->out.width_cols);
	}
	return line;
}

/* What cannot even be opened is what a doctor is called for. */
static void print_unopened(struct cli *cli, const struct error *err)
{
	const struct check_line line = {
		.check = STR("library"),
		.message = str_from(err->text),
		.mend = STR("if it is index.db: scan, and it is made anew; if it is user.db: "
			    "put back a copy from backups/ in the data folder"),
		.state = CHECK_FAULT,
	};
	print(cli, &line);
}

enum exit_status cmd_doctor(struct cli *cli)
{
	struct error err;
	const struct check_line ours[] = {
		check_mistake("settings", &cli->settings.mistake, "read"),
		check_mistake("knowledge", &cli->knowledge_mistake, "read"),
		check_terminal(cli),
	};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		print(cli, &ours[i]);
	if (!cli_library(cli, LIBRARY_READ, &err)) {
		print_unopened(cli, &err);
		return EXIT_NO;
	}
	struct request *request = request_create(REQUEST_CHECK);
	request->as.check.deep = cli->args.has[OPTION_DEEP];
	struct event *checks = cli_ask(cli, request, &err);
	if (!checks)
		return cli_fail(cli, &err);
	bool has_fault = false;
	for (size_t i = 0; i < checks->as.checks.n; i++) {
		print(cli, &checks->as.checks.lines[i]);
		has_fault |= checks->as.checks.lines[i].state == CHECK_FAULT;
	}
	event_destroy(checks);
	return has_fault ? EXIT_NO : EXIT_DONE;
}
