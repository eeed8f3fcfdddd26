// SPDX-License-Identifier: MIT
/* Every file of the corpus is written, inspected and held against its row of expected.tsv. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#include "config/knowledge.h"
#include "core/base/text.h"
#include "core/formats/pickle_verdict.h"
#include "core/samples/sample.h"
#include "core/samples/spec.h"
#include "storage/library.h"
#include "tests/support/claims.h"
#include "tests/support/sample_disk.h"

struct table {
	struct arena arena;
	struct map rows; /* "SET/path", raw bytes -> struct row_text */
	struct lineage lineage;
	struct knowledge *knowledge;
	struct readers *readers;
	struct inspector *inspector;
	const char *folder;
	unsigned n, n_right;
};

struct row_text {
	struct claims claims;
	struct str why;
};

/* "\xNN" as a byte: how expected.tsv shows what is no text. */
static struct str unescape(struct str text, struct arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	struct bytes out = { 0 };

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\\' && i + 3 < text.len && text.ptr[i + 1] == 'x') {
			ptrdiff_t high = str_find_byte(str_from(digits), text.ptr[i + 2]);
			ptrdiff_t low = str_find_byte(str_from(digits), text.ptr[i + 3]);
			bytes_append_byte(&out, (char)(high << 4 | low));
			i += 3;
		} else {
			bytes_append_byte(&out, text.ptr[i]);
		}
	}
	struct str result = arena_str(arena, bytes_str(&out));
	bytes_finish(&out);
	return result;
}

static void read_rows(struct table *table)
{
	struct arena *arena = &table->arena;
	struct str text =
		sample_disk_read(arena, sample_disk_source(arena, "tests/corpus/expected.tsv"));
	struct str line, file;

	map_init(&table->rows, arena, 512);
	while (str_next_part(&text, '\n', &line)) {
		struct row_text *row = ARENA_NEW(arena, struct row_text);
		if (line.len == 0 || !str_next_part(&line, '\t', &file))
			continue;
		for (enum claim claim = 0; claim < CLAIM_COUNT; claim++) {
			if (!str_next_part(&line, '\t', &row->claims.values[claim]))
				fail_msg("a short row: %.*s", STR_ARG(file));
		}
		(void)str_next_part(&line, '\t', &row->why);
		*map_place(&table->rows, unescape(file, arena)) = row;
	}
}

/* What a scan alone can say, or what nobody can deny root. */
static bool is_beyond_inspect(const struct claims *claims, const struct spec *entry)
{
	if (str_equal(spec_text(entry, "mode", STR("")), STR("000")))
		return geteuid() == 0;
	return str_equal(claims->values[CLAIM_ERROR], STR("W_LINK"));
}

/* The why of an attack lists its globals: those that are not harmless must be in the answer. */
static void check_globals(struct str why, const struct model *model, struct bytes *complaints)
{
	struct str global;

	if (!str_cut_prefix(&why, STR("globals: ")) || model->safety != SAFETY_RUNS_CODE)
		return;
	while (str_next_part(&why, ',', &global)) {
		ptrdiff_t dot = str_rfind_byte(global = str_trim(global), '.');
		bool is_there = pickle_verdict_uses(str_slice(global, 0, (size_t)dot),
						    str_slice(global, (size_t)dot + 1, global.len));
		for (size_t i = 0; i < model->n_globals; i++)
			is_there |= str_equal(model->globals[i], global);
		if (!is_there)
			bytes_printf(complaints, " global %.*s is missing", STR_ARG(global));
	}
}

static void tell(struct str name, struct str complaints)
{
	struct bytes clean = { 0 };

	text_clean(&clean, name, TEXT_UTF8);
	printf("%.*s:%.*s\n", STR_ARG(bytes_str(&clean)), STR_ARG(complaints));
	bytes_finish(&clean);
}

