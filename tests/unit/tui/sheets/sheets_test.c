// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/support/stage.h"
#include "tui/app/update.h"

static struct stage_options narrow = { .cols = 80, .rows = 24 };

static const struct sheet *sheet_of(const struct stage *stage, enum pane_id pane)
{
	return &stage->app.sheets[pane - SHEET_FIRST];
}

static void rows_come_for_the_window_only(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = narrow;
	options.world = "huge";
	stage_init(&stage, options);
	stage_keys(&stage, "H");
	const struct sheet *sheet = sheet_of(&stage, PANE_HISTORY);
	assert_int_equal(sheet->list.n, 1000);
	assert_true(sheet->n_here < 100);
	size_t before = stage.fake.n_asked[REQUEST_HISTORY];
	stage_keys(&stage, "j j j j j j");
	assert_int_equal(stage.fake.n_asked[REQUEST_HISTORY], before);
	stage_keys(&stage, "G");
	assert_int_equal(stage.fake.n_asked[REQUEST_HISTORY], before + 1);
	assert_int_equal(sheet->list.cursor, 999);
	assert_int_equal(sheet->first + sheet->n_here, 1000);
	stage_finish(&stage);
}

static void pages_lead_back_to_where_one_was(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "enter H j j enter");
	assert_int_equal(stage.app.focus, PANE_STEPS);
	stage_keys(&stage, "?");
	assert_int_equal(stage.app.focus, PANE_HELP);
	stage_keys(&stage, "q");
	assert_int_equal(stage.app.focus, PANE_STEPS);
	stage_keys(&stage, "h");
	assert_int_equal(stage.app.focus, PANE_HISTORY);
	assert_int_equal(sheet_of(&stage, PANE_HISTORY)->list.cursor, 2);
	stage_keys(&stage, "esc");
	assert_int_equal(stage.app.focus, PANE_DETAILS);
	assert_false(stage.last.quit);
	stage_finish(&stage);
}

static void a_plan_that_comes_late_lies_on_what_is_open(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "d ?"); /* the help of a plan */
	struct event *event = event_create(EVENT_PLAN, stage.app.plan.serial);
	event->as.plan.plan = stage.app.plan.event->as.plan.plan;
	struct plan_step step = { .old = STR("/a/b"), .new = STR("/a/c") };
	event->as.plan.plan.steps = &step;
	event->as.plan.plan.n_steps = 1;
	stage_event(&stage, event);
	assert_int_equal(stage.app.focus, PANE_PLAN);
	stage_keys(&stage, "q");
	assert_int_equal(stage.app.focus, PANE_MODELS);
	stage_finish(&stage);
}

static void u_takes_back_what_is_under_the_cursor(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "H j j u");
	assert_non_null(strstr(stage.app.question.text.ptr, "(15 models)? [y/N]"));
	assert_int_equal(stage.fake.n_asked[REQUEST_UNDO], 0);
	stage_keys(&stage, "n"); /* as any other key */
	assert_int_equal(stage.fake.n_asked[REQUEST_UNDO], 0);
	stage_keys(&stage, "u y");
	assert_int_equal(stage.fake.n_asked[REQUEST_UNDO], 1);
	assert_int_equal(stage.fake.last_undo_id, 4);
	assert_int_equal(stage.fake.last_way, OPERATION_UNDO);
	stage_keys(&stage, "u"); /* it is undone: the page has heard of it */
	assert_null(stage.app.question.yes);
	stage_keys(&stage, "U");
	assert_int_equal(stage.fake.last_way, OPERATION_REDO);
	assert_int_equal(stage.fake.last_undo_id, 4);
	stage_finish(&stage);
}

static void what_was_changed_again_goes_with_the_newer_ones(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage.fake.undo_meets_changes = true;
	stage_keys(&stage, "H j j u y");
	assert_non_null(strstr(stage.app.question.text.ptr, "the last 3, down to this one? [y/N]"));
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_UNDO], 1);
	stage_keys(&stage, "u y y");
	assert_int_equal(stage.fake.last_undo_id, 0);
	assert_int_equal(stage.fake.last_undo_n, 3);
	stage_keys(&stage, "g u y"); /* the newest has no newer ones */
	assert_null(stage.app.question.yes);
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_finish(&stage);
}

static void who_may_not_write_takes_nothing_back(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = narrow;
	options.read_only = true;
	stage_init(&stage, options);
	stage_keys(&stage, "H u");
	assert_null(stage.app.question.yes);
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_finish(&stage);
}

static void the_mouse_chooses_and_opens(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "H");
	stage_press(&stage, 10, 4, MOUSE_PRESS);
	assert_int_equal(sheet_of(&stage, PANE_HISTORY)->list.cursor, 2);
	assert_int_equal(stage.app.focus, PANE_HISTORY);
	stage_press(&stage, 10, 4, MOUSE_PRESS);
	assert_int_equal(stage.app.focus, PANE_STEPS);
	stage_press(&stage, 10, 10, MOUSE_WHEEL_DOWN);
	assert_true(sheet_of(&stage, PANE_STEPS)->list.top > 0);
	stage_press(&stage, 10, 10, MOUSE_PRESS);
	stage_keys(&stage, "q");
	assert_int_equal(stage.app.focus, PANE_HISTORY);
	stage_finish(&stage);
}

