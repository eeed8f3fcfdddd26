// SPDX-License-Identifier: MIT
/**
 * What may be asked of the library and what it tells: one tagged union each.
 *
 * Each message owns an arena with everything it points to; whoever receives it frees it with
 * request_destroy / event_destroy. `serial` of a request comes back in all of its events.
 * A model's id is 32 bits wide, since whole libraries travel as arrays of them; 0 is no model.
 */
#ifndef STORAGE_MESSAGES_H
#define STORAGE_MESSAGES_H

#include "core/fit/fit.h"
#include "core/fit/strip.h"
#include "core/identify/correction.h"
#include "core/organise/plan.h"
#include "core/sets/export.h"
#include "core/sets/manifest.h"
#include "storage/duplicate.h"
#include "storage/operation.h"
#include "storage/set_info.h"
#include "storage/strays.h"
#include "storage/trashed.h"

enum sort_key {
	SORT_NAME,
	SORT_SIZE,
	SORT_ADDED,
	SORT_MODIFIED,
	SORT_BASE,
	SORT_KIND,
	SORT_RANK,
	SORT_PATH,
	SORT_COUNT
};
const char *sort_word(enum sort_key key);
enum sort_key sort_find(struct str word); /* SORT_COUNT when there is none */

/** Which rows stay when a checkpoint is chosen. */
enum fit_filter { FILTER_ALL, FILTER_COMPATIBLE, FILTER_CAUTION, FILTER_NOT };

enum request_type {
	REQUEST_QUERY,         /* -> RESULT (then RESULT again when its ids were not ready) */
	REQUEST_ROWS,          /* -> ROWS */
	REQUEST_DETAILS,       /* -> DETAILS */
	REQUEST_GROUPS,        /* -> GROUPS */
	REQUEST_TAGS,          /* -> TAGS */
	REQUEST_ROOTS,         /* -> ROOTS */
	REQUEST_FIND,          /* a MODEL argument -> FOUND */
	REQUEST_LAYOUT,        /* the tensors of a model, as they were read last -> LAYOUT */
	REQUEST_FITS,          /* one model beside many -> FITS */
	REQUEST_MATRIX,        /* verdicts counted -> MATRIX */
	REQUEST_TAG,           /* -> DONE */
	REQUEST_TAGS_RENAME,   /* -> DONE */
	REQUEST_EDIT,          /* many models as a text tells of them -> DONE */
	REQUEST_WORDS,         /* a note, a rating, a favourite -> DONE */
	REQUEST_CORRECT,       /* -> DONE */
	REQUEST_ROOT_ADD,      /* -> DONE */
	REQUEST_ROOT_REMOVE,   /* -> DONE */
	REQUEST_ROOT_RELOCATE, /* -> DONE */
	REQUEST_PURGE,         /* -> DONE */
	REQUEST_RELINK,        /* -> DONE */
	REQUEST_SCAN,          /* -> PROGRESS..., CHANGED..., SCANNED */
	REQUEST_CANCEL,        /* what is running */
	REQUEST_PAUSE,         /* what is being done to files stands still, or goes on */
	REQUEST_CHECK,         /* doctor -> CHECKS */
	REQUEST_SETS,          /* -> SETS */
	REQUEST_SET_CHANGE,    /* -> DONE */
	REQUEST_COMPOSE,       /* the fit of what is not a set yet -> COMPOSED */
	REQUEST_HISTORY,       /* -> HISTORY */
	REQUEST_STRAYS,        /* -> STRAYS */
	REQUEST_TRASHED,       /* what can come back out of the trash -> TRASHED */
	REQUEST_UNDO,          /* -> DONE: operations reverted */
	REQUEST_HASH,          /* -> HASHED..., FILES..., DONE */
	REQUEST_DUPLICATES,    /* what is stored of them -> DUPLICATES */
	REQUEST_DUMP,          /* what people made -> DUMP */
	REQUEST_RESTORE,       /* a dump -> DONE */
	REQUEST_PLAN,          /* what an operation on files would do -> PLAN */
	REQUEST_APPLY,         /* a plan -> FILES..., DONE */
};

/** Which models an edit is about. */
struct selection {
	struct str query; /* or ids, when ptr is NULL */
	const uint32_t *ids;
	size_t n_ids;
};

/** What is attached to a model from now on: all of it. */
struct edited {
	uint32_t id;
	unsigned line; /* of the text, for mistakes */
	const struct str *tags;
	size_t n_tags;
	int rating; /* 0: none */
	bool is_favourite;
	struct str note; /* STR_NULL: none */
};

/** What is to become of a correction. */
struct correction_change {
	struct correction set; /* what is empty in it stays as it is */
	bool clears;           /* what was set before goes first */
};

