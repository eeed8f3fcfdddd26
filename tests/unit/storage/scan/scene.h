// SPDX-License-Identifier: MIT
/**
 * A folder of its own for a test, model files in it, and a scan of it with a memory: what one
 * scan finds is known to the next, as the index would have it.
 */
#ifndef TESTS_UNIT_STORAGE_SCAN_SCENE_H
#define TESTS_UNIT_STORAGE_SCAN_SCENE_H

#include "storage/scan/scanner.h"

enum { SCENE_ROOTS = 2 };

struct scene {
	char dir[64]; /* the roots are "a" and "b" inside */
	struct arena arena;
	struct knowledge *knowledge;
	struct scanner_options options; /* with readers, they are the scene's */
	struct scan_root roots[SCENE_ROOTS];
	size_t n_roots;
	uint32_t next_id;
	/* Of the last scan: */
	struct array findings; /* struct finding */
	struct array told;     /* struct str */
	struct array layouts;  /* struct str: keys of those that have come in this scan */
	struct array put_off;  /* struct str: folders that a live scan wants to see again */
	struct scan_summary summary;
	bool online[SCENE_ROOTS], whole[SCENE_ROOTS];
	size_t n_progress;
};

/** One root, "a", empty. For cmocka's setup and teardown. */
int scene_setup(void **state);
/** The same with readers, which run into trouble over some names: tests/support/trouble.h. */
int scene_setup_readers(void **state);
int scene_teardown(void **state);

/** Path below the scene's folder, on its arena. */
const char *scene_path(struct scene *scene, const char *path);
/** Makes the folders above and writes a small model; `seed` makes the bytes differ. */
void scene_model(struct scene *scene, const char *path, unsigned seed);
void scene_text(struct scene *scene, const char *path, const char *text);
void scene_folder(struct scene *scene, const char *path);
void scene_link(struct scene *scene, const char *target, const char *path);
void scene_move(struct scene *scene, const char *from, const char *to);
void scene_remove(struct scene *scene, const char *path);
/** Also scans "b". */
void scene_add_root(struct scene *scene, const char *path);

/** Scans all roots to the end and remembers. */
void scene_scan(struct scene *scene);

/** A model as inspect sees it, in a finding that has nothing else. */
struct finding scene_inspect(struct scene *scene, const char *path);

/** The finding of the last scan for that path below its root; NULL when there is none. */
const struct finding *scene_finding(const struct scene *scene, const char *path);
/** How many findings of that type. */
size_t scene_count(const struct scene *scene, enum finding_type type);
bool scene_was_told(const struct scene *scene, const char *part);
/** Does the model carry that code, as its error or among its notes? */
bool scene_has_code(const struct finding *finding, const char *code);

#endif
