// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/support/stage.h"
#include "tui/app/update.h"

static struct stage_options wide = { .cols = 120, .rows = 40 };
static struct stage_options narrow = { .cols = 80, .rows = 24 };

static void press_times(struct stage *stage, const char *name, int n)
{
	while (n-- > 0)
		stage_keys(stage, name);
}

static void details_wait_for_the_cursor_to_rest(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, wide);
	assert_int_equal(stage.fake.n_asked[REQUEST_DETAILS], 1);
	for (int i = 0; i < 5; i++) {
		stage_keys(&stage, "j");
		stage_wait(&stage, DETAILS_REST_MS - 1);
	}
	assert_int_equal(stage.fake.n_asked[REQUEST_DETAILS], 1);
	stage_wait(&stage, 1);
	assert_int_equal(stage.fake.n_asked[REQUEST_DETAILS], 2);
	assert_int_equal(stage.app.details.id, 6);
	stage_wait(&stage, 1000);
	assert_int_equal(update_deadline(&stage.app), -1); /* at rest nothing wakes up */
	stage_finish(&stage);
}

static void details_that_nobody_sees_are_not_asked_for(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	press_times(&stage, "j", 5);
	stage_wait(&stage, 1000);
	assert_int_equal(stage.fake.n_asked[REQUEST_DETAILS], 0);
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_DETAILS], 1);
	assert_int_equal(stage.app.focus, PANE_DETAILS);
	stage_keys(&stage, "q");
	assert_false(stage.last.quit);
	stage_keys(&stage, "q");
	assert_true(stage.last.quit);
	stage_finish(&stage);
}

static void rows_are_fetched_near_the_window_only(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = wide;
	options.world = "huge";
	options.ids_come_late = true;
	stage_init(&stage, options);
	assert_int_equal(stage.app.models.list.n, 100000);
	stage_keys(&stage, "G");
	assert_int_equal(stage.app.models.cursor_id, 100000);
	assert_non_null(rows_at(&stage.app.models.rows, 99999));
	assert_null(rows_at(&stage.app.models.rows, 50000));
	size_t before = stage.fake.n_asked[REQUEST_ROWS];
	press_times(&stage, "k", 30);
	assert_int_equal(stage.fake.n_asked[REQUEST_ROWS], before);
	stage_finish(&stage);
}

static void news_keep_cursor_and_line(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	press_times(&stage, "j", 5);
	uint32_t id = stage.app.models.cursor_id;
	size_t line = stage.app.models.list.cursor - stage.app.models.list.top;
	/* What stood first is gone: everything moves up by one. */
	stage.fake.rows++;
	stage.fake.n_rows--;
	for (size_t i = 0; i < 20; i++)
		stage_event(&stage, event_create(EVENT_CHANGED, 0));
	size_t before = stage.fake.n_asked[REQUEST_QUERY];
	stage_wait(&stage, REQUERY_MS);
	assert_int_equal(stage.fake.n_asked[REQUEST_QUERY], before + 1); /* twenty told, one look */
	assert_int_equal(stage.app.models.cursor_id, id);
	assert_int_equal(stage.app.models.list.cursor, 4);
	assert_int_equal(stage.app.models.list.cursor - stage.app.models.list.top,
			 line < 4 ? line : 4);
	stage.fake.rows--;
	stage_finish(&stage);
}

/* The first model comes last: as when a scan fills the list. */
static size_t cursor_when_one_comes_first(const char *keys)
{
	struct stage stage;
	stage_init(&stage, narrow);
	stage.fake.rows++;
	stage.fake.n_rows--;
	stage_event(&stage, event_create(EVENT_CHANGED, 0));
	stage_wait(&stage, REQUERY_MS);
	stage_keys(&stage, keys);
	stage.fake.rows--;
	stage.fake.n_rows++;
	stage_event(&stage, event_create(EVENT_CHANGED, 0));
	stage_wait(&stage, REQUERY_MS);
	size_t cursor = stage.app.models.list.cursor;
	stage_finish(&stage);
	return cursor;
}

static void a_list_that_fills_shows_its_beginning_until_somebody_is_there(void **state)
{
	(void)state;
	assert_int_equal(cursor_when_one_comes_first(""), 0);
	assert_int_equal(cursor_when_one_comes_first("j k"), 1);
}

static void old_answers_are_dropped(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	struct event *event = event_create(EVENT_RESULT, stage.app.models.serial - 1);
	event->as.result.n = 0;
	stage_event(&stage, event);
	assert_int_equal(stage.app.models.list.n, 19);
	stage_finish(&stage);
}

