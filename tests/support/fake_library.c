// SPDX-License-Identifier: MIT
#include "tests/support/fake_library.h"

#include <string.h>

#include "core/base/text.h"

#define DAY_S 86400

struct sample {
	const char *name, *base, *architecture;
	enum kind kind;
	enum adapter_type adapter;
	uint32_t rank;
	uint64_t size_mib;
	int64_t age_days;
	enum verdict verdict;
	enum status status;
	enum safety safety;
	bool is_offline, lineage_known;
};

static const struct sample demo[] = {
	{ "juggernautXL_v9", "sdxl-juggernaut", "sdxl", KIND_CHECKPOINT, 0, 0, 6775, 21, 0, 0, 0, 0,
	  1 },
	{ "ponyDiffusionV6XL", "sdxl-pony", "sdxl", KIND_CHECKPOINT, 0, 0, 6617, 400, 0, 0, 0, 0,
	  1 },
	{ "flux1-dev-fp8", "flux1-dev", "flux1", KIND_DIFFUSION_MODEL, 0, 0, 11350, 90, 0, 0, 0, 0,
	  1 },
	{ "ink_wash_v2", "sdxl", "sdxl", KIND_LORA, ADAPTER_LORA, 32, 218, 3, FIT_COMPATIBLE, 0, 0,
	  0, 0 },
	{ "paper_cut", "sdxl-pony", "sdxl", KIND_LORA, ADAPTER_LOKR, 16, 41, 9, FIT_CAUTION, 0, 0,
	  0, 1 },
	{ "neon_city", "flux1-dev", "flux1", KIND_LORA, ADAPTER_LORA, 16, 306, 2, FIT_INCOMPATIBLE,
	  0, 0, 0, 1 },
	{ "old_test", NULL, NULL, KIND_LORA, ADAPTER_LORA, 8, 72, 800, FIT_UNKNOWN, 0, 0, 0, 0 },
	{ "水墨画_国风_v3", "sdxl-illustrious", "sdxl", KIND_LORA, ADAPTER_LORA, 64, 435, 30,
	  FIT_COMPATIBLE, 0, 0, 0, 1 },
	{ "🎨emoji_paint", "sdxl", "sdxl", KIND_LORA, ADAPTER_DORA, 8, 55, 12, FIT_COMPATIBLE, 0, 0,
	  0, 0 },
	{ "cafe\xcc\x81_noir", "sd1-5", "sd1", KIND_LORA, ADAPTER_LOCON, 128, 144, 1200,
	  FIT_INCOMPATIBLE, 0, 0, 0, 0 },
	{ "evil\x1b[31mred\x07\nname", "sd1-5", "sd1", KIND_LORA, ADAPTER_LORA, 4, 9, 5,
	  FIT_INCOMPATIBLE, 0, 0, 0, 0 },
	{ "rtl\xe2\x80\xaegnp.exe", "sd1-5", "sd1", KIND_LORA, ADAPTER_LORA, 4, 9, 5,
	  FIT_INCOMPATIBLE, 0, 0, 0, 0 },
	{ "bad\xff\xfe"
	  "bytes",
	  NULL, NULL, KIND_UNKNOWN, 0, 0, 1, 6, 0, STATUS_UNSUPPORTED, 0, 0, 0 },
	{ "half_downloaded", "sdxl", "sdxl", KIND_CHECKPOINT, 0, 0, 2100, 0, 0, STATUS_DAMAGED, 0,
	  0, 0 },
	{ "old_embedding", "sd1-5", "sd1", KIND_EMBEDDING, 0, 0, 1, 1300, 0, 0, SAFETY_RUNS_CODE, 0,
	  0 },
	{ "on_the_nas", "sdxl", "sdxl", KIND_LORA, ADAPTER_LORA, 16, 218, 60, FIT_COMPATIBLE, 0, 0,
	  1, 0 },
	{ "a_style_with_a_very_long_name_that_somebody_gave_it_in_2024_v1.0-rc3_fp16", "sdxl",
	  "sdxl", KIND_LORA, ADAPTER_LORA, 128, 870, 200, FIT_COMPATIBLE, 0, 0, 0, 0 },
	{ "vae-ft-mse-840000", "sd1", "sd1", KIND_VAE, 0, 0, 319, 900, 0, 0, 0, 0, 0 },
	{ "control_canny", "sd1-5", "sd1", KIND_CONTROLNET, 0, 0, 1378, 700, 0, 0, 0, 0, 0 },
};

#define N_DEMO (sizeof(demo) / sizeof(*demo))

static const struct {
	const char *id, *name, *parent, *architecture, *good_at, *loras;
	bool is_heavy;
} bases[] = {
	{ "sd1", "Stable Diffusion 1.x (unspecified)", NULL, "sd1", NULL, NULL, false },
	{ "sd1-5", "Stable Diffusion 1.5", "sd1", "sd1", NULL, NULL, false },
	{ "sdxl", "Stable Diffusion XL 1.0", NULL, "sdxl",
	  "Sharp pictures at 1024x1024, photographs as well as drawings.",
	  "Light ones carry over to most of its fine-tunes.", false },
	{ "sdxl-pony", "Pony Diffusion V6 XL", "sdxl", "sdxl", NULL, NULL, true },
	{ "sdxl-illustrious", "Illustrious XL", "sdxl", "sdxl", NULL, NULL, true },
	{ "sdxl-juggernaut", "Juggernaut XL", "sdxl", "sdxl", "Photographs.", NULL, false },
	{ "flux1-dev", "FLUX.1 dev", NULL, "flux1", NULL, NULL, false },
};

