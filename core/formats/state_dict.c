// SPDX-License-Identifier: MIT
#include "core/formats/state_dict.h"

#include <inttypes.h>
#include <string.h>

#include "core/base/array.h"
#include "core/formats/state_walk.h"

enum {
	LOOKS_MAX = 100000, /* members, to find out whether there is a tensor among them */
	LOOKS_DEEP_MAX = 4,
	WRAPPINGS_MAX = 4,
	METADATA_BYTES_MAX = 32 << 20,
};

/* What trainers and tools wrap a whole model in; the first that holds tensors. */
static const struct str wrappings[] = {
	{ "state_dict", 10 }, { "model", 5 },   { "module", 6 },          { "params", 6 },
	{ "params_ema", 10 }, { "ema", 3 },     { "state_dict_ema", 14 }, { "net", 3 },
	{ "network", 7 },     { "weights", 7 }, { "shadow_params", 13 },
};

/* What only going on with the training needs. */
static const struct str training[] = {
	{ "optimizer_states", 16 }, { "optimizer", 9 }, { "optimizer_state_dict", 20 },
	{ "optimizers", 10 },       { "optim", 5 },     { "lr_schedulers", 13 },
	{ "lr_scheduler", 12 },     { "callbacks", 9 }, { "loops", 5 },
	{ "rng_state", 9 },
};

static bool is_one_of(const struct str *words, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(words[i], word))
			return true;
	return false;
}

/** Is there a tensor at most a few steps below? */
static bool holds_tensor(const struct pickle *pickle, uint32_t value, unsigned depth,
			 unsigned *looks)
{
	const struct pickle_value *container = pickle_at(&pickle->heap, value);
	uint32_t member;
	if (torch_is_tensor(pickle, value))
		return true;
	if (depth == LOOKS_DEEP_MAX)
		return false;
	struct pickle_walk walk = pickle_members(&pickle->heap, value);
	while (pickle_next(&walk, &member)) {
		if (*looks == 0)
			return false;
		--*looks;
		if (holds_tensor(pickle, member, depth + 1, looks))
			return true;
	}
	return container->kind == PICKLE_OBJECT &&
	       holds_tensor(pickle, container->state, depth + 1, looks);
}

/** The value of the first wrapping that holds tensors; 0 when there is none. */
static uint32_t find_wrapped(const struct pickle *pickle, uint32_t dict)
{
	unsigned looks = LOOKS_MAX;
	for (size_t i = 0; i < sizeof wrappings / sizeof *wrappings; i++) {
		uint32_t value = state_find(pickle, dict, wrappings[i]);
		if (value && !torch_is_tensor(pickle, value) &&
		    holds_tensor(pickle, value, 0, &looks))
			return value;
	}
	return 0;
}

/* Metadata. */

struct pairs {
	struct format_job *job;
	struct array list; /* struct metadata_pair */
	size_t n_bytes;
};

static bool is_full(const struct pairs *pairs)
{
	return pairs->list.len == STATE_DICT_PAIRS_MAX || pairs->n_bytes > METADATA_BYTES_MAX;
}

/** Not by printing: keys may hold a NUL. */
static struct str join(struct arena *arena, struct str prefix, struct str key)
{
	char *joined = arena_alloc(arena, prefix.len + key.len + 1);
	memcpy(joined, prefix.ptr, prefix.len);
	memcpy(joined + prefix.len, key.ptr, key.len);
	return (struct str){ joined, prefix.len + key.len };
}

static void add_pair(struct pairs *pairs, struct str prefix, struct str key, struct str value)
{
	struct arena *arena = pairs->job->arena;
	if (is_full(pairs) || key.len > STATE_DICT_NAME_MAX)
		return;
	size_t len = value.len < METADATA_VALUE_MAX ? value.len : METADATA_VALUE_MAX;
	pairs->n_bytes += key.len + len;
	*ARRAY_PUSH(&pairs->list, struct metadata_pair) = (struct metadata_pair){
		join(arena, prefix, key),
		arena_str(arena, str_slice(value, 0, len)),
	};
}

/** Text, number or truth as text; ptr NULL for any other value. */
static struct str simple_text(const struct pickle *pickle, uint32_t value, struct arena *arena)
{
	const struct pickle_value *simple = pickle_at(&pickle->heap, value);
	if (simple->kind == PICKLE_STR)
		return simple->text;
	if (simple->kind == PICKLE_INT)
		return arena_strf(arena, "%" PRId64, simple->integer);
	if (simple->kind == PICKLE_BOOL)
		return simple->integer ? STR("True") : STR("False");
	if (simple->kind == PICKLE_FLOAT)
		return arena_strf(arena, "%.17g", simple->real);
	return STR_NULL;
}

