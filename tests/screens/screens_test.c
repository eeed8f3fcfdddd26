// SPDX-License-Identifier: MIT
/*
 * Every NAME.script in this folder is a play: messages in order, with `dump` where the screen is
 * to be compared with NAME.txt. UPDATE=1 writes the texts anew; review reads the difference.
 *
 *   size COLSxROWS     begins, in the world and with the options named before
 *   world NAME         demo, empty, new, huge
 *   option NAME        ascii, read-only, fixed, late-ids, scan, slow,
 *                      conflicts
 *   keys NAMES         key names, spaces between
 *   type TEXT          character by character
 *   resize COLSxROWS
 *   wait MS
 *   progress SEEN TOTAL SECONDS
 *   concluding DONE TOTAL
 *   scanned NEW DAMAGED
 *   files DONE TOTAL MIB MIB_TOTAL
 *   dump | styles
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/stage.h"

struct play {
	struct stage stage;
	struct stage_options options;
	bool has_begun;
	struct bytes out;
};

static void read_size(struct str text, int *cols, int *rows)
{
	uint64_t numbers[2];
	struct str part;
	for (int i = 0; i < 2; i++)
		if (!str_next_part(&text, 'x', &part) || !str_to_u64(part, &numbers[i]))
			fail_msg("no size: %.*s", STR_ARG(text));
	*cols = (int)numbers[0];
	*rows = (int)numbers[1];
}

static void set_option(struct stage_options *options, struct str name)
{
	options->applies_slowly = options->applies_slowly || str_equal(name, STR("slow"));
	options->ascii = options->ascii || str_equal(name, STR("ascii"));
	options->read_only = options->read_only || str_equal(name, STR("read-only"));
	options->is_fixed = options->is_fixed || str_equal(name, STR("fixed"));
	options->ids_come_late = options->ids_come_late || str_equal(name, STR("late-ids"));
	options->plans_conflict = options->plans_conflict || str_equal(name, STR("conflicts"));
	options->scan_at_start = options->scan_at_start || str_equal(name, STR("scan"));
}

static double next_number(struct str *rest)
{
	struct str part;
	double number = 0;
	if (!str_next_part(rest, ' ', &part) || !str_to_double(part, &number))
		fail_msg("no number");
	return number;
}

static void tell_progress(struct play *play, struct str rest)
{
	struct event *event = event_create(EVENT_PROGRESS, play->stage.app.news.scan_serial);
	event->as.progress.seen = (uint64_t)next_number(&rest);
	event->as.progress.total_guess = (uint64_t)next_number(&rest);
	event->as.progress.seconds = next_number(&rest);
	stage_event(&play->stage, event);
}

static void tell_concluding(struct play *play, struct str rest)
{
	struct event *event = event_create(EVENT_CONCLUDING, 0);
	event->as.concluding.n_done = (uint64_t)next_number(&rest);
	event->as.concluding.n = (uint64_t)next_number(&rest);
	stage_event(&play->stage, event);
}

static void tell_scanned(struct play *play, struct str rest)
{
	struct event *event = event_create(EVENT_SCANNED, play->stage.app.news.scan_serial);
	event->as.scanned.new = (uint64_t)next_number(&rest);
	event->as.scanned.damaged = (uint64_t)next_number(&rest);
	stage_event(&play->stage, event);
}

static void tell_files(struct play *play, struct str rest)
{
	struct event *event = event_create(EVENT_FILES, play->stage.app.job.serial);
	event->as.files.n_done = (uint64_t)next_number(&rest);
	event->as.files.n = (uint64_t)next_number(&rest);
	event->as.files.bytes_done = (uint64_t)next_number(&rest) << 20;
	event->as.files.bytes = (uint64_t)next_number(&rest) << 20;
	stage_event(&play->stage, event);
}

static void act(struct play *play, struct str word, struct str rest, struct arena *arena)
{
	const char *text = arena_cstr(arena, rest);
	int cols, rows;
	if (str_equal(word, STR("world"))) {
		play->options.world = text;
	} else if (str_equal(word, STR("option"))) {
		set_option(&play->options, rest);
	} else if (str_equal(word, STR("size"))) {
		read_size(rest, &play->options.cols, &play->options.rows);
		stage_init(&play->stage, play->options);
		play->has_begun = true;
	} else if (str_equal(word, STR("resize"))) {
		read_size(rest, &cols, &rows);
		stage_resize(&play->stage, cols, rows);
	} else if (str_equal(word, STR("keys"))) {
		stage_keys(&play->stage, text);
	} else if (str_equal(word, STR("type"))) {
		stage_type(&play->stage, text);
	} else if (str_equal(word, STR("wait"))) {
		stage_wait(&play->stage, (int64_t)next_number(&rest));
	} else if (str_equal(word, STR("progress"))) {
		tell_progress(play, rest);
	} else if (str_equal(word, STR("concluding"))) {
		tell_concluding(play, rest);
	} else if (str_equal(word, STR("scanned"))) {
		tell_scanned(play, rest);
	} else if (str_equal(word, STR("files"))) {
		tell_files(play, rest);
	} else if (str_equal(word, STR("dump"))) {
		stage_dump(&play->stage, &play->out);
	} else if (str_equal(word, STR("styles"))) {
		stage_dump_styles(&play->stage, &play->out);
	} else {
		fail_msg("no word \"%.*s\" in scripts", STR_ARG(word));
	}
}

static bool read_file(const char *path, struct bytes *out)
{
	char buffer[4096];
	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	size_t n;
	while ((n = fread(buffer, 1, sizeof(buffer), file)) > 0)
		bytes_append(out, buffer, n);
	fclose(file);
	return true;
}

static void run_script(struct str script, struct bytes *out)
{
	struct play play = { 0 };
	struct arena arena = { 0 };
	struct str line, word;
	while (str_next_part(&script, '\n', &line)) {
		struct str rest = line;
		if (!line.len || line.ptr[0] == '#' || !str_next_part(&rest, ' ', &word))
			continue;
		act(&play, word, rest.ptr ? rest : STR(""), &arena);
	}
	if (play.has_begun)
		stage_finish(&play.stage);
	bytes_append_str(out, bytes_str(&play.out));
	bytes_finish(&play.out);
	arena_finish(&arena);
}

static bool compare(const char *path, const struct bytes *actual)
{
	struct bytes expected = { 0 };
	const char *update = getenv("UPDATE");
	if (update && !strcmp(update, "1")) {
		FILE *file = fopen(path, "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(actual->ptr, 1, actual->len, file), actual->len);
		assert_int_equal(fclose(file), 0);
		return true;
	}
	bool is_same =
		read_file(path, &expected) && str_equal(bytes_str(&expected), bytes_str(actual));
	if (!is_same)
		printf("%s differs; this is what is drawn now:\n%s\n", path, actual->ptr);
	bytes_finish(&expected);
	return is_same;
}

static bool screen_is_as_drawn(const char *folder, struct str name)
{
	struct arena arena = { 0 };
	struct bytes script = { 0 }, actual = { 0 };
	assert_true(
		read_file(arena_printf(&arena, "%s/%.*s.script", folder, STR_ARG(name)), &script));
	run_script(bytes_str(&script), &actual);
	bool is_same = compare(arena_printf(&arena, "%s/%.*s.txt", folder, STR_ARG(name)), &actual);
	bytes_finish(&script);
	bytes_finish(&actual);
	arena_finish(&arena);
	return is_same;
}

static void screens_are_as_drawn(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	const char *folder = arena_printf(&arena, "%s/tests/screens", getenv("SOURCE_ROOT"));
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t n = 0, n_bad = 0;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		struct str name = str_from(entry->d_name);
		if (!str_cut_suffix(&name, STR(".script")))
			continue;
		n++;
		n_bad += !screen_is_as_drawn(folder, name);
	}
	closedir(dir);
	arena_finish(&arena);
	assert_true(n > 0);
	assert_int_equal(n_bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(screens_are_as_drawn) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
