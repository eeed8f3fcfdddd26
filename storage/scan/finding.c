// SPDX-License-Identifier: MIT
#include "storage/scan/finding.h"

#include <string.h>

#include "core/base/error.h"

/*
 * Flat form: a version byte, then the fields of struct model in order. Numbers are LEB128; a
 * number that may be unknown (-1) is stored plus one; a text is its length plus one (0: STR_NULL)
 * and its bytes; a list its length and its members.
 */

enum { VARINT_BYTES_MAX = 10 };

static void put_u64(struct bytes *out, uint64_t number)
{
	char buffer[VARINT_BYTES_MAX];
	size_t len = 0;
	for (; number >= 0x80; number >>= 7)
		buffer[len++] = (char)(number | 0x80);
	buffer[len++] = (char)number;
	bytes_append(out, buffer, len);
}

static void put_str(struct bytes *out, struct str text)
{
	put_u64(out, text.ptr ? (uint64_t)text.len + 1 : 0);
	if (text.ptr)
		bytes_append_str(out, text);
}

static void put_strs(struct bytes *out, const struct str *list, size_t n)
{
	put_u64(out, n);
	for (size_t i = 0; i < n; i++)
		put_str(out, list[i]);
}

static void put_double(struct bytes *out, double number)
{
	uint64_t bits;
	memcpy(&bits, &number, sizeof bits);
	for (int shift = 0; shift < 64; shift += 8)
		bytes_append_byte(out, (char)(bits >> shift));
}

static void put_note(struct bytes *out, const struct note *note)
{
	put_str(out, note->code);
	put_str(out, note->message);
}

static void put_evidence(struct bytes *out, const struct evidence *list, size_t n)
{
	put_u64(out, n);
	for (size_t i = 0; i < n; i++) {
		put_u64(out, list[i].source);
		put_str(out, list[i].field);
		put_str(out, list[i].says);
		put_str(out, list[i].detail);
	}
}

static void put_adapter(struct bytes *out, const struct adapter_summary *adapter)
{
	put_u64(out, adapter->type);
	put_u64(out, adapter->rank_min);
	put_u64(out, adapter->rank_max);
	put_u64(out, adapter->has_alpha);
	if (adapter->has_alpha)
		put_double(out, adapter->alpha);
	put_u64(out, adapter->n_modules);
	put_u64(out, adapter->has_text_encoder);
	put_u64(out, adapter->has_convolution);
}

static void put_reading(struct bytes *out, const struct model *model)
{
	put_str(out, model->name);
	put_u64(out, model->format);
	put_u64(out, model->status);
	put_note(out, &model->error);
	put_u64(out, model->n_notes);
	for (size_t i = 0; i < model->n_notes; i++)
		put_note(out, &model->notes[i]);
	put_u64(out, model->size_bytes);
	put_u64(out, (uint64_t)model->n_tensors + 1);
	put_u64(out, (uint64_t)model->parameters + 1);
	put_u64(out, model->safety);
	put_strs(out, model->globals, model->n_globals);
}

static void put_identity(struct bytes *out, const struct model *model)
{
	put_u64(out, model->kind);
	put_str(out, model->architecture);
	put_str(out, model->base_model);
	put_u64(out, model->lineage_known);
	put_strs(out, model->variants, model->n_variants);
	put_str(out, model->prediction);
	put_str(out, model->precision);
	put_u64(out, model->confidence);
	put_evidence(out, model->evidence, model->n_evidence);
	put_evidence(out, model->conflicts, model->n_conflicts);
	put_adapter(out, &model->adapter);
}

static void put_words(struct bytes *out, const struct model *model)
{
	put_str(out, model->trained_on.name);
	put_str(out, model->trained_on.sha256);
	put_str(out, model->trained_on.autov2);
	put_str(out, model->trained_on.model_id);
	put_strs(out, model->merged_from, model->n_merged_from);
	put_strs(out, model->triggers, model->n_triggers);
	put_str(out, model->title);
	put_str(out, model->author);
	put_str(out, model->description);
	put_str(out, model->license);
	put_str(out, model->resolution);
	put_str(out, model->sha256);
	put_str(out, model->autov2);
	put_str(out, model->autov3);
}

void model_encode(const struct model *model, struct bytes *out)
{
	bytes_append_byte(out, (char)MODEL_FLAT_VERSION);
	put_reading(out, model);
	put_identity(out, model);
	put_words(out, model);
}

/** What is left to decode. After the first mistake every take gives zero and nothing moves. */
struct source {
	struct str rest;
	struct arena *arena;
	bool is_broken;
};

static uint64_t broken(struct source *from)
{
	from->is_broken = true;
	from->rest = STR_NULL;
	return 0;
}

static uint64_t take_u64(struct source *from)
{
	uint64_t number = 0;
	for (size_t i = 0; i < VARINT_BYTES_MAX && i < from->rest.len; i++) {
		uint64_t byte = (unsigned char)from->rest.ptr[i];
		/* The tenth byte holds one bit; a last byte of zero would be a second spelling. */
		if ((i == VARINT_BYTES_MAX - 1 && byte > 1) || (i && byte == 0))
			return broken(from);
		number |= (byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			from->rest = str_slice(from->rest, i + 1, from->rest.len);
			return number;
		}
	}
	return broken(from);
}

/** A number below `end`: a word of a closed list, a boolean. */
static unsigned take_below(struct source *from, unsigned end)
{
	uint64_t number = take_u64(from);
	return (unsigned)(number < end ? number : broken(from));
}

static uint32_t take_u32(struct source *from)
{
	uint64_t number = take_u64(from);
	return (uint32_t)(number <= UINT32_MAX ? number : broken(from));
}