static void only_checkpoints_can_be_chosen(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	press_times(&stage, "j", 3);
	stage_keys(&stage, "c");
	assert_int_equal(stage.app.checkpoint.id, 0);
	assert_non_null(strstr(stage.app.news.message.ptr, "only checkpoints"));
	stage_keys(&stage, "f");
	assert_int_equal(stage.app.wishes.filter, FILTER_ALL);
	stage_keys(&stage, "g c f");
	assert_int_equal(stage.app.checkpoint.id, 1);
	assert_int_equal(stage.app.wishes.filter, FILTER_COMPATIBLE);
	stage_keys(&stage, "f f f");
	assert_int_equal(stage.app.wishes.filter, FILTER_ALL);
	stage_keys(&stage, "f f f f g c");
	assert_int_equal(stage.app.checkpoint.id, 0);
	stage_finish(&stage);
}

static void marks_and_ranges(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "space space");
	assert_int_equal(stage.app.marks.ids.len, 2);
	stage_keys(&stage, "j v j j v");
	assert_int_equal(stage.app.marks.ids.len, 5);
	stage_keys(&stage, "v j esc");
	assert_int_equal(stage.app.marks.ids.len, 5);
	assert_false(stage.app.models.has_range);
	stage_keys(&stage, "^R");
	assert_int_equal(stage.app.marks.ids.len, 14);
	stage_keys(&stage, "*");
	assert_int_equal(stage.app.marks.ids.len, 19);
	stage_finish(&stage);
}

static void tags_go_to_what_is_marked(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "t");
	stage_type(&stage, "+style -old");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_tag_n, 1);
	assert_true(str_equal(stage.fake.last_tag, STR("+style -old")));
	stage_keys(&stage, "space space t");
	stage_type(&stage, "+x");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_tag_n, 2);
	size_t before = stage.fake.n_asked[REQUEST_TAG];
	stage_keys(&stage, "t");
	stage_type(&stage, "style");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_TAG], before);
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_finish(&stage);
}

static void notes_and_ratings_go_to_what_is_marked(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "4");
	assert_int_equal(stage.fake.last_words, WORDS_RATING);
	assert_int_equal(stage.fake.last_number, 4);
	stage_keys(&stage, "0");
	assert_int_equal(stage.fake.last_number, 0);
	stage_keys(&stage, "F");
	assert_int_equal(stage.fake.last_words, WORDS_FAVOURITE);
	stage_keys(&stage, "n");
	stage_type(&stage, "good at dawn");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_words, WORDS_NOTE);
	assert_true(str_equal(stage.fake.last_note, STR("good at dawn")));
	stage_keys(&stage, "u");
	assert_int_equal(stage.fake.last_way, OPERATION_UNDO);
	stage_keys(&stage, "U");
	assert_int_equal(stage.fake.last_way, OPERATION_REDO);
	stage.app.can_write = false;
	size_t n_asked = stage.fake.n_asked[REQUEST_WORDS];
	stage_keys(&stage, "5");
	assert_int_equal(stage.fake.n_asked[REQUEST_WORDS], n_asked);
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_finish(&stage);
}

static void files_move_after_their_plan_was_seen(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "space d");
	assert_int_equal(stage.fake.last_wish, WISH_TRASH);
	assert_int_equal(stage.app.focus, PANE_PLAN);
	stage_keys(&stage, "esc");
	assert_int_equal(stage.app.focus, PANE_MODELS);
	assert_int_equal(stage.fake.n_asked[REQUEST_APPLY], 0);
	assert_int_equal(stage.app.marks.ids.len, 1);
	stage_keys(&stage, "m");
	stage_type(&stage, "{nothing}");
	stage_keys(&stage, "enter"); /* it stands there to be mended */
	assert_int_equal(stage.app.prompt.kind, PROMPT_ORGANISE);
	assert_int_equal(stage.fake.last_wish, WISH_TRASH);
	stage_keys(&stage, "esc m");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_wish, WISH_ORGANISE);
	assert_true(str_equal(stage.fake.last_plan_text, STR("{kind}/{base}/{name}")));
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_applied, 2);
	assert_int_equal(stage.app.marks.ids.len, 0);
	assert_int_equal(stage.app.focus, PANE_MODELS);
	stage.fake.plans_conflict = true;
	stage_keys(&stage, "d enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_APPLY], 1);
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_keys(&stage, "q r");
	stage_type(&stage, "2");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_wish, WISH_RENAME);
	assert_true(str_has_suffix(stage.fake.last_plan_text, STR("2")));
	stage_finish(&stage);
}