static void the_matrix_moves_both_ways(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "space j j j space x");
	assert_int_equal(stage.app.focus, PANE_MATRIX);
	assert_int_equal(sheet_of(&stage, PANE_MATRIX)->event->as.matrix.n, 1); /* what is marked */
	assert_int_equal(sheet_of(&stage, PANE_MATRIX)->list.n, 1);
	stage_keys(&stage, "esc * x h");
	assert_int_equal(stage.app.focus,
			 PANE_MATRIX); /* h is a column, and the first has none left */
	stage_keys(&stage, "l l l l l l j");
	assert_int_equal(stage.app.matrix.column, 3);
	stage_keys(&stage, "left");
	assert_int_equal(stage.app.matrix.column, 2);
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.focus, PANE_CELL);
	assert_int_equal(stage.app.cell.event->as.details.entry.id, 5);
	assert_string_equal(stage.app.cell.checkpoint.ptr, "flux1-dev-fp8");
	stage_keys(&stage, "h");
	assert_int_equal(stage.app.focus, PANE_MATRIX);
	assert_int_equal(stage.app.matrix.column, 2);
	stage_keys(&stage, "q");
	assert_int_equal(stage.app.focus, PANE_MODELS);
	assert_int_equal(stage.app.marks.ids.len, 19);
	stage_finish(&stage);
}

/* While an answer is on its way no other is asked for, but once more afterwards. */
static void changes_are_asked_for_one_after_the_other(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "x");
	struct sheet *sheet = &stage.app.sheets[PANE_MATRIX - SHEET_FIRST];
	size_t before = stage.fake.n_asked[REQUEST_MATRIX];
	sheet->is_waiting = true;
	for (int i = 0; i < 5; i++) {
		stage_event(&stage, event_create(EVENT_CHANGED, 0));
		stage_wait(&stage, REQUERY_MS);
	}
	assert_int_equal(stage.fake.n_asked[REQUEST_MATRIX], before);
	stage_event(&stage, event_create(EVENT_MATRIX, sheet->serial));
	assert_int_equal(stage.fake.n_asked[REQUEST_MATRIX], before + 1);
	assert_int_equal(sheet->list.n, 11);
	stage_finish(&stage);
}

static void a_job_stands_still_and_goes_on(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = narrow;
	options.applies_slowly = true;
	stage_init(&stage, options);
	stage_keys(&stage, "w p");
	assert_int_equal(stage.fake.n_asked[REQUEST_PAUSE], 0); /* nothing runs */
	stage_keys(&stage, "q d enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_APPLY], 1);
	uint32_t serial = stage.app.job.serial;
	for (int i = 0; i < 100; i++) {
		struct event *event = event_create(EVENT_FILES, serial);
		event->as.files.n = 100;
		event->as.files.n_done = (uint64_t)i;
		stage_event(&stage, event);
	}
	stage_keys(&stage, "w p");
	assert_true(stage.fake.is_paused);
	stage_keys(&stage, "p");
	assert_false(stage.fake.is_paused);
	stage_keys(&stage, "w y");
	assert_int_equal(stage.fake.n_asked[REQUEST_CANCEL], 1);
	assert_int_equal(sheet_of(&stage, PANE_JOBS)->list.n, 1);
	stage_event(&stage, event_create(EVENT_DONE, serial));
	assert_int_equal(sheet_of(&stage, PANE_JOBS)->list.n, 0);
	stage_wait(&stage, 1000);
	assert_int_equal(update_deadline(&stage.app), -1); /* at rest nothing wakes up */
	stage_finish(&stage);
}

static void one_copy_stays_and_the_plan_comes_first(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "D");
	assert_int_equal(stage.fake.n_asked[REQUEST_HASH], 1);
	assert_int_equal(sheet_of(&stage, PANE_DUPLICATES)->list.n, 5);
	stage_keys(&stage, "enter"); /* nothing is marked */
	assert_int_equal(stage.fake.n_asked[REQUEST_PLAN], 0);
	stage_keys(&stage, "space space enter"); /* the second one takes the place of the first */
	assert_int_equal(stage.fake.last_wish, WISH_SPARE);
	assert_int_equal(stage.fake.n_kept, 1);
	assert_true(str_has_suffix(stage.fake.last_kept, STR("pony (1).safetensors")));
	assert_int_equal(stage.fake.last_plan_text.len, 0);
	assert_int_equal(stage.app.focus, PANE_PLAN);
	assert_int_equal(stage.fake.n_asked[REQUEST_APPLY], 0);
	stage_keys(&stage, "esc");
	assert_int_equal(stage.app.focus, PANE_DUPLICATES);
	stage_keys(&stage, "k space"); /* taken back */
	stage_keys(&stage, "r");
	stage_type(&stage, "st"); /* it stands there to be mended */
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.prompt.kind, PROMPT_KEEP);
	stage_keys(&stage, "backspace backspace");
	stage_type(&stage, " link");
	stage_keys(&stage, "enter");
	assert_true(str_equal(stage.fake.last_plan_text, STR("tagged,oldest")));
	assert_true(stage.fake.last_plan_links);
	assert_int_equal(stage.fake.n_kept, 0);
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_APPLY], 1);
	assert_int_equal(stage.app.focus, PANE_DUPLICATES);
	stage_finish(&stage);
}