enum words_type { WORDS_NOTE, WORDS_RATING, WORDS_FAVOURITE };

/** One side of pairs: a model of the library, or a file that was read from disk. */
struct fit_party {
	uint32_t id; /* 0: a file, which the rest tells of */
	struct fit_side side;
	const struct tensor_table *table; /* NULL: its tensors are not to be had */
};

enum plan_wish {
	WISH_ORGANISE,
	WISH_MOVE,
	WISH_RENAME,
	WISH_TRASH,
	WISH_RESTORE, /* out of the trash, to where it was */
	WISH_SPARE,   /* copies that need not be */
	WISH_IMPORT,  /* models out of an archive */
	WISH_EXPORT,  /* what people made, into sidecars of other programs */
	WISH_UNPACK,  /* the files of a packed set */
	WISH_PACK, /* which files, and what they are called in an archive: "/loras/a.safetensors" */
	WISH_CHECK
}; /* does a plan still hold? */

/** A part of a root that a scan looks at: a folder alone, or with all that lies below it. */
struct scan_part {
	int64_t root_id;
	struct str folder; /* relative to the root; "" is the root itself */
	bool is_deep;
};

#define MATRIX_CHECKPOINTS_MAX 100u /* with cells: what a person can look at */
#define MATRIX_LORAS_MAX 2000u

enum operation_way { OPERATION_UNDO, OPERATION_REDO };

struct request {
	enum request_type type;
	uint32_t serial;
	struct arena arena;
	union {
		struct {
			struct str text; /* QUERY; empty: all */
			enum sort_key sort;
			bool descending;
			uint32_t checkpoint; /* id of the chosen checkpoint; 0: none */
			enum fit_filter filter;
			size_t first, n_rows; /* window to send along */
		} query;
		struct {
			const uint32_t *ids;
			size_t n;
			uint32_t checkpoint;
		} rows;
		struct {
			uint32_t id;
			uint32_t checkpoint;
			bool wants_name; /* how other programs call it: asks among all others */
		} details;
		struct {
			struct str text;
		} groups;
		struct {
			struct str text;
			bool is_alias; /* `text` is the alias of LoRAs instead */
		} find;
		struct {
			uint32_t id;
			bool only_key;
		} layout;
		struct {
			struct fit_party one;
			bool is_lora;  /* `one` is; the others are checkpoints */
			bool is_brief; /* verdicts without reasons */
			const uint32_t *ids;
			size_t n;
		} fits;
		struct {
			const uint32_t *checkpoints;
			size_t n;
			struct str text; /* QUERY: which adapters; empty: all */
			/* Verdict by verdict: of the checkpoints and the adapters among `marked`. Where none
			   is marked, of `checkpoints`, else of all; of the adapters that `text` finds. */
			bool has_cells;
			const uint32_t *marked;
			size_t n_marked;
		} matrix;
		struct {
			struct selection models;
			const struct str *add;
			size_t n_add;
			const struct str *remove;
			size_t n_remove;
		} tag;
		struct {
			struct str tag, name;
		} tags_rename;
		struct {
			const struct edited *models;
			size_t n;
		} edit;
		struct {
			struct selection models;
			struct correction_change change;
		} correct;
		struct {
			struct selection models;
			enum words_type type;
			struct str note; /* STR_NULL: none */
			int number;      /* rating, 0: none; favourite or not */
		} words;
		struct {
			struct str path, name; /* ADD: path (name may be NULL); else name or path */
			struct str to;         /* RELOCATE: the folder where it is now */
			bool is_forced;        /* whatever is there */
		} root;
		struct {
			struct selection models;
		} purge; /* those of them that are missing */
		struct {
			const struct str *paths;
			size_t n_paths;      /* roots to scan; none: all */
			bool full;           /* read unchanged files again */
			bool accept_missing; /* the person knows that many are gone */
			/* Nobody asked: what is being written is left alone, and only what was found is told. */
			bool is_live;
			const struct scan_part *parts;
			size_t n_parts; /* live: these and nothing else */
		} scan;
		struct {
			bool deep;
		} check;
		struct set_change set;
		struct {
			uint32_t checkpoint;
			const struct set_put *loras;
			size_t n;
		} compose;
		struct {
			int64_t id; /* one, with its steps; 0: all */
			size_t first,
				n; /* window of them, or of its steps; n 0: as many as there are */
		} history;
		struct {
			enum operation_way way;
			unsigned n; /* how many of the last */
			int64_t id; /* one instead; 0: none */
		} undo;
		struct {
			enum plan_wish wish;
			struct selection models;
			struct str
				text; /* template, absolute folder, new name, or rules of SPARE */
			bool links;   /* SPARE: they become names of the file that stays */
			struct str
				archive; /* IMPORT, UNPACK: absolute; `text` is the folder, empty: its own */
			struct plan plan; /* CHECK */
			/* SPARE: these stay, whatever the rules say; without rules, copies of other
			   contents are left alone. RESTORE: what comes back, by its path in a trash */
			const struct str *paths;
			size_t n_paths;
		} plan;
		struct {
			struct str text; /* QUERY; empty: all */
			size_t first,
				n; /* contents that hold these copies, counted through; n 0: all */
		} duplicates;
		/* On the arena; or else its asker keeps it until it is answered. */
		struct plan apply;
		struct {
			struct str from, to; /* absolute */
		} relink;
		struct {
			bool is_paused;
		} pause;
		struct {
			struct str text;
		} restore;
		struct {
			struct selection models;
			bool verifies;   /* reads again what is known */
			bool only_twins; /* of these what may be there twice */
			bool is_all;     /* of all models, whatever `models` says */
			bool is_idle;    /* nobody asked: told to nobody, makes way for all else */
		} hash;
	} as;
};