/* What failed did nothing: `u` would take back something that the person does not think of. */
static void undo_after_a_failure_asks_first(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "m enter");
	stage.fake.applies_fail = true;
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_keys(&stage, "u");
	assert_int_equal(stage.fake.n_asked[REQUEST_UNDO], 0);
	assert_non_null(strstr(stage.app.question.text.ptr, "done last was tag +style -old"));
	stage_keys(&stage, "u"); /* not yes */
	assert_int_equal(stage.fake.n_asked[REQUEST_UNDO], 0);
	stage_keys(&stage, "u y");
	assert_int_equal(stage.fake.n_asked[REQUEST_UNDO], 1);
	assert_int_equal(stage.fake.last_undo_id, 6);
	assert_non_null(strstr(stage.app.news.message.ptr, "operation 7, move /mnt/na^["));
	stage_keys(&stage, "u"); /* what was done last is known again */
	assert_int_equal(stage.fake.n_asked[REQUEST_UNDO], 2);
	stage_finish(&stage);
}

static void m_moves_to_a_folder_as_well(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage.app.home = "/home/u";
	stage_keys(&stage, "m ^U");
	stage_type(&stage, "/mnt/big disk/");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_wish, WISH_MOVE);
	assert_true(str_equal(stage.fake.last_plan_text, STR("/mnt/big disk")));
	assert_int_equal(stage.app.focus, PANE_PLAN);
	stage_keys(&stage, "esc m ^U");
	stage_type(&stage, "~/x");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_wish, WISH_MOVE);
	assert_true(str_equal(stage.fake.last_plan_text, STR("/home/u/x")));
	/* The template that is offered makes room for it, but not where that is edited. */
	stage_keys(&stage, "esc m");
	stage_type(&stage, "/srv/y");
	stage_keys(&stage, "enter");
	assert_true(str_equal(stage.fake.last_plan_text, STR("/srv/y")));
	stage_keys(&stage, "esc m left left left left left left");
	stage_type(&stage, "{type}/");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_wish, WISH_ORGANISE);
	assert_true(str_equal(stage.fake.last_plan_text, STR("{kind}/{base}/{type}/{name}")));
	stage_finish(&stage);
}

static void what_conflicts_is_left_out(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "space space space m enter x");
	assert_int_equal(stage.fake.last_plan_n, 3);
	stage.fake.plans_conflict = true;
	stage_keys(&stage, "esc m enter");
	uint32_t first = *ARRAY_AT(&stage.app.marks.ids, uint32_t, 0);
	stage_keys(&stage, "x");
	assert_int_equal(stage.fake.last_wish, WISH_ORGANISE);
	assert_true(str_equal(stage.fake.last_plan_text, STR("{kind}/{base}/{name}")));
	assert_int_equal(stage.fake.last_plan_n, 2);
	assert_int_equal(stage.app.focus, PANE_PLAN);
	stage.fake.plans_conflict = false;
	stage_keys(&stage, "esc m enter");
	assert_int_equal(stage.fake.last_plan_n, 3); /* asked for anew, it is about all of them */
	stage.fake.plans_conflict = true;
	stage_keys(&stage, "esc m enter");
	stage.fake.plans_conflict = false;
	stage_keys(&stage, "x enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_APPLY], 1);
	/* What was left out stays marked. */
	assert_int_equal(stage.app.marks.ids.len, 1);
	assert_int_equal(*ARRAY_AT(&stage.app.marks.ids, uint32_t, 0), first);
	stage.fake.plans_conflict = true;
	stage_keys(&stage, "d x"); /* nothing would be left */
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	assert_int_equal(stage.app.focus, PANE_PLAN);
	stage_finish(&stage);
}

/* All that a filter finds is marked, also by who types faster than it is found. */
static void marking_all_waits_for_the_filter(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage.fake.never_answers = true;
	stage_keys(&stage, "/");
	stage_type(&stage, "zz");
	stage_keys(&stage, "enter *");
	assert_int_equal(stage.app.marks.ids.len, 0);
	for (int is_whole = 0; is_whole <= 1; is_whole++) {
		struct event *event = event_create(EVENT_RESULT, stage.app.models.serial);
		uint32_t *ids = ARENA_NEW_N(&event->arena, uint32_t, 2);
		ids[0] = 3;
		ids[1] = 4;
		event->as.result.ids = ids;
		event->as.result.n = 1 + (uint64_t)is_whole;
		event->as.result.is_part = !is_whole;
		stage_event(&stage, event);
		assert_int_equal(stage.app.marks.ids.len, is_whole ? 2 : 0);
	}
	stage_keys(&stage, "^R");
	assert_int_equal(stage.app.marks.ids.len, 0);
	stage_finish(&stage);
}

