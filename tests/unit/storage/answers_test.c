// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "storage/answers.h"
#include "storage/set_edits.h"
#include "tests/support/made_up.h"

struct fixture {
	struct made_up made_up;
	struct answers answers;
	uint32_t pony_checkpoint;
};

static const struct made_up_model library[] = {
	{ .path = "ckpt/PonyXL.safetensors",
	  .base = "pony",
	  .kind = KIND_CHECKPOINT,
	  .size_bytes = 6000 },
	{ .path = "ckpt/plain.safetensors",
	  .base = "sdxl",
	  .kind = KIND_CHECKPOINT,
	  .size_bytes = 7000 },
	{ .path = "lora/anime/Ink Wash.safetensors",
	  .base = "pony",
	  .kind = KIND_LORA,
	  .rank = 16,
	  .triggers = "inkwash,wet paper",
	  .trained = "ponyDiffusion.safetensors",
	  .size_bytes = 200 },
	{ .path = "lora/anime/autism.safetensors",
	  .base = "autism",
	  .kind = KIND_LORA,
	  .rank = 32,
	  .size_bytes = 300 },
	{ .path = "lora/photo.safetensors",
	  .base = "photo",
	  .kind = KIND_LORA,
	  .rank = 8,
	  .size_bytes = 100 },
	{ .path = "lora/old.safetensors",
	  .base = "sd1",
	  .kind = KIND_LORA,
	  .rank = 4,
	  .size_bytes = 50 },
	{ .path = "lora/Straße.safetensors", .kind = KIND_LORA, .size_bytes = 60 },
	{ .path = "lora/broken.safetensors",
	  .kind = KIND_UNKNOWN,
	  .status = STATUS_DAMAGED,
	  .size_bytes = 1 },
	{ .path = "other/chroma.gguf",
	  .base = "chroma",
	  .kind = KIND_DIFFUSION_MODEL,
	  .size_bytes = 9000 },
};

static void open_answers(struct fixture *fixture)
{
	struct error err;
	if (!answers_open(&fixture->answers, &fixture->made_up.options, &err))
		fail_msg("%s", err.text);
	while (!fixture->answers.is_loaded)
		assert_true(answers_load(&fixture->answers, 100, &err));
}

static int setup(void **state)
{
	static struct fixture fixture;
	made_up_begin(&fixture.made_up);
	made_up_root(&fixture.made_up, "/");
	uint32_t gone = made_up_store(&fixture.made_up,
				      &(struct made_up_model){ .path = "lora/gone.safetensors",
							       .base = "pony",
							       .kind = KIND_LORA });
	for (size_t i = 0; i < sizeof library / sizeof *library; i++) {
		uint32_t id = made_up_store(&fixture.made_up, &library[i]);
		if (i == 0)
			fixture.pony_checkpoint = id;
	}
	made_up_store(&fixture.made_up, &(struct made_up_model){ .path = "lora/gone.safetensors",
								 .id = gone,
								 .is_gone = true });
	made_up_commit(&fixture.made_up);
	made_up_tag(&fixture.made_up, "lora/photo.safetensors", "Best Of");
	made_up_tag(&fixture.made_up, "lora/photo.safetensors", "style");
	made_up_tag(&fixture.made_up, "lora/old.safetensors", "STYLE");
	open_answers(&fixture);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	answers_close(&fixture->answers);
	made_up_end(&fixture->made_up);
	return 0;
}

/* The names that a request gives, with spaces between, or "!COLUMN". */
static const char *names_of(struct fixture *fixture, struct request *request)
{
	static struct bytes names;
	struct error err;
	struct event *event = event_create(EVENT_RESULT, 1);
	bytes_clear(&names);
	request->as.query.n_rows = 100;
	if (!answers_query(&fixture->answers, request, event, &err))
		fail_msg("%s", err.text);
	if (event->as.result.mistake_column)
		bytes_printf(&names, "!%zu", event->as.result.mistake_column);
	for (size_t i = 0; i < event->as.result.n_rows; i++) {
		const struct row *row = &event->as.result.rows[i];
		bytes_printf(&names, "%s%.*s", i ? " " : "", STR_ARG(row->name));
		assert_int_equal(row->id, event->as.result.ids[i]);
	}
	bytes_append_byte(&names, '\0');
	event_destroy(event);
	request_destroy(request);
	return names.ptr;
}

