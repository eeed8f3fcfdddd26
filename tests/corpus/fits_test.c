// SPDX-License-Identifier: MIT
/*
 * Demo and corpus as one library: for every checkpoint and every LoRA the list, its filters,
 * fit:CHECKPOINT, the details, a set, `fit`, the matrix and what the files themselves say agree.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "config/knowledge.h"
#include "core/fit/binder.h"
#include "tests/support/sample_disk.h"
#include "tests/unit/storage/scene_library.h"

/* Details take longest: of so many pairs one is looked at. */
enum { DETAILS_STEP = 23 };

struct pairs {
	struct scene *scene;
	struct library *library;
	struct layouts *layouts;             /* of the files */
	struct event **checkpoints, **loras; /* details */
	size_t n_checkpoints, n_loras, n_checked;
};

/* Those entries of a manifest whose line has `part` in it. */
static void write_some(struct scene *scene, const char *root, const char *set, const char *part)
{
	struct arena arena = { 0 };
	struct error err;
	struct sample_disk disk = {
		.folder = scene_path(scene, arena_printf(&arena, "%s/%s", root, set)),
		.corpus = sample_disk_source(&arena, "tests/corpus"),
	};
	const struct key_source keys = sample_disk_keys();
	const char *below = arena_printf(&arena, "tests/corpus/manifests/%s.jsonl", set);
	struct str rest = sample_disk_read(&arena, sample_disk_source(&arena, below)), line;
	while (str_next_part(&rest, '\n', &line)) {
		if (!line.len || str_find(line, str_from(part)) < 0)
			continue;
		if (!sample_make(line, &keys, sample_disk_write, &disk, &err))
			fail_msg("%s", err.text);
	}
	arena_finish(&arena);
}

static void write_library(struct scene *scene)
{
	static const char *const sets[] = { "checkpoints", "quantised", "gguf", "diffusers",
					    "loras" };
	struct sample_disk disk = { .folder = scene_path(scene, "a/demo") };
	struct error err;
	size_t n_models;
	scene_folder(scene, "a/demo");
	assert_true(sample_demo(sample_disk_write, &disk, &n_models, &err));
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		write_some(scene, "a", sets[i], "path");
}

static struct event *query(struct pairs *all, const char *text, uint32_t checkpoint,
			   enum fit_filter filter)
{
	struct request *request = request_create(REQUEST_QUERY);
	request->as.query.text = arena_str(&request->arena, str_from(text));
	request->as.query.checkpoint = checkpoint;
	request->as.query.filter = filter;
	request->as.query.n_rows = 1000;
	library_send(all->library, request);
	struct event *result = await(all->library, EVENT_RESULT);
	while (!result->as.result.ids && result->as.result.n) {
		event_destroy(result);
		result = await(all->library, EVENT_RESULT);
	}
	assert_int_equal(result->as.result.mistake_column, 0);
	return result;
}

static struct event *details(struct pairs *all, uint32_t id, uint32_t checkpoint)
{
	struct request *request = request_create(REQUEST_DETAILS);
	request->as.details.id = id;
	request->as.details.checkpoint = checkpoint;
	library_send(all->library, request);
	return await(all->library, EVENT_DETAILS);
}

static struct event **details_of(struct pairs *all, const char *text, size_t *n)
{
	struct event *found = query(all, text, 0, FILTER_ALL);
	*n = (size_t)found->as.result.n;
	struct event **list = test_calloc(*n + 1, sizeof *list);
	for (size_t i = 0; i < *n; i++)
		list[i] = details(all, found->as.result.ids[i], 0);
	event_destroy(found);
	return list;
}

static void drop(struct event **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		event_destroy(list[i]);
	test_free(list);
}

static bool read_file_layout(void *context, struct str layout, struct arena *arena,
			     struct tensor_table *table)
{
	return library_layout_read(context, layout, arena, table);
}

static bool find_layout(struct pairs *all, const struct event *one, struct str *key)
{
	const struct model *model = &one->as.details.model;
	struct arena arena = { 0 };
	bool found = model->status == STATUS_OK &&
		     library_layout_find(all->layouts,
					 arena_cstr(&arena, one->as.details.entry.path), key);
	arena_finish(&arena);
	return found;
}

