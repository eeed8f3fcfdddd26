// SPDX-License-Identifier: MIT
#include "core/adapters/adapter.h"

#include <string.h>

#include "core/adapters/factors.h"
#include "core/adapters/nameless.h"
#include "core/adapters/part.h"
#include "core/base/error.h"
#include "core/base/map.h"

enum { ROOTS_DEEP = 4 }; /* "base_model.model." before "transformer.", and one to spare */

struct stem {
	struct str name;
	uint32_t first; /* index + 1 of its first tensor */
};

/* The tensors of one file sorted into stems; chains run through `next`. */
struct sorting {
	struct map stem_by_name; /* empty while the stems come in the order of their names */
	struct stem *stems;
	size_t n_stems;
	uint32_t *next;      /* by tensor: index + 1 of the next of the same stem */
	unsigned char *part; /* by tensor */
	size_t n_plain;      /* tensors that are no part */
	struct arena map_room;
	bool has_on_input;
};

static struct stem *new_stem(struct sorting *sorting, struct str name)
{
	struct stem *stem = &sorting->stems[sorting->n_stems++];
	*stem = (struct stem){ .name = name };
	return stem;
}

static void map_stems(struct sorting *sorting, size_t n_expected)
{
	if (sorting->stem_by_name.cap)
		return;
	map_init(&sorting->stem_by_name, &sorting->map_room, n_expected);
	for (size_t i = 0; i < sorting->n_stems; i++)
		*map_place(&sorting->stem_by_name, sorting->stems[i].name) = &sorting->stems[i];
}

static struct stem *stem_place(struct sorting *sorting, struct str name, size_t n_tensors)
{
	struct stem *last = sorting->n_stems ? &sorting->stems[sorting->n_stems - 1] : NULL;
	if (last && str_equal(last->name, name)) /* parts of a module mostly stand together */
		return last;
	bool is_mapped = sorting->stem_by_name.cap > 0;
	if (!is_mapped && (!last || str_compare(last->name, name) < 0))
		return new_stem(sorting, name);
	map_stems(sorting, n_tensors / 2);
	void **place = map_place(&sorting->stem_by_name, name);
	if (!*place)
		*place = new_stem(sorting, name);
	return *place;
}

static void add_part(struct sorting *sorting, const struct tensor_table *table, size_t tensor_i,
		     struct str name, enum adapter_part part)
{
	struct stem *stem = stem_place(sorting, name, table->n_tensors);
	sorting->part[tensor_i] = (unsigned char)part;
	sorting->next[tensor_i] = stem->first;
	stem->first = (uint32_t)tensor_i + 1;
	if (part == PART_ON_INPUT)
		sorting->has_on_input = true;
}

/* IA3 names its vector like any weight: only an "on_input" beside it tells. */
static void add_plain_weights(struct sorting *sorting, const struct tensor_table *table)
{
	map_stems(sorting, sorting->n_stems);
	for (size_t i = 0; i < table->n_tensors; i++) {
		struct str name = table->tensors[i].name;
		if (sorting->part[i] != PART_NONE || !str_cut_suffix(&name, STR(".weight")) ||
		    !map_find(&sorting->stem_by_name, name))
			continue;
		add_part(sorting, table, i, name, PART_WEIGHT);
		sorting->n_plain--;
	}
}

/* Most files are no adapters: asked before anything is allocated for a million tensors. */
static bool may_be_adapter(const struct tensor_table *table)
{
	struct part_finder finder;
	size_t n_plain = 0;
	part_finder_init(&finder);
	for (size_t i = 0; i < table->n_tensors && n_plain <= table->n_tensors / 2; i++) {
		struct str name = table->tensors[i].name;
		n_plain += part_cut(&finder, &name) == PART_NONE;
	}
	return n_plain <= table->n_tensors / 2;
}

static void sort_tensors(struct sorting *sorting, const struct tensor_table *table,
			 struct arena *arena)
{
	struct part_finder finder;
	part_finder_init(&finder);
	*sorting = (struct sorting){
		/* Half of that is never written to, and so costs nothing. */
		.stems = arena_try_room(arena, table->n_tensors * sizeof *sorting->stems),
		.next = ARENA_NEW_N(arena, uint32_t, table->n_tensors),
		.part = ARENA_NEW_N(arena, unsigned char, table->n_tensors),
	};
	if (!sorting->stems)
		die_oom();
	for (size_t i = 0; i < table->n_tensors; i++) {
		struct str name = table->tensors[i].name;
		enum adapter_part part = part_cut(&finder, &name);
		if (part != PART_NONE)
			add_part(sorting, table, i, name, part);
		else
			sorting->n_plain++;
	}
	if (sorting->has_on_input)
		add_plain_weights(sorting, table);
	arena_finish(&sorting->map_room);
}

static bool cut_one_of(struct str *name, const struct texts *roots)
{
	for (size_t i = 0; i < roots->n; i++) {
		struct str root = roots->list[i];
		if (name->len && root.len && name->ptr[0] == root.ptr[0] &&
		    str_cut_prefix(name, root))
			return true;
	}
	return false;
}