/** One line of the list. */
struct row {
	uint32_t id;
	struct str name;       /* raw */
	struct str base_model; /* id or STR_NULL */
	struct str architecture;
	enum kind kind;
	enum adapter_type adapter;
	uint32_t rank; /* 0: none */
	uint64_t size_bytes;
	int64_t modified_s, added_s;
	enum status status;
	enum safety safety;
	enum confidence confidence;
	bool lineage_known, is_online, is_missing, is_favourite, is_tagged;
	bool has_verdict; /* a checkpoint is chosen and this is an adapter */
	enum verdict verdict;
};

/** How the pair of one model with another stands. */
struct fit_line {
	uint32_t id;           /* the other; 0: it is gone, and nothing else is told */
	struct str name, path; /* STR_NULL where it was asked in brief */
	struct fit fit;
};

/** How the adapters stand with one checkpoint. */
struct fit_counts {
	uint32_t id; /* 0: it is gone */
	struct str name, path;
	struct str architecture, base_model; /* ids or STR_NULL */
	uint64_t n[FIT_COUNT];
};

/** What the index adds to a model. */
struct entry {
	uint32_t id;
	struct str path; /* absolute, raw bytes */
	struct str root; /* its name */
	bool is_online, is_missing;
	const struct str *tags;
	size_t n_tags;
	int rating; /* 0: none */
	bool is_favourite;
	struct str note;              /* STR_NULL: none */
	struct correction correction; /* the model is as it was corrected */
	int64_t added_s, modified_s;
	const struct str *sets;
	size_t n_sets;
	const struct str *companions;
	size_t n_companions; /* relative to the model's folder */
};

struct group {
	struct str base_model; /* id; STR_NULL: unknown, the last one */
	struct str name;
	struct str parent; /* STR_NULL for a root */
	struct str architecture;
	unsigned depth;
	uint64_t own, total;        /* total: with descendants */
	uint64_t kinds[KIND_COUNT]; /* of total */
};

struct tag_count {
	struct str tag;
	uint64_t n_models;
};

struct root_info {
	int64_t id;
	struct str name, path;
	bool is_online;  /* at the last scan */
	struct str away; /* in words, that it was not there then, or is not now; STR_NULL: it is */
	uint64_t n_models;
	int64_t last_scan_s; /* 0: never */
};

struct scan_summary {
	uint64_t seen, new, changed, moved, gone, unchanged, damaged;
	uint64_t offline; /* roots that were not there */
	uint64_t read;    /* files that were opened */
	double seconds;
	bool brake; /* so many were gone that the marks were withheld */
	bool cancelled;
	uint64_t n_withheld; /* how many, when `brake` */
};

enum check_state { CHECK_OK, CHECK_WARNING, CHECK_FAULT };
struct check_line {
	struct str check, message, mend;
	enum check_state state;
};

enum event_type {
	EVENT_RESULT,
	EVENT_ROWS,
	EVENT_DETAILS,
	EVENT_GROUPS,
	EVENT_TAGS,
	EVENT_ROOTS,
	EVENT_FOUND,
	EVENT_LAYOUT,
	EVENT_FITS,
	EVENT_MATRIX,
	EVENT_SETS,
	EVENT_COMPOSED,
	EVENT_HISTORY,
	EVENT_STRAYS,
	EVENT_TRASHED,
	EVENT_PLAN,
	EVENT_FILES,
	EVENT_HASHED,
	EVENT_DUPLICATES,
	EVENT_DUMP,
	EVENT_DONE,
	EVENT_PROGRESS,
	EVENT_CONCLUDING,
	EVENT_CHANGED,
	EVENT_SCANNED,
	EVENT_CHECKS,
	EVENT_TOLD,
	EVENT_FAILED,
};