static struct request *query(const char *text)
{
	struct request *request = request_create(REQUEST_QUERY);
	request->as.query.text = str_from(text);
	return request;
}

static void terms_find_what_they_mean(void **state)
{
	static const struct {
		const char *query, *names;
	} cases[] = {
		{ "", "autism broken chroma Ink Wash old photo plain PonyXL Straße" },
		{ "PONY", "PonyXL" },
		{ "ink wash", "Ink Wash" },
		{ "\"wet pap\"", "Ink Wash" },
		{ "strasse", "Straße" },
		{ "style", "old photo" },
		{ "gguf", "chroma" },
		{ "zzz", "" },
		{ "base:sdxl", "autism Ink Wash photo plain PonyXL" },
		{ "base:=sdxl", "plain" },
		{ "base:pony", "autism Ink Wash PonyXL" },
		{ "base:flux1", "" },
		{ "-base:", "broken Straße" },
		{ "kind:lora -base:sdxl", "old Straße" },
		{ "arch:chroma | status:damaged", "broken chroma" },
		{ "tag:sty", "old photo" },
		{ "tag:=sty", "" },
		{ "tag:=STYLE", "old photo" },
		{ "tag:best", "photo" },
		{ "tag:", "old photo" },
		{ "is:untagged kind:lora", "autism Ink Wash Straße" },
		{ "trigger:wet", "Ink Wash" },
		{ "trigger:=wet", "" },
		{ "trigger:=\"wet paper\"", "Ink Wash" },
		{ "trigger:style", "" },
		{ "trained:ponydiff", "Ink Wash" },
		{ "trained:", "Ink Wash" },
		{ "path:anime/", "autism Ink Wash" },
		{ "path:LORA/old", "old" },
		{ "path:a/old.safe", "old" },
		{ "path:old.safetensors", "old" },
		{ "path:x/old", "" },
		{ "path:style", "" },
		{ "path:=lora/old.safetensors", "old" },
		{ "path:=/lora/old.safetensors", "old" },
		{ "path:=lora/old", "" },
		{ "path:/ckpt", "plain PonyXL" },
		{ "root:root kind:vae | root:=root kind:checkpoint", "plain PonyXL" },
		{ "root:elsewhere", "" },
		{ "trained:=ponydiffusion.safetensors", "Ink Wash" },
		{ "-trained: kind:lora rank:32", "autism" },
		{ "rank:>=16", "autism Ink Wash" },
		{ "rank:8..16", "Ink Wash photo" },
		{ "rank:<16", "old photo" },
		{ "size:>5k", "chroma plain PonyXL" },
		{ "type:lora -rank:", "Straße" },
		{ "is:missing", "gone" },
		{ "is:offline", "gone" },
		{ "base:pony is:missing", "gone" },
		{ "base:pony -is:missing", "autism Ink Wash PonyXL" },
		{ "(old | photo) -tag:best", "old" },
		{ "fit:PonyXL", "autism Ink Wash" },
		{ "fit:nothing", "!1" },
		{ "old fit:#9999", "!5" },
		{ "kind:larо", "!6" },
	};
	struct fixture *fixture = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *names = names_of(fixture, query(cases[i].query));
		if (strcmp(names, cases[i].names) != 0)
			fail_msg("%s: %s, expected %s", cases[i].query, names, cases[i].names);
	}
}

/* Typing on must give what asking afresh gives, whatever was remembered. */
static void narrowing_changes_nothing(void **state)
{
	static const char *const words[] = { "o",     "ol", "old", "ol",   "l",
					     "plain", "pl", "on",  "pony", "p" };
	struct fixture *fixture = *state;
	char first[2][200];
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			snprintf(first[0], sizeof first[0], "%s",
				 names_of(fixture, query(words[i])));
			search_forget(&fixture->answers.search);
			snprintf(first[1], sizeof first[1], "%s",
				 names_of(fixture, query(words[i])));
			assert_string_equal(first[0], first[1]);
			names_of(fixture, query(words[round ? i : 9 - i]));
		}
	}
}

