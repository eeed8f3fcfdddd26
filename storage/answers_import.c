// SPDX-License-Identifier: MIT
#include "storage/answers_import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/member.h"
#include "core/base/path.h"
#include "core/formats/shards.h"
#include "storage/files/execute.h"
#include "storage/heads.h"
#include "storage/readers/unpacker.h"
#include "storage/scan/companions.h"
#include "storage/scan/names.h"

/** What the archive lists. */
struct listed_member {
	struct str raw, path; /* as it stands there; without "./" */
	struct str folder;    /* of `path`; empty: at the top */
	uint64_t size_bytes;
	bool is_model, is_used;
	struct str found;
	const char *fault; /* why it cannot come out; NULL: it can */
};

struct importing {
	const struct import_wish *wish;
	struct str folder;
	struct name_rules rules;
	struct arena *arena;
	struct heads *heads;
	bool has_head;        /* of the last member */
	struct array members; /* struct listed_member; folders are left out */
	struct plan_file archive;
	struct array steps; /* struct plan_step */
	uint32_t group;
	uint64_t sum_bytes;
};

static struct listed_member *member_at(const struct importing *importing, size_t i)
{
	return ARRAY_AT(&importing->members, struct listed_member, i);
}

/* Looking. */

static const char *fault_of(const struct unpack_member *member, struct str path)
{
	if (member->kind == UNPACK_LINK)
		return "it is a link";
	if (member->kind != UNPACK_FILE)
		return "it is no regular file";
	if (member->is_encrypted)
		return "it is encrypted";
	return member->has_size ? member_fault(path) : "the archive does not tell its size";
}

/* What macOS puts beside each file of a zip. */
static bool is_shadow(struct str path)
{
	return str_has_prefix(path, STR("__MACOSX/"));
}

static bool take_member(void *context, const struct unpack_member *member, struct error *err)
{
	struct importing *importing = context;
	(void)err;
	if (member->kind == UNPACK_FOLDER)
		return true;
	struct str raw = arena_str(importing->arena, member->path), path = member_path(raw);
	*ARRAY_PUSH(&importing->members, struct listed_member) = (struct listed_member){
		.raw = raw,
		.path = path,
		.folder = path_folder(path),
		.size_bytes = member->size_bytes,
		.is_model = name_is_model(&importing->rules, path) && !is_shadow(path),
		.is_used = is_shadow(path),
		.fault = fault_of(member, path),
	};
	importing->has_head = false;
	return true;
}

static bool take_data(void *context, struct str bytes, struct error *err)
{
	struct importing *importing = context;
	const struct listed_member *member = member_at(importing, importing->members.len - 1);
	(void)err;
	if (!importing->has_head)
		heads_begin(importing->heads, member->path, member->size_bytes);
	importing->has_head = true;
	heads_add(importing->heads, bytes);
	return true;
}

static bool take_end(void *context, struct error *err)
{
	struct importing *importing = context;
	(void)err;
	if (importing->has_head)
		member_at(importing, importing->members.len - 1)->found =
			heads_end(importing->heads, importing->arena);
	return true;
}

