// SPDX-License-Identifier: MIT
/**
 * Values that compare: numbers, sizes, ages and dates, as an interval.
 *
 * Internal to core/query. Times are UTC; a month counts 30 days and a year 365 where an age is
 * meant, and what the calendar says where a date is.
 */
#ifndef CORE_QUERY_RANGE_H
#define CORE_QUERY_RANGE_H

#include "core/query/value.h"

enum range_type { RANGE_NUMBER, RANGE_SIZE, RANGE_PARAMS, RANGE_TIME };

/** ">=16", "16..64", "<7d", "2026-01..": fills low, high and their openness. */
NODISCARD bool range_read(const struct query_context *context, enum range_type type,
			  const struct query_value *value, struct query_node *leaf);

#endif