static void sorted_by_anything(void **state)
{
	struct fixture *fixture = *state;
	struct request *request = query("kind:checkpoint | kind:lora");
	request->as.query.sort = SORT_SIZE;
	request->as.query.descending = true;
	assert_string_equal(names_of(fixture, request),
			    "plain PonyXL autism Ink Wash photo Straße old");
	request = query("kind:lora");
	request->as.query.sort = SORT_RANK;
	assert_string_equal(names_of(fixture, request), "Straße old photo Ink Wash autism");
	request = query("kind:lora");
	request->as.query.sort = SORT_BASE;
	assert_string_equal(names_of(fixture, request), "autism photo Ink Wash old Straße");
	request = query("path:lora");
	request->as.query.sort = SORT_PATH;
	assert_string_equal(names_of(fixture, request), "broken old photo Straße autism Ink Wash");
}

static void filters_leave_adapters_with_that_verdict(void **state)
{
	struct fixture *fixture = *state;
	struct request *request = query("");
	request->as.query.checkpoint = fixture->pony_checkpoint;
	request->as.query.filter = FILTER_COMPATIBLE;
	assert_string_equal(names_of(fixture, request), "autism Ink Wash");
	request = query("");
	request->as.query.checkpoint = fixture->pony_checkpoint;
	request->as.query.filter = FILTER_NOT;
	assert_string_equal(names_of(fixture, request), "old");
}

static void the_quick_answer_agrees_with_the_whole_one(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	struct request *request = query("");
	struct event *quick = event_create(EVENT_RESULT, 1), *whole = event_create(EVENT_RESULT, 1);
	request->as.query.n_rows = 5;
	request->as.query.checkpoint = fixture->pony_checkpoint;
	assert_true(answers_has_quick(request));
	assert_true(answers_quick(&fixture->answers, request, quick, &err));
	assert_true(answers_query(&fixture->answers, request, whole, &err));
	assert_null(quick->as.result.ids);
	assert_int_equal(quick->as.result.n, 9);
	assert_int_equal(whole->as.result.n, 9);
	assert_int_equal(whole->as.result.n_library, 9);
	assert_int_equal(quick->as.result.n_rows, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct row *a = &quick->as.result.rows[i], *b = &whole->as.result.rows[i];
		assert_int_equal(a->id, b->id);
		assert_true(str_equal(a->name, b->name));
		assert_true(str_equal(a->base_model, b->base_model));
		assert_int_equal(a->is_tagged, b->is_tagged);
		assert_int_equal(a->size_bytes, b->size_bytes);
		assert_int_equal(a->has_verdict, b->has_verdict);
		assert_int_equal(a->verdict, b->verdict);
	}
	event_destroy(quick);
	event_destroy(whole);
	request_destroy(request);
}

/* Loaded model by model, a part that fills the window shows what the whole answer begins with. */
static void a_part_begins_like_the_whole(void **state)
{
	static const char *const words[] = { "",      "o",         "s",
					     ".safe", "kind:lora", "tag:style | photo",
					     "zzz" };
	struct fixture *fixture = *state;
	struct answers *answers = &fixture->answers;
	struct error err;
	size_t n_full = 0;
	for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
		struct request *request = query(words[w]);
		request->as.query.n_rows = 2;
		answers_close(answers);
		assert_true(answers_open(answers, &fixture->made_up.options, &err));
		assert_true(answers_has_part(answers, request));
		struct event *part = NULL;
		bool is_full = false;
		while (!answers->is_loaded) {
			assert_true(answers_load(answers, 1, &err));
			if (is_full || answers->is_loaded)
				continue;
			event_destroy(part);
			part = event_create(EVENT_RESULT, 1);
			assert_true(answers_part(answers, request, part, &is_full, &err));
		}
		struct event *whole = event_create(EVENT_RESULT, 1);
		assert_true(answers_query(answers, request, whole, &err));
		assert_int_equal(is_full, whole->as.result.n >= 2);
		assert_true(part->as.result.is_part && !part->as.result.ids);
		assert_true(part->as.result.n <= whole->as.result.n);
		for (size_t i = 0; is_full && i < 2; i++)
			assert_int_equal(part->as.result.rows[i].id, whole->as.result.ids[i]);
		n_full += is_full;
		event_destroy(part);
		event_destroy(whole);
		request_destroy(request);
	}
	assert_int_equal(n_full, 6);
}

