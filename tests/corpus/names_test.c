// SPDX-License-Identifier: MIT
/*
 * What names, labels and trainers' words say of a file's lineage: families/names.tsv has one file a
 * line, of tensors that prove its architecture and no more. families/taught.tsv is the same for
 * someone who followed docs/knowledge.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "config/knowledge.h"
#include "core/identify/identify.h"
#include "core/identify/said.h"
#include "tests/support/sample_disk.h"

enum { PLACES_MAX = 8 };

/* Columns before the places: base, confidence, prediction, variants, architecture, kind. */
enum column { BASE, CONFIDENCE, PREDICTION, VARIANTS, ARCHITECTURE, KIND, N_COLUMNS };

struct row {
	struct str columns[N_COLUMNS];
	struct str file_name, folder;
	struct metadata_pair pairs[PLACES_MAX];
	size_t n_pairs;
	struct sidecar sidecar;
	struct str triggers[PLACES_MAX];        /* lent to the sidecar */
	struct metadata_pair facts[PLACES_MAX]; /* what else the answer has to say */
	size_t n_facts;
};

static bool set_sidecar(struct sidecar *sidecar, struct str field, struct str text)
{
	const struct {
		const char *name;
		struct str *at;
	} fields[] = {
		{ "base_model", &sidecar->base_model }, { "sha256", &sidecar->sha256 },
		{ "autov2", &sidecar->autov2 },         { "title", &sidecar->title },
		{ "sd_version", &sidecar->sd_version }, { "modelspec", &sidecar->modelspec },
		{ "prediction", &sidecar->prediction },
	};
	sidecar->file = STR("x.civitai.info");
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (!str_equal(field, str_from(fields[i].name)))
			continue;
		*fields[i].at = text;
		return true;
	}
	return false;
}

static bool set_triggers(struct row *row, struct str text)
{
	struct sidecar *sidecar = &row->sidecar;
	struct str part;
	sidecar->file = STR("x.civitai.info");
	sidecar->triggers = row->triggers;
	while (sidecar->n_triggers < PLACES_MAX && str_next_part(&text, '+', &part))
		row->triggers[sidecar->n_triggers++] = part;
	return true;
}

static bool set_place(struct row *row, struct str place, struct str text)
{
	if (str_cut_prefix(&place, STR(">")) && row->n_facts < PLACES_MAX)
		row->facts[row->n_facts++] = (struct metadata_pair){ place, text };
	else if (str_equal(place, STR("sidecar:triggers")))
		return set_triggers(row, text);
	else if (str_equal(place, STR("name")))
		row->file_name = text;
	else if (str_equal(place, STR("folder")))
		row->folder = text;
	else if (str_cut_prefix(&place, STR("sidecar:")))
		return set_sidecar(&row->sidecar, place, text);
	else if (row->n_pairs < PLACES_MAX)
		row->pairs[row->n_pairs++] = (struct metadata_pair){ place, text };
	return true;
}

static bool parse(struct str line, struct row *row)
{
	*row = (struct row){ .file_name = STR("x.safetensors") };
	for (size_t i = 0; i < N_COLUMNS; i++)
		if (!str_next_part(&line, '\t', &row->columns[i]))
			return false;
	struct str place;
	while (str_next_part(&line, '\t', &place)) {
		ptrdiff_t equals = str_find_byte(place, '=');
		if (equals < 0 || !set_place(row, str_slice(place, 0, (size_t)equals),
					     str_slice(place, (size_t)equals + 1, place.len)))
			return false;
	}
	return true;
}

static const struct architecture *architecture(const struct knowledge *knowledge, struct str id)
{
	const struct base_model *base = knowledge_base(knowledge, id);
	const struct architecture *found = knowledge_architecture(knowledge, id);
	return found || !base ? found : knowledge_architecture(knowledge, base->architecture);
}

static struct str joined(const struct str *list, size_t n, struct arena *arena)
{
	struct str all = STR("-");
	for (size_t i = 0; i < n; i++)
		all = i ? arena_strf(arena, "%.*s+%.*s", STR_ARG(all), STR_ARG(list[i])) : list[i];
	return all;
}