static const char *const architectures[][3] = {
	{ "sd1", "Stable Diffusion 1", "sd1" },
	{ "sdxl", "Stable Diffusion XL", "sdxl" },
	{ "flux1", "FLUX.1", "flux1-dev" },
};

static struct knowledge *make_knowledge(void)
{
	struct knowledge *knowledge = knowledge_create();
	struct error err = { 0 };
	for (size_t i = 0; i < sizeof(architectures) / sizeof(*architectures); i++) {
		struct architecture *a = ARRAY_PUSH(&knowledge->architectures, struct architecture);
		a->id = str_from(architectures[i][0]);
		a->name = str_from(architectures[i][1]);
		a->foundation = str_from(architectures[i][2]);
	}
	for (size_t i = 0; i < sizeof(bases) / sizeof(*bases); i++) {
		struct base_model *b = ARRAY_PUSH(&knowledge->base_models, struct base_model);
		b->id = str_from(bases[i].id);
		b->name = str_from(bases[i].name);
		b->parent = str_from(bases[i].parent);
		b->architecture = str_from(bases[i].architecture);
		b->edge_is_heavy = bases[i].is_heavy;
		b->good_at = str_from(bases[i].good_at);
		b->loras = str_from(bases[i].loras);
	}
	if (!knowledge_finish(knowledge, &err))
		BUG("knowledge of the fake: %s", err.text);
	return knowledge;
}

static void make_row(struct fake_library *fake, size_t i, const struct sample *s)
{
	fake->verdicts[i] = s->verdict;
	fake->rows[i] = (struct row){
		.id = (uint32_t)i + 1,
		.name = str_from(s->name),
		.base_model = str_from(s->base),
		.architecture = str_from(s->architecture),
		.kind = s->kind,
		.adapter = s->adapter,
		.rank = s->rank,
		.size_bytes = s->size_mib << 20,
		.modified_s = FAKE_NOW_S - s->age_days * DAY_S,
		.added_s = FAKE_NOW_S - s->age_days * DAY_S,
		.status = s->status,
		.safety = s->safety,
		.confidence = s->base ? CONFIDENCE_CERTAIN : CONFIDENCE_NONE,
		.lineage_known = s->lineage_known,
		.is_online = !s->is_offline,
	};
}

void fake_library_init(struct fake_library *fake, const char *world)
{
	bool is_huge = !strcmp(world, "huge"), is_demo = !strcmp(world, "demo");
	*fake = (struct fake_library){ .knowledge = make_knowledge() };
	fake->n_rows = is_huge ? 100000 : is_demo ? N_DEMO : 0;
	fake->n_roots = strcmp(world, "new") != 0;
	fake->rows = ARENA_NEW_N(&fake->arena, struct row, fake->n_rows + 1);
	fake->verdicts = ARENA_NEW_N(&fake->arena, enum verdict, fake->n_rows + 1);
	for (size_t i = 0; i < fake->n_rows; i++) {
		make_row(fake, i, &demo[i % N_DEMO]);
		if (is_huge)
			fake->rows[i].name = arena_strf(&fake->arena, "model_%06zu", i + 1);
	}
}

void fake_library_finish(struct fake_library *fake)
{
	knowledge_destroy(fake->knowledge);
	arena_finish(&fake->arena);
}

static bool contains(struct str text, struct str wanted)
{
	struct arena arena = { 0 };
	bool found = str_find(text_fold_copy(&arena, text), text_fold_copy(&arena, wanted)) >= 0;
	arena_finish(&arena);
	return found;
}

static bool term_holds(const struct fake_library *fake, const struct row *row, struct str term)
{
	if (str_cut_prefix(&term, STR("base:")))
		return knowledge_is_within(fake->knowledge, row->base_model, term);
	if (str_equal(term, STR("-base:")))
		return !row->base_model.ptr;
	if (str_cut_prefix(&term, STR("kind:")))
		return str_equal(str_from(kind_word(row->kind)), term);
	if (str_equal(term, STR("status:damaged")))
		return row->status == STATUS_DAMAGED;
	if (str_equal(term, STR("(is:missing|is:offline)")))
		return !row->is_online || row->is_missing;
	return contains(row->name, term);
}

static bool filter_keeps(enum fit_filter filter, const struct row *row, enum verdict verdict)
{
	if (filter == FILTER_ALL)
		return true;
	if (row->kind != KIND_LORA)
		return false;
	return filter == FILTER_COMPATIBLE ? verdict == FIT_COMPATIBLE
	       : filter == FILTER_CAUTION  ? verdict == FIT_CAUTION
					   : verdict == FIT_INCOMPATIBLE;
}

static struct row row_of(const struct fake_library *fake, size_t i, uint32_t checkpoint)
{
	struct row row = fake->rows[i];
	row.has_verdict = checkpoint && row.kind == KIND_LORA;
	row.verdict = fake->verdicts[i];
	return row;
}