static void parts_are_for_names_in_order(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *query;
		enum sort_key sort;
		bool descending, has_part;
	} cases[] = {
		{ "ink", SORT_NAME, false, true },
		{ "ink", SORT_SIZE, false, false },
		{ "ink", SORT_NAME, true, false },
		{ "ink | size:>1", SORT_NAME, false, false },
		{ "-path:x", SORT_NAME, false, false },
		{ "is:missing", SORT_NAME, false, true },
		{ "bse:x", SORT_NAME, false, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct request *request = query(cases[i].query);
		request->as.query.n_rows = 2;
		request->as.query.sort = cases[i].sort;
		request->as.query.descending = cases[i].descending;
		assert_int_equal(answers_has_part(&fixture->answers, request), cases[i].has_part);
		request_destroy(request);
	}
}

/* As if everything were read only now. */
static void assert_numbers_agree(struct fixture *fixture)
{
	static const char *const queries[] = {
		"rank:>4", "size:>40", "path:f1", "trained:x", "-rank:5..20", "added:>2000-01",
	};
	struct fixture fresh = { .made_up = fixture->made_up };
	open_answers(&fresh);
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		char names[2000];
		snprintf(names, sizeof names, "%s", names_of(fixture, query(queries[i])));
		assert_string_equal(names, names_of(&fresh, query(queries[i])));
	}
	answers_close(&fresh.answers);
}

/* What was read in idle time follows every change, also when slots are numbered anew. */
static void numbers_and_paths_follow_changes(void **state)
{
	struct fixture *fixture = *state;
	struct answers *answers = &fixture->answers;
	struct error err;
	uint32_t seed = 5, ids[30] = { 0 };
	for (int round = 0; round < 400; round++) {
		seed = seed * 1664525 + 1013904223;
		size_t which = (seed >> 16) % 30;
		char path[40];
		snprintf(path, sizeof path, "f%u/%zu.pt", (seed >> 9) % 3, which);
		assert_true(answers_prepare(answers, 7, &err));
		ids[which] = made_up_store(
			&fixture->made_up,
			&(struct made_up_model){ .path = path,
						 .kind = KIND_LORA,
						 .id = ids[which],
						 .rank = (seed >> 5) % 40,
						 .size_bytes = (seed >> 3) % 90,
						 .trained = seed % 3 ? "x.pt" : NULL });
		made_up_commit(&fixture->made_up);
		assert_true(answers_refresh(answers, &ids[which], 1, false, &err));
		if (round % 40 != 39)
			continue;
		assert_true(answers_prepare(answers, 100, &err));
		assert_true(answers_is_prepared(answers));
		assert_numbers_agree(fixture);
	}
	/* Opened again, so that those that change stand before others. */
	answers_close(answers);
	open_answers(fixture);
	assert_true(answers_prepare(answers, 100, &err));
	for (int round = 0; round < 150; round++)
		assert_true(answers_refresh(answers, ids, 30, false, &err));
	assert_true(answers->shelf.renumbered > 0);
	assert_numbers_agree(fixture);
}