static void i_sets_by_hand_what_is_marked_or_under_the_cursor(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "i");
	stage_type(&stage, "lora sdxl-pony");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_CORRECT], 1);
	assert_true(stage.fake.last_change.set.has_kind);
	assert_int_equal(stage.fake.last_change.set.kind, KIND_LORA);
	assert_true(str_equal(stage.fake.last_change.set.base_model, STR("sdxl-pony")));
	assert_false(stage.fake.last_change.clears);
	stage_keys(&stage, ":");
	stage_type(&stage, "correct clear");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_CORRECT], 2);
	assert_true(stage.fake.last_change.clears);
	assert_true(correction_is_empty(&stage.fake.last_change.set));
	/* A mistake changes nothing; Esc and an empty line neither. */
	stage_keys(&stage, "i");
	stage_type(&stage, "nonsense");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.prompt.kind, PROMPT_CORRECT);
	stage_keys(&stage, "esc i enter :");
	stage_type(&stage, "correct kind:nonsense");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	assert_int_equal(stage.fake.n_asked[REQUEST_CORRECT], 2);
	stage_finish(&stage);
}

static void a_set_is_composed_and_saved(void **state)
{
	struct stage stage;
	(void)state;
	stage_init(&stage, narrow);
	stage_keys(&stage, "+"); /* not in the set */
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_keys(&stage, "c j j j a");
	assert_int_equal(stage.app.tray.loras.len, 1);
	assert_int_equal(stage.fake.n_asked[REQUEST_COMPOSE], 1);
	stage_keys(&stage, "- - + a");
	assert_int_equal(stage.app.tray.loras.len, 0);
	assert_null(stage.app.tray.fit);
	stage_keys(&stage, "a j a -");
	assert_int_equal(stage.app.tray.fit->as.composed.n, 2);
	assert_int_equal(stage.app.tray.fit->as.composed.set.verdict, FIT_CAUTION);
	stage_keys(&stage, "s");
	stage_type(&stage, "save My set");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_SET_CHANGE], 1);
	assert_true(str_equal(stage.fake.last_set.name, STR("My set")));
	assert_int_equal(stage.fake.last_set.action, SET_NEW);
	assert_int_equal(stage.fake.last_set.n_loras, 2);
	assert_false(stage.app.tray.is_changed);
	/* Saved again under its name; opened by a name of any case. */
	stage_keys(&stage, ":");
	stage_type(&stage, "set save");
	stage_keys(&stage, "enter s");
	assert_true(str_equal(stage.fake.last_set.name, STR("My set")));
	assert_true(stage.fake.last_set.action == SET_PUT && stage.fake.last_set.is_all);
	stage_type(&stage, "open EVENING");
	stage_keys(&stage, "enter");
	assert_true(str_equal(bytes_str(&stage.app.tray.name), STR("Evening")));
	assert_int_equal(stage.app.tray.loras.len, 2);
	stage_finish(&stage);
}

/* Keys that come before what they wait for must not undo what was done. */
static void taking_lets_go_of_no_checkpoint(void **state)
{
	struct stage stage;
	(void)state;
	stage_init(&stage, narrow);
	stage_keys(&stage, "a");
	assert_int_equal(stage.app.checkpoint.id, 1);
	stage_keys(&stage, "a");
	assert_int_equal(stage.app.checkpoint.id, 1);
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_keys(&stage, "c");
	assert_int_equal(stage.app.checkpoint.id, 0);
	stage_finish(&stage);
}

static void save_as(struct stage *stage, const char *name)
{
	stage_keys(stage, "s");
	stage_type(stage, "save ");
	stage_type(stage, name);
	stage_keys(stage, "enter");
}