/* A field that is not known: where it stands, counted from 1; 0 when all are. */
static size_t mistake_column(struct str text)
{
	struct str rest = text, term;
	while (str_next_part(&rest, ' ', &term)) {
		struct str field = term;
		bool is_field =
			str_find_byte(term, ':') > 0 && term.ptr[0] != '(' && term.ptr[0] != '-';
		if (is_field && !str_has_prefix(field, STR("base:")) &&
		    !str_has_prefix(field, STR("kind:")) && !str_has_prefix(field, STR("status:")))
			return (size_t)(term.ptr - text.ptr) + 1;
	}
	return 0;
}

static bool row_matches(const struct fake_library *fake, size_t i, const struct request *request)
{
	struct str rest = request->as.query.text, term;
	while (str_next_part(&rest, ' ', &term))
		if (term.len && !term_holds(fake, &fake->rows[i], term))
			return false;
	return filter_keeps(request->as.query.filter, &fake->rows[i], fake->verdicts[i]);
}

static struct event *new_result(struct fake_library *fake, const struct request *request,
				bool with_ids)
{
	struct event *event = event_create(EVENT_RESULT, request->serial);
	uint32_t *ids = ARENA_NEW_N(&event->arena, uint32_t, fake->n_rows + 1);
	size_t first = request->as.query.first, n = 0, n_rows = 0;
	struct row *rows = ARENA_NEW_N(&event->arena, struct row, request->as.query.n_rows + 1);
	for (size_t i = 0; i < fake->n_rows; i++) {
		if (!row_matches(fake, i, request))
			continue;
		if (n >= first && n_rows < request->as.query.n_rows)
			rows[n_rows++] = row_of(fake, i, request->as.query.checkpoint);
		ids[n++] = fake->rows[i].id;
	}
	event->as.result.n = n;
	event->as.result.n_library = fake->n_rows;
	event->as.result.ids = with_ids ? ids : NULL;
	event->as.result.first = first;
	event->as.result.rows = rows;
	event->as.result.n_rows = n_rows;
	return event;
}

static struct event *new_mistake(const struct request *request, size_t column)
{
	struct event *event = event_create(EVENT_RESULT, request->serial);
	event->as.result.mistake_column = column;
	event->as.result.mistake = STR("no field \"bse\"; did you mean \"base\"?");
	return event;
}

static struct event *new_rows(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_ROWS, request->serial);
	struct row *rows = ARENA_NEW_N(&event->arena, struct row, request->as.rows.n);
	for (size_t i = 0; i < request->as.rows.n; i++)
		rows[i] = row_of(fake, request->as.rows.ids[i] - 1, request->as.rows.checkpoint);
	event->as.rows.rows = rows;
	event->as.rows.n = request->as.rows.n;
	return event;
}

static const struct evidence evidence[] = {
	{ SOURCE_TENSORS,
	  { "architecture", 12 },
	  { "sdxl", 4 },
	  { "cross-attention takes 2048", 26 } },
	{ SOURCE_METADATA,
	  { "base_model", 10 },
	  { "sdxl", 4 },
	  { "ss_base_model_version=sdxl_base_v1-0", 36 } },
};

static const struct evidence conflicts[] = {
	{ SOURCE_FILENAME,
	  { "base_model", 10 },
	  { "sdxl-pony", 9 },
	  { "the name holds \"pony\"", 21 } },
};

static void fill_fit(struct fit *fit, enum verdict verdict)
{
	static const struct {
		enum reason_code code;
		struct str message, advice;
	} texts[FIT_COUNT] = {
		[FIT_COMPATIBLE] = { REASON_SAME_LINEAGE,
				     { "Both are SDXL; nothing between them was retrained.", 50 },
				     { NULL, 0 } },
		[FIT_CAUTION] = { REASON_DIFFERENT_LINEAGE,
				  { "The LoRA was trained on Pony Diffusion V6 XL, which is far from SDXL.",
				    69 },
				  { "Start at weight 0.6.", 20 } },
		[FIT_INCOMPATIBLE] = { REASON_DIFFERENT_ARCHITECTURE,
				       { "The LoRA is for FLUX.1, the checkpoint is SDXL.", 47 },
				       { "Use it with a checkpoint of FLUX.1.", 35 } },
		[FIT_UNKNOWN] = { REASON_UNKNOWN_BASE,
				  { "Nothing says what the LoRA was made for.", 40 },
				  { NULL, 0 } },
	};
	fit->verdict = verdict;
	fit->reasons[0] = (struct reason){ texts[verdict].code, texts[verdict].message };
	fit->n_reasons = 1;
	fit->advice[0] = texts[verdict].advice;
	fit->n_advice = texts[verdict].advice.ptr ? 1 : 0;
}

