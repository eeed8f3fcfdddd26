// SPDX-License-Identifier: MIT
/**
 * A library mailbox without a disk: a fixed set of models that answers requests at once.
 *
 * Understands as much of queries as screens need: words, base:ID, kind:WORD, status:damaged.
 */
#ifndef TESTS_SUPPORT_FAKE_LIBRARY_H
#define TESTS_SUPPORT_FAKE_LIBRARY_H

#include "core/knowledge/knowledge.h"
#include "storage/messages.h"

#define FAKE_NOW_S 1800000000

struct fake_library {
	struct arena arena;
	struct knowledge *knowledge;
	struct row *rows;
	size_t n_rows, n_roots;
	enum verdict *verdicts;            /* of each row, once a checkpoint is chosen */
	bool ids_come_late;                /* RESULT without ids first, then with */
	size_t n_asked[REQUEST_APPLY + 1]; /* requests seen, by type */
	struct str last_tag;               /* "+a -b" of the last REQUEST_TAG */
	size_t last_tag_n;
	struct set_change last_set;           /* of the last REQUEST_SET_CHANGE; its name is here */
	struct correction_change last_change; /* of the last REQUEST_CORRECT */
	struct str last_tag_query;            /* of the same */
	enum words_type last_words;           /* of the last REQUEST_WORDS */
	int last_number;
	struct str last_note;
	bool plans_conflict;      /* the first model of every plan; a note beside its sidecar */
	bool never_answers;       /* a REQUEST_QUERY */
	enum plan_wish last_wish; /* of the last REQUEST_PLAN */
	struct str last_plan_text, last_kept;
	size_t n_kept, last_plan_n; /* copies that stay; models it is about */
	bool last_plan_links;
	bool sets_fail;      /* to be changed */
	bool sets_have_gone; /* the checkpoint and a LoRA of the first set */
	bool applies_fail;
	bool applies_slowly, is_paused; /* how far it is the script tells */
	size_t n_applied;               /* steps of the last REQUEST_APPLY */
	enum operation_way last_way;    /* of the last REQUEST_UNDO */
	int64_t last_undo_id;
	unsigned last_undo_n;
	bool undo_meets_changes; /* of one by its id: it was changed again since */
	bool is_undone;          /* the third operation of the history */
	struct str last_root;    /* path of the last REQUEST_ROOT_ADD or REMOVE */
};

/** @world  "demo", "empty" (roots without models), "new" (no roots), "huge" (100,000 models) */
void fake_library_init(struct fake_library *fake, const char *world);
void fake_library_finish(struct fake_library *fake);
/** Answers a request, which is destroyed. @return how many events were put into `events` (at most 2) */
size_t fake_library_answer(struct fake_library *fake, struct request *request,
			   struct event *events[2]);

#endif