/* Dots to underscores; ".processor" is a level that only old diffusers names have. */
static struct str join(struct str name, struct arena *arena)
{
	if (str_find_byte(name, '.') < 0)
		return name;
	char *joined = arena_alloc(arena, name.len);
	size_t len = 0;
	for (size_t i = 0; i < name.len; i++) {
		static const struct str level = { ".processor.to_", 14 };
		if (name.ptr[i] == '.' && str_has_prefix(str_slice(name, i, name.len), level))
			i += level.len - 4;
		joined[len++] = (char)(name.ptr[i] == '.' ? '_' : name.ptr[i]);
	}
	return (struct str){ joined, len };
}

static void name_module(struct adapter_module *module, const struct knowledge *knowledge,
			struct arena *arena)
{
	struct str name = module->stem;
	for (int i = 0; i < ROOTS_DEEP; i++) {
		if (cut_one_of(&name, &knowledge->text_encoder_roots)) {
			module->is_text_encoder = true;
			break;
		}
		if (!cut_one_of(&name, &knowledge->adapter_roots))
			break;
	}
	module->joined = join(name, arena);
}

/* How many parts the module has; 0 when its tensors make none. */
static size_t read_module(const struct sorting *sorting, const struct stem *stem,
			  const struct tensor_table *table, struct adapter_module *out)
{
	struct factors factors = { 0 };
	size_t n = 0;
	for (uint32_t at = stem->first; at; at = sorting->next[at - 1]) {
		factors.of[sorting->part[at - 1]] = &table->tensors[at - 1];
		n++;
	}
	*out = (struct adapter_module){ .stem = stem->name };
	return factors_read(&factors, out) ? n : 0;
}

/* Differences of a few biases do not make a LoRA a full one. */
static enum adapter_type commonest(const size_t counts[ADAPTER_COUNT])
{
	enum adapter_type best = ADAPTER_NONE;
	for (int type = ADAPTER_LORA; type < ADAPTER_FULL; type++)
		if (counts[type] > counts[best])
			best = (enum adapter_type)type;
	return best == ADAPTER_NONE && counts[ADAPTER_FULL] ? ADAPTER_FULL : best;
}

static void summarise(struct adapter *adapter)
{
	size_t counts[ADAPTER_COUNT] = { 0 };
	for (size_t i = 0; i < adapter->n_modules; i++) {
		const struct adapter_module *module = &adapter->modules[i];
		counts[module->algorithm]++;
		adapter->has_text_encoder |= module->is_text_encoder;
		adapter->has_convolution |= module->is_convolution;
		if (!module->rank)
			continue;
		if (module->rank > adapter->rank_max)
			adapter->rank_max = module->rank;
		if (!adapter->rank_min || module->rank < adapter->rank_min)
			adapter->rank_min = module->rank;
	}
	adapter->type = counts[ADAPTER_DORA] ? ADAPTER_DORA : commonest(counts);
	if (adapter->type == ADAPTER_LORA && adapter->has_convolution)
		adapter->type = ADAPTER_LOCON;
}

/* Replaced norms, embeddings of a bundle, alphas without factors. */
static void list_others(const struct sorting *sorting, const struct tensor_table *table,
			struct arena *arena, struct adapter *out)
{
	size_t n = sorting->n_plain + sorting->n_stems - out->n_modules, n_modules = 0;
	if (!n)
		return;
	struct str *others = ARENA_NEW_N(arena, struct str, n);
	for (size_t i = 0; i < table->n_tensors; i++)
		if (sorting->part[i] == PART_NONE)
			others[out->n_others++] = table->tensors[i].name;
	for (size_t i = 0; i < sorting->n_stems; i++) { /* both in the same order */
		struct str name = sorting->stems[i].name;
		if (n_modules < out->n_modules && out->modules[n_modules].stem.ptr == name.ptr)
			n_modules++;
		else
			others[out->n_others++] = name;
	}
	out->others = others;
}

/* The modules of what was sorted; false when they are not what most of the tensors are for. */
static bool read_sorted(const struct sorting *sorting, const struct tensor_table *table,
			const struct knowledge *knowledge, struct arena *arena, struct adapter *out)
{
	struct adapter_module *modules =
		ARENA_NEW_N(arena, struct adapter_module, sorting->n_stems ? sorting->n_stems : 1);
	for (size_t i = 0; i < sorting->n_stems; i++) {
		struct adapter_module *module = &modules[out->n_modules];
		size_t n_parts = read_module(sorting, &sorting->stems[i], table, module);
		if (!n_parts)
			continue;
		name_module(module, knowledge, arena);
		out->n_tensors += n_parts;
		out->n_modules++;
	}
	out->modules = modules;
	if (!out->n_modules || out->n_tensors < table->n_tensors - out->n_tensors)
		return false;
	list_others(sorting, table, arena, out);
	summarise(out);
	return true;
}

bool adapter_read(const struct tensor_table *table, const struct knowledge *knowledge,
		  struct arena *arena, struct adapter *out)
{
	struct sorting sorting;
	struct arena scratch = { 0 };
	struct tensor_table called;
	*out = (struct adapter){ 0 };
	if (nameless_call(table, arena, &called))
		table = &called;
	if (!table->n_tensors || table->n_tensors > UINT32_MAX - 1 || !may_be_adapter(table))
		return false;
	sort_tensors(&sorting, table, &scratch);
	bool is_adapter = read_sorted(&sorting, table, knowledge, arena, out);
	arena_finish(&scratch);
	return is_adapter;
}