static void fill_model(struct event *event, const struct row *row)
{
	static const struct str triggers[] = { { "ink wash", 8 }, { "sumi-e", 6 } };
	static const struct str globals[] = { { "posix.system", 12 } };
	struct model *model = &event->as.details.model;
	*model = (struct model){
		.name = row->name,
		.format = FORMAT_SAFETENSORS,
		.status = row->status,
		.kind = row->kind,
		.architecture = row->architecture,
		.base_model = row->base_model,
		.lineage_known = row->lineage_known,
		.confidence = row->confidence,
		.prediction = STR("eps"),
		.precision = STR("fp16"),
		.size_bytes = row->size_bytes,
		.n_tensors = 2166,
		.parameters = 114000000,
		.safety = row->safety,
	};
	if (row->base_model.ptr) {
		model->evidence = evidence;
		model->n_evidence = 2;
		model->conflicts = conflicts;
		model->n_conflicts = 1;
	}
	if (row->kind == KIND_LORA) {
		model->adapter =
			(struct adapter_summary){ row->adapter, row->rank, row->rank, true,
						  16,           722,       true,      false };
		model->triggers = triggers;
		model->n_triggers = 2;
		model->trained_on.name = STR("sd_xl_base_1.0.safetensors");
	}
	if (row->status == STATUS_DAMAGED)
		model->error =
			(struct note){ STR("E_ST_RANGE"), STR("a tensor ends behind the file") };
	if (row->safety == SAFETY_RUNS_CODE) {
		model->globals = globals;
		model->n_globals = 1;
	}
}

/* Half of the first blocks, by a rank that falls; and a text encoder of its own. */
static void fill_binding(struct event *event)
{
	struct arena *arena = &event->arena;
	struct binding *binding = ARENA_NEW(arena, struct binding);
	struct strip_block *blocks = ARENA_NEW_N(arena, struct strip_block, 22);
	struct strip_row *rows = ARENA_NEW_N(arena, struct strip_row, 3);
	binding->of[COMPONENT_DENOISER] = (struct binding_count){ 722, 700, 20, 2 };
	binding->of[COMPONENT_TEXT_ENCODER_2] = (struct binding_count){ 192, 0, 192, 0 };
	binding->is_present[COMPONENT_DENOISER] = true;
	for (uint32_t i = 4; i < 9; i++)
		blocks[i] = (struct strip_block){ .n_bound = 10, .rank = 4 * (9 - i) };
	blocks[9] = blocks[10] = (struct strip_block){ .n_bound = 1, .rank = 20 };
	blocks[14] = (struct strip_block){ .n_mismatched = 2 };
	rows[0] = (struct strip_row){ STR("in"), blocks, 9 };
	rows[1] = (struct strip_row){ STR("mid"), blocks + 9, 3 };
	rows[2] = (struct strip_row){ STR("out"), blocks + 12, 9 };
	event->as.details.fit.binding = binding;
	event->as.details.strip = (struct strip){ rows, 3 };
}

static struct event *new_details(struct fake_library *fake, const struct request *request)
{
	static const struct str tags[] = { { "ink", 3 }, { "style", 5 } };
	struct event *event = event_create(EVENT_DETAILS, request->serial);
	size_t i = request->as.details.id - 1;
	if (i >= fake->n_rows)
		return event;
	const struct row *row = &fake->rows[i];
	event->as.details.found = true;
	fill_model(event, row);
	event->as.details.entry = (struct entry){
		.id = row->id,
		.root = STR("models"),
		.is_online = row->is_online,
		.path = arena_strf(&event->arena, "/home/u/models/%.*s.safetensors",
				   STR_ARG(row->name)),
		.tags = tags,
		.n_tags = row->kind == KIND_LORA ? 2 : 0,
		.added_s = row->added_s,
		.modified_s = row->modified_s,
	};
	event->as.details.has_fit = request->as.details.checkpoint && row->kind == KIND_LORA;
	if (event->as.details.has_fit)
		fill_fit(&event->as.details.fit, fake->verdicts[i]);
	if (event->as.details.has_fit && fake->verdicts[i] == FIT_CAUTION)
		fill_binding(event);
	return event;
}

static bool is_marked(const struct request *request, uint32_t id)
{
	for (size_t i = 0; i < request->as.matrix.n_marked; i++)
		if (request->as.matrix.marked[i] == id)
			return true;
	return request->as.matrix.n_marked == 0;
}

/* A column as the rows say, the next turned by one verdict, and so on. */
static struct event *new_cells(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_MATRIX, request->serial);
	struct fit_counts *lines = ARENA_NEW_N(&event->arena, struct fit_counts, fake->n_rows);
	struct row *loras = ARENA_NEW_N(&event->arena, struct row, fake->n_rows);
	size_t n = 0, n_loras = 0;
	for (size_t i = 0; i < fake->n_rows; i++) {
		const struct row *row = &fake->rows[i];
		if (is_marked(request, row->id) && row->kind == KIND_LORA)
			loras[n_loras++] = *row;
		else if (is_marked(request, row->id) &&
			 (row->kind == KIND_CHECKPOINT || row->kind == KIND_DIFFUSION_MODEL))
			lines[n++] = (struct fit_counts){ .id = row->id, .name = row->name };
	}
	uint8_t *cells = ARENA_NEW_N(&event->arena, uint8_t, n * n_loras + 1);
	for (size_t i = 0; i < n * n_loras; i++) {
		cells[i] = (uint8_t)((fake->verdicts[loras[i % n_loras].id - 1] + i / n_loras) %
				     FIT_COUNT);
		lines[i / n_loras].n[cells[i]]++;
	}
	event->as.matrix.lines = lines;
	event->as.matrix.n = event->as.matrix.n_checkpoints_all = n;
	event->as.matrix.loras = loras;
	event->as.matrix.n_loras = event->as.matrix.n_loras_all = n_loras;
	event->as.matrix.cells = cells;
	return event;
}