static void count(struct table *table, struct str name, const struct row_text *row,
		  const struct model *model)
{
	struct bytes complaints = { 0 };

	claims_check(&row->claims, model, &table->lineage, &complaints);
	check_globals(row->why, model, &complaints);
	table->n++;
	table->n_right += complaints.len == 0;
	if (complaints.len > 0)
		tell(name, bytes_str(&complaints));
	bytes_finish(&complaints);
}

static void inspect(struct table *table, struct str name, const struct spec *entry)
{
	struct arena arena = { 0 };
	const struct row_text *row = map_find(&table->rows, name);
	struct model model;

	if (!row)
		fail_msg("no row for %.*s", STR_ARG(name));
	const char *file = arena_printf(&arena, "%s/%.*s", table->folder, STR_ARG(name));
	library_inspect(table->inspector, &file, 1, &arena, &model);
	if (str_equal(model.error.code, STR("E_WORKER")))
		fail_msg("%.*s: %.*s", STR_ARG(name), STR_ARG(model.error.message));
	if (!is_beyond_inspect(&row->claims, entry))
		count(table, name, row, &model);
	arena_finish(&arena);
}

static void write_and_inspect(struct table *table, struct str set, struct str line, bool inspects)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct sample_disk disk = {
		.folder = arena_printf(&arena, "%s/%.*s", table->folder, STR_ARG(set)),
		.corpus = sample_disk_source(&arena, "tests/corpus"),
	};
	const struct key_source keys = sample_disk_keys();
	const struct spec *entry;

	if (!spec_parse(line, &arena, &entry, &err))
		fail_msg("%s", err.text);
	struct str path = spec_text(entry, "path", STR(""));
	struct str name = arena_strf(&arena, "%.*s/%.*s", STR_ARG(set), STR_ARG(path));
	if (inspects)
		inspect(table, name, entry);
	else if (!sample_make(line, &keys, sample_disk_write, &disk, &err))
		fail_msg("%s", err.text);
	arena_finish(&arena);
}

/* All files of a set first, then the questions: what stands beside a file counts. */
static void run_set(struct table *table, const char *set)
{
	struct arena arena = { 0 };
	const char *below = arena_printf(&arena, "tests/corpus/manifests/%s.jsonl", set);
	struct str manifest = sample_disk_read(&arena, sample_disk_source(&arena, below));

	assert_non_null(manifest.ptr);
	for (int pass = 0; pass < 2; pass++) {
		struct str rest = manifest, line;
		while (str_next_part(&rest, '\n', &line)) {
			if (line.len > 0)
				write_and_inspect(table, str_from(set), line, pass == 1);
		}
	}
	arena_finish(&arena);
}

static int set_up(void **state)
{
	struct table *table = test_calloc(1, sizeof(*table));
	struct error mistake = { 0 };

	lineage_init(&table->lineage);
	table->knowledge = knowledge_load(NULL, &mistake);
	/* By way of readers: what they may not do shows as a row that cannot be read. */
	table->readers = library_readers_open(table->knowledge, &mistake);
	table->inspector = library_inspector_create(table->knowledge, table->readers);
	table->folder = sample_disk_make(&table->arena);
	read_rows(table);
	*state = table;
	return !table->knowledge || !table->folder || mistake.code != ERROR_NONE;
}

static int tear_down(void **state)
{
	struct table *table = *state;

	sample_disk_remove(table->folder);
	library_inspector_destroy(table->inspector);
	library_readers_close(table->readers);
	knowledge_destroy(table->knowledge);
	lineage_finish(&table->lineage);
	arena_finish(&table->arena);
	test_free(table);
	return 0;
}

static void every_row_holds(void **state)
{
	static const char *const sets[] = {
		"checkpoints", "quantised",       "loras", "others", "names",
		"hostile",     "hostile-pickles", "gguf",  "onnx",   "diffusers",
	};
	struct table *table = *state;

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		run_set(table, sets[i]);
	printf("rows: %u of %u\n", table->n_right, table->n);
	assert_true(table->n > 280);
	assert_int_equal(table->n_right, table->n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_holds),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