static struct str fact_of(const struct model *model, struct str fact, struct arena *arena)
{
	const struct {
		const char *name;
		struct str text;
	} facts[] = {
		{ "triggers", joined(model->triggers, model->n_triggers, arena) },
		{ "merged_from", joined(model->merged_from, model->n_merged_from, arena) },
		{ "trained_on.name", model->trained_on.name },
		{ "trained_on.sha256", model->trained_on.sha256 },
		{ "trained_on.autov2", model->trained_on.autov2 },
		{ "title", model->title },
		{ "author", model->author },
		{ "license", model->license },
		{ "resolution", model->resolution },
		{ "conflict", model->n_conflicts ? model->conflicts[0].says : STR("-") },
		{ "why",
		  model->n_evidence ? model->evidence[model->n_evidence - 1].detail : STR("-") },
	};
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		if (str_equal(fact, str_from(facts[i].name)))
			return facts[i].text;
	fail_msg("no fact \"%.*s\"", STR_ARG(fact));
	return STR_NULL;
}

static bool is_as_said(struct str said, struct str got)
{
	return str_equal(said, STR(".")) || str_equal(said, got.ptr ? got : STR("-"));
}

static bool expect(struct str wanted, struct str got, unsigned line)
{
	if (is_as_said(wanted, got))
		return true;
	printf("line %u: want %.*s, got %.*s\n", line, STR_ARG(wanted),
	       STR_ARG(got.ptr ? got : STR("-")));
	return false;
}

static bool check(const struct knowledge *knowledge, const struct row *row, unsigned line)
{
	struct arena arena = { 0 };
	struct reading reading = {
		.format = FORMAT_SAFETENSORS,
		.metadata = { row->pairs, row->n_pairs },
	};
	struct tensor_facts facts = {
		.kind = kind_find(row->columns[KIND]),
		.kind_detail = STR("as the table says"),
		.architecture = architecture(knowledge, row->columns[ARCHITECTURE]),
		.architecture_detail = STR("as the table says"),
		.architecture_confidence = CONFIDENCE_CERTAIN,
	};
	struct gist gist;
	gist_take(&gist, &reading, &row->sidecar, row->sidecar.file.ptr ? 1 : 0, &arena);
	const struct identify_input input = {
		.name = said_stem(row->file_name),
		.folder_name = row->folder,
		.gist = &gist,
		.tensors = &facts,
	};
	struct model model;
	if (!facts.architecture || facts.kind == KIND_COUNT)
		fail_msg("line %u: no such architecture or kind", line);
	identify(knowledge, &input, &arena, &model);
	const struct str got[] = {
		[BASE] = model.base_model,
		[CONFIDENCE] = str_from(confidence_word(model.confidence)),
		[PREDICTION] = model.prediction,
		[VARIANTS] = joined(model.variants, model.n_variants, &arena),
	};
	bool ok = true;
	for (size_t i = 0; i < sizeof(got) / sizeof(*got); i++)
		ok &= expect(row->columns[i], got[i], line);
	for (size_t i = 0; i < row->n_facts; i++)
		ok &= expect(row->facts[i].value, fact_of(&model, row->facts[i].key, &arena), line);
	arena_finish(&arena);
	return ok;
}

static struct str source_text(struct arena *arena, const char *path)
{
	struct str text = sample_disk_read(arena, sample_disk_source(arena, path));
	assert_non_null(text.ptr);
	return text;
}

static void check_all(const struct knowledge *knowledge, const char *path)
{
	struct arena arena = { 0 };
	struct str rest = source_text(&arena, path), line;
	unsigned n = 0, n_rows = 0, n_wrong = 0;
	while (str_next_part(&rest, '\n', &line)) {
		struct row row;
		n++;
		if (!line.len || line.ptr[0] == '#')
			continue;
		if (!parse(line, &row))
			fail_msg("line %u: not a row", n);
		n_rows++;
		n_wrong += !check(knowledge, &row, n);
	}
	printf("%u rows\n", n_rows);
	arena_finish(&arena);
	assert_true(n_rows > 0);
	assert_int_equal(n_wrong, 0);
}