static struct event *new_matrix(struct fake_library *fake, const struct request *request)
{
	if (request->as.matrix.has_cells)
		return new_cells(fake, request);
	struct event *event = event_create(EVENT_MATRIX, request->serial);
	struct fit_counts *line = ARENA_NEW(&event->arena, struct fit_counts);
	struct request asked = { .as.query.text = request->as.matrix.text };
	line->id = request->as.matrix.checkpoints[0];
	for (size_t i = 0; i < fake->n_rows; i++)
		if (fake->rows[i].kind == KIND_LORA && row_matches(fake, i, &asked))
			line->n[fake->verdicts[i]]++;
	event->as.matrix.lines = line;
	event->as.matrix.n = 1;
	return event;
}

static struct event *new_groups(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_GROUPS, request->serial);
	const struct array *all = &fake->knowledge->base_models;
	struct group *groups = ARENA_NEW_N(&event->arena, struct group, all->len + 1);
	size_t n = 0;
	for (size_t i = 0; i <= all->len && fake->n_rows; i++) {
		struct group *group = &groups[n];
		*group = (struct group){ .name = STR("unknown") };
		if (i < all->len) {
			const struct base_model *base = ARRAY_AT(all, struct base_model, i);
			*group = (struct group){ .base_model = base->id,
						 .name = base->name,
						 .parent = base->parent,
						 .depth = (unsigned)base->depth };
		}
		for (size_t j = 0; j < fake->n_rows; j++) {
			struct str of = fake->rows[j].base_model;
			group->total += i == all->len
						? !of.ptr
						: of.ptr && knowledge_is_within(fake->knowledge, of,
										group->base_model);
		}
		n += group->total > 0;
	}
	event->as.groups.groups = groups;
	event->as.groups.n = n;
	event->as.groups.n_models = fake->n_rows;
	return event;
}

static struct event *new_roots(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_ROOTS, request->serial);
	struct root_info *roots = ARENA_NEW_N(&event->arena, struct root_info, fake->n_roots + 1);
	for (size_t i = 0; i < fake->n_roots; i++)
		roots[i] = (struct root_info){ .id = 1,
					       .name = STR("models"),
					       .path = STR("/home/u/models"),
					       .is_online = true };
	event->as.roots.roots = roots;
	event->as.roots.n = fake->n_roots;
	return event;
}

static struct event *tag(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_DONE, request->serial);
	struct bytes text = { 0 };
	for (size_t i = 0; i < request->as.tag.n_add; i++)
		bytes_printf(&text, "+%.*s ", STR_ARG(request->as.tag.add[i]));
	for (size_t i = 0; i < request->as.tag.n_remove; i++)
		bytes_printf(&text, "-%.*s ", STR_ARG(request->as.tag.remove[i]));
	fake->last_tag = arena_str(&fake->arena, str_trim(bytes_str(&text)));
	fake->last_tag_n = request->as.tag.models.n_ids;
	fake->last_tag_query = arena_str(&fake->arena, request->as.tag.models.query);
	bytes_finish(&text);
	event->as.done.n_changed = request->as.tag.models.n_ids;
	return event;
}

static struct event *correct(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_DONE, request->serial);
	const struct selection *models = &request->as.correct.models;
	fake->last_change = request->as.correct.change;
	for (size_t i = 0; i < models->n_ids; i++) {
		struct row *row = &fake->rows[models->ids[i] - 1];
		const struct correction *set = &fake->last_change.set;
		if (set->has_kind)
			row->kind = set->kind;
		if (!set->base_model.ptr)
			continue;
		row->base_model = set->base_model;
		row->architecture = knowledge_base(fake->knowledge, set->base_model)->architecture;
		row->confidence = CONFIDENCE_CERTAIN;
		row->lineage_known = true;
	}
	event->as.done.n_changed = models->n_ids;
	return event;
}

/* Fits as the rows do; two that are not compatible are a mixed set. */
static struct event *compose(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_COMPOSED, request->serial);
	size_t n = request->as.compose.n;
	struct fit *pairs = ARENA_NEW_N(&event->arena, struct fit, n);
	struct export_lora *loras = ARENA_NEW_N(&event->arena, struct export_lora, n);
	struct fit *set = &event->as.composed.set;
	double sum = 0;
	for (size_t i = 0; i < n; i++) {
		const struct set_put *put = &request->as.compose.loras[i];
		struct str name = fake->rows[put->id - 1].name;
		fill_fit(&pairs[i], request->as.compose.checkpoint ? fake->verdicts[put->id - 1]
								   : FIT_UNKNOWN);
		set->verdict = pairs[i].verdict > set->verdict ? pairs[i].verdict : set->verdict;
		sum += put->weights.weight;
		loras[i] = (struct export_lora){ .weight = put->weights.weight,
						 .has_text_encoder = true };
		loras[i].model = export_name(
			fake->knowledge, true, STR("/home/u/models"),
			arena_strf(&event->arena, "/home/u/models/%.*s.safetensors", STR_ARG(name)),
			name);
	}
	if (sum >= 3)
		fit_add(set, FIT_CAUTION,
			(struct reason){
				REASON_WEIGHTS_HIGH,
				arena_strf(&event->arena, "The weights add up to %.2f.", sum) });
	event->as.composed.pairs = pairs;
	event->as.composed.as.loras = loras;
	event->as.composed.n = event->as.composed.as.n_loras = n;
	return event;
}