static const char *groups_of(struct fixture *fixture, const char *text)
{
	static struct bytes lines;
	struct error err;
	struct request *request = request_create(REQUEST_GROUPS);
	struct event *event = event_create(EVENT_GROUPS, 1);
	request->as.groups.text = str_from(text);
	bytes_clear(&lines);
	assert_true(answers_groups(&fixture->answers, request, event, &err));
	for (size_t i = 0; i < event->as.groups.n; i++) {
		const struct group *group = &event->as.groups.groups[i];
		bytes_printf(&lines, "%u %.*s<%.*s %d/%d l%d\n", group->depth,
			     STR_ARG(group->base_model), STR_ARG(group->parent), (int)group->own,
			     (int)group->total, (int)group->kinds[KIND_LORA]);
	}
	bytes_append_byte(&lines, '\0');
	event_destroy(event);
	request_destroy(request);
	return lines.ptr;
}

static void groups_count_the_tree(void **state)
{
	struct fixture *fixture = *state;
	assert_string_equal(groups_of(fixture, ""), "0 sd1< 1/1 l1\n"
						    "0 sdxl< 1/5 l3\n"
						    "1 photo<sdxl 1/1 l1\n"
						    "1 pony<sdxl 2/3 l2\n"
						    "2 autism<pony 1/1 l1\n"
						    "0 chroma< 1/1 l0\n"
						    "0 < 2/2 l1\n");
	assert_string_equal(groups_of(fixture, "autism"), "0 sdxl< 0/1 l1\n1 pony<sdxl 0/1 l1\n"
							  "2 autism<pony 1/1 l1\n");
}

static size_t n_found(struct fixture *fixture, const char *text)
{
	struct error err;
	struct request *request = request_create(REQUEST_FIND);
	struct event *event = event_create(EVENT_FOUND, 1);
	request->as.find.text = str_from(text);
	assert_true(answers_find(&fixture->answers, request, event, &err));
	size_t n = event->as.found.n;
	event_destroy(event);
	request_destroy(request);
	return n;
}

static void arguments_find_models(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(n_found(fixture, "PonyXL"), 1);
	assert_int_equal(n_found(fixture, "PonyXL.safetensors"), 1);
	assert_int_equal(n_found(fixture, "ponyxl"), 0);
	assert_int_equal(n_found(fixture, "Pony"), 0);
	assert_int_equal(n_found(fixture, "/lora/old.safetensors"), 1);
	assert_int_equal(n_found(fixture, "#1"), 1);
	assert_int_equal(n_found(fixture, "#0"), 0);
	assert_int_equal(n_found(fixture, "#99999999999999999999"), 0);
	made_up_store(&fixture->made_up, &(struct made_up_model){ .path = "copy/old.safetensors",
								  .base = "sd1",
								  .kind = KIND_LORA });
	made_up_commit(&fixture->made_up);
	assert_int_equal(n_found(fixture, "old"), 2);
}

static void details_have_everything(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	struct request *request = request_create(REQUEST_DETAILS);
	struct event *event = event_create(EVENT_DETAILS, 1);
	request->as.details.id = fixture->pony_checkpoint + 4; /* photo */
	request->as.details.checkpoint = fixture->pony_checkpoint;
	assert_true(answers_details(&fixture->answers, request, event, &err));
	assert_true(event->as.details.found);
	assert_true(str_equal(event->as.details.model.name, STR("photo")));
	assert_true(str_equal(event->as.details.entry.path, STR("/lora/photo.safetensors")));
	assert_int_equal(event->as.details.entry.n_tags, 2);
	assert_true(str_equal(event->as.details.entry.tags[0], STR("Best Of")));
	assert_true(event->as.details.has_fit);
	event_destroy(event);
	event = event_create(EVENT_DETAILS, 1);
	request->as.details.id = 9999;
	assert_true(answers_details(&fixture->answers, request, event, &err));
	assert_false(event->as.details.found);
	event_destroy(event);
	request_destroy(request);
}

static void tags_are_counted_once_for_all_spellings(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	struct event *event = event_create(EVENT_TAGS, 1);
	assert_true(answers_tags(&fixture->answers, event, &err));
	assert_int_equal(event->as.tags.n, 2);
	assert_true(str_equal(event->as.tags.tags[0].tag, STR("Best Of")));
	assert_true(str_equal(event->as.tags.tags[1].tag, STR("style")));
	assert_int_equal(event->as.tags.tags[1].n_models, 2);
	event_destroy(event);
}

