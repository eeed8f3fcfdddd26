// SPDX-License-Identifier: MIT
#include "core/base/crew.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>

#include <cmocka.h>

enum { N_MANY = 1000, SHARE = 7 };

struct pieces {
	unsigned n_done[N_MANY];
	size_t n_of[CREW_MAX]; /* without a lock: no two members are one */
	atomic_size_t n_too_many;
};

static void count(void *context, size_t member_i, size_t first, size_t end)
{
	struct pieces *pieces = context;
	if (member_i >= CREW_MAX || end - first > SHARE)
		atomic_fetch_add(&pieces->n_too_many, 1);
	for (size_t i = first; i < end; i++)
		pieces->n_done[i]++;
	pieces->n_of[member_i] += end - first;
}

static void each_piece_is_done_once(void **state)
{
	static const size_t lengths[] = { 0, 1, SHARE - 1, SHARE, SHARE + 1, N_MANY };
	(void)state;
	assert_in_range(crew_of_thinkers(), 1, CREW_MAX);
	for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
		struct pieces pieces = { 0 };
		size_t n_in_all = 0;
		crew_do(CREW_MAX, lengths[k], SHARE, count, &pieces);
		for (size_t i = 0; i < N_MANY; i++)
			assert_int_equal(pieces.n_done[i], i < lengths[k]);
		for (size_t i = 0; i < CREW_MAX; i++)
			n_in_all += pieces.n_of[i];
		assert_int_equal(n_in_all, lengths[k]);
		assert_int_equal(pieces.n_too_many, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_piece_is_done_once) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
