// SPDX-License-Identifier: MIT
#include "storage/scan/finding.h"

#include "core/base/pack.h"

/*
 * Flat form: a version byte, then the fields of struct model in order, packed. A number that may
 * be unknown (-1) is stored plus one.
 */

enum { FIRST_WITH_ALIAS = 2 };

static void put_note(struct bytes *out, const struct note *note)
{
	pack_str(out, note->code);
	pack_str(out, note->message);
}

static void put_evidence(struct bytes *out, const struct evidence *list, size_t n)
{
	pack_u64(out, n);
	for (size_t i = 0; i < n; i++) {
		pack_u64(out, list[i].source);
		pack_str(out, list[i].field);
		pack_str(out, list[i].says);
		pack_str(out, list[i].detail);
	}
}

static void put_adapter(struct bytes *out, const struct adapter_summary *adapter)
{
	pack_u64(out, adapter->type);
	pack_u64(out, adapter->rank_min);
	pack_u64(out, adapter->rank_max);
	pack_u64(out, adapter->has_alpha);
	if (adapter->has_alpha)
		pack_double(out, adapter->alpha);
	pack_u64(out, adapter->n_modules);
	pack_u64(out, adapter->has_text_encoder);
	pack_u64(out, adapter->has_convolution);
}

static void put_reading(struct bytes *out, const struct model *model)
{
	pack_str(out, model->name);
	pack_u64(out, model->format);
	pack_u64(out, model->status);
	put_note(out, &model->error);
	pack_u64(out, model->n_notes);
	for (size_t i = 0; i < model->n_notes; i++)
		put_note(out, &model->notes[i]);
	pack_u64(out, model->size_bytes);
	pack_u64(out, (uint64_t)model->n_tensors + 1);
	pack_u64(out, (uint64_t)model->parameters + 1);
	pack_u64(out, model->safety);
	pack_strs(out, model->globals, model->n_globals);
}

static void put_identity(struct bytes *out, const struct model *model)
{
	pack_u64(out, model->kind);
	pack_str(out, model->architecture);
	pack_str(out, model->base_model);
	pack_u64(out, model->lineage_known);
	pack_strs(out, model->variants, model->n_variants);
	pack_str(out, model->prediction);
	pack_str(out, model->precision);
	pack_u64(out, model->confidence);
	put_evidence(out, model->evidence, model->n_evidence);
	put_evidence(out, model->conflicts, model->n_conflicts);
	put_adapter(out, &model->adapter);
}

static void put_words(struct bytes *out, const struct model *model)
{
	pack_str(out, model->trained_on.name);
	pack_str(out, model->trained_on.sha256);
	pack_str(out, model->trained_on.autov2);
	pack_str(out, model->trained_on.model_id);
	pack_strs(out, model->merged_from, model->n_merged_from);
	pack_strs(out, model->triggers, model->n_triggers);
	pack_str(out, model->title);
	pack_str(out, model->author);
	pack_str(out, model->description);
	pack_str(out, model->license);
	pack_str(out, model->resolution);
	pack_str(out, model->sha256);
	pack_str(out, model->autov2);
	pack_str(out, model->autov3);
	pack_str(out, model->alias);
}

void model_encode(const struct model *model, struct bytes *out)
{
	bytes_append_byte(out, (char)MODEL_FLAT_VERSION);
	put_reading(out, model);
	put_identity(out, model);
	put_words(out, model);
}

static int64_t take_known(struct packed *from)
{
	uint64_t number = unpack_u64(from);
	return (int64_t)(number <= INT64_MAX ? number : unpack_broken(from)) - 1;
}

static struct note take_note(struct packed *from)
{
	struct str code = unpack_str(from);
	return (struct note){ .code = code, .message = unpack_str(from) };
}

static const struct note *take_notes(struct packed *from, size_t *n)
{
	struct note *list = unpack_list(from, 2, sizeof *list, n);
	for (size_t i = 0; i < *n; i++)
		list[i] = take_note(from);
	return list;
}