static void add_simple_pairs(struct pairs *pairs, const struct pickle *pickle, uint32_t dict,
			     struct str prefix)
{
	struct state_pairs walk = state_pairs(pickle, dict);
	uint32_t key, value;
	while (!is_full(pairs) && state_pairs_next(&walk, &key, &value)) {
		struct str name = pickle_text(&pickle->heap, key);
		struct str text =
			name.ptr ? simple_text(pickle, value, pairs->job->arena) : STR_NULL;
		if (text.ptr)
			add_pair(pairs, prefix, name, text);
	}
}

static void add_metadata(struct pairs *pairs, const struct pickle *pickle, uint32_t dict)
{
	uint32_t hyper = state_find(pickle, dict, STR("hyper_parameters"));
	add_simple_pairs(pairs, pickle, dict, STR(""));
	add_simple_pairs(pairs, pickle, hyper, STR("hyper_parameters."));
}

/* Levels: what wraps the model, and the model. */

/** An object of a class of its own, which loading makes by that class. */
static void tell_module(struct state_walk *walk, uint32_t value)
{
	const struct pickle_value *object = pickle_at(&walk->pickle->heap, value);
	const struct pickle_global *class = torch_global(walk->pickle, object->callable);
	if (object->kind == PICKLE_OBJECT && object->making == MADE_BY_CLASS && object->state &&
	    class && !class->uses)
		reading_note(walk->job->out, walk->job->arena, "V_MODULE",
			     "a whole Python object, not a weight dictionary: %.*s.%.*s",
			     STR_ARG(class->module), STR_ARG(class->name));
}

/** All members of a dict but one; those that only a trainer needs are counted. */
static void walk_others(struct state_walk *walk, uint32_t dict, uint32_t wrapped)
{
	struct state_pairs pairs = state_pairs(walk->pickle, dict);
	struct state_step step;
	uint32_t key, value;
	while (!walk->is_full && state_pairs_next(&pairs, &key, &value)) {
		if (value == wrapped || !state_step_make(walk->pickle, key, NULL, &step))
			continue;
		walk->only_counts =
			is_one_of(training, sizeof training / sizeof *training, step.text);
		state_walk_value(walk, value, &step);
		walk->only_counts = false;
	}
}

static void walk_level(struct state_walk *walk, uint32_t value, struct pairs *pairs, int level)
{
	tell_module(walk, value);
	if (!state_has_pairs(walk->pickle, value)) {
		state_walk_value(walk, value, NULL);
		return;
	}
	if (!state_walk_enter(walk, value))
		return;
	uint32_t wrapped = level < WRAPPINGS_MAX ? find_wrapped(walk->pickle, value) : 0;
	add_metadata(pairs, walk->pickle, value);
	if (wrapped)
		walk_level(walk, wrapped, pairs, level + 1);
	walk_others(walk, value, wrapped);
}

static void tell_training(const struct state_walk *walk, struct pairs *pairs)
{
	if (walk->counted_bytes)
		add_pair(pairs, STR(""), STR("training checkpoint"),
			 arena_strf(walk->job->arena, "%" PRIu64 " bytes are optimizer state",
				    walk->counted_bytes));
}

static void keep_table(struct state_walk *walk)
{
	struct reading *out = walk->job->out;
	size_t bytes = walk->n_tensors * sizeof *walk->tensors;
	struct tensor *tensors = arena_try_room(walk->job->arena, bytes);
	if (!tensors) {
		(void)format_fail_memory(walk->job, bytes);
		return;
	}
	if (walk->n_tensors)
		memcpy(tensors, walk->tensors, bytes);
	out->table = (struct tensor_table){ tensors, walk->n_tensors };
	out->has_table = walk->n_tensors > 0 || (out->format != FORMAT_PICKLE &&
						 state_has_pairs(walk->pickle, walk->pickle->root));
}

void state_dict_read(struct format_job *job, const struct pickle *pickle, const struct map *places)
{
	struct state_walk walk = { .job = job, .pickle = pickle, .places = places };
	struct pairs pairs = { .job = job, .list = ARRAY_OF(struct metadata_pair) };
	walk_level(&walk, pickle->root, &pairs, 0);
	tell_training(&walk, &pairs);
	keep_table(&walk);
	job->out->metadata = (struct metadata){
		array_to_arena(&pairs.list, job->arena),
		pairs.list.len,
	};
	array_finish(&pairs.list);
}