static bool change_set(struct fixture *fixture, struct set_change change, struct error *err)
{
	struct request *request = request_create(REQUEST_SET_CHANGE);
	struct edit_result result = { 0 };
	request->as.set = change;
	bool ok = set_edits_change(&fixture->made_up.store, request, &result, err);
	request_destroy(request);
	if (ok)
		assert_true(answers_refresh(&fixture->answers, NULL, 0, false, err));
	return ok;
}

static void sets_are_found_and_composed(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	const uint32_t pony = fixture->pony_checkpoint, photo = pony + 4, ink = pony + 2;
	const struct set_put loras[] = { { .id = photo, .weights = { 0.5, true, 0.25 } },
					 { .id = ink, .weights = { 2.5, false, 0 } } };
	struct set_change new = { .action = SET_NEW,
				  .name = STR("Mine"),
				  .checkpoint = pony,
				  .loras = loras,
				  .n_loras = 2 };
	assert_true(change_set(fixture, new, &err));
	assert_false(change_set(fixture, new, &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_string_equal(err.slug, SET_IS_THERE);
	new.name = STR("Other");
	new.n_loras = 1;
	new.checkpoint = 0;
	assert_true(change_set(fixture, new, &err));
	assert_string_equal(names_of(fixture, query("set:mine")), "Ink Wash photo PonyXL");
	assert_string_equal(names_of(fixture, query("set:=other")), "photo");
	assert_string_equal(names_of(fixture, query("set:=oth")), "");
	assert_string_equal(names_of(fixture, query("set: kind:lora")), "Ink Wash photo");
	assert_string_equal(names_of(fixture, query("is:unused kind:lora")), "autism old Straße");
	/* A set as a whole: what is not in it any more is not in queries either. */
	struct set_change all = { .action = SET_PUT,
				  .is_all = true,
				  .name = STR("mine"),
				  .loras = loras + 1,
				  .n_loras = 1 };
	assert_true(change_set(fixture, all, &err));
	assert_string_equal(names_of(fixture, query("set:mine")), "Ink Wash");
	struct request *request = request_create(REQUEST_COMPOSE);
	struct event *event = event_create(EVENT_COMPOSED, 1);
	request->as.compose.checkpoint = pony;
	request->as.compose.loras = loras;
	request->as.compose.n = 2;
	assert_true(answers_compose(&fixture->answers, request, event, &err));
	assert_int_equal(event->as.composed.n, 2);
	assert_int_equal(event->as.composed.pairs[1].verdict, FIT_COMPATIBLE);
	assert_true(event->as.composed.set.verdict >= event->as.composed.pairs[0].verdict);
	const struct export_lora *as = event->as.composed.as.loras;
	assert_true(str_equal(as[0].model.path, STR("lora/photo.safetensors")));
	assert_int_equal(as[0].model.n_of_stem, 1);
	assert_true(as[0].has_weight_te && as[0].weight_te == 0.25);
	event_destroy(event);
	request_destroy(request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sets_are_found_and_composed, setup, teardown),
		cmocka_unit_test_setup_teardown(terms_find_what_they_mean, setup, teardown),
		cmocka_unit_test_setup_teardown(narrowing_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(sorted_by_anything, setup, teardown),
		cmocka_unit_test_setup_teardown(filters_leave_adapters_with_that_verdict, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_quick_answer_agrees_with_the_whole_one, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_part_begins_like_the_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(parts_are_for_names_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(numbers_and_paths_follow_changes, setup, teardown),
		cmocka_unit_test_setup_teardown(groups_count_the_tree, setup, teardown),
		cmocka_unit_test_setup_teardown(arguments_find_models, setup, teardown),
		cmocka_unit_test_setup_teardown(details_have_everything, setup, teardown),
		cmocka_unit_test_setup_teardown(tags_are_counted_once_for_all_spellings, setup,
						teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
