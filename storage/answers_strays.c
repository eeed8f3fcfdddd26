// SPDX-License-Identifier: MIT
#include "storage/answers.h"

#include "core/base/path.h"
#include "storage/reunite.h"
#include "storage/user/subjects.h"

/* What arrives is noticed before what went: so much earlier it may have come, and be the same. */
enum { BEFORE_S = 60 * 60 };

/** Files that are gone, and those that have their content. */
struct straying {
	struct arena *arena;  /* of the answer */
	struct map hashes;    /* path -> its quick hash; "" when it cannot be read */
	struct arena scratch; /* of the map */
	size_t n_hashed;
	struct array strays; /* struct stray_model */
	struct array places; /* struct str: of the last of them */
};

static struct str hash_of(struct straying *straying, struct str root, struct str path)
{
	struct arena *arena = &straying->scratch;
	char hex[SHA256_HEX + 1] = "";
	struct str whole = path_join(arena, root, path);
	void **place = map_place(&straying->hashes, whole);
	if (*place)
		return str_from(*place);
	if (straying->n_hashed++ >= REUNITE_HASHES_MAX || !subject_quick_hash(root, path, hex))
		hex[0] = '\0';
	*place = arena_cstr(arena, str_from(hex));
	return str_from(*place);
}

static void end_stray(struct straying *straying)
{
	if (straying->places.len == 0)
		return;
	struct stray_model *last =
		ARRAY_AT(&straying->strays, struct stray_model, straying->strays.len - 1);
	last->places = array_to_arena(&straying->places, straying->arena);
	last->n_places = straying->places.len;
	array_clear(&straying->places);
}

/* One that is gone, and one that may be it. */
static void take(struct straying *straying, sqlite3_stmt *row)
{
	struct str root = db_column(row, 3), path = db_column(row, 4);
	if (!str_equal(hash_of(straying, root, path), db_column(row, 2)))
		return;
	struct str gone = path_join(straying->arena, db_column(row, 0), db_column(row, 1));
	size_t n = straying->strays.len;
	if (n == 0 ||
	    !str_equal(ARRAY_AT(&straying->strays, struct stray_model, n - 1)->path, gone)) {
		end_stray(straying);
		*ARRAY_PUSH(&straying->strays, struct stray_model) =
			(struct stray_model){ .path = gone };
	}
	*ARRAY_PUSH(&straying->places, struct str) = path_join(straying->arena, root, path);
}

bool answers_strays(struct answers *answers, struct arena *arena, const struct stray_model **strays,
		    size_t *n, struct error *err)
{
	struct straying straying = { .arena = arena,
				     .strays = ARRAY_OF(struct stray_model),
				     .places = ARRAY_OF(struct str) };
	map_init(&straying.hashes, &straying.scratch, 64);
	err->code = ERROR_NONE;
	sqlite3_stmt *rows = DB_BIND(answers->db, SQL_STRAYS, err, db_int(BEFORE_S));
	while (rows && db_next(rows, err))
		take(&straying, rows);
	end_stray(&straying);
	*strays = array_to_arena(&straying.strays, arena);
	*n = straying.strays.len;
	array_finish(&straying.strays);
	array_finish(&straying.places);
	arena_finish(&straying.scratch);
	return err->code == ERROR_NONE;
}
