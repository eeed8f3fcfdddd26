// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/knowledge.h"
#include "temp_dir.h"

#define N(array) (sizeof(array) / sizeof *(array))

static const char ground[] =
	"[architecture sd1]\nname = SD 1\nfoundation = sd1\n"
	"[architecture sdxl]\nname = SDXL\nfoundation = sdxl\nshares = sd1\n"
	"when = tensor(a) tensor(b)\nwhen = tensor(c)\n"
	"[base-model sd1]\nname = SD 1.x\narchitecture = sd1\n"
	"[base-model sdxl]\nname = SDXL 1.0\narchitecture = sdxl\ntokens = SDXL; Sd_Xl ;; xl\n"
	"labels = SDXL 1.0\nhashes = sha256:AB@x.ckpt\n"
	"[base-model sdxl-pony]\nname = Pony\nparent = sdxl\narchitecture = sdxl\nedge = heavy\n"
	"good-at = Tails; manes\n"
	"[variant inpaint/sd1]\narchitecture = sd1\nwhen = tensor(x)[320,9,...]\n"
	"[variant inpaint/sdxl]\nkind = checkpoint\nbase-model = sdxl\ndistilled = no\n"
	"[kind kohya lora]\nkind = lora\nwhen = count(**.lora_up.weight) >= 1\n"
	"[source ss_sd_model_name]\nfrom = meta:ss_sd_model_name\nread = tokens\n"
	"evidence = trained-on\nconfidence = likely\nproves-foundation = yes\n"
	"[fact title]\nfrom = meta:modelspec.title; sidecar:name\n"
	"[roots]\ndenoiser = model.; model.diffusion_model.; net.\n"
	"[fit]\nweight-sum-high = 2.5\nsame-modules-many = 4\nworks = sd1 sdxl\nworks = sdxl sd1\n";

static struct knowledge *load(const char *more)
{
	struct knowledge_file files[] = {
		{ "ground.ini", str_from(ground) },
		{ "more.ini", str_from(more) },
	};
	struct error err = { 0 };
	struct knowledge *k = knowledge_load_files(files, more ? 2 : 1, &err);
	if (!k)
		fail_msg("%s", err.text);
	return k;
}

static void assert_mistake(const char *more, const char *wanted)
{
	struct knowledge_file files[] = {
		{ "ground.ini", str_from(ground) },
		{ "more.ini", str_from(more) },
	};
	struct error err = { 0 };
	assert_null(knowledge_load_files(files, 2, &err));
	if (strcmp(err.text, wanted) != 0)
		fail_msg("\"%s\"\ninstead of \"%s\"", err.text, wanted);
}

static void assert_texts(struct texts texts, const char *wanted)
{
	struct bytes all = { 0 };
	for (size_t i = 0; i < texts.n; i++)
		bytes_printf(&all, "%s%.*s", i ? "|" : "", STR_ARG(texts.list[i]));
	assert_string_equal(all.ptr ? all.ptr : "", wanted);
	bytes_finish(&all);
}

static void every_kind_of_value_finds_its_place(void **state)
{
	(void)state;
	struct knowledge *k = load(NULL);
	const struct architecture *sdxl = knowledge_architecture(k, STR("sdxl"));
	assert_int_equal(sdxl->when.n_rules, 2);
	assert_int_equal(sdxl->when.rules[0].n_terms, 2);
	assert_texts(sdxl->shares, "sd1");
	const struct base_model *base = knowledge_base(k, STR("sdxl"));
	assert_texts(base->tokens, "sdxl|sd_xl|xl");
	assert_texts(base->labels, "sdxl 1.0");
	assert_texts(base->hashes, "sha256:ab@x.ckpt");
	assert_false(base->edge_is_heavy);
	const struct base_model *pony = knowledge_base(k, STR("sdxl-pony"));
	assert_true(pony->edge_is_heavy);
	assert_true(str_equal(pony->good_at, STR("Tails; manes")));
	assert_null(pony->loras.ptr);
	const struct variant *variant = ARRAY_AT(&k->variants, struct variant, 1);
	assert_true(str_equal(variant->id, STR("inpaint")));
	assert_int_equal(variant->kind, KIND_CHECKPOINT);
	const struct kind_rule *kind = ARRAY_AT(&k->kinds, struct kind_rule, 0);
	assert_true(str_equal(kind->id, STR("kohya lora")));
	assert_int_equal(kind->kind, KIND_LORA);
	const struct lineage_source *source = ARRAY_AT(&k->sources, struct lineage_source, 0);
	assert_int_equal(source->reader, READ_TOKENS);
	assert_int_equal(source->evidence, SOURCE_TRAINED_ON);
	assert_int_equal(source->confidence, CONFIDENCE_LIKELY);
	assert_true(source->proves_foundation);
	assert_texts(ARRAY_AT(&k->facts, struct fact_source, 0)->from,
		     "meta:modelspec.title|sidecar:name");
	assert_texts(k->denoiser_roots, "model.diffusion_model.|model.|net.");
	assert_true(k->fit.weight_sum_high == 2.5);
	assert_int_equal(k->fit.same_modules_many, 4);
	assert_texts(k->expert_pairs, "sd1 sdxl|sdxl sd1");
	knowledge_destroy(k);
}

