// SPDX-License-Identifier: MIT
#include "core/formats/safetensors.h"

#include "core/base/text.h"
#include "core/formats/st_scan.h"

static bool read_member(struct st_scan *scan)
{
	struct tensor_entry *entry = &scan->entry;
	st_skip_blanks(scan);
	if (!scan->is_strict_only && st_fast_entry(scan->header, &scan->at, entry))
		return st_add_tensor(scan, entry);
	if (!st_strict_name(scan, &entry->name))
		return false;
	if (!str_equal(entry->name, ST_METADATA_KEY))
		return st_strict_entry(scan, entry) && st_add_tensor(scan, entry);
	if (!scan->has_metadata)
		return st_metadata(scan);
	reading_fail(scan->out, scan->metadata_arena, "E_ST_DUP", "metadata is listed twice");
	return false;
}

bool st_begin(struct st_scan *scan)
{
	scan->pairs = ARRAY_OF(struct metadata_pair);
	if (!st_eat(scan, '{'))
		return st_fail_json(scan, scan->at, st_why_not(scan, "expected an object"));
	st_skip_blanks(scan);
	struct str rest = str_slice(scan->header, scan->at, scan->header.len);
	if (!str_has_prefix(rest, STR("\"__metadata__\"")))
		return true;
	scan->has_metadata_first = true;
	return read_member(scan);
}

static bool read_members(struct st_scan *scan)
{
	bool is_first = !scan->has_metadata && scan->n_tensors == 0;
	if (is_first && st_eat(scan, '}'))
		return true;
	if (!is_first && !st_eat(scan, ','))
		return st_eat(scan, '}') ||
		       st_fail_json(scan, scan->at, st_why_not(scan, "expected a comma or an end"));
	do {
		if (!read_member(scan))
			return false;
	} while (st_eat(scan, ','));
	return st_eat(scan, '}') ||
	       st_fail_json(scan, scan->at, st_why_not(scan, "expected a comma or an end"));
}

/** Who pours a training checkpoint into safetensors as it is keeps the dictionary around its weights. */
static void unwrap(struct st_scan *scan)
{
	static const struct str wrapper = { "state_dict.", 11 };
	for (size_t i = 0; i < scan->n_tensors; i++)
		if (!str_has_prefix(scan->tensors[i].name, wrapper))
			return;
	for (size_t i = 0; i < scan->n_tensors; i++)
		(void)str_cut_prefix(&scan->tensors[i].name, wrapper);
}

bool st_rest(struct st_scan *scan)
{
	if (!read_members(scan))
		return false;
	st_skip_blanks(scan);
	if (scan->at < scan->header.len)
		return st_fail_json(scan, scan->at, "text after the end");
	unwrap(scan);
	scan->out->table = (struct tensor_table){ scan->tensors, scan->n_tensors };
	return true;
}

/** Bad UTF-8 anywhere comes before everything else that is wrong with the header. */
static void check_utf8(struct st_scan *scan)
{
	size_t bad;
	if (scan->out->error.code.ptr && !text_is_utf8(scan->header, &bad))
		reading_fail(scan->out, scan->metadata_arena, "E_ST_UTF8",
			     "header is not UTF-8 at byte %zu", bad);
}

void st_finish(struct st_scan *scan)
{
	check_utf8(scan);
	scan->out->metadata = (struct metadata){
		array_to_arena(&scan->pairs, scan->metadata_arena),
		scan->pairs.len,
	};
	array_finish(&scan->pairs);
}

void st_drop_unless_table(struct reading *out)
{
	if (out->has_table)
		return;
	out->table = (struct tensor_table){ 0 };
	out->metadata = (struct metadata){ 0 };
	out->layout_id = 0;
}

static void parse(struct st_scan *scan, uint64_t file_bytes)
{
	struct reading *out = scan->out;
	out->format = FORMAT_SAFETENSORS;
	out->safety = SAFETY_DATA_ONLY;
	bool is_read = st_begin(scan) && st_rest(scan);
	st_finish(scan);
	uint64_t data_end;
	if (is_read && st_check(&out->table, scan->arena, out, &data_end))
		st_check_end(scan->header.len, data_end, file_bytes, scan->arena, out);
	st_drop_unless_table(out);
}

void safetensors_parse(struct str header, uint64_t file_bytes, struct arena *arena,
		       struct reading *out)
{
	struct st_scan scan = {
		.header = header,
		.arena = arena,
		.metadata_arena = arena,
		.out = out,
	};
	parse(&scan, file_bytes);
}

void st_parse_strictly(struct str header, uint64_t file_bytes, struct arena *arena,
		       struct reading *out)
{
	struct st_scan scan = {
		.header = header,
		.arena = arena,
		.metadata_arena = arena,
		.out = out,
		.is_strict_only = true,
	};
	parse(&scan, file_bytes);
}
