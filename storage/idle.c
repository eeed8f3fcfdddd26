// SPDX-License-Identifier: MIT
#include "storage/idle.h"

enum { MODELS_AT_ONCE = 16 };

void idle_disturb(struct idle *idle)
{
	idle->quiet_since_ms = store_monotonic_ms();
}

void idle_begin_anew(struct idle *idle)
{
	idle->after = idle->next = 0;
	idle->is_done = false;
}

int idle_due_ms(const struct idle *idle, const struct store *store)
{
	int64_t rest_ms = (int64_t)store->options->hash_idle_s * 1000;
	if (rest_ms == 0 || idle->is_done)
		return -1;
	int64_t left_ms = idle->quiet_since_ms + rest_ms - store_monotonic_ms();
	return left_ms > 0 ? (int)left_ms : 0;
}

struct request *idle_request(struct idle *idle, struct store *store)
{
	struct request *request = request_create(REQUEST_HASH);
	struct selection *models = &request->as.hash.models;
	uint32_t *ids = ARENA_NEW_N(&request->arena, uint32_t, MODELS_AT_ONCE);
	struct error err = { 0 };
	sqlite3_stmt *rows = DB_BIND(store->index, SQL_HASH_WANTED, &err, db_int(idle->after),
				     db_int(MODELS_AT_ONCE));
	while (rows && db_next(rows, &err))
		ids[models->n_ids++] = (uint32_t)sqlite3_column_int64(rows, 0);
	models->ids = ids;
	request->as.hash.is_idle = true;
	if (err.code != ERROR_NONE)
		store_fail(store, 0, &err);
	if (models->n_ids > 0) {
		idle->next = ids[models->n_ids - 1];
		return request;
	}
	idle->is_done = true;
	request_destroy(request);
	return NULL;
}

void idle_ended(struct idle *idle, bool is_whole)
{
	if (is_whole)
		idle->after = idle->next;
}
