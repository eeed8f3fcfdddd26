// SPDX-License-Identifier: MIT
#include "cli/model_text.h"

#include <inttypes.h>

static struct str scaled(struct arena *arena, double number, double step, const char *const *units,
			 size_t n_units)
{
	size_t i = 0;
	for (; number >= step && i + 1 < n_units; i++)
		number /= step;
	int decimals = i == 0 || number >= 100 ? 0 : 1;
	return arena_strf(arena, "%.*f%s%s", decimals, number, units[i][0] ? " " : "", units[i]);
}

struct str model_text_size(struct arena *arena, uint64_t size_bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
	return scaled(arena, (double)size_bytes, 1024, units, sizeof units / sizeof *units);
}

struct str model_text_count(struct arena *arena, uint64_t count)
{
	static const char *const units[] = { "", "K", "M", "B" };
	return scaled(arena, (double)count, 1000, units, sizeof units / sizeof *units);
}

static void pair_list(struct out *out, const char *key, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out_pair(out, key, list[i]);
}

static void tell_notes(struct cli *cli, const struct model *model)
{
	if (model->error.code.ptr)
		out_pair(&cli->out, "error",
			 arena_strf(&cli->arena, "%.*s: %.*s", STR_ARG(model->error.code),
				    STR_ARG(model->error.message)));
	for (size_t i = 0; i < model->n_notes; i++)
		out_pair(&cli->out, "note",
			 arena_strf(&cli->arena, "%.*s: %.*s", STR_ARG(model->notes[i].code),
				    STR_ARG(model->notes[i].message)));
}

static void tell_base(struct cli *cli, const struct model *model)
{
	const struct architecture *architecture =
		knowledge_architecture(cli->knowledge, model->architecture);
	if (architecture)
		out_pair(&cli->out, "architecture",
			 arena_strf(&cli->arena, "%.*s (%.*s)", STR_ARG(architecture->name),
				    STR_ARG(architecture->id)));
	if (!model->base_model.ptr) {
		out_pair(&cli->out, "base model", STR("unknown"));
		return;
	}
	struct str name = knowledge_base_name(cli->knowledge, model->base_model);
	out_pair(&cli->out, "base model",
		 arena_strf(&cli->arena, "%.*s (%.*s)%s", STR_ARG(name), STR_ARG(model->base_model),
			    model->lineage_known ? "" : ", nothing in the file tells more"));
	out_pair(&cli->out, "confidence", str_from(confidence_word(model->confidence)));
}

static void tell_adapter(struct cli *cli, const struct adapter_summary *adapter)
{
	if (adapter->type == ADAPTER_NONE)
		return;
	struct arena *arena = &cli->arena;
	struct str rank = STR("");
	if (adapter->rank_max > 0 && adapter->rank_min == adapter->rank_max)
		rank = arena_strf(arena, ", rank %" PRIu32, adapter->rank_max);
	else if (adapter->rank_max > 0)
		rank = arena_strf(arena, ", rank %" PRIu32 " to %" PRIu32, adapter->rank_min,
				  adapter->rank_max);
	struct str alpha =
		adapter->has_alpha ? arena_strf(arena, ", alpha %g", adapter->alpha) : STR("");
	out_pair(&cli->out, "adapter",
		 arena_strf(arena, "%s%.*s%.*s, %" PRIu64 " modules%s%s",
			    adapter_name(adapter->type), STR_ARG(rank), STR_ARG(alpha),
			    adapter->n_modules,
			    adapter->has_text_encoder ? ", text encoder too" : "",
			    adapter->has_convolution ? ", convolutions too" : ""));
}

static void tell_size(struct cli *cli, const struct model *model)
{
	struct str size = model_text_size(&cli->arena, model->size_bytes);
	if (model->size_bytes >= 1024)
		size = arena_strf(&cli->arena, "%.*s (%" PRIu64 " bytes)", STR_ARG(size),
				  model->size_bytes);
	if (model_has_size(model))
		out_pair(&cli->out, "size", size);
	if (model->n_tensors >= 0)
		out_pair(&cli->out, "tensors",
			 arena_strf(&cli->arena, "%" PRId64, model->n_tensors));
	if (model->parameters >= 0)
		out_pair(&cli->out, "parameters",
			 model_text_count(&cli->arena, (uint64_t)model->parameters));
}

static void tell_safety(struct cli *cli, const struct model *model)
{
	static const char *const words[SAFETY_COUNT] = {
		[SAFETY_DATA_ONLY] = "data only",
		[SAFETY_RUNS_CODE] = "loading it runs code",
		[SAFETY_CANNOT_TELL] = "cannot tell whether loading it runs code",
	};
	out_pair(&cli->out, "safety", str_from(words[model->safety]));
	pair_list(&cli->out, "runs", model->globals, model->n_globals);
}