/* Another set is replaced only when that was asked and answered with y. */
static void another_set_is_not_replaced_unasked(void **state)
{
	static const char *const noes[] = { "n", "esc", "enter", "N", "a" };
	struct stage stage;
	(void)state;
	stage_init(&stage, narrow);
	stage_keys(&stage, "c j j j a");
	save_as(&stage, "Mine");
	for (size_t i = 0; i < sizeof noes / sizeof *noes; i++) {
		save_as(&stage, "evening");
		assert_non_null(
			strstr(stage.app.question.text.ptr, "\"evening\": replace it? [y/N]"));
		assert_true(str_equal(bytes_str(&stage.app.tray.name), STR("Mine")));
		assert_true(stage.app.tray.is_changed);
		stage_keys(&stage, noes[i]);
		assert_true(str_equal(stage.fake.last_set.name, STR("Mine")));
		assert_int_equal(stage.app.tray.loras.len, 1);
	}
	/* Whatever is told meanwhile, the question is what is seen, and what a key answers. */
	save_as(&stage, "evening");
	app_tell(&stage.app, STYLE_NORMAL, "news");
	assert_non_null(stage.app.question.yes);
	stage_keys(&stage, "esc y esc");
	assert_true(str_equal(stage.fake.last_set.name, STR("Mine")));
	save_as(&stage, "evening");
	stage_keys(&stage, "y");
	assert_true(str_equal(stage.fake.last_set.name, STR("evening")));
	assert_true(stage.fake.last_set.action == SET_PUT && stage.fake.last_set.is_all);
	assert_true(str_equal(bytes_str(&stage.app.tray.name), STR("evening")));
	assert_false(stage.app.tray.is_changed);
	stage_finish(&stage);
}

static const struct tray_lora *lora_at(const struct stage *stage, size_t i)
{
	return ARRAY_AT(&stage->app.tray.loras, struct tray_lora, i);
}

static void loras_of_a_set_change_places_and_weights(void **state)
{
	struct stage stage;
	(void)state;
	stage_init(&stage, narrow);
	stage_keys(&stage, "j j j a j a");
	uint32_t first = lora_at(&stage, 0)->id, second = lora_at(&stage, 1)->id;
	stage_keys(&stage, ">"); /* it is the last already */
	assert_int_equal(lora_at(&stage, 1)->id, second);
	stage_keys(&stage, "<");
	assert_int_equal(lora_at(&stage, 0)->id, second);
	assert_int_equal(stage.app.tray.fit->as.composed.n, 2);
	stage_keys(&stage, "< >");
	assert_int_equal(lora_at(&stage, 0)->id, first);
	stage_keys(&stage, "s");
	stage_type(&stage, "te 0.25");
	stage_keys(&stage, "enter");
	assert_true(lora_at(&stage, 1)->weights.has_weight_te);
	assert_true(lora_at(&stage, 1)->weights.weight_te == 0.25);
	stage_keys(&stage, "s");
	stage_type(&stage, "te much");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_keys(&stage, "s");
	stage_type(&stage, "te");
	stage_keys(&stage, "enter");
	assert_false(lora_at(&stage, 1)->weights.has_weight_te);
	stage_finish(&stage);
}

static void a_save_that_failed_is_none(void **state)
{
	struct stage stage;
	(void)state;
	stage_init(&stage, narrow);
	stage_keys(&stage, "c j j j a s");
	stage_type(&stage, "save one");
	stage_keys(&stage, "enter + s");
	stage.fake.sets_fail = true;
	stage_type(&stage, "save other");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	assert_true(stage.app.tray.is_changed);
	assert_true(str_equal(bytes_str(&stage.app.tray.name), STR("one")));
	/* A set without a checkpoint is opened without one. */
	assert_int_not_equal(stage.app.checkpoint.id, 0);
	stage_keys(&stage, "s");
	stage_type(&stage, "open empty one");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.checkpoint.id, 0);
	stage_finish(&stage);
}

static bool stage_shows(struct stage *stage, struct str text)
{
	struct bytes screen = { 0 };
	stage_dump(stage, &screen);
	bool is_found = str_find(bytes_str(&screen), text) >= 0;
	bytes_finish(&screen);
	return is_found;
}

static void what_is_gone_of_a_set_is_saved_again(void **state)
{
	struct stage stage;
	(void)state;
	stage_init(&stage, narrow);
	stage.fake.sets_have_gone = true;
	stage_keys(&stage, "s");
	stage_type(&stage, "open evening");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.news.style, STYLE_WARNING);
	assert_int_equal(stage.app.tray.loras.len, 1);
	assert_false(stage.app.tray.is_changed);
	assert_true(stage_shows(&stage, STR("(2 gone)")));
	stage_resize(&stage, 200, 60);
	assert_true(stage_shows(&stage, STR("not in the library: its checkpoint and 1 LoRA")));
	stage_keys(&stage, "s");
	stage_type(&stage, "save");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_set.n_loras, 2);
	assert_int_equal(stage.fake.last_set.checkpoint, 0);
	assert_int_equal(stage.fake.last_set.checkpoint_subject, 3);
	stage_keys(&stage, "s");
	stage_type(&stage, "prune");
	stage_keys(&stage, "enter s");
	assert_true(stage.app.tray.is_changed);
	stage_type(&stage, "save");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.last_set.n_loras, 1);
	assert_int_equal(stage.fake.last_set.checkpoint_subject, 0);
	stage_finish(&stage);
}

