// SPDX-License-Identifier: MIT
/* Pickles that are not in an archive: PyTorch's format before 1.6, and bare ones. */
#include <inttypes.h>

#include "core/formats/pickle_try.h"
#include "core/formats/state_dict.h"

enum {
	PROTOCOL = 1001,
	HEADER_BYTES = 8, /* a number before the elements of each storage */
	/* A checkpoint has a thousand of them, gigabytes apart: a disk would seek for seconds. */
	HEADERS_TRIED = 16,
};

/* torch/serialization.py, MAGIC_NUMBER, as a pickle holds it. */
static const struct str magic = { "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10 };

enum part { PART_MAGIC, PART_PROTOCOL, PART_SYSTEM, PART_OBJECT, PART_KEYS, PART_COUNT };

struct legacy {
	struct format_job *job;
	struct pickle pickle;
	struct pickle_budget budget;
	struct pickle_findings findings;
	uint32_t parts[PART_COUNT]; /* the roots of its pickles */
	struct map storages;        /* by key: struct stored */
	uint64_t end;               /* of the last storage, as the table says */
	size_t n_stored;            /* storages up to there */
};

/** A storage that tensors name, and its place in the file. */
struct stored {
	struct torch_place place; /* first: state_dict_read takes it for that */
	struct torch_storage storage;
};

static bool fail(struct legacy *legacy, const char *code, const char *message)
{
	if (!legacy->job->out->error.code.ptr)
		reading_fail(legacy->job->out, legacy->job->arena, code, "%s", message);
	return false;
}

static bool is_number(const struct pickle *pickle, uint32_t value, uint64_t number)
{
	uint64_t count;
	return pickle_count(&pickle->heap, value, &count) && count == number;
}

/** Is the pickle at `at` the protocol's number? */
static bool protocol_follows(struct legacy *legacy, uint64_t at)
{
	struct arena arena = { 0 };
	struct pickle_findings findings;
	struct pickle next;
	size_t bytes_left = legacy->budget.bytes_left;
	pickle_findings_init(&findings, &arena);
	bool follows = pickle_open(&next, legacy->job->blob, at, legacy->job->blob->size_bytes,
				   &arena, &legacy->budget, &findings) &&
		       pickle_read(&next) == PICKLE_WHOLE && is_number(&next, next.root, PROTOCOL);
	legacy->budget.bytes_left = bytes_left;
	arena_finish(&arena);
	return follows;
}

/** The magic number, or something that is computed in its place, as one attack does. */
static bool is_torch(struct legacy *legacy)
{
	const struct pickle *pickle = &legacy->pickle;
	const struct pickle_value *root = pickle_at(&pickle->heap, pickle->root);
	if (pickle->end != PICKLE_WHOLE)
		return false;
	if (root->kind == PICKLE_BIG && str_equal(root->text, magic))
		return true;
	if (!protocol_follows(legacy, pickle->source.at))
		return false;
	if (root->kind == PICKLE_BIG || root->kind == PICKLE_INT)
		fail(legacy, "E_PT_MAGIC", "not a torch file: bad magic");
	return true;
}

/* The storages behind the pickles. */

static bool collect_storages(struct legacy *legacy)
{
	const struct pickle *pickle = &legacy->pickle;
	struct arena *room = &legacy->job->reader->room;
	struct torch_storage storage;
	size_t n = pickle_heap_count(&pickle->heap);
	map_init(&legacy->storages, room, 0);
	for (uint32_t value = 1; value < n; value++) {
		if (!torch_storage_parse(pickle, value, &storage) ||
		    map_find(&legacy->storages, storage.key))
			continue;
		if (legacy->storages.n == STATE_DICT_TENSORS_MAX)
			return fail(legacy, "E_PK_LIMIT",
				    "pickle exceeds the limit of 1000000 storages");
		struct stored *stored = arena_try(room, sizeof *stored);
		if (!stored)
			return format_fail_memory(legacy->job, sizeof *stored);
		stored->storage = storage;
		*map_place(&legacy->storages, storage.key) = stored;
	}
	return true;
}

static bool header_agrees(struct legacy *legacy, const struct stored *stored)
{
	unsigned char bytes[HEADER_BYTES];
	struct error err;
	uint64_t number = 0;
	if (!blob_read_at(legacy->job->blob, stored->place.at - HEADER_BYTES, bytes, sizeof bytes,
			  &err))
		return false;
	for (size_t i = sizeof bytes; i-- > 0;)
		number = number << 8 | bytes[i];
	return number == stored->storage.n_elements;
}

static bool fail_table(struct legacy *legacy)
{
	return fail(legacy, "E_PT_LEGACY", "storage table does not match the tensors");
}

/** Has the file room for a header there? */
static bool has_header(const struct legacy *legacy, uint64_t at)
{
	uint64_t size_bytes = legacy->job->blob->size_bytes;
	return at <= size_bytes && size_bytes - at >= HEADER_BYTES;
}

/** Goes over one storage without reading it. */
static bool step_over(struct legacy *legacy, struct str key)
{
	struct stored *stored = key.ptr ? map_find(&legacy->storages, key) : NULL;
	unsigned width = stored ? stored->storage.type.element_bytes : 0;
	size_t data_bytes;
	if (!width || !size_mul(stored->storage.n_elements, width, &data_bytes) ||
	    data_bytes > UINT64_MAX - HEADER_BYTES - legacy->end)
		return fail_table(legacy);
	stored->place.at = legacy->end + HEADER_BYTES;
	stored->place.size_bytes = data_bytes;
	legacy->end += HEADER_BYTES + data_bytes;
	legacy->n_stored++;
	return true;
}

typedef bool (*header_fn)(struct legacy *legacy, const struct stored *stored);

/** Every so many headers of those that the file has, and the last one; false when `take` says so. */
static bool each_header(struct legacy *legacy, size_t step, header_fn take)
{
	const struct pickle_heap *heap = &legacy->pickle.heap;
	struct pickle_walk walk = pickle_members(heap, legacy->parts[PART_KEYS]);
	uint32_t key;
	for (size_t i = 0; pickle_next(&walk, &key); i++) {
		if (i % step && i + 1 < legacy->n_stored)
			continue;
		const struct stored *stored = map_find(&legacy->storages, pickle_text(heap, key));
		if (!has_header(legacy, stored->place.at - HEADER_BYTES))
			break;
		if (!take(legacy, stored))
			return false;
	}
	return true;
}

static bool expect_header(struct legacy *legacy, const struct stored *stored)
{
	blob_will_read(legacy->job->blob, stored->place.at - HEADER_BYTES, HEADER_BYTES);
	return true;
}

/**
 * The headers lie all over the file: the disk looks for all of them while the first is read.
 * Where the storages of the table end with the file, a few prove that it is the file's.
 */
static bool check_headers(struct legacy *legacy)
{
	bool ends_with_file = legacy->end == legacy->job->blob->size_bytes;
	size_t step = ends_with_file ? legacy->n_stored / HEADERS_TRIED : 0;
	if (step == 0)
		step = 1;
	each_header(legacy, step, expect_header);
	return each_header(legacy, step, header_agrees) || fail_table(legacy);
}

static bool walk_storages(struct legacy *legacy)
{
	const struct pickle_heap *heap = &legacy->pickle.heap;
	uint64_t size_bytes = legacy->job->blob->size_bytes;
	uint32_t keys = legacy->parts[PART_KEYS], key;
	legacy->end = legacy->pickle.source.at;
	if (!collect_storages(legacy))
		return false;
	if (pickle_at(heap, keys)->kind != PICKLE_LIST)
		return legacy->storages.n == 0 || fail_table(legacy);
	struct pickle_walk walk = pickle_members(heap, keys);
	while (pickle_next(&walk, &key))
		if (!step_over(legacy, pickle_text(heap, key)))
			return false;
	if (!check_headers(legacy))
		return false;
	if (legacy->end > size_bytes)
		reading_fail(legacy->job->out, legacy->job->arena, "E_TRUNCATED",
			     "file is cut off: %" PRIu64 " of %" PRIu64 " bytes present",
			     size_bytes, legacy->end);
	return true;
}

/* The pickles. */

static void tell_more(struct legacy *legacy, unsigned n)
{
	if (n)
		reading_note(legacy->job->out, legacy->job->arena, "W_PK_MORE",
			     "%u further pickles follow; all were checked", n);
}

static void check_system(struct legacy *legacy)
{
	const struct pickle_heap *heap = &legacy->pickle.heap;
	uint32_t little = pickle_find(heap, legacy->parts[PART_SYSTEM], STR("little_endian"));
	const struct pickle_value *value = pickle_at(heap, little);
	if (value->kind == PICKLE_BOOL && !value->integer)
		reading_note(legacy->job->out, legacy->job->arena, "W_PT_ENDIAN",
			     "saved on a big-endian machine");
}

static void read_torch(struct legacy *legacy)
{
	struct pickle *pickle = &legacy->pickle;
	legacy->job->out->format = FORMAT_TORCH_LEGACY;
	for (int part = PART_PROTOCOL; part < PART_COUNT; part++) {
		enum pickle_end end = pickle_read(pickle);
		if (end == PICKLE_ABSENT)
			pickle_findings_fail(&legacy->findings, "E_PK_EOF",
					     "pickle ends before it is complete");
		if (end != PICKLE_WHOLE)
			return;
		legacy->parts[part] = pickle->root;
	}
	if (!is_number(pickle, legacy->parts[PART_PROTOCOL], PROTOCOL))
		fail(legacy, "E_PT_MAGIC", "not a torch file: bad magic");
	check_system(legacy);
	bool is_walked = walk_storages(legacy);
	pickle->root = legacy->parts[PART_OBJECT];
	state_dict_read(legacy->job, pickle, is_walked ? &legacy->storages : NULL);
	if (is_walked)
		tell_more(legacy, pickle_try_all(legacy->job->blob, legacy->end,
						 legacy->job->blob->size_bytes, &legacy->budget,
						 &legacy->findings));
}

/** What nothing but its name promises to be a pickle, and is none: it is broken where it fails
 * first, not where the last byte of it makes no sense. */
static void tell_no_pickle(struct legacy *legacy)
{
	const struct pickle *pickle = &legacy->pickle;
	bool makes_no_sense = str_equal(legacy->findings.error.code, STR("E_PK_OPCODE")) ||
			      str_equal(legacy->findings.error.code, STR("E_PK_EOF"));
	if (pickle->has_protocol || legacy->findings.n_globals || !makes_no_sense)
		return;
	legacy->job->out->format = FORMAT_UNKNOWN;
	fail(legacy, "E_PK_OPCODE",
	     arena_printf(&legacy->job->reader->room,
			  "pickle is broken at byte %" PRIu64 " (opcode 0x%02x)", pickle->fault_at,
			  pickle->fault_op));
}

static void read_bare(struct legacy *legacy)
{
	const struct pickle *pickle = &legacy->pickle;
	legacy->job->out->format = FORMAT_PICKLE;
	if (pickle->end != PICKLE_WHOLE) {
		tell_no_pickle(legacy);
		return;
	}
	state_dict_read(legacy->job, pickle, NULL);
	tell_more(legacy, pickle_try_all(legacy->job->blob, pickle->source.at,
					 legacy->job->blob->size_bytes, &legacy->budget,
					 &legacy->findings));
}

void torch_legacy_read(struct format_job *job)
{
	struct legacy legacy = { .job = job, .budget = pickle_budget_whole() };
	struct arena *room = &job->reader->room;
	pickle_findings_init(&legacy.findings, room);
	if (!pickle_open(&legacy.pickle, job->blob, 0, job->blob->size_bytes, room, &legacy.budget,
			 &legacy.findings))
		return;
	pickle_read(&legacy.pickle);
	bool is_legacy = is_torch(&legacy);
	if (is_legacy)
		read_torch(&legacy);
	pickle_read_nested(&legacy.pickle, 1);
	if (!is_legacy)
		read_bare(&legacy);
	pickle_findings_tell(&legacy.findings, job->out, job->arena);
}

void torch_disguise_read(struct format_job *job)
{
	struct pickle_budget budget = pickle_budget_whole();
	struct pickle_findings findings;
	uint64_t at = 0;
	pickle_findings_init(&findings, &job->reader->room);
	if (pickle_try(job->blob, &at, job->blob->size_bytes, PROMISE_NONE, &budget, &findings) &&
	    pickle_findings_run_code(&findings))
		pickle_findings_tell(&findings, job->out, job->arena);
}

bool torch_is_whole_pickle(const struct head *head)
{
	struct arena arena = { 0 };
	struct pickle_budget budget = pickle_budget_whole();
	struct pickle_findings findings;
	struct blob blob = blob_from_memory(head->bytes.ptr, head->bytes.len);
	uint64_t at = 0;
	pickle_findings_init(&findings, &arena);
	bool is_one = head->size_bytes == head->bytes.len &&
		      pickle_try(&blob, &at, head->bytes.len, PROMISE_NONE, &budget, &findings) &&
		      str_trim(str_slice(head->bytes, (size_t)at, head->bytes.len)).len == 0;
	arena_finish(&arena);
	return is_one;
}