static int64_t take_known(struct source *from)
{
	uint64_t number = take_u64(from);
	return (int64_t)(number <= INT64_MAX ? number : broken(from)) - 1;
}

static struct str take_str(struct source *from)
{
	uint64_t len = take_u64(from);
	if (len == 0)
		return STR_NULL;
	if (len - 1 > from->rest.len) {
		broken(from);
		return STR_NULL;
	}
	struct str text = str_slice(from->rest, 0, (size_t)len - 1);
	from->rest = str_slice(from->rest, (size_t)len - 1, from->rest.len);
	return text;
}

/** Room for a list whose members take `flat_bytes` at least: counted before it is allocated. */
static void *take_list(struct source *from, size_t flat_bytes, size_t member_bytes, size_t *n)
{
	uint64_t wanted = take_u64(from);
	size_t size_bytes = 0;
	*n = (size_t)(wanted <= from->rest.len / flat_bytes ? wanted : broken(from));
	void *list = *n && size_mul(*n, member_bytes, &size_bytes)
			     ? arena_try(from->arena, size_bytes) : NULL;
	if (*n && !list)
		*n = (size_t)broken(from);
	return list;
}

static const struct str *take_strs(struct source *from, size_t *n)
{
	struct str *list = take_list(from, 1, sizeof *list, n);
	for (size_t i = 0; i < *n; i++)
		list[i] = take_str(from);
	return list;
}

static double take_double(struct source *from)
{
	if (from->rest.len < sizeof(uint64_t))
		return (double)broken(from);
	uint64_t bits = 0;
	for (size_t i = 0; i < sizeof bits; i++)
		bits |= (uint64_t)(unsigned char)from->rest.ptr[i] << (8 * i);
	from->rest = str_slice(from->rest, sizeof bits, from->rest.len);
	double number;
	memcpy(&number, &bits, sizeof number);
	return number;
}

static struct note take_note(struct source *from)
{
	struct str code = take_str(from);
	return (struct note){ .code = code, .message = take_str(from) };
}

static const struct note *take_notes(struct source *from, size_t *n)
{
	struct note *list = take_list(from, 2, sizeof *list, n);
	for (size_t i = 0; i < *n; i++)
		list[i] = take_note(from);
	return list;
}

static const struct evidence *take_evidence(struct source *from, size_t *n)
{
	struct evidence *list = take_list(from, 4, sizeof *list, n);
	for (size_t i = 0; i < *n; i++) {
		list[i].source = (enum evidence_source)take_below(from, SOURCE_COUNT);
		list[i].field = take_str(from);
		list[i].says = take_str(from);
		list[i].detail = take_str(from);
	}
	return list;
}

static void take_adapter(struct source *from, struct adapter_summary *adapter)
{
	adapter->type = (enum adapter_type)take_below(from, ADAPTER_COUNT);
	adapter->rank_min = take_u32(from);
	adapter->rank_max = take_u32(from);
	adapter->has_alpha = take_below(from, 2);
	adapter->alpha = adapter->has_alpha ? take_double(from) : 0;
	adapter->n_modules = take_u64(from);
	adapter->has_text_encoder = take_below(from, 2);
	adapter->has_convolution = take_below(from, 2);
}

static void take_reading(struct source *from, struct model *model)
{
	model->name = take_str(from);
	model->format = (enum format)take_below(from, FORMAT_COUNT);
	model->status = (enum status)take_below(from, STATUS_COUNT);
	model->error = take_note(from);
	model->notes = take_notes(from, &model->n_notes);
	model->size_bytes = take_u64(from);
	model->n_tensors = take_known(from);
	model->parameters = take_known(from);
	model->safety = (enum safety)take_below(from, SAFETY_COUNT);
	model->globals = take_strs(from, &model->n_globals);
}

static void take_identity(struct source *from, struct model *model)
{
	model->kind = (enum kind)take_below(from, KIND_COUNT);
	model->architecture = take_str(from);
	model->base_model = take_str(from);
	model->lineage_known = take_below(from, 2);
	model->variants = take_strs(from, &model->n_variants);
	model->prediction = take_str(from);
	model->precision = take_str(from);
	model->confidence = (enum confidence)take_below(from, CONFIDENCE_COUNT);
	model->evidence = take_evidence(from, &model->n_evidence);
	model->conflicts = take_evidence(from, &model->n_conflicts);
	take_adapter(from, &model->adapter);
}

static void take_words(struct source *from, struct model *model)
{
	model->trained_on.name = take_str(from);
	model->trained_on.sha256 = take_str(from);
	model->trained_on.autov2 = take_str(from);
	model->trained_on.model_id = take_str(from);
	model->merged_from = take_strs(from, &model->n_merged_from);
	model->triggers = take_strs(from, &model->n_triggers);
	model->title = take_str(from);
	model->author = take_str(from);
	model->description = take_str(from);
	model->license = take_str(from);
	model->resolution = take_str(from);
	model->sha256 = take_str(from);
	model->autov2 = take_str(from);
	model->autov3 = take_str(from);
}

bool model_decode(struct str flat, struct arena *arena, struct model *out, struct error *err)
{
	if (flat.len == 0 || (unsigned char)flat.ptr[0] != MODEL_FLAT_VERSION)
		return error_set(err, ERROR_FORMAT, NULL,
				 "the stored model is of another version of lorarium");
	struct source from = { .rest = str_slice(flat, 1, flat.len), .arena = arena };
	struct model model = { 0 };
	take_reading(&from, &model);
	take_identity(&from, &model);
	take_words(&from, &model);
	if (from.is_broken || from.rest.len)
		return error_set(err, ERROR_FORMAT, NULL, "the stored model is damaged");
	*out = model;
	return true;
}