static void each_file_is_of_its_line(void **state)
{
	struct error mistake = { 0 };
	struct knowledge *knowledge = knowledge_load(NULL, &mistake);
	(void)state;
	check_all(knowledge, "tests/corpus/families/names.tsv");
	knowledge_destroy(knowledge);
}

static void write_file(const char *path, struct str text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
	fclose(file);
}

/* The examples of the page, as files of the user's. What comes later is read first: the page says
 * that the smaller sister goes above the other. */
static struct knowledge *taught(struct arena *arena)
{
	const char *folder = sample_disk_make(arena);
	struct str page = source_text(arena, "docs/knowledge.md");
	struct error mistake = { 0 };
	ptrdiff_t start, end;
	unsigned left = 9;
	while ((start = str_find(page, STR("```ini\n"))) >= 0) {
		page = str_slice(page, (size_t)start + 7, page.len);
		end = str_find(page, STR("```"));
		write_file(arena_printf(arena, "%s/%u.ini", folder, left--),
			   str_slice(page, 0, (size_t)end));
	}
	struct knowledge *knowledge = knowledge_load(folder, &mistake);
	assert_string_equal(mistake.text, "");
	sample_disk_remove(folder);
	return knowledge;
}

/* A file as the page shows its head, or a LoRA for it, of so many blocks. */
static struct str lumen(const struct knowledge *knowledge, struct arena *arena, unsigned n_blocks,
			bool is_lora)
{
	static const uint64_t qkv[] = { 7680, 2560 }, patch[] = { 2560, 16, 2, 2 };
	static const uint64_t down[] = { 16, 2560 }, up[] = { 7680, 16 };
	struct tensor *tensors = ARENA_NEW_N(arena, struct tensor, 2 * n_blocks + 1);
	struct tensor_table table = { tensors, 0 };
	struct tensor_facts facts;
	for (unsigned i = 0; i < n_blocks; i++) {
		const char *form = is_lora ? "lora_unet_lumen_blocks_%u_attn_qkv.lora_down.weight"
					   : "lumen_blocks.%u.attn.qkv.weight";
		tensors[table.n_tensors++] = (struct tensor){ .name = arena_strf(arena, form, i),
							      .shape = is_lora ? down : qkv,
							      .rank = 2,
							      .dtype = DTYPE_F16 };
		if (is_lora)
			tensors[table.n_tensors++] = (struct tensor){
				.name = arena_strf(arena,
						   "lora_unet_lumen_blocks_%u_attn_qkv."
						   "lora_up.weight",
						   i),
				.shape = up,
				.rank = 2,
				.dtype = DTYPE_F16
			};
	}
	if (!is_lora)
		tensors[table.n_tensors++] = (struct tensor){ .name = STR("patch_embed.weight"),
							      .shape = patch,
							      .rank = 4,
							      .dtype = DTYPE_F16 };
	identify_tensors(knowledge, &table, NULL, arena, &facts);
	assert_int_equal(facts.kind, is_lora ? KIND_LORA : KIND_DIFFUSION_MODEL);
	return facts.architecture ? facts.architecture->id : STR("");
}

static void what_the_page_teaches_is_known(void **state)
{
	struct arena arena = { 0 };
	struct knowledge *knowledge = taught(&arena);
	(void)state;
	check_all(knowledge, "tests/corpus/families/taught.tsv");
	assert_int_equal(knowledge_path(knowledge, STR("sdxl-moonlight"), STR("sdxl-illustrious")),
			 PATH_LIGHT);
	assert_true(str_equal(knowledge_base_by_name(knowledge, STR("moonlight"), NULL)->id,
			      STR("sdxl-moonlight")));
	for (int is_lora = 0; is_lora < 2; is_lora++) {
		assert_true(str_equal(lumen(knowledge, &arena, 32, is_lora), STR("lumen")));
		assert_true(str_equal(lumen(knowledge, &arena, 16, is_lora), STR("lumen-small")));
	}
	knowledge_destroy(knowledge);
	arena_finish(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_is_of_its_line),
		cmocka_unit_test(what_the_page_teaches_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