int import_open(const struct import_wish *wish, struct plan_file *out, struct error *err)
{
	struct arena scratch = { 0 };
	struct stat state;
	int fd = open(arena_cstr(&scratch, wish->archive),
		      O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	arena_finish(&scratch);
	if (fd < 0) {
		error_system(err, errno, "%.*s", STR_ARG(wish->archive));
	} else if (fstat(fd, &state) != 0 || !S_ISREG(state.st_mode)) {
		error_set(err, ERROR_USAGE, NULL, "%.*s: this is no file", STR_ARG(wish->archive));
		close(fd);
		fd = -1;
	} else {
		*out = plan_file_of(&state);
	}
	return fd;
}

static bool look(struct importing *importing, struct readers *readers, struct error *err)
{
	const struct unpack_wish wish = { .of_models = true, .head_bytes = HEAD_BYTES };
	const struct unpack_taker taker = { take_member, take_data, take_end, NULL, importing };
	int fd = import_open(importing->wish, &importing->archive, err);
	if (fd < 0)
		return false;
	bool ok = unpacker_run(readers, fd, importing->archive.size_bytes, &wish, &taker, err) ||
		  error_context(err, "%.*s", STR_ARG(importing->wish->archive));
	close(fd);
	return ok;
}

/* Choosing. */

static void add_step(struct importing *importing, struct listed_member *member, bool is_companion)
{
	struct arena *arena = importing->arena;
	struct plan_step step = {
		.group = importing->group,
		.action = PLAN_EXTRACT,
		.is_companion = is_companion,
		.old = importing->wish->archive,
		.other = member->raw,
		.source = importing->archive,
		.new = path_join(arena, importing->folder, member->path),
		.found = is_companion ? STR_NULL : member->found,
	};
	step.source.size_bytes = member->size_bytes;
	importing->sum_bytes += member->size_bytes;
	if (member->fault) {
		step.new = STR(""); /* nowhere: no survey is to look there */
		step.conflict = str_from(member->fault);
	}
	member->is_used = true;
	*ARRAY_PUSH(&importing->steps, struct plan_step) = step;
}

/** A folder of the archive: which of its members belong to which. */
struct member_folder {
	struct str *models;
	size_t n_models;
	struct str *others;
	size_t n_others;
	struct companions *companions; /* of each model */
	struct map by_name;            /* name -> struct listed_member; the first of that name */
};

static struct listed_member *find(const struct member_folder *view, struct str name)
{
	struct listed_member *member = map_find(&view->by_name, name);
	return member && !member->is_used ? member : NULL;
}

static void view_folder(const struct importing *importing, size_t first, size_t end,
			struct member_folder *out)
{
	struct arena *arena = importing->arena;
	*out = (struct member_folder){ .models = ARENA_NEW_N(arena, struct str, end - first),
				       .others = ARENA_NEW_N(arena, struct str, end - first) };
	map_init(&out->by_name, arena, end - first);
	for (size_t i = first; i < end; i++) {
		struct listed_member *member = member_at(importing, i);
		struct str name = name_of_path(member->path);
		void **place = map_place(&out->by_name, name);
		*place = *place ? *place : member;
		if (member->is_model)
			out->models[out->n_models++] = name;
		else
			out->others[out->n_others++] = name;
	}
	out->companions = ARENA_NEW_N(arena, struct companions, out->n_models + 1);
	companions_find(out->models, out->n_models, out->others, out->n_others, arena,
			out->companions);
}

/* The other parts of a sharded set, and its index. */
static void add_parts(struct importing *importing, const struct member_folder *view,
		      const struct shard_name *shard)
{
	struct listed_member *part;
	for (size_t i = 0; i < view->n_models; i++) {
		struct shard_name other;
		if (shard_name_parse(view->models[i], &other) &&
		    shard_name_is_same_set(shard, &other) && (part = find(view, view->models[i])))
			add_step(importing, part, true);
	}
	part = find(view, arena_strf(importing->arena, "%.*s.index.json",
				     STR_ARG(shard_name_of_whole(shard, importing->arena))));
	if (part)
		add_step(importing, part, true);
}

static void add_model(struct importing *importing, struct listed_member *model,
		      const struct member_folder *view, const struct companions *companions)
{
	struct shard_name shard;
	struct listed_member *companion;
	importing->group++;
	add_step(importing, model, false);
	for (size_t i = 0; i < companions->n; i++)
		if ((companion = find(view, companions->names[i])))
			add_step(importing, companion, true);
	if (shard_name_parse(name_of_path(model->path), &shard))
		add_parts(importing, view, &shard);
}

/* A pipeline is a folder: all that lies in it is one model, and comes out together. */
static void add_pipeline(struct importing *importing, struct listed_member *index)
{
	struct str inside = arena_strf(importing->arena, "%.*s/", STR_ARG(index->folder));
	importing->group++;
	add_step(importing, index, false);
	for (size_t i = 0; i < importing->members.len; i++) {
		struct listed_member *member = member_at(importing, i);
		bool is_in = index->folder.len == 0 || str_has_prefix(member->path, inside);
		if (is_in && !member->is_used)
			add_step(importing, member, true);
	}
}

static bool is_pipeline(const struct listed_member *member)
{
	struct str name = name_of_path(member->path);
	return str_equal(name, STR("model_index.json"));
}

static size_t folder_end(const struct importing *importing, size_t first)
{
	size_t end = first + 1;
	while (end < importing->members.len &&
	       str_equal(member_at(importing, end)->folder, member_at(importing, first)->folder))
		end++;
	return end;
}

/* `models` of the view are those of the run, in its order. */
static void choose_in_folder(struct importing *importing, size_t first, size_t end)
{
	struct member_folder view;
	view_folder(importing, first, end, &view);
	for (size_t i = first, model = 0; i < end; i++) {
		struct listed_member *member = member_at(importing, i);
		if (!member->is_model)
			continue;
		if (!member->is_used)
			add_model(importing, member, &view, &view.companions[model]);
		model++;
	}
}

static void choose(struct importing *importing)
{
	for (size_t i = 0; i < importing->members.len; i++)
		if (is_pipeline(member_at(importing, i)) && !member_at(importing, i)->is_used)
			add_pipeline(importing, member_at(importing, i));
	for (size_t i = 0, end; i < importing->members.len; i = end) {
		end = folder_end(importing, i);
		choose_in_folder(importing, i, end);
	}
}

static int compare_members(const void *a, const void *b)
{
	const struct listed_member *left = a, *right = b;
	int order = str_compare(left->folder, right->folder);
	return order ? order : str_compare(left->path, right->path);
}

/* Together, though each alone may be innocent. */
static void judge_sum(struct importing *importing)
{
	enum { FREE_BYTES = 1 << 20 };
	uint64_t limit = importing->archive.size_bytes * ARCHIVE_RATIO_MAX + FREE_BYTES;
	for (size_t i = 0; i < importing->steps.len && importing->sum_bytes > limit; i++) {
		struct plan_step *step = ARRAY_AT(&importing->steps, struct plan_step, i);
		if (!step->conflict.ptr)
			step->conflict =
				STR("the archive says that it expands beyond 1000 times its size");
	}
}

static bool is_in_a_root(const struct import_wish *wish, struct str folder)
{
	for (size_t i = 0; i < wish->n_roots; i++) {
		struct str rest = folder;
		if (str_cut_prefix(&rest, wish->roots[i]) &&
		    (rest.len == 0 || rest.ptr[0] == '/' || str_equal(wish->roots[i], STR("/"))))
			return true;
	}
	return false;
}

bool import_folder(const struct import_wish *wish, struct str *out, struct error *err)
{
	*out = wish->folder.len > 0 ? wish->folder : path_folder(wish->archive);
	if (is_in_a_root(wish, *out))
		return true;
	return wish->folder.len > 0
		       ? error_set(err, ERROR_USAGE, NULL,
				   "%.*s: this folder lies in no root; see root add",
				   STR_ARG(wish->folder))
		       : error_set(err, ERROR_USAGE, NULL,
				   "%.*s: the archive lies in no root, so say into which "
				   "folder",
				   STR_ARG(wish->archive));
}

bool answers_import(struct answers *answers, const struct import_wish *wish, struct arena *arena,
		    struct plan *out, struct error *err)
{
	const struct library_options *options = answers->options;
	struct importing importing = {
		.wish = wish,
		.arena = arena,
		.members = ARRAY_OF(struct listed_member),
		.rules = { .extensions = options->extensions,
			   .n_extensions = options->n_extensions },
		.steps = ARRAY_OF(struct plan_step),
	};
	if (!import_folder(wish, &importing.folder, err))
		return false;
	importing.heads = heads_create(options->knowledge, options->readers);
	bool ok = look(&importing, options->readers, err);
	heads_destroy(importing.heads);
	if (ok && importing.members.len > 1)
		qsort(importing.members.ptr, importing.members.len, sizeof(struct listed_member),
		      compare_members);
	if (ok) {
		choose(&importing);
		judge_sum(&importing);
	}
	out->steps = array_to_arena(&importing.steps, arena);
	out->n_steps = importing.steps.len;
	array_finish(&importing.steps);
	array_finish(&importing.members);
	return ok;
}