static void y_and_a_letter_copy(void **state)
{
	static const char *const copied[][2] = {
		{ "l", "<lora:ink_wash_v2:1>\n" },
		{ "p", "/home/u/models/ink_wash_v2.safetensors" },
		{ "t", "ink wash, sumi-e" },
	};
	struct stage stage;
	(void)state;
	stage_init(&stage, narrow);
	stage_keys(&stage, "j j j");
	for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
		stage_keys(&stage, "y");
		stage_keys(&stage, copied[i][0]);
		assert_true(str_equal(bytes_str(&stage.app.copy.text), str_from(copied[i][1])));
		assert_true(str_has_prefix(bytes_str(&stage.app.news.message), STR("copied")));
	}
	/* There is no hash; and another key only ends the waiting. */
	stage_keys(&stage, "y h");
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_keys(&stage, "y q");
	assert_false(stage.last.quit || stage.app.copy.is_waiting);
	stage_finish(&stage);
}

static void type_line(struct stage *stage, const char *line)
{
	stage_keys(stage, ":");
	stage_type(stage, line);
	stage_keys(stage, "enter");
}

static void subcommands_run_beside_the_screen(void **state)
{
	static const struct {
		const char *line, *words;
	} cases[] = {
		{ "doctor", "doctor" },
		{ "root list", "root|list" },
		{ "tags --json", "tags|--json" },
		{ "fit 'my model' kind:lora", "fit|my model|kind:lora" },
		{ "groups base:x", "groups|base:x" },
		{ "list --sort size", "list|--sort|size" },
		{ "scan --jobs 2", "scan|--jobs|2" },
		{ "correct ink --base pony", "correct|ink|--base|pony" },
		{ "correct pony", "" },
		{ "set list", "set|list" },
		{ "set export x --as a1111", "set|export|x|--as|a1111" },
		{ "set open x", "" },
		{ "groups", "" },
		{ "fit", "" },
		{ "list kind:lora", "" },
		{ "scan --full", "" },
		{ "root add /x", "" },
		{ "tag +x", "" },
		{ "doctr", "" },
		{ "doctor 'x", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct stage stage;
		struct bytes words = { 0 };
		stage_init(&stage, narrow);
		type_line(&stage, cases[i].line);
		for (size_t w = 0; w < stage.last.n_aside; w++)
			bytes_printf(&words, "%s%s", w ? "|" : "", stage.last.aside[w].ptr);
		assert_true(str_equal(bytes_str(&words), str_from(cases[i].words)));
		bytes_finish(&words);
		stage_finish(&stage);
	}
}

static void no_subcommand_ends_a_scan(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = narrow;
	options.scan_at_start = true;
	stage_init(&stage, options);
	type_line(&stage, "doctor");
	assert_int_equal(stage.last.n_aside, 0);
	assert_int_equal(stage.app.news.style, STYLE_MISTAKE);
	stage_finish(&stage);
}

static void tags_may_go_to_a_query(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	type_line(&stage, "tag 'kind:lora ink' +a");
	assert_true(str_equal(stage.fake.last_tag_query, STR("kind:lora ink")));
	assert_true(str_equal(stage.fake.last_tag, STR("+a")));
	size_t n_asked = stage.fake.n_asked[REQUEST_TAG];
	type_line(&stage, "tag '' +a");
	type_line(&stage, "tag kind:lora a");
	type_line(&stage, "tag kind:lora");
	assert_int_equal(stage.fake.n_asked[REQUEST_TAG], n_asked);
	stage_finish(&stage);
}

static void a_folder_to_scan_is_looked_after(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	type_line(&stage, "scan '/my models'");
	assert_int_equal(stage.fake.n_asked[REQUEST_ROOT_ADD], 1);
	assert_true(str_equal(stage.fake.last_root, STR("/my models")));
	type_line(&stage, "root add ~/more models");
	assert_true(str_equal(stage.fake.last_root, STR("/home/u/more models")));
	stage_finish(&stage);
}

static void after_an_aside_all_is_asked_again(void **state)
{
	(void)state;
	struct stage stage;
	struct effects effects;
	stage_init(&stage, narrow);
	stage_keys(&stage, "j j");
	struct msg msg = { .type = MSG_REOPENED, .as.reopened = { false, 4711 } };
	effects_init(&effects);
	update(&stage.app, &msg, &effects);
	assert_false(stage.app.can_write);
	assert_true(effects.requests.len >= 3);
	const struct request *first = *ARRAY_AT(&effects.requests, struct request *, 0);
	assert_int_equal(first->type, REQUEST_QUERY);
	assert_true(stage.app.models.is_requery);
	effects_finish(&effects);
	stage_finish(&stage);
}

static void a_read_only_library_is_not_changed(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = narrow;
	options.read_only = options.scan_at_start = true;
	stage_init(&stage, options);
	stage_keys(&stage, "R t i");
	assert_int_equal(stage.app.prompt.kind, PROMPT_NONE);
	assert_int_equal(stage.fake.n_asked[REQUEST_SCAN], 0);
	stage_keys(&stage, ":");
	stage_type(&stage, "root add /x");
	stage_keys(&stage, "enter");
	assert_int_equal(stage.fake.n_asked[REQUEST_ROOT_ADD], 0);
	stage_finish(&stage);
}

static void a_scan_is_stopped_by_asking_twice(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = narrow;
	options.scan_at_start = true;
	stage_init(&stage, options);
	assert_int_equal(stage.fake.n_asked[REQUEST_SCAN], 1);
	stage_keys(&stage, "w w");
	assert_non_null(strstr(stage.app.question.text.ptr, "stop the scan"));
	stage_keys(&stage, "w");
	assert_int_equal(stage.fake.n_asked[REQUEST_CANCEL], 0);
	stage_keys(&stage, "w y");
	assert_int_equal(stage.fake.n_asked[REQUEST_CANCEL], 1);
	stage_finish(&stage);
}

static void what_a_file_says_is_cleaned(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = narrow;
	options.message = "config.ini:3: no key \"\x1b[31m\"";
	stage_init(&stage, options);
	assert_string_equal(stage.app.news.message.ptr, "config.ini:3: no key \"^[[31m\"");
	stage_keys(&stage, "j");
	assert_int_equal(stage.app.news.message.len, 0);
	stage_finish(&stage);
}

static void progress_is_painted_four_times_a_second(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = narrow;
	size_t n_paints = 0;
	options.scan_at_start = true;
	stage_init(&stage, options);
	stage.app.dirty = false;
	for (int i = 0; i < 100; i++) {
		struct event *event = event_create(EVENT_PROGRESS, stage.app.news.scan_serial);
		event->as.progress.seen = (uint64_t)i;
		stage_event(&stage, event);
		stage_wait(&stage, 10);
		n_paints += stage.app.dirty;
		stage.app.dirty = false;
	}
	assert_true(n_paints >= 3 && n_paints <= 4);
	stage_finish(&stage);
}

static void a_wrong_filter_is_not_kept(void **state)
{
	(void)state;
	struct stage stage;
	stage_init(&stage, narrow);
	stage_keys(&stage, "/");
	stage_type(&stage, "bse:x");
	assert_int_equal(stage.app.mistake.column, 1);
	stage_keys(&stage, "enter");
	assert_int_equal(stage.app.prompt.kind, PROMPT_FILTER);
	stage_keys(&stage, "esc");
	assert_int_equal(stage.app.prompt.kind, PROMPT_NONE);
	assert_int_equal(stage.app.wishes.query.len, 0);
	assert_int_equal(stage.app.models.list.n, 19);
	stage_finish(&stage);
}

static void resizing_keeps_where_one_is(void **state)
{
	(void)state;
	struct stage stage;
	struct stage_options options = wide;
	options.world = "huge";
	stage_init(&stage, options);
	press_times(&stage, "pgdn", 4);
	stage_keys(&stage, "space");
	uint32_t id = stage.app.models.cursor_id;
	static const int sizes[][2] = {
		{ 80, 24 }, { 20, 5 }, { 200, 60 }, { 40, 10 }, { 120, 40 }
	};
	for (size_t i = 0; i < 5; i++) {
		stage_resize(&stage, sizes[i][0], sizes[i][1]);
		assert_int_equal(stage.app.models.cursor_id, id);
		assert_int_equal(stage.app.marks.ids.len, 1);
	}
	stage_finish(&stage);
}

static void the_mouse_presses_and_turns(void **state)
{
	(void)state;
	struct stage stage;
	struct bytes out = { 0 };
	stage_init(&stage, wide);
	stage_press(&stage, 10, 5, MOUSE_PRESS);
	assert_int_equal(stage.app.models.list.cursor, 3);
	stage_press(&stage, 100, 5, MOUSE_PRESS);
	assert_int_equal(stage.app.focus, PANE_DETAILS);
	stage_press(&stage, 100, 39, MOUSE_PRESS); /* the status line is nobody's */
	stage_press(&stage, 10, 38, MOUSE_PRESS);
	stage_press(&stage, 10, 30, MOUSE_WHEEL_DOWN);
	stage_dump(&stage, &out);
	bytes_finish(&out);
	stage_finish(&stage);
}

static void every_key_at_every_size_is_survived(void **state)
{
	(void)state;
	static const int sizes[][2] = {
		{ 1, 1 }, { 40, 10 }, { 80, 24 }, { 120, 40 }, { 200, 60 }
	};
	static const char *const worlds[] = { "demo", "empty", "new" };
	for (size_t w = 0; w < 3; w++) {
		struct stage stage;
		struct bytes out = { 0 };
		uint32_t noise = 1;
		stage_init(&stage,
			   (struct stage_options){ .world = worlds[w], .cols = 80, .rows = 24 });
		for (int i = 0; i < 1000; i++) {
			noise = noise * 1664525 + 1013904223;
			uint32_t code = (noise >> 8) % 120;
			struct msg msg = { .type = MSG_KEY, .now_ms = stage.now_ms };
			msg.as.key.ctrl = code < 26;
			msg.as.key.code = code < 26     ? 'a' + code
					  : code < 33   ? KEY_CODE_UP + code - 26
					  : code >= 105 ? KEY_CODE_UP + code - 105
							: code;
			char name[KEY_NAME_BYTES + 1];
			struct str text = key_name(msg.as.key, name);
			name[text.len] = '\0';
			if (i % 50 == 0)
				stage_resize(&stage, sizes[i / 50 % 5][0], sizes[i / 50 % 5][1]);
			stage_keys(&stage, name);
			stage_wait(&stage, noise % 200);
			bytes_clear(&out);
			stage_dump(&stage, &out);
		}
		bytes_finish(&out);
		stage_finish(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(details_wait_for_the_cursor_to_rest),
		cmocka_unit_test(details_that_nobody_sees_are_not_asked_for),
		cmocka_unit_test(rows_are_fetched_near_the_window_only),
		cmocka_unit_test(news_keep_cursor_and_line),
		cmocka_unit_test(a_list_that_fills_shows_its_beginning_until_somebody_is_there),
		cmocka_unit_test(old_answers_are_dropped),
		cmocka_unit_test(only_checkpoints_can_be_chosen),
		cmocka_unit_test(marks_and_ranges),
		cmocka_unit_test(tags_go_to_what_is_marked),
		cmocka_unit_test(notes_and_ratings_go_to_what_is_marked),
		cmocka_unit_test(files_move_after_their_plan_was_seen),
		cmocka_unit_test(undo_after_a_failure_asks_first),
		cmocka_unit_test(m_moves_to_a_folder_as_well),
		cmocka_unit_test(what_conflicts_is_left_out),
		cmocka_unit_test(marking_all_waits_for_the_filter),
		cmocka_unit_test(i_sets_by_hand_what_is_marked_or_under_the_cursor),
		cmocka_unit_test(a_set_is_composed_and_saved),
		cmocka_unit_test(taking_lets_go_of_no_checkpoint),
		cmocka_unit_test(another_set_is_not_replaced_unasked),
		cmocka_unit_test(loras_of_a_set_change_places_and_weights),
		cmocka_unit_test(what_is_gone_of_a_set_is_saved_again),
		cmocka_unit_test(a_save_that_failed_is_none),
		cmocka_unit_test(y_and_a_letter_copy),
		cmocka_unit_test(subcommands_run_beside_the_screen),
		cmocka_unit_test(no_subcommand_ends_a_scan),
		cmocka_unit_test(tags_may_go_to_a_query),
		cmocka_unit_test(a_folder_to_scan_is_looked_after),
		cmocka_unit_test(after_an_aside_all_is_asked_again),
		cmocka_unit_test(a_read_only_library_is_not_changed),
		cmocka_unit_test(a_scan_is_stopped_by_asking_twice),
		cmocka_unit_test(what_a_file_says_is_cleaned),
		cmocka_unit_test(progress_is_painted_four_times_a_second),
		cmocka_unit_test(a_wrong_filter_is_not_kept),
		cmocka_unit_test(resizing_keeps_where_one_is),
		cmocka_unit_test(the_mouse_presses_and_turns),
		cmocka_unit_test(every_key_at_every_size_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
