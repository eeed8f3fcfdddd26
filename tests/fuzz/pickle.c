// SPDX-License-Identifier: MIT
/** Runs the pickle machine over any bytes, from memory and from a file: both must say the same. */
#include "core/formats/pickle_try.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct arena arena;
	struct pickle_budget budget;
	struct pickle_findings findings;
	struct pickle pickle;
	unsigned n;
};

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static void run_all(struct run *run, const struct blob *blob)
{
	*run = (struct run){ .budget = { 16 << 20, 100000, 1 << 20, 1000 } };
	pickle_findings_init(&run->findings, &run->arena);
	if (!pickle_open(&run->pickle, blob, 0, blob->size_bytes, &run->arena, &run->budget,
			 &run->findings))
		return;
	while (pickle_read(&run->pickle) == PICKLE_WHOLE)
		run->n++;
	pickle_read_nested(&run->pickle, 1);
	require(run->pickle.source.at <= blob->size_bytes);
	require(run->pickle.root < pickle_heap_count(&run->pickle.heap));
}

/** Every member of every value is a value, and every global one that was found. */
static void check_values(const struct run *run)
{
	const struct pickle_heap *heap = &run->pickle.heap;
	size_t n = pickle_heap_count(heap);
	for (uint32_t i = 0; i < n; i++) {
		const struct pickle_value *value = pickle_at(heap, i);
		struct pickle_walk walk = pickle_members(heap, i);
		uint32_t member;
		while (pickle_next(&walk, &member))
			require(member < n);
		if (value->kind == PICKLE_GLOBAL)
			require(value->last < run->findings.n_globals);
		if (value->kind == PICKLE_OBJECT)
			require(value->callable < n && value->args < n && value->state < n);
	}
}

static void compare(const struct run *a, const struct run *b)
{
	require(a->n == b->n && a->pickle.end == b->pickle.end);
	require(a->findings.n_globals == b->findings.n_globals);
	require(str_equal(a->findings.error.code, b->findings.error.code));
	require(str_equal(a->findings.error.message, b->findings.error.message));
	require(pickle_findings_run_code(&a->findings) == pickle_findings_run_code(&b->findings));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	struct run memory, file;
	struct blob blob = blob_from_memory(data, size);
	run_all(&memory, &blob);
	check_values(&memory);
	if (fd < 0)
		fd = memfd_create("pickle", 0);
	if (fd >= 0 && pwrite(fd, data, size, 0) == (ssize_t)size) {
		blob = blob_from_fd(fd, size);
		run_all(&file, &blob);
		/* The window of a file is paid for, so that limits may be met earlier. */
		if (!str_equal(file.findings.error.code, STR("E_PK_LIMIT")))
			compare(&memory, &file);
		arena_finish(&file.arena);
	}
	arena_finish(&memory.arena);
	return 0;
}