static void a_later_section_changes_only_the_keys_it_gives(void **state)
{
	(void)state;
	struct knowledge *k = load("[base-model sdxl]\nname = Mine\ntokens+ = more; XXL\n"
				   "[base-model sdxl-pony]\nedge = light\ntokens = pony\n"
				   "[fit]\nworks+ = sd1 sdxl-pony\n");
	const struct base_model *base = knowledge_base(k, STR("sdxl"));
	assert_true(str_equal(base->name, STR("Mine")));
	assert_texts(base->tokens, "sdxl|sd_xl|xl|more|xxl");
	assert_texts(base->labels, "sdxl 1.0");
	assert_false(knowledge_base(k, STR("sdxl-pony"))->edge_is_heavy);
	assert_texts(k->expert_pairs, "sd1 sdxl|sdxl sd1|sd1 sdxl-pony");
	assert_true(k->fit.weight_sum_high == 2.5);
	assert_int_equal(k->base_models.len, 3);
	knowledge_destroy(k);
}

static void rules_replace_unless_they_are_added(void **state)
{
	(void)state;
	struct knowledge *k = load("[architecture sdxl]\nwhen = tensor(d)\nwhen = tensor(e)\n");
	const struct rules *when = &knowledge_architecture(k, STR("sdxl"))->when;
	assert_int_equal(when->n_rules, 2);
	assert_true(str_equal(when->rules[0].text, STR("tensor(d)")));
	knowledge_destroy(k);

	k = load("[architecture sdxl]\nwhen+ = tensor(d)\nwhen+ = tensor(e)\n");
	when = &knowledge_architecture(k, STR("sdxl"))->when;
	assert_int_equal(when->n_rules, 4);
	assert_true(str_equal(when->rules[3].text, STR("tensor(e)")));
	knowledge_destroy(k);

	k = load("[architecture sdxl]\nwhen =\nshares =\n[base-model sdxl-pony]\nparent =\n");
	assert_int_equal(knowledge_architecture(k, STR("sdxl"))->when.n_rules, 0);
	assert_int_equal(knowledge_architecture(k, STR("sdxl"))->shares.n, 0);
	assert_true(knowledge_base(k, STR("sdxl-pony"))->parent_i == SIZE_MAX);
	knowledge_destroy(k);
}