static struct event *new_sets(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_SETS, request->serial);
	struct set_info *sets = ARENA_NEW_N(&event->arena, struct set_info, 2);
	struct set_part *parts = ARENA_NEW_N(&event->arena, struct set_part, 2);
	for (uint32_t i = 0; i < 2; i++)
		parts[i] = (struct set_part){ .subject = i + 1,
					      .id = 4 + i,
					      .weights = { 0.5, false, 0 },
					      .path = arena_strf(&event->arena,
								 "/home/u/models/%.*s.safetensors",
								 STR_ARG(fake->rows[3 + i].name)) };
	sets[0] = (struct set_info){
		.name = STR("Evening"),
		.loras = parts,
		.n_loras = 2,
		.has_checkpoint = true,
		.checkpoint = { .subject = 3,
				.id = 1,
				.path = arena_strf(&event->arena, "/home/u/models/%.*s.safetensors",
						   STR_ARG(fake->rows[0].name)) }
	};
	if (fake->sets_have_gone)
		parts[1].id = sets[0].checkpoint.id = 0;
	sets[1] = (struct set_info){ .name = STR("empty one") };
	event->as.sets.sets = sets;
	event->as.sets.n = 2;
	return event;
}

static struct event *change_set(struct fake_library *fake, const struct request *request)
{
	struct event *event =
		event_create(fake->sets_fail ? EVENT_FAILED : EVENT_DONE, request->serial);
	if (fake->sets_fail) {
		error_set(&event->as.failed, ERROR_USAGE, NULL, "this name is too long");
		return event;
	}
	if (request->as.set.action == SET_NEW &&
	    str_equal_nocase(request->as.set.name, STR("evening"))) {
		event->type = EVENT_FAILED;
		error_set(&event->as.failed, ERROR_USAGE, SET_IS_THERE,
			  "Evening: there is a set of that name");
		return event;
	}
	fake->last_set = request->as.set;
	fake->last_set.name = arena_str(&fake->arena, request->as.set.name);
	event->as.done.n_changed = 1;
	return event;
}

static size_t answer_query(struct fake_library *fake, const struct request *request,
			   struct event *events[2])
{
	size_t column = mistake_column(request->as.query.text);
	if (column) {
		events[0] = new_mistake(request, column);
		return 1;
	}
	size_t n = 0;
	if (fake->ids_come_late)
		events[n++] = new_result(fake, request, false);
	events[n++] = new_result(fake, request, true);
	return n;
}

static struct event *words(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_DONE, request->serial);
	fake->last_words = request->as.words.type;
	fake->last_number = request->as.words.number;
	fake->last_note = arena_str(&fake->arena, request->as.words.note);
	event->as.done.n_changed = request->as.words.models.n_ids;
	return event;
}

/* A model and a sidecar. */
static struct event *make_plan(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_PLAN, request->serial);
	struct plan *plan = &event->as.plan.plan;
	struct plan_step *steps = ARENA_NEW_N(&event->arena, struct plan_step, 2);
	fake->last_wish = request->as.plan.wish;
	fake->last_plan_text = arena_str(&fake->arena, request->as.plan.text);
	fake->last_plan_links = request->as.plan.links;
	fake->n_kept = request->as.plan.n_paths;
	fake->last_plan_n = request->as.plan.models.n_ids;
	if (fake->n_kept > 0)
		fake->last_kept = arena_str(&fake->arena, request->as.plan.paths[0]);
	bool is_trash = request->as.plan.wish == WISH_TRASH;
	steps[0] = (struct plan_step){
		.model = fake->last_plan_n > 0 ? request->as.plan.models.ids[0] : 0,
		.action = is_trash ? PLAN_TRASH : PLAN_MOVE,
		.old = STR("/home/u/models/a/ink.safetensors"),
		.new = STR("/home/u/models/b/ink.safetensors"),
		.conflict = fake->plans_conflict ? STR("there is a file of that name already")
						 : STR_NULL,
	};
	steps[1] = steps[0];
	steps[1].is_companion = true;
	steps[1].old = STR("/home/u/models/a/ink.json");
	steps[1].new = STR("/home/u/models/b/ink.json");
	steps[1].conflict = STR_NULL;
	if (fake->plans_conflict)
		steps[1].note = STR("the link /home/u/ink.json leads to it, and will lead nowhere");
	*plan = (struct plan){ .what = is_trash ? STR("trash") : STR("organise"),
			       .steps = steps,
			       .n_steps = 2,
			       .n_conflicts = fake->plans_conflict,
			       .n_notes = fake->plans_conflict,
			       .bytes = 1 << 20 };
	return event;
}

static struct event *done(const struct request *request, uint64_t n, int64_t operation)
{
	struct event *event = event_create(EVENT_DONE, request->serial);
	event->as.done.n_changed = n;
	event->as.done.operation = operation;
	return event;
}