struct event {
	enum event_type type;
	uint32_t serial; /* 0: not asked for */
	struct arena arena;
	union {
		struct {
			uint64_t n;         /* matches */
			uint64_t n_library; /* all models */
			bool is_part;       /* `n` counts only what was read so far; ids are NULL */
			const uint32_t
				*ids; /* in order; NULL: not ready yet, comes in a second event */
			size_t first;
			const struct row *rows;
			size_t n_rows;
			size_t mistake_column; /* 0: none; then nothing else is filled */
			struct str mistake;
		} result;
		struct {
			const struct row *rows;
			size_t n;
		} rows;
		struct {
			bool found;
			struct model model;
			struct entry entry;
			bool has_fit; /* of an adapter, when a checkpoint is chosen */
			struct fit fit;
			struct strip strip;     /* without rows where nothing binds */
			struct export_model as; /* where that was asked for */
		} details;
		struct {
			const struct group *groups;
			size_t n;
			uint64_t n_models;
			size_t mistake_column;
			struct str mistake;
		} groups;
		struct {
			const struct tag_count *tags;
			size_t n;
		} tags;
		struct {
			const struct root_info *roots;
			size_t n;
		} roots;
		struct {
			const uint32_t *ids;
			const struct str *paths;
			size_t n;
		} found;
		struct {
			bool found;
			struct str key;
			struct tensor_table table;
		} layout;
		struct {
			const struct fit_line *lines;
			size_t n;
		} fits; /* as `ids` were */
		struct {
			const struct fit_counts *lines;
			size_t n;                /* as `checkpoints` were */
			const struct row *loras; /* of the cells */
			size_t n_loras;
			const uint8_t *
				cells; /* enum verdict, n_loras of the first line first; NULL: not asked for */
			size_t n_checkpoints_all,
				n_loras_all; /* more than MATRIX_*_MAX are left out */
			size_t mistake_column;
			struct str mistake;
		} matrix;
		struct {
			uint64_t n_changed;
			int64_t operation;
			struct str what, words; /* UNDO: which that was, as in the history */
		} done;
		struct {
			uint64_t seen, total_guess, read;
			double seconds;
			struct str root;
		} progress;
		struct {
			uint64_t n_done, n;
		} concluding; /* anew, after other knowledge */
		struct {
			uint64_t generation;
		} changed;
		struct scan_summary scanned;
		struct {
			const struct check_line *lines;
			size_t n;
		} checks;
		struct {
			const struct set_info *sets;
			size_t n;
		} sets; /* by name */
		struct {
			const struct fit *pairs;
			size_t n; /* of each LoRA */
			struct fit set;
			struct export_set as;  /* for other programs; its name is the asker's */
			struct str base_model; /* of the checkpoint */
		} composed;
		struct {
			struct plan plan;
			struct manifest set; /* UNPACK: which set these are the files of */
			struct str folder;   /* UNPACK: absolute: where they go */
		} plan;
		struct {
			uint32_t id;
			struct str path;
			struct str sha256, tensors; /* STR_NULL: there is none */
			bool is_rotten;       /* it was another, and nobody wrote the file since */
			struct error failure; /* NONE */
		} hashed;
		struct {
			const struct duplicate *list;
			size_t n;
			size_t first;             /* copies before the first of them */
			size_t n_all, n_contents; /* copies and contents of all */
			uint64_t wasted_bytes;    /* of all */
		} duplicates;
		struct {
			struct str text;
		} dump; /* lines of JSON */
		struct {
			uint64_t n_done, n; /* steps; twice where copies are proven first */
			uint64_t bytes_done,
				bytes; /* copied to another disk or unpacked; 0: none are */
		} files;
		struct {
			const struct operation *lines;
			size_t n; /* newest first */
			const struct operation_step *steps;
			size_t n_steps;      /* of one, in order */
			size_t first, n_all; /* the window, and what it is one of */
		} history;
		struct {
			const struct stray_model *list;
			size_t n;
		} strays;
		struct {
			const struct trashed *list;
			size_t n;          /* the newest first */
			size_t n_left_out; /* of which nobody can tell where they were */
		} trashed;
		struct {
			struct str text;
		} told; /* a folder that could not be read, a brake, ... */
		struct error failed;
	} as;
};

struct request *request_create(enum request_type type);
void request_destroy(struct request *request);
/** The models that an edit is about; NULL when it is about none. */
struct selection *request_selection(struct request *request);
struct event *event_create(enum event_type type, uint32_t serial);
void event_destroy(struct event *event);

#endif
