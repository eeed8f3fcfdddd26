// SPDX-License-Identifier: MIT
/**
 * INI text and everything built on it: a file as knowledge on its own, and as a user's file behind
 * shipped ones that it may change. What was taken must answer look-ups.
 */
#include <stddef.h>
#include <stdint.h>

#include "config/knowledge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char ground[] =
	"[architecture a]\nname = A\nfoundation = b\nwhen = tensor(x)\n"
	"[base-model b]\nname = B\narchitecture = a\ntokens = b\n"
	"[base-model c]\nname = C\nparent = b\narchitecture = a\naliases = see\n"
	"[variant v]\n[kind k]\nkind = lora\nwhen = module(x)\n";

static void ask(const struct knowledge *k, struct str name)
{
	struct str near[3];
	(void)knowledge_base_by_name(k, name, near); /* only its reads matter */
	for (size_t i = 0; i < k->base_models.len; i++) {
		const struct base_model *base = ARRAY_AT(&k->base_models, struct base_model, i);
		(void)knowledge_path(k, base->id, STR("b"));
		(void)knowledge_is_within(k, base->id, base->parent);
		for (size_t j = 0; j < base->tokens.n; j++)
			(void)token_weight_in(base->tokens.list[j], name);
	}
}

static void load(const struct knowledge_file *files, size_t n, struct str name)
{
	struct error err;
	struct knowledge *k = knowledge_load_files(files, n, &err);
	if (k)
		ask(k, name);
	knowledge_destroy(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	const struct knowledge_file files[] = {
		{ "ground.ini", { ground, sizeof ground - 1 } },
		{ "fuzz.ini", text },
	};
	struct str name = str_slice(text, 0, size < 64 ? size : 64);
	load(files, 2, name);
	load(&files[1], 1, name);
	return 0;
}