static void what_fails_is_told_once(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "x");
	struct sheet *sheet = &stage.app.sheets[PANE_MATRIX - SHEET_FIRST];
	sheet->is_waiting = true;
	size_t before = stage.fake.n_asked[REQUEST_MATRIX];
	struct event *event = event_create(EVENT_FAILED, sheet->serial);
	error_set(&event->as.failed, ERROR_SYSTEM, NULL, "the disk is on fire");
	stage_event(&stage, event);
	assert_int_equal(stage.fake.n_asked[REQUEST_MATRIX], before);
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_finish(&stage);
}

/* The old library is closed, and its answer never comes. */
static void another_library_is_asked_anew(void **state)
{
	(void)state;
	struct stage stage;
	struct effects effects;
	size_t n = 0;
	stage_init(&stage, narrow);
	stage_keys(&stage, "H");
	stage.app.sheets[PANE_HISTORY - SHEET_FIRST].is_waiting = true;
	struct msg msg = { .type = MSG_REOPENED, .as.reopened = { true, 0 } };
	effects_init(&effects);
	update(&stage.app, &msg, &effects);
	for (size_t i = 0; i < effects.requests.len; i++)
		n += (*ARRAY_AT(&effects.requests, struct request *, i))->type == REQUEST_HISTORY;
	assert_int_equal(n, 1);
	effects_finish(&effects);
	stage_finish(&stage);
}

static void what_is_marked_comes_back_else_what_is_here(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "X");
	assert_int_equal(stage.app.focus, PANE_TRASH);
	assert_int_equal(sheet_of(&stage, PANE_TRASH)->list.n, 4);
	stage_keys(&stage, "r");
	assert_int_equal(stage.fake.last_wish, WISH_RESTORE);
	assert_int_equal(stage.fake.n_kept, 1);
	assert_true(str_has_suffix(stage.fake.last_kept, STR("ink.safetensors")));
	assert_int_equal(stage.app.focus, PANE_PLAN);
	assert_int_equal(stage.fake.n_asked[REQUEST_APPLY], 0);
	stage_keys(&stage, "esc j space space k space enter"); /* the third is taken back */
	assert_int_equal(stage.fake.n_kept, 1);
	assert_true(str_has_suffix(stage.fake.last_kept, STR("files/水.safetensors")));
	size_t before = stage.fake.n_asked[REQUEST_TRASHED];
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_APPLY], 1);
	assert_int_equal(stage.app.focus, PANE_TRASH);
	assert_true(stage.fake.n_asked[REQUEST_TRASHED] > before);
	stage_finish(&stage);
}

static void who_may_not_write_brings_nothing_back(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = narrow;
	options.read_only = true;
	stage_init(&stage, options);
	stage_keys(&stage, "X space enter");
	assert_int_equal(sheet_of(&stage, PANE_TRASH)->list.n, 4);
	assert_int_equal(stage.fake.n_asked[REQUEST_PLAN], 0);
	stage_finish(&stage);
}

static void a_folder_is_asked_for_before_it_is_ignored(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, ":");
	stage_type(&stage, "ignore /home/u/nowhere");
	stage_keys(&stage, "enter"); /* in no root */
	assert_null(stage.app.question.yes);
	stage_keys(&stage, "I");
	assert_int_equal(stage.fake.n_asked[REQUEST_DETAILS] > 0, true);
	assert_null(stage.last.ignores.ptr);
	stage_finish(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_for_the_window_only),
		cmocka_unit_test(pages_lead_back_to_where_one_was),
		cmocka_unit_test(a_plan_that_comes_late_lies_on_what_is_open),
		cmocka_unit_test(u_takes_back_what_is_under_the_cursor),
		cmocka_unit_test(what_was_changed_again_goes_with_the_newer_ones),
		cmocka_unit_test(who_may_not_write_takes_nothing_back),
		cmocka_unit_test(the_matrix_moves_both_ways),
		cmocka_unit_test(changes_are_asked_for_one_after_the_other),
		cmocka_unit_test(a_job_stands_still_and_goes_on),
		cmocka_unit_test(one_copy_stays_and_the_plan_comes_first),
		cmocka_unit_test(what_fails_is_told_once),
		cmocka_unit_test(another_library_is_asked_anew),
		cmocka_unit_test(what_is_marked_comes_back_else_what_is_here),
		cmocka_unit_test(who_may_not_write_brings_nothing_back),
		cmocka_unit_test(a_folder_is_asked_for_before_it_is_ignored),
		cmocka_unit_test(the_mouse_chooses_and_opens),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
