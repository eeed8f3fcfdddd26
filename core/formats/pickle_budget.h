// SPDX-License-Identifier: MIT
/**
 * What may be spent on the pickles of one file, all of them together: a file may hold thousands.
 */
#ifndef CORE_FORMATS_PICKLE_BUDGET_H
#define CORE_FORMATS_PICKLE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PICKLE_OPS_MAX 50000000u /* a checkpoint of 70,000 tensors needs 4 million */
#define PICKLE_MEMORY_MAX ((size_t)1 << 30)
#define PICKLE_STREAMS_MAX 300000u             /* a zip may have 200,000 members */
#define PICKLE_INFLATE_MAX ((uint64_t)1 << 30) /* members of a zip may share their bytes */

struct pickle_budget {
	size_t bytes_left;
	uint64_t ops_left;
	uint64_t inflate_left;
	unsigned streams_left; /* places where a pickle may begin */
};

static inline struct pickle_budget pickle_budget_whole(void)
{
	return (struct pickle_budget){ PICKLE_MEMORY_MAX, PICKLE_OPS_MAX, PICKLE_INFLATE_MAX,
				       PICKLE_STREAMS_MAX };
}

static inline bool pickle_budget_spend(struct pickle_budget *budget, size_t bytes)
{
	if (bytes > budget->bytes_left)
		return false;
	budget->bytes_left -= bytes;
	return true;
}

#endif
