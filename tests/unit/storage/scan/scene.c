// SPDX-License-Identifier: MIT
#include "tests/unit/storage/scan/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "core/knowledge/knowledge.h"
#include "storage/library.h"
#include "storage/scan/facts.h"
#include "storage/scan/layout.h"
#include "tests/support/trouble.h"

const char *scene_path(struct scene *scene, const char *path)
{
	return arena_printf(&scene->arena, "%s/%s", scene->dir, path);
}

void scene_folder(struct scene *scene, const char *path)
{
	char *folder = (char *)scene_path(scene, path);
	for (char *at = folder + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		assert_true(mkdir(folder, 0755) == 0 || errno == EEXIST);
		*at = '/';
	}
	assert_true(mkdir(folder, 0755) == 0 || errno == EEXIST);
}

static void write_bytes(struct scene *scene, const char *path, const void *bytes, size_t len)
{
	struct str above = str_from(path);
	scene_folder(scene,
		     arena_printf(&scene->arena, "%.*s", (int)str_rfind_byte(above, '/'), path));
	int fd = open(scene_path(scene, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(close(fd), 0);
}

void scene_model(struct scene *scene, const char *path, unsigned seed)
{
	char bytes[256] = { 0 };
	int len = snprintf(bytes + 8, sizeof bytes - 8,
			   "{\"t%u\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}",
			   seed);
	bytes[0] = (char)len;
	write_bytes(scene, path, bytes, 8 + (size_t)len + 16);
}

void scene_text(struct scene *scene, const char *path, const char *text)
{
	write_bytes(scene, path, text, strlen(text));
}

void scene_link(struct scene *scene, const char *target, const char *path)
{
	assert_int_equal(symlink(target, scene_path(scene, path)), 0);
}

void scene_move(struct scene *scene, const char *from, const char *to)
{
	assert_int_equal(rename(scene_path(scene, from), scene_path(scene, to)), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

void scene_remove(struct scene *scene, const char *path)
{
	assert_int_equal(nftw(scene_path(scene, path), remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

int scene_setup(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);
	assert_non_null(scene);
	snprintf(scene->dir, sizeof scene->dir, "/tmp/lorarium-scan-XXXXXX");
	assert_non_null(mkdtemp(scene->dir));
	struct error err;
	scene->knowledge = knowledge_create();
	assert_true(knowledge_finish(scene->knowledge, &err));
	scene->options = (struct scanner_options){ .knowledge = scene->knowledge, .n_workers = 2 };
	scene->findings = ARRAY_OF(struct finding);
	scene->told = ARRAY_OF(struct str);
	scene->layouts = ARRAY_OF(struct str);
	scene->put_off = ARRAY_OF(struct str);
	scene->next_id = 1;
	scene_add_root(scene, "a");
	*state = scene;
	return 0;
}

int scene_setup_readers(void **state)
{
	struct error err;
	scene_setup(state);
	struct scene *scene = *state;
	const struct readers_options options = { .knowledge = scene->knowledge,
						 .read = trouble_read };
	scene->options.readers = readers_open(&options, &err);
	assert_non_null(scene->options.readers);
	return 0;
}

int scene_teardown(void **state)
{
	struct scene *scene = *state;
	readers_close(scene->options.readers);
	scene_remove(scene, "");
	knowledge_destroy(scene->knowledge);
	array_finish(&scene->findings);
	array_finish(&scene->told);
	array_finish(&scene->layouts);
	array_finish(&scene->put_off);
	arena_finish(&scene->arena);
	free(scene);
	return 0;
}

void scene_add_root(struct scene *scene, const char *path)
{
	struct scan_root *root = &scene->roots[scene->n_roots++];
	scene_folder(scene, path);
	*root = (struct scan_root){
		.id = (int64_t)scene->n_roots,
		.name = str_from(path),
		.path = str_from(scene_path(scene, path)),
	};
}

static struct finding keep(struct scene *scene, const struct finding *finding)
{
	struct finding kept = *finding;
	struct bytes flat = { 0 };
	struct error err;
	struct str *companions = ARENA_NEW_N(&scene->arena, struct str, finding->n_companions);
	kept.path = arena_str(&scene->arena, finding->path);
	kept.companions = companions;
	for (size_t i = 0; i < finding->n_companions; i++)
		companions[i] = arena_str(&scene->arena, finding->companions[i]);
	if (finding->flat.model.ptr) {
		/* The model that was sent is the one that the flat form holds. */
		model_encode(&finding->model, &flat);
		assert_true(str_equal(bytes_str(&flat), finding->flat.model));
		kept.flat.model = arena_str(&scene->arena, finding->flat.model);
		assert_true(model_decode(kept.flat.model, &scene->arena, &kept.model, &err));
	}
	bytes_finish(&flat);
	return kept;
}

static int compare_known(const void *a, const void *b)
{
	const struct known_file *left = a, *right = b;
	return str_compare(left->path, right->path);
}

static void forget(struct array *known, uint32_t id)
{
	for (size_t i = 0; i < known->len; i++) {
		if (ARRAY_AT(known, struct known_file, i)->id != id)
			continue;
		*ARRAY_AT(known, struct known_file, i) =
			*ARRAY_AT(known, struct known_file, known->len - 1);
		array_pop(known);
		return;
	}
}

static struct known_file *find_known(struct array *known, uint32_t id)
{
	for (size_t i = 0; i < known->len; i++)
		if (ARRAY_AT(known, struct known_file, i)->id == id)
			return ARRAY_AT(known, struct known_file, i);
	return NULL;
}

static void learn_place(struct scene *scene, struct array known[SCENE_ROOTS],
			const struct finding *finding)
{
	uint32_t id = finding->id ? finding->id : scene->next_id++;
	for (size_t r = 0; r < scene->n_roots; r++)
		forget(&known[r], id);
	*ARRAY_PUSH(&known[finding->root_id - 1], struct known_file) = (struct known_file){
		.id = id,
		.path = finding->path,
		.state = finding->state,
		.context = finding->context,
		.is_damaged = finding->flat.model.ptr && finding->model.status == STATUS_DAMAGED,
	};
}

/** What the writer does to the index, in a few lines. */
static void learn(struct scene *scene)
{
	struct array known[SCENE_ROOTS];
	for (size_t r = 0; r < scene->n_roots; r++) {
		known[r] = ARRAY_OF(struct known_file);
		for (size_t i = 0; i < scene->roots[r].n_known; i++)
			*ARRAY_PUSH(&known[r], struct known_file) = scene->roots[r].known[i];
	}
	for (size_t i = 0; i < scene->findings.len; i++) {
		const struct finding *finding = ARRAY_AT(&scene->findings, struct finding, i);
		struct array *here = &known[finding->root_id - 1];
		if (finding->type == FINDING_MODEL || finding->type == FINDING_MOVED)
			learn_place(scene, known, finding);
		else
			find_known(here, finding->id)->is_missing = finding->type == FINDING_GONE;
	}
	for (size_t r = 0; r < scene->n_roots; r++) {
		if (known[r].len)
			qsort(known[r].ptr, known[r].len, sizeof(struct known_file), compare_known);
		scene->roots[r].known = array_to_arena(&known[r], &scene->arena);
		scene->roots[r].n_known = known[r].len;
		array_finish(&known[r]);
	}
}

static void take_layout(struct scene *scene, struct str squeezed)
{
	struct error err;
	struct str *key = ARRAY_PUSH(&scene->layouts, struct str);
	assert_true(layout_key_of_squeezed(squeezed, &scene->arena, key, &err));
}

/** Whoever stores it knows the layout by then, whichever threads and readers they came from. */
static void check_layout(const struct scene *scene, const struct finding *finding)
{
	struct error err;
	struct str key;
	bool is_whole, has_come = false;
	if (!finding->flat.facts.ptr)
		return;
	assert_true(facts_layout(finding->flat.facts, &key, &is_whole, &err));
	for (size_t i = 0; !has_come && i < scene->layouts.len; i++)
		has_come = str_equal(*ARRAY_AT(&scene->layouts, struct str, i), key);
	assert_true(has_come || !key.ptr);
}

static void take_batch(struct scene *scene, const struct scan_batch *batch)
{
	switch (batch->type) {
	case SCAN_FINDINGS:
		assert_true(batch->n_findings > 0 && batch->n_findings <= 256);
		for (size_t i = 0; i < batch->n_findings; i++) {
			check_layout(scene, &batch->findings[i]);
			*ARRAY_PUSH(&scene->findings, struct finding) =
				keep(scene, &batch->findings[i]);
		}
		break;
	case SCAN_LAYOUT: take_layout(scene, batch->layout); break;
	case SCAN_PROGRESS: scene->n_progress++; break;
	case SCAN_TOLD:
		*ARRAY_PUSH(&scene->told, struct str) = arena_str(&scene->arena, batch->told);
		break;
	case SCAN_PUT_OFF:
		*ARRAY_PUSH(&scene->put_off, struct str) =
			arena_str(&scene->arena, batch->put_off.folder);
		break;
	case SCAN_ROOT_DONE: {
		size_t r = (size_t)batch->root.root_id - 1;
		scene->online[r] = batch->root.is_online;
		scene->whole[r] = batch->root.is_whole;
		scene->roots[r].fingerprint = arena_str(&scene->arena, batch->root.fingerprint);
		break;
	}
	case SCAN_DONE: scene->summary = batch->summary; break;
	}
}

void scene_scan(struct scene *scene)
{
	struct queue *out = queue_create(4, false);
	array_clear(&scene->findings);
	array_clear(&scene->told);
	array_clear(&scene->layouts);
	array_clear(&scene->put_off);
	struct scanner *scanner = scanner_start(&scene->options, scene->roots, scene->n_roots, out);
	bool is_done = false;
	while (!is_done) {
		struct scan_batch *batch = queue_receive(out);
		is_done = batch->type == SCAN_DONE;
		take_batch(scene, batch);
		scan_batch_destroy(batch);
	}
	scanner_destroy(scanner);
	assert_int_equal(queue_length(out), 0);
	queue_destroy(out);
	learn(scene);
}

struct finding scene_inspect(struct scene *scene, const char *path)
{
	struct finding seen = { 0 };
	const char *named = scene_path(scene, path);
	struct inspector *inspector =
		library_inspector_create(scene->knowledge, scene->options.readers);
	library_inspect(inspector, &named, 1, &scene->arena, &seen.model);
	library_inspector_destroy(inspector);
	return seen;
}

const struct finding *scene_finding(const struct scene *scene, const char *path)
{
	const struct finding *found = NULL;
	for (size_t i = 0; i < scene->findings.len; i++) {
		const struct finding *finding = ARRAY_AT(&scene->findings, struct finding, i);
		if (!str_equal(finding->path, str_from(path)))
			continue;
		assert_null(found);
		found = finding;
	}
	return found;
}

size_t scene_count(const struct scene *scene, enum finding_type type)
{
	size_t n = 0;
	for (size_t i = 0; i < scene->findings.len; i++)
		n += ARRAY_AT(&scene->findings, struct finding, i)->type == type;
	return n;
}

bool scene_was_told(const struct scene *scene, const char *part)
{
	for (size_t i = 0; i < scene->told.len; i++)
		if (str_find(*ARRAY_AT(&scene->told, struct str, i), str_from(part)) >= 0)
			return true;
	return false;
}

bool scene_has_code(const struct finding *finding, const char *code)
{
	bool has = finding->model.error.code.ptr &&
		   str_equal(finding->model.error.code, str_from(code));
	for (size_t i = 0; i < finding->model.n_notes; i++)
		has = has || str_equal(finding->model.notes[i].code, str_from(code));
	return has;
}