static void binder_of(struct pairs *all, const struct event *checkpoint, struct binder *out)
{
	struct str key;
	bool found = find_layout(all, checkpoint, &key);
	binder_init(out, all->scene->knowledge, checkpoint->as.details.model.architecture,
		    found ? key : STR_NULL, read_file_layout, all->layouts);
}

/* From the files, as `check` does it with paths. */
static void judge_files(struct pairs *all, const struct event *checkpoint, struct binder *binder,
			const struct event *lora, struct arena *arena, struct fit *out)
{
	struct fit_side one = fit_side_of(&checkpoint->as.details.model);
	struct fit_side other = fit_side_of(&lora->as.details.model);
	struct str key;
	if (find_layout(all, lora, &key)) {
		other.binding = binder_bind(binder, key);
		other.notes = binder_notes(binder, key);
	}
	fit_pair(all->scene->knowledge, &one, &other, arena, out);
}

static void assert_same(const struct event *checkpoint, const struct event *lora,
			const struct fit *fit, const struct fit *other, const char *who)
{
	bool is_same = fit->verdict == other->verdict && fit->n_reasons == other->n_reasons &&
		       !fit->binding == !other->binding;
	for (size_t i = 0; is_same && i < fit->n_reasons; i++)
		is_same = fit->reasons[i].code == other->reasons[i].code &&
			  str_equal(fit->reasons[i].message, other->reasons[i].message);
	if (is_same && fit->binding)
		is_same =
			!memcmp(&fit->binding->all, &other->binding->all, sizeof fit->binding->all);
	if (!is_same)
		fail_msg("%.*s on %.*s: %s by %s, %s by the files",
			 STR_ARG(lora->as.details.model.name),
			 STR_ARG(checkpoint->as.details.model.name), verdict_word(other->verdict),
			 who, verdict_word(fit->verdict));
}

static struct event *ask_fits(struct pairs *all, const struct event *checkpoint)
{
	struct request *request = request_create(REQUEST_FITS);
	uint32_t *ids = ARENA_NEW_N(&request->arena, uint32_t, all->n_loras);
	for (size_t i = 0; i < all->n_loras; i++)
		ids[i] = all->loras[i]->as.details.entry.id;
	request->as.fits.one.id = checkpoint->as.details.entry.id;
	request->as.fits.ids = ids;
	request->as.fits.n = all->n_loras;
	library_send(all->library, request);
	return await(all->library, EVENT_FITS);
}

static void check_details(struct pairs *all, const struct event *checkpoint,
			  const struct event *lora, const struct fit *fit)
{
	struct event *told =
		details(all, lora->as.details.entry.id, checkpoint->as.details.entry.id);
	assert_true(told->as.details.has_fit);
	assert_same(checkpoint, lora, fit, &told->as.details.fit, "the details");
	bool binds = fit->binding && fit->binding->of[COMPONENT_DENOISER].bound;
	assert_true(binds || !strip_words(&told->as.details.strip, &told->arena).len);
	event_destroy(told);
}

/* The same of a set that is being composed. */
static void check_set(struct pairs *all, const struct event *checkpoint, const struct event *lora,
		      const struct fit *fit)
{
	struct request *request = request_create(REQUEST_COMPOSE);
	struct set_put *put = ARENA_NEW(&request->arena, struct set_put);
	put->id = lora->as.details.entry.id;
	put->weights.weight = 1;
	request->as.compose.checkpoint = checkpoint->as.details.entry.id;
	request->as.compose.loras = put;
	request->as.compose.n = 1;
	library_send(all->library, request);
	struct event *composed = await(all->library, EVENT_COMPOSED);
	assert_same(checkpoint, lora, fit, &composed->as.composed.pairs[0], "the set");
	event_destroy(composed);
}

static bool has_id(const struct event *result, uint32_t id)
{
	for (size_t i = 0; i < result->as.result.n; i++)
		if (result->as.result.ids[i] == id)
			return true;
	return false;
}