static struct event *failed(const struct request *request, const char *why)
{
	struct event *event = event_create(EVENT_FAILED, request->serial);
	error_set(&event->as.failed, ERROR_CHANGED, NULL, "%s", why);
	return event;
}

/* One of each state; in a huge library all of them again and again. */
static struct operation make_operation(const struct fake_library *fake, size_t i, size_t n)
{
	static const struct operation kinds[] = {
		{ .what = { "tag", 3 }, .words = { "+style -old", 11 }, .state = { "done", 4 } },
		{ .what = { "relink", 6 },
		  .words = { "/home/u/models/b", 16 },
		  .state = { "done", 4 } },
		{ .what = { "organise", 8 },
		  .words = { "{kind}/{base}/{name}", 20 },
		  .state = { "done", 4 },
		  .n_steps = 40 },
		{ .what = { "trash", 5 },
		  .words = { "evil\x1b[31m", 9 },
		  .state = { "running", 7 },
		  .n_steps = 2 },
		{ .what = { "move", 4 },
		  .words = { "/mnt/nas", 8 },
		  .state = { "conflict", 8 },
		  .n_steps = 3 },
		{ .what = { "note", 4 },
		  .words = { "水墨画_国风_v3", 19 },
		  .state = { "done", 4 } },
	};
	struct operation operation = kinds[i % (sizeof kinds / sizeof *kinds)];
	operation.id = (int64_t)(n - i);
	operation.at_s = FAKE_NOW_S - (int64_t)(i * i + 1) * 600;
	operation.n_changed = i * 7 + 1;
	operation.is_asked = i % 6 != 1;
	operation.stands = i == 2 && fake->is_undone ? OPERATION_UNDONE : OPERATION_STANDS;
	operation.n_undo = i + 1;
	return operation;
}

static void fill_steps(struct event *event, size_t first, size_t n)
{
	struct operation_step *steps = ARENA_NEW_N(&event->arena, struct operation_step, n + 1);
	size_t n_all = (size_t)event->as.history.lines[0].n_steps, i = first;
	for (; i < n_all && i < first + n; i++) {
		struct operation_step *step = &steps[i - first];
		const char *extension = i % 2 ? "preview.png" : "safetensors";
		*step = (struct operation_step){ .is_companion = i % 2, .state = STR("done") };
		step->old = arena_strf(&event->arena, "/home/u/models/downloads/ink_wash_%zu.%s",
				       i / 2, extension);
		step->new = arena_strf(&event->arena,
				       "/home/u/models/lora/sdxl-illustrious/ink_wash_%zu.%s",
				       i / 2, extension);
		if (i == 3)
			step->state = STR("conflict");
	}
	event->as.history.steps = steps;
	event->as.history.n_steps = i - first;
	event->as.history.n_all = n_all;
}

static struct event *new_history(struct fake_library *fake, const struct request *request)
{
	struct event *event = event_create(EVENT_HISTORY, request->serial);
	size_t n_all = fake->n_rows > 1000 ? 1000 : fake->n_rows ? 6 : 0;
	size_t first = request->as.history.id ? n_all - (size_t)request->as.history.id
					      : request->as.history.first;
	size_t n = request->as.history.id ? 1 : request->as.history.n, i = first;
	struct operation *lines = ARENA_NEW_N(&event->arena, struct operation, n + 1);
	for (; i < n_all && i < first + n; i++)
		lines[i - first] = make_operation(fake, i, n_all);
	event->as.history.lines = lines;
	event->as.history.n = i > first ? i - first : 0;
	event->as.history.first = request->as.history.first;
	event->as.history.n_all = n_all;
	if (request->as.history.id && event->as.history.n > 0)
		fill_steps(event, request->as.history.first, request->as.history.n);
	return event;
}

static struct event *undo(struct fake_library *fake, const struct request *request)
{
	fake->last_way = request->as.undo.way;
	fake->last_undo_id = request->as.undo.id;
	fake->last_undo_n = request->as.undo.n;
	if (request->as.undo.id && fake->undo_meets_changes)
		return failed(request, "it was changed again since");
	fake->is_undone = request->as.undo.way == OPERATION_UNDO;
	struct event *event = done(request, 1, 7);
	event->as.done.what = STR("move");
	event->as.done.words = STR("/mnt/na\x1b");
	return event;
}

static struct event *new_duplicates(struct fake_library *fake, const struct request *request)
{
	static const char *const names[] = {
		"/home/u/models/a/pony.safetensors",
		"/home/u/models/old downloads/pony (1).safetensors",
		"/mnt/nas/evil\x1b[31m\npony.safetensors",
		"/home/u/models/b/水墨画.safetensors",
		"/home/u/models/b/copy of 水墨画.safetensors",
	};
	struct event *event = event_create(EVENT_DUPLICATES, request->serial);
	struct duplicate *list = ARENA_NEW_N(&event->arena, struct duplicate, 2);
	struct str *paths = ARENA_NEW_N(&event->arena, struct str, 5);
	for (size_t i = 0; i < 5; i++)
		paths[i] = str_from(names[i]);
	list[0] = (struct duplicate){ STR("aa"), 6617ull << 20, paths, 3, 2 * 6617ull << 20 };
	list[1] = (struct duplicate){ STR("bb"), 435ull << 20, paths + 3, 2, 435ull << 20 };
	event->as.duplicates.list = list;
	event->as.duplicates.n = event->as.duplicates.n_contents = fake->n_rows ? 2 : 0;
	event->as.duplicates.n_all = fake->n_rows ? 5 : 0;
	event->as.duplicates.wasted_bytes = (2 * 6617ull + 435) << 20;
	return event;
}