static void tell_origin(struct out *out, const struct model *model)
{
	out_pair(out, "title", model->title);
	out_pair(out, "author", model->author);
	out_pair(out, "license", model->license);
	out_pair(out, "resolution", model->resolution);
	out_pair(out, "trained on", model->trained_on.name);
	out_pair(out, "trained on sha256", model->trained_on.sha256);
	out_pair(out, "trained on autov2", model->trained_on.autov2);
	pair_list(out, "merged from", model->merged_from, model->n_merged_from);
	pair_list(out, "trigger", model->triggers, model->n_triggers);
	out_pair(out, "sha256", model->sha256);
	out_pair(out, "autov3", model->autov3);
	out_pair(out, "description", model->description);
}

static void tell_evidence(struct cli *cli, const char *key, const struct evidence *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out_pair(&cli->out, key,
			 arena_strf(&cli->arena, "%.*s is %.*s, says %s: %.*s",
				    STR_ARG(list[i].field), STR_ARG(list[i].says),
				    source_word(list[i].source), STR_ARG(list[i].detail)));
}

static void tell_entry(struct cli *cli, const struct entry *entry)
{
	struct out *out = &cli->out;
	out_pair(out, "id", arena_strf(&cli->arena, "#%" PRIu32, entry->id));
	out_pair(out, "root", entry->root);
	if (entry->is_missing)
		out_pair(out, "missing", STR("it is no longer where it was"));
	else if (!entry->is_online)
		out_pair(out, "offline", STR("its root is not there now"));
	pair_list(out, "tag", entry->tags, entry->n_tags);
	if (entry->rating > 0)
		out_pair(out, "rating", arena_strf(&cli->arena, "%d of 5", entry->rating));
	if (entry->is_favourite)
		out_pair(out, "favourite", STR("yes"));
	out_pair(out, "your note", entry->note);
	pair_list(out, "set", entry->sets, entry->n_sets);
	pair_list(out, "companion", entry->companions, entry->n_companions);
}

void model_text(struct cli *cli, const struct picked *picked)
{
	const struct model *model = &picked->model;
	struct out *out = &cli->out;
	out_pair(out, "path", picked->path);
	out_pair(out, "name", model->name);
	out_pair(out, "alias", model->alias);
	out_pair(out, "kind", str_from(kind_name(model->kind)));
	tell_base(cli, model);
	pair_list(out, "variant", model->variants, model->n_variants);
	out_pair(out, "prediction", model->prediction);
	tell_adapter(cli, &model->adapter);
	out_pair(out, "format", str_from(format_word(model->format)));
	out_pair(out, "precision", model->precision);
	tell_size(cli, model);
	out_pair(out, "status", str_from(status_word(model->status)));
	tell_notes(cli, model);
	tell_safety(cli, model);
	tell_origin(out, model);
	if (picked->has_entry)
		tell_entry(cli, &picked->entry);
	tell_evidence(cli, "evidence", model->evidence, model->n_evidence);
	tell_evidence(cli, "against", model->conflicts, model->n_conflicts);
}

enum out_style model_text_style(enum verdict verdict)
{
	static const enum out_style styles[FIT_COUNT] = {
		[FIT_COMPATIBLE] = OUT_GOOD,
		[FIT_UNKNOWN] = OUT_DIM,
		[FIT_CAUTION] = OUT_CAUTION,
		[FIT_INCOMPATIBLE] = OUT_BAD,
	};
	return styles[verdict];
}

void model_text_fit(struct cli *cli, const char *label, struct str about, const struct fit *fit)
{
	struct out *out = &cli->out;
	static const char *const signs[2][FIT_COUNT] = {
		[TEXT_UTF8] = { "✓", "?", "~", "✗" },
		[TEXT_ASCII] = { "+", "?", "~", "x" },
	};
	out_style(out, model_text_style(fit->verdict));
	out_printf(out, "%s %s", signs[out->charset][fit->verdict], verdict_word(fit->verdict));
	out_style(out, OUT_PLAIN);
	out_printf(out, "  %s", label);
	out_text(out, about);
	out_printf(out, "\n");
	for (size_t i = 0; i < fit->n_reasons; i++) {
		out_printf(out, "    %s: ", reason_word(fit->reasons[i].code));
		out_text(out, fit->reasons[i].message);
		out_printf(out, "\n");
	}
	for (size_t i = 0; i < fit->n_advice; i++) {
		out_printf(out, "    advice: ");
		out_text(out, fit->advice[i]);
		out_printf(out, "\n");
	}
}