static const struct row *row_of(const struct event *result, uint32_t id)
{
	for (size_t i = 0; i < result->as.result.n_rows; i++)
		if (result->as.result.rows[i].id == id)
			return &result->as.result.rows[i];
	fail_msg("no row of #%u", id);
	return NULL;
}

/* What the queries say of one checkpoint. */
struct answers_of {
	struct event *rows, *compatible, *caution, *not, *fit_term;
};

static struct answers_of ask_queries(struct pairs *all, uint32_t id)
{
	struct arena arena = { 0 };
	struct answers_of answers = {
		.rows = query(all, "kind:lora", id, FILTER_ALL),
		.compatible = query(all, "", id, FILTER_COMPATIBLE),
		.caution = query(all, "", id, FILTER_CAUTION),
		.not = query(all, "", id, FILTER_NOT),
		.fit_term = query(all, arena_printf(&arena, "fit:#%u", id), 0, FILTER_ALL),
	};
	arena_finish(&arena);
	return answers;
}

static void check_queries(const struct answers_of *answers, uint32_t lora, enum verdict verdict)
{
	const struct row *row = row_of(answers->rows, lora);
	assert_true(row->has_verdict);
	assert_int_equal(row->verdict, verdict);
	assert_int_equal(has_id(answers->compatible, lora), verdict == FIT_COMPATIBLE);
	assert_int_equal(has_id(answers->caution, lora), verdict == FIT_CAUTION);
	assert_int_equal(has_id(answers->not, lora), verdict == FIT_INCOMPATIBLE);
	assert_int_equal(has_id(answers->fit_term, lora), verdict == FIT_COMPATIBLE);
}

static void check_matrix(struct pairs *all, uint32_t id, const uint64_t counts[FIT_COUNT])
{
	struct request *request = request_create(REQUEST_MATRIX);
	uint32_t *ids = ARENA_NEW(&request->arena, uint32_t);
	*ids = id;
	request->as.matrix.checkpoints = ids;
	request->as.matrix.n = 1;
	library_send(all->library, request);
	struct event *matrix = await(all->library, EVENT_MATRIX);
	assert_int_equal(matrix->as.matrix.n, 1);
	assert_int_equal(matrix->as.matrix.lines[0].id, id);
	assert_memory_equal(matrix->as.matrix.lines[0].n, counts, FIT_COUNT * sizeof *counts);
	event_destroy(matrix);
}

static void check_checkpoint(struct pairs *all, const struct event *checkpoint)
{
	struct arena arena = { 0 };
	struct binder binder;
	uint32_t id = checkpoint->as.details.entry.id;
	uint64_t counts[FIT_COUNT] = { 0 };
	struct answers_of answers = ask_queries(all, id);
	struct event *fits = ask_fits(all, checkpoint);
	binder_of(all, checkpoint, &binder);
	for (size_t i = 0; i < all->n_loras; i++) {
		const struct event *lora = all->loras[i];
		struct fit fit;
		judge_files(all, checkpoint, &binder, lora, &arena, &fit);
		counts[fit.verdict]++;
		assert_same(checkpoint, lora, &fit, &fits->as.fits.lines[i].fit, "fit");
		check_queries(&answers, lora->as.details.entry.id, fit.verdict);
		if (all->n_checked++ % DETAILS_STEP == 0)
			check_details(all, checkpoint, lora, &fit);
		if (all->n_checked % DETAILS_STEP == 0)
			check_set(all, checkpoint, lora, &fit);
		arena_reset(&arena);
	}
	check_matrix(all, id, counts);
	binder_finish(&binder);
	event_destroy(fits);
	event_destroy(answers.rows);
	event_destroy(answers.compatible);
	event_destroy(answers.caution);
	event_destroy(answers.not );
	event_destroy(answers.fit_term);
	arena_finish(&arena);
}

