// SPDX-License-Identifier: MIT
/**
 * Binds any adapter to any checkpoint with the knowledge that ships: counts that add up, and a
 * target wherever one is claimed. Input: a byte that picks the architecture, a checkpoint's
 * safetensors header, a NUL, an adapter's.
 */
#include "config/knowledge.h"
#include "core/fit/fit.h"
#include "core/fit/strip.h"
#include "core/formats/safetensors.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check(const struct module_names *names, const struct adapter *adapter,
		  const struct binding *binding)
{
	struct binding_count sum = { 0 };
	for (int i = 0; i < COMPONENT_COUNT; i++) {
		const struct binding_count *count = &binding->of[i];
		must(count->modules == count->bound + count->unbound + count->mismatched);
		must(binding->is_present[i] || !count->bound);
		sum.modules += count->modules;
		sum.bound += count->bound;
	}
	must(sum.modules == binding->all.modules && sum.bound == binding->all.bound);
	must(binding->all.modules + binding->n_ignored == adapter->n_modules + adapter->n_others);
	for (size_t i = 0; i < adapter->n_modules; i++) {
		struct bound_module bound = binding_of(names, &adapter->modules[i]);
		must(bound.target ||
		     (bound.state != BINDING_BOUND && bound.state != BINDING_MISMATCH));
	}
}

/* What the strip counts are bound modules of the denoiser. */
static void check_strip(const struct knowledge *knowledge, const struct module_names *names,
			const struct adapter *adapter, const struct binding *binding,
			struct arena *arena)
{
	struct strip strip;
	size_t n = 0;
	strip_read(knowledge, names, adapter, arena, &strip);
	must(strip.n_rows <= STRIP_ROWS_MAX);
	for (size_t i = 0; i < strip.n_rows; i++) {
		must(strip.rows[i].n_blocks <= STRIP_BLOCKS_MAX);
		for (size_t j = 0; j < strip.rows[i].n_blocks; j++)
			n += strip.rows[i].blocks[j].n_bound;
	}
	must(n <= binding->of[COMPONENT_DENOISER].bound);
	must(!n == !strip_words(&strip, arena).len);
}

static void judge(const struct knowledge *knowledge, struct str architecture,
		  const struct binding *binding, const struct notes *notes, struct arena *arena)
{
	struct fit fit;
	struct fit_side checkpoint = {
		.kind = KIND_CHECKPOINT,
		.architecture = architecture,
		.name = STR("canvas"),
	};
	struct fit_side lora = {
		.kind = KIND_LORA,
		.name = STR("ink"),
		.binding = binding,
		.notes = *notes,
	};
	fit_pair(knowledge, &checkpoint, &lora, arena, &fit);
	must(fit.verdict == fit_verdict(knowledge, &checkpoint, &lora));
	for (size_t i = 0; i < fit.n_reasons; i++)
		must(fit.reasons[i].message.len > 0);
}

static struct tensor_table table_of(struct str header, struct arena *arena)
{
	struct reading reading = { .format = FORMAT_SAFETENSORS };
	safetensors_parse(header, header.len + 8, arena, &reading);
	return reading.has_table ? reading.table : (struct tensor_table){ 0 };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct knowledge *knowledge; /* once: loading takes longer than binding */
	struct error mistake = { 0 };
	if (!knowledge)
		knowledge = knowledge_load(NULL, &mistake);
	if (!size)
		return 0;
	struct str rest = { (const char *)data + 1, size - 1 }, header;
	if (!str_next_part(&rest, '\0', &header))
		return 0;
	struct arena arena = { 0 };
	const struct array *all = &knowledge->architectures;
	struct str architecture = ARRAY_AT(all, struct architecture, data[0] % all->len)->id;
	struct tensor_table checkpoint = table_of(header, &arena);
	struct tensor_table lora = table_of(rest.ptr ? rest : STR(""), &arena);
	const struct module_names *names =
		module_names_create(knowledge, &checkpoint, architecture, &arena);
	struct adapter adapter;
	struct binding binding;
	if (adapter_read(&lora, knowledge, &arena, &adapter)) {
		binding_read(names, &adapter, &binding);
		struct notes notes;
		notes_read(knowledge, &lora, &arena, &notes);
		check(names, &adapter, &binding);
		check_strip(knowledge, names, &adapter, &binding, &arena);
		judge(knowledge, architecture, binding_copy(&binding, &arena), &notes, &arena);
	}
	arena_finish(&arena);
	return 0;
}
