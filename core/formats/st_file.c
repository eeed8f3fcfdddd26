// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include "core/formats/reader.h"
#include "core/formats/safetensors.h"

/** The header as a whole, in `arena`; false with the error told. */
static bool load_header(struct format_job *job, struct arena *arena, struct str *header)
{
	size_t len = (size_t)head_safetensors_length(&job->head);
	size_t have = job->front_len - 8 < len ? job->front_len - 8 : len;
	char *bytes = arena_try_bytes(arena, len);
	if (!bytes)
		return format_fail_memory(job, len);
	memcpy(bytes, job->reader->front + 8, have);
	struct error err;
	if (!blob_read_at(job->blob, 8 + have, bytes + have, len - have, &err)) {
		format_fail_read(job, &err);
		return false;
	}
	*header = (struct str){ bytes, len };
	return true;
}

static bool check_length(struct format_job *job)
{
	uint64_t size_bytes = job->head.size_bytes, length = head_safetensors_length(&job->head);
	if (size_bytes < 8)
		reading_fail(job->out, job->arena, "E_ST_SHORT",
			     "too short to be safetensors: %" PRIu64 " bytes, need at least 8",
			     size_bytes);
	else if (length > SAFETENSORS_HEADER_MAX)
		reading_fail(job->out, job->arena, "E_ST_HDR_BIG",
			     "header says %" PRIu64 " bytes; the format's limit is %u", length,
			     SAFETENSORS_HEADER_MAX);
	else if (length > size_bytes - 8)
		reading_fail(job->out, job->arena, "E_ST_HDR_EOF",
			     "header says %" PRIu64 " bytes but the file has only %" PRIu64
			     " (download cut off?)",
			     length, size_bytes);
	return !job->out->error.code.ptr;
}

/** The table's names borrow from the reader's buffer: give them a copy that stays. */
static bool own_names(struct format_job *job, const struct st_scan *scan)
{
	char *copy = arena_try_bytes(job->arena, scan->header.len);
	if (!copy)
		return format_fail_memory(job, scan->header.len);
	memcpy(copy, scan->header.ptr, scan->header.len);
	layout_move_names(scan->tensors, scan->n_tensors, scan->header, copy);
	return true;
}

static void use_layout(struct format_job *job, const struct layout *layout, size_t header_bytes)
{
	struct reading *out = job->out;
	out->table = layout->table;
	out->layout_id = layout->id;
	st_check_end(header_bytes, layout->data_end, job->head.size_bytes, job->arena, out);
}

/** A header large enough to be worth remembering. */
static void parse_cached(struct format_job *job, struct str header)
{
	struct layout_cache *layouts = job->reader->layouts;
	struct reading *out = job->out;
	struct st_scan scan = {
		.header = header,
		.arena = job->arena,
		.metadata_arena = job->arena,
		.out = out,
	};
	bool is_read = st_begin(&scan);
	const struct layout *layout = is_read ? layout_cache_find(layouts, &scan) : NULL;
	uint64_t data_end = 0;
	bool is_sound = layout || (is_read && st_rest(&scan));
	st_finish(&scan);
	is_sound = is_sound && (layout || st_check(&out->table, job->arena, out, &data_end));
	if (is_sound && !layout && out->n_notes == 0)
		layout = layout_cache_keep(layouts, &scan, &out->table, data_end);
	if (layout) {
		use_layout(job, layout, header.len);
	} else if (is_sound && own_names(job, &scan)) {
		st_check_end(header.len, data_end, job->head.size_bytes, job->arena, out);
	}
	st_drop_unless_table(out);
}

void safetensors_read(struct format_job *job)
{
	struct str header;
	job->out->safety = SAFETY_DATA_ONLY;
	if (!check_length(job))
		return;
	uint64_t len = head_safetensors_length(&job->head);
	if (len >= LAYOUT_HEADER_MIN && len <= LAYOUT_HEADER_MAX) {
		if (load_header(job, &job->reader->room, &header))
			parse_cached(job, header);
	} else if (load_header(job, job->arena, &header)) {
		safetensors_parse(header, job->head.size_bytes, job->arena, job->out);
	}
}