static struct event *new_trashed(struct fake_library *fake, const struct request *request)
{
	static const struct {
		const char *path, *old;
		size_t n_files;
		uint64_t size_mib;
		int64_t age_days;
		bool is_folder;
	} rows[] = {
		{ "/home/u/.t/files/ink.safetensors",
		  "/home/u/models/loras/ink_wash_v2.safetensors", 3, 218, 1, false },
		{ "/home/u/.t/files/水.safetensors", "/home/u/models/b/水墨画.safetensors", 1, 435,
		  3, false },
		{ "/mnt/nas/.Trash-1/files/evil", "/mnt/nas/evil\x1b[31m\nred.safetensors", 1, 6617,
		  400, false },
		{ "/home/u/.t/files/flux", "/home/u/models/a folder of a very long name/flux-dev",
		  1, 0, -1, true },
	};
	struct event *event = event_create(EVENT_TRASHED, request->serial);
	size_t n = fake->n_rows ? sizeof(rows) / sizeof(*rows) : 0;
	struct trashed *list = ARENA_NEW_N(&event->arena, struct trashed, n + 1);
	struct trashed_file *files = ARENA_NEW_N(&event->arena, struct trashed_file, n + 1);
	for (size_t i = 0; i < n; i++) {
		files[i] = (struct trashed_file){ str_from(rows[i].path), str_from(rows[i].old),
						  rows[i].size_mib << 20, rows[i].is_folder };
		bool is_known = rows[i].age_days >= 0;
		list[i] = (struct trashed){
			.files = &files[i],
			.n_files = rows[i].n_files,
			.size_bytes = rows[i].size_mib << 20,
			.at_s = is_known ? FAKE_NOW_S - rows[i].age_days * DAY_S : 0,
		};
	}
	event->as.trashed.list = list;
	event->as.trashed.n = n;
	event->as.trashed.n_left_out = n ? 2 : 0;
	return event;
}

static struct event *change_root(struct fake_library *fake, const struct request *request)
{
	fake->last_root = arena_str(&fake->arena, request->as.root.path);
	return event_create(EVENT_DONE, request->serial);
}

size_t fake_library_answer(struct fake_library *fake, struct request *request,
			   struct event *events[2])
{
	size_t n = 1;
	fake->n_asked[request->type]++;
	if (request->type == REQUEST_QUERY)
		n = fake->never_answers ? 0 : answer_query(fake, request, events);
	else if (request->type == REQUEST_ROWS)
		events[0] = new_rows(fake, request);
	else if (request->type == REQUEST_DETAILS)
		events[0] = new_details(fake, request);
	else if (request->type == REQUEST_GROUPS)
		events[0] = new_groups(fake, request);
	else if (request->type == REQUEST_MATRIX)
		events[0] = new_matrix(fake, request);
	else if (request->type == REQUEST_ROOTS)
		events[0] = new_roots(fake, request);
	else if (request->type == REQUEST_TAG)
		events[0] = tag(fake, request);
	else if (request->type == REQUEST_CORRECT)
		events[0] = correct(fake, request);
	else if (request->type == REQUEST_COMPOSE)
		events[0] = compose(fake, request);
	else if (request->type == REQUEST_SETS)
		events[0] = new_sets(fake, request);
	else if (request->type == REQUEST_SET_CHANGE)
		events[0] = change_set(fake, request);
	else if (request->type == REQUEST_ROOT_ADD || request->type == REQUEST_ROOT_REMOVE)
		events[0] = change_root(fake, request);
	else if (request->type == REQUEST_WORDS)
		events[0] = words(fake, request);
	else if (request->type == REQUEST_PLAN)
		events[0] = make_plan(fake, request);
	else if (request->type == REQUEST_APPLY) {
		fake->n_applied = request->as.apply.n_steps;
		events[0] = fake->applies_fail ? failed(request, "No space left on device")
					       : done(request, 1, 7);
		n = fake->applies_slowly ? 0 : 1;
		if (!n)
			event_destroy(events[0]);
	} else if (request->type == REQUEST_PAUSE) {
		fake->is_paused = request->as.pause.is_paused;
		n = 0;
	} else if (request->type == REQUEST_UNDO)
		events[0] = undo(fake, request);
	else if (request->type == REQUEST_DUPLICATES)
		events[0] = new_duplicates(fake, request);
	else if (request->type == REQUEST_TRASHED)
		events[0] = new_trashed(fake, request);
	else if (request->type == REQUEST_HASH)
		events[0] = done(request, 2, 0);
	else if (request->type == REQUEST_HISTORY)
		events[0] = new_history(fake, request);
	else
		n = 0; /* a scan is told by the script */
	request_destroy(request);
	return n;
}