static const struct {
	const char *more, *wanted;
} mistakes[] = {
	{ "[base-modl x]\n", "more.ini:1: [base-modl x]: there is no section \"base-modl\"; "
			     "did you mean \"base-model\"?" },
	{ "\n[zzzzzzz x]\n", "more.ini:2: [zzzzzzz x]: there is no section \"zzzzzzz\"" },
	{ "name = x\n", "more.ini:1: a section is expected before the first key" },
	{ "[base-model]\n", "more.ini:1: [base-model]: an id is expected: [base-model ID]" },
	{ "[fit x]\n", "more.ini:1: [fit x]: no id belongs here: [fit]" },
	{ "[base-model ../x]\n",
	  "more.ini:1: [base-model ../x]: an id has lower-case letters, digits, "
	  "\"-\", \".\" and \"_\" only" },
	{ "[base-model sdxl]\ntoken = x\n", "more.ini:2: [base-model sdxl] token: there is no key "
					    "\"token\"; did you mean \"tokens\"?" },
	{ "[base-model sdxl]\nname = a\nname = b\n",
	  "more.ini:3: [base-model sdxl] name: given twice in this section" },
	{ "[base-model sdxl]\nname+ = a\n",
	  "more.ini:2: [base-model sdxl] name: it has one value: \"+\" cannot add to it" },
	{ "[fit]\n[base-model sdxl]\n[fit]\n", "more.ini:3: [fit]: it stands in line 1 already" },
	{ "[base-model sdxl]\nedge = heavyish\n",
	  "more.ini:2: [base-model sdxl] edge: heavy or light is expected" },
	{ "[kind x]\nkind = lroa\n",
	  "more.ini:2: [kind x] kind: no such word; did you mean \"lora\"?" },
	{ "[fit]\nweight-sum-high = much\n",
	  "more.ini:2: [fit] weight-sum-high: a number is expected, such as 1.5" },
	{ "[fit]\nsame-modules-many = -1\n",
	  "more.ini:2: [fit] same-modules-many: a whole number up to a million is expected" },
	{ "[packing x]\nmarker = .x\nstored = U7\n",
	  "more.ini:3: [packing x] stored: a type of tensors is expected, such as U8" },
	{ "[architecture sdxl]\nprediction = flwo\n",
	  "more.ini:2: [architecture sdxl] prediction: there is no prediction \"flwo\"" },
	{ "[architecture sdxl]\nwhen = tensor(a) tenso(b)\n",
	  "more.ini:2: [architecture sdxl] when: column 11: there is no such term; "
	  "did you mean \"tensor\"?" },
	{ "\n\n[base-model new]\nname = New\n",
	  "more.ini:3: [base-model new] architecture: a new base model needs it" },
	{ "[base-model new]\nname = New\narchitecture = sdxll\n",
	  "more.ini:3: [base-model new] architecture: there is no architecture \"sdxll\"; "
	  "did you mean \"sdxl\"?" },
	{ "[base-model new]\nname = New\nparent = qqqqqqqqqqq\narchitecture = sdxl\n",
	  "more.ini:3: [base-model new] parent: there is no base model \"qqqqqqqqqqq\"" },
	{ "[architecture sdxl]\nshares = sd1; sd9\n",
	  "more.ini:2: [architecture sdxl] shares: there is no architecture \"sd9\"; "
	  "did you mean \"sd1\"?" },
	{ "[base-model sdxl]\nwhen = architecture(sd1) variant(inpant)\n",
	  "more.ini:2: [base-model sdxl] when: there is no variant \"inpant\"; "
	  "did you mean \"inpaint\"?" },
	{ "[base-model sdxl]\nrefine = base(sdxl-poni)\n",
	  "more.ini:2: [base-model sdxl] refine: there is no base model \"sdxl-poni\"; "
	  "did you mean \"sdxl-pony\"?" },
	{ "[fit]\nworks = sd1 sdxx\n", "more.ini:2: [fit] works: there is no base model \"sdxx\"; "
				       "did you mean \"sdxl\"?" },
	{ "[fit]\nworks = sd1\n", "pair \"sd1\": two base models are expected" },
	{ "[base-model sdxl]\nparent = sdxl-pony\n",
	  "more.ini:2: [base-model sdxl] parent: base model sdxl: parent: "
	  "it would descend from itself" },
	{ "[architecture sdxl]\nfoundation = sd1\n",
	  "more.ini:2: [architecture sdxl] foundation: architecture sdxl: "
	  "its foundation sd1 has another architecture" },
	{ "[base-model \x1b[1m]\n", "more.ini:1: [base-model ^[[1m]: an id has lower-case letters, "
				    "digits, \"-\", \".\" and \"_\" only" },
};

static void names_of_modules_are_read(void **state)
{
	(void)state;
	struct knowledge *k = load("[names one]\narchitectures = sdxl\nmodule = a.# = b.#\n"
				   "module = q = {r|s}\n[text-encoder 2/xl]\n"
				   "architectures = sdxl\nroots = te2.\nadapter = lora_te2_\n"
				   "[roots]\nother = vae.\n[fit]\npartial-binding = 0.25\n");
	const struct name_map *map = ARRAY_AT(&k->name_maps, struct name_map, 0);
	assert_texts(map->architectures, "sdxl");
	assert_int_equal(map->modules.n_rules, 2);
	assert_int_equal(map->modules.rules[1].n_parts, 2);
	const struct text_encoder *encoder = ARRAY_AT(&k->text_encoders, struct text_encoder, 0);
	assert_true(str_equal(encoder->id, STR("2")));
	assert_texts(encoder->adapter_roots, "lora_te2_");
	assert_texts(k->other_roots, "vae.");
	assert_true(k->fit.partial_binding == 0.25);
	knowledge_destroy(k);
	k = load("[names one]\nmodule = a = b\nmodule+ = c = d\n");
	assert_int_equal(ARRAY_AT(&k->name_maps, struct name_map, 0)->modules.n_rules, 2);
	knowledge_destroy(k);
	assert_mistake("[names one]\nmodule = a.# = b\n",
		       "more.ini:2: [names one] module: both sides have the same #");
}

static void mistakes_name_file_line_section_and_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < N(mistakes); i++)
		assert_mistake(mistakes[i].more, mistakes[i].wanted);
}

static void files_may_refer_to_later_ones(void **state)
{
	(void)state;
	struct knowledge_file files[] = {
		{ "a.ini", STR("[base-model b]\nname = B\nparent = a\narchitecture = x\n") },
		{ "b.ini", STR("[architecture x]\nname = X\nfoundation = a\n"
			       "[base-model a]\nname = A\narchitecture = x\n") },
	};
	struct error err = { 0 };
	struct knowledge *k = knowledge_load_files(files, N(files), &err);
	assert_string_equal(err.text, "");
	assert_int_equal(knowledge_base(k, STR("b"))->depth, 1);
	knowledge_destroy(k);
}