static const struct evidence *take_evidence(struct packed *from, size_t *n)
{
	struct evidence *list = unpack_list(from, 4, sizeof *list, n);
	for (size_t i = 0; i < *n; i++) {
		list[i].source = (enum evidence_source)unpack_below(from, SOURCE_COUNT);
		list[i].field = unpack_str(from);
		list[i].says = unpack_str(from);
		list[i].detail = unpack_str(from);
	}
	return list;
}

static void take_adapter(struct packed *from, struct adapter_summary *adapter)
{
	adapter->type = (enum adapter_type)unpack_below(from, ADAPTER_COUNT);
	adapter->rank_min = unpack_u32(from);
	adapter->rank_max = unpack_u32(from);
	adapter->has_alpha = unpack_below(from, 2);
	adapter->alpha = adapter->has_alpha ? unpack_double(from) : 0;
	adapter->n_modules = unpack_u64(from);
	adapter->has_text_encoder = unpack_below(from, 2);
	adapter->has_convolution = unpack_below(from, 2);
}

static void take_reading(struct packed *from, struct model *model)
{
	model->name = unpack_str(from);
	model->format = (enum format)unpack_below(from, FORMAT_COUNT);
	model->status = (enum status)unpack_below(from, STATUS_COUNT);
	model->error = take_note(from);
	model->notes = take_notes(from, &model->n_notes);
	model->size_bytes = unpack_u64(from);
	model->n_tensors = take_known(from);
	model->parameters = take_known(from);
	model->safety = (enum safety)unpack_below(from, SAFETY_COUNT);
	model->globals = unpack_strs(from, &model->n_globals);
}

static void take_identity(struct packed *from, struct model *model)
{
	model->kind = (enum kind)unpack_below(from, KIND_COUNT);
	model->architecture = unpack_str(from);
	model->base_model = unpack_str(from);
	model->lineage_known = unpack_below(from, 2);
	model->variants = unpack_strs(from, &model->n_variants);
	model->prediction = unpack_str(from);
	model->precision = unpack_str(from);
	model->confidence = (enum confidence)unpack_below(from, CONFIDENCE_COUNT);
	model->evidence = take_evidence(from, &model->n_evidence);
	model->conflicts = take_evidence(from, &model->n_conflicts);
	take_adapter(from, &model->adapter);
}

static void take_words(struct packed *from, unsigned version, struct model *model)
{
	model->trained_on.name = unpack_str(from);
	model->trained_on.sha256 = unpack_str(from);
	model->trained_on.autov2 = unpack_str(from);
	model->trained_on.model_id = unpack_str(from);
	model->merged_from = unpack_strs(from, &model->n_merged_from);
	model->triggers = unpack_strs(from, &model->n_triggers);
	model->title = unpack_str(from);
	model->author = unpack_str(from);
	model->description = unpack_str(from);
	model->license = unpack_str(from);
	model->resolution = unpack_str(from);
	model->sha256 = unpack_str(from);
	model->autov2 = unpack_str(from);
	model->autov3 = unpack_str(from);
	if (version >= FIRST_WITH_ALIAS)
		model->alias = unpack_str(from);
}

bool model_decode(struct str flat, struct arena *arena, struct model *out, struct error *err)
{
	unsigned version = flat.len ? (unsigned char)flat.ptr[0] : 0;
	if (version == 0 || version > MODEL_FLAT_VERSION)
		return error_set(err, ERROR_FORMAT, NULL,
				 "the stored model is of another version of lorarium");
	struct packed from = { .rest = str_slice(flat, 1, flat.len), .arena = arena };
	struct model model = { 0 };
	take_reading(&from, &model);
	take_identity(&from, &model);
	take_words(&from, version, &model);
	if (from.is_broken || from.rest.len)
		return error_set(err, ERROR_FORMAT, NULL, "the stored model is damaged");
	*out = model;
	return true;
}