/* The other way round: which checkpoints suit this LoRA. */
static void check_lora(struct pairs *all, const struct event *lora)
{
	struct arena arena = { 0 };
	struct request *request = request_create(REQUEST_FITS);
	uint32_t *ids = ARENA_NEW_N(&request->arena, uint32_t, all->n_checkpoints);
	for (size_t i = 0; i < all->n_checkpoints; i++)
		ids[i] = all->checkpoints[i]->as.details.entry.id;
	request->as.fits.one.id = lora->as.details.entry.id;
	request->as.fits.is_lora = true;
	request->as.fits.ids = ids;
	request->as.fits.n = all->n_checkpoints;
	library_send(all->library, request);
	struct event *fits = await(all->library, EVENT_FITS);
	for (size_t i = 0; i < all->n_checkpoints; i++) {
		struct binder binder;
		struct fit fit;
		binder_of(all, all->checkpoints[i], &binder);
		judge_files(all, all->checkpoints[i], &binder, lora, &arena, &fit);
		assert_same(all->checkpoints[i], lora, &fit, &fits->as.fits.lines[i].fit,
			    "fit --for");
		binder_finish(&binder);
	}
	event_destroy(fits);
	arena_finish(&arena);
}

static void open_all(struct pairs *all, struct scene *scene)
{
	struct error err;
	knowledge_destroy(scene->knowledge);
	scene->knowledge = knowledge_load(NULL, &err);
	*all = (struct pairs){ .scene = scene };
	all->library = open_library(scene, LIBRARY_WRITE);
	all->layouts = library_layouts_open(scene->knowledge, NULL);
}

static void read_all(struct pairs *all, const char *root)
{
	add_root(all->library, all->scene, root);
	scan(all->library);
	all->checkpoints =
		details_of(all, "kind:checkpoint | kind:diffusion-model", &all->n_checkpoints);
	all->loras = details_of(all, "kind:lora", &all->n_loras);
}

static void drop_all(struct pairs *all)
{
	drop(all->checkpoints, all->n_checkpoints);
	drop(all->loras, all->n_loras);
}

static void close_all(struct pairs *all)
{
	library_layouts_close(all->layouts);
	library_close(all->library);
}

static void all_who_are_asked_agree(void **state)
{
	struct pairs all;
	write_library(*state);
	open_all(&all, *state);
	read_all(&all, "a");
	assert_true(all.n_checkpoints > 60 && all.n_loras > 140);
	for (size_t i = 0; i < all.n_checkpoints; i++)
		check_checkpoint(&all, all.checkpoints[i]);
	for (size_t i = 0; i < all.n_loras; i += DETAILS_STEP)
		check_lora(&all, all.loras[i]);
	printf("%zu checkpoints, %zu LoRAs\n", all.n_checkpoints, all.n_loras);
	drop_all(&all);
	close_all(&all);
}

/* A checkpoint, then a LoRA: the order in which their layouts are numbered. */
static void read_two(struct pairs *all, const char *root, const char *lora)
{
	write_some(all->scene, root, "checkpoints", "/v1-5-pruned-emaonly.safetensors");
	add_root(all->library, all->scene, root);
	scan(all->library);
	write_some(all->scene, root, "loras", lora);
	scan(all->library);
	all->checkpoints = details_of(all, "kind:checkpoint", &all->n_checkpoints);
	all->loras = details_of(all, "kind:lora", &all->n_loras);
	assert_int_equal(all->n_checkpoints, 1);
	assert_int_equal(all->n_loras, 1);
	check_checkpoint(all, all->checkpoints[0]);
	drop_all(all);
}

/* The layouts of a root that is removed go, and those of the next get their numbers. */
static void what_was_bound_goes_with_its_root(void **state)
{
	struct pairs all;
	open_all(&all, *state);
	read_two(&all, "a", "/add_detail.safetensors");
	struct request *request = request_create(REQUEST_ROOT_REMOVE);
	request->as.root.name = str_from(scene_path(*state, "a"));
	assert_int_equal(done(all.library, request), 1);
	read_two(&all, "b", "/locon_style.safetensors");
	close_all(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_who_are_asked_agree, scene_setup,
						scene_teardown),
		cmocka_unit_test_setup_teardown(what_was_bound_goes_with_its_root, scene_setup,
						scene_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
