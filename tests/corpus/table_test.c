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

/* Of these nothing may be wrong, and nothing else may be mistaken for them. */
static const char *const exact_architectures[] = {
	"sd1", "sd2", "sdxl", "sdxl-refiner", "flux1", "sd3-medium", "sd35-medium", "sd35-large",
	"auraflow",
};

/* Ends of the names of files whose container has no reader yet. */
static const char *const unread_suffixes[] = {
	".gguf",
};
#define N_UNREAD (sizeof(unread_suffixes) / sizeof(unread_suffixes[0]))

/* Containers that core/samples has no writer for yet. */
static const char *const unwritten[] = { "gguf", "diffusers" };
#define N_UNWRITTEN (sizeof(unwritten) / sizeof(unwritten[0]))

struct figures {
	unsigned n, n_right;
};

struct table {
	struct arena arena;
	struct map rows;		/* "SET/path", raw bytes -> struct row_text */
	struct lineage lineage;
	struct knowledge *knowledge;
	const char *folder;
	struct figures exact, others;
	unsigned n_unread[N_UNREAD], n_unwritten[N_UNWRITTEN];
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
	struct str text = sample_disk_read(
		arena, sample_disk_source(arena, "tests/corpus/expected.tsv"));
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

static bool is_exact(struct str architecture)
{
	for (size_t i = 0; i < sizeof(exact_architectures) / sizeof(exact_architectures[0]); i++) {
		if (str_equal(architecture, str_from(exact_architectures[i])))
			return true;
	}
	return false;
}

/* Index into unread_suffixes; N_UNREAD when the file is one we read. */
static size_t unread_i(struct str name)
{
	size_t i = 0;

	while (i < N_UNREAD && !str_has_suffix(name, str_from(unread_suffixes[i])))
		i++;
	return i;
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
	const struct claims *claims = &row->claims;
	struct str architecture = claims->values[CLAIM_ARCHITECTURE];
	bool must_hold = str_equal(architecture, STR("-")) || is_exact(architecture);
	struct figures *figures = must_hold ? &table->exact : &table->others;
	struct bytes complaints = { 0 };

	claims_check(claims, model, &table->lineage, &complaints);
	check_globals(row->why, model, &complaints);
	if (!must_hold && is_exact(model->architecture)) {
		table->exact.n++;
		bytes_printf(&complaints, " mistaken for an architecture that must be exact");
	}
	if (complaints.len > 0 && unread_i(name) < N_UNREAD) {
		table->n_unread[unread_i(name)]++;
	} else {
		figures->n++;
		figures->n_right += complaints.len == 0;
		if (complaints.len > 0)
			tell(name, bytes_str(&complaints));
	}
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
	library_inspect(table->knowledge, file, &arena, &model);
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
	else if (!sample_make(line, &keys, sample_disk_write, &disk, &err)) {
		if (err.code != ERROR_UNSUPPORTED)
			fail_msg("%s", err.text);
	}
	arena_finish(&arena);
}

/* Index into unwritten; N_UNWRITTEN when the line can be written. */
static size_t unwritten_i(struct str line)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	const struct spec *entry;
	size_t i = 0;

	if (!spec_parse(line, &arena, &entry, &err))
		fail_msg("%s", err.text);
	struct str container = spec_text(entry, "container", STR(""));
	while (i < N_UNWRITTEN && !str_equal(container, str_from(unwritten[i])))
		i++;
	arena_finish(&arena);
	return i;
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
			if (line.len == 0)
				continue;
			size_t missing_i = unwritten_i(line);
			if (missing_i == N_UNWRITTEN)
				write_and_inspect(table, str_from(set), line, pass == 1);
			else if (pass == 1)
				table->n_unwritten[missing_i]++;
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
	table->folder = sample_disk_make(&table->arena);
	read_rows(table);
	*state = table;
	return !table->knowledge || !table->folder || mistake.code != ERROR_NONE;
}

static int tear_down(void **state)
{
	struct table *table = *state;

	sample_disk_remove(table->folder);
	knowledge_destroy(table->knowledge);
	lineage_finish(&table->lineage);
	arena_finish(&table->arena);
	test_free(table);
	return 0;
}

static void tell_numbers(const char *what, const char *const *words, const unsigned *numbers,
			 size_t n)
{
	printf("%s:", what);
	for (size_t i = 0; i < n; i++)
		printf(" %s %u", words[i], numbers[i]);
	printf("\n");
}

static void every_row_that_must_hold_holds(void **state)
{
	static const char *const sets[] = {
		"checkpoints", "quantised", "loras", "others", "names", "hostile",
		"hostile-pickles", "gguf", "diffusers",
	};
	struct table *table = *state;

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		run_set(table, sets[i]);
	printf("rows that must hold: %u of %u\n", table->exact.n_right, table->exact.n);
	printf("rows of other architectures: %u of %u\n", table->others.n_right, table->others.n);
	tell_numbers("not judged, no reader yet", unread_suffixes, table->n_unread, N_UNREAD);
	tell_numbers("not judged, no writer yet", unwritten, table->n_unwritten, N_UNWRITTEN);
	assert_true(table->exact.n > 100);
	assert_int_equal(table->exact.n_right, table->exact.n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_that_must_hold_holds),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