static void the_version_follows_every_byte(void **state)
{
	(void)state;
	struct knowledge *a = load(""), *b = load("; nothing\n"), *c = load("");
	assert_int_equal(strlen(a->version), 16);
	assert_string_not_equal(a->version, b->version);
	assert_string_equal(a->version, c->version);
	knowledge_destroy(a);
	knowledge_destroy(b);
	knowledge_destroy(c);
}

/* The user's folder. */

static int make_dir(void **state)
{
	static struct temp_dir dir;
	temp_dir_create(&dir);
	*state = &dir;
	return 0;
}

static int remove_dir(void **state)
{
	temp_dir_remove(*state);
	return 0;
}

static void a_user_teaches_new_models(void **state)
{
	const struct temp_dir *dir = *state;
	temp_dir_write(dir, "b.ini",
		       "[base-model sdxl-mine]\nname = Mine\nparent = sdxl-pony\n"
		       "architecture = sdxl\naliases = pony\n");
	temp_dir_write(dir, "a.ini",
		       "[architecture mine]\nname = My own\nfoundation = mine\n"
		       "when = tensor(mine)\n[base-model mine]\nname = My own\n"
		       "architecture = mine\n");
	temp_dir_write(dir, "notes.txt", "not read");
	temp_dir_write(dir, ".hidden.ini", "not read");
	struct error err;
	struct knowledge *k = knowledge_load(dir->path, &err);
	assert_string_equal(err.text, "");
	assert_true(knowledge_is_within(k, STR("sdxl-mine"), STR("sdxl-pony")));
	assert_true(str_equal(knowledge_base_by_name(k, STR("pony"), NULL)->id, STR("sdxl-mine")));
	/* A new architecture is asked before the shipped ones. */
	assert_true(
		str_equal(ARRAY_AT(&k->architectures, struct architecture, 0)->id, STR("mine")));
	struct knowledge *plain = knowledge_load(NULL, &err);
	assert_true(str_equal(ARRAY_AT(&k->architectures, struct architecture, 1)->id,
			      ARRAY_AT(&plain->architectures, struct architecture, 0)->id));
	assert_true(str_equal(knowledge_architecture(k, STR("mine"))->name, STR("My own")));
	assert_string_not_equal(k->version, plain->version);
	knowledge_destroy(plain);
	knowledge_destroy(k);
}

static void a_broken_user_file_is_left_out_alone(void **state)
{
	const struct temp_dir *dir = *state;
	temp_dir_write(dir, "a.ini", "[base-model sdxl]\nname = Changed\ntokns = x\n");
	temp_dir_write(dir, "b.ini", "[base-model sdxl]\naliases+ = big\n");
	temp_dir_write(dir, "c.ini", "[base-model sdxl]\nparent = nowhere\n");
	struct error err;
	struct knowledge *k = knowledge_load(dir->path, &err);
	char wanted[256];
	snprintf(wanted, sizeof wanted,
		 "%s/a.ini:3: [base-model sdxl] tokns: there is no key "
		 "\"tokns\"; did you mean \"tokens\"?",
		 dir->path);
	assert_string_equal(err.text, wanted);
	assert_true(
		str_equal(knowledge_base(k, STR("sdxl"))->name, STR("Stable Diffusion XL 1.0")));
	assert_non_null(knowledge_base_by_name(k, STR("big"), NULL));
	assert_null(knowledge_base(k, STR("sdxl"))->parent.ptr);
	knowledge_destroy(k);
}

static void an_absent_folder_is_no_mistake(void **state)
{
	(void)state;
	struct error err;
	knowledge_destroy(knowledge_load("/nowhere/knowledge", &err));
	assert_int_equal(err.code, ERROR_NONE);
	knowledge_destroy(knowledge_load("/proc/self/exe", &err));
	assert_int_equal(err.code, ERROR_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_value_finds_its_place),
		cmocka_unit_test(a_later_section_changes_only_the_keys_it_gives),
		cmocka_unit_test(rules_replace_unless_they_are_added),
		cmocka_unit_test(names_of_modules_are_read),
		cmocka_unit_test(mistakes_name_file_line_section_and_key),
		cmocka_unit_test(files_may_refer_to_later_ones),
		cmocka_unit_test(the_version_follows_every_byte),
		cmocka_unit_test(an_absent_folder_is_no_mistake),
		cmocka_unit_test_setup_teardown(a_user_teaches_new_models, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(a_broken_user_file_is_left_out_alone, make_dir,
						remove_dir),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
