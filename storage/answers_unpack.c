// SPDX-License-Identifier: MIT
#include "storage/answers_unpack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/member.h"
#include "core/base/path.h"
#include "core/formats/shards.h"
#include "storage/files/execute.h"
#include "storage/readers/unpacker.h"
#include "storage/scan/companions.h"

/** The manifest on its way out of the archive. */
struct finding_manifest {
	struct bytes text;
	bool is_dotted; /* members are called "./name", as tar does */
	bool is_whole;
};

static bool take_member(void *context, const struct unpack_member *member, struct error *err)
{
	struct finding_manifest *finding = context;
	if (!str_equal(member_path(member->path), STR(MANIFEST_NAME)))
		return true;
	finding->is_dotted = str_has_prefix(member->path, STR("./"));
	return member->size_bytes <= MANIFEST_BYTES_MAX ||
	       error_set(err, ERROR_LIMIT, NULL, MANIFEST_NAME ": this is too long for a manifest");
}

static bool take_data(void *context, struct str bytes, struct error *err)
{
	struct finding_manifest *finding = context;
	if (finding->text.len + bytes.len > MANIFEST_BYTES_MAX)
		return error_set(err, ERROR_LIMIT, NULL,
				 MANIFEST_NAME ": this is too long for a manifest");
	bytes_append_str(&finding->text, bytes);
	return true;
}

/* No more is wanted: what else is in there is looked at when it is taken out. */
static bool take_end(void *context, struct error *err)
{
	struct finding_manifest *finding = context;
	finding->is_whole = true;
	return error_set(err, ERROR_CANCELLED, NULL, "enough was read");
}

static bool find_manifest(struct finding_manifest *finding, const struct import_wish *wish,
			  struct readers *readers, struct plan_file *archive, struct error *err)
{
	const struct str names[] = { STR(MANIFEST_NAME), STR("./" MANIFEST_NAME) };
	struct arena scratch = { 0 };
	struct unpack_wish wanted = { .paths = names, .n_paths = 2 };
	const struct unpack_taker taker = { take_member, take_data, take_end, NULL, finding };
	int fd = import_open(wish, archive, err);
	if (fd < 0)
		return false;
	unpack_wish_index(&wanted, &scratch);
	bool is_read = unpacker_run(readers, fd, archive->size_bytes, &wanted, &taker, err);
	close(fd);
	arena_finish(&scratch);
	if (is_read && !finding->is_whole)
		error_set(err, ERROR_USAGE, NULL,
			  "this is no packed set: it has no " MANIFEST_NAME
			  " (import takes models out of any archive)");
	return finding->is_whole;
}

static bool has_hash(int fd, const struct manifest_file *file)
{
	char hex[SHA256_HEX + 1];
	struct stat state;
	struct error ignored; /* what cannot be read is not the same */
	return fstat(fd, &state) == 0 && S_ISREG(state.st_mode) &&
	       (uint64_t)state.st_size == file->size_bytes && place_hash(fd, NULL, hex, &ignored) &&
	       str_equal(str_from(hex), file->sha256);
}

static bool is_there(struct str path, const struct manifest_file *file)
{
	struct arena scratch = { 0 };
	int fd = open(arena_cstr(&scratch, path),
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool is_same = fd >= 0 && has_hash(fd, file);
	if (fd >= 0)
		close(fd);
	arena_finish(&scratch);
	return is_same;
}

/* The model that the file is, or is a part of; STR_NULL for a companion. */
static struct str model_of(const struct manifest *set, struct str file)
{
	if (set->checkpoint.ptr && manifest_is_of(file, set->checkpoint))
		return set->checkpoint;
	for (size_t i = 0; i < set->n_loras; i++)
		if (manifest_is_of(file, set->loras[i].path))
			return set->loras[i].path;
	return STR_NULL;
}

static bool is_file(const struct manifest *set, struct str path)
{
	for (size_t i = 0; i < set->n_files; i++)
		if (str_equal(set->files[i].path, path))
			return true;
	return false;
}

static bool is_shard_of(struct str name, struct str other, struct arena *arena)
{
	struct shard_name shard, part;
	if (!shard_name_parse(name, &shard))
		return false;
	if (shard_name_parse(other, &part))
		return shard_name_is_same_set(&shard, &part);
	return str_equal(other, arena_strf(arena, "%.*s.index.json",
					   STR_ARG(shard_name_of_whole(&shard, arena))));
}

/** A model of the set: of one file, or a folder. */
struct set_model {
	struct str path;
	bool is_file;
};

static size_t list_models(const struct manifest *set, struct set_model *out)
{
	size_t n = 0;
	if (set->checkpoint.ptr)
		out[n++] = (struct set_model){ set->checkpoint, is_file(set, set->checkpoint) };
	for (size_t i = 0; i < set->n_loras; i++)
		out[n++] =
			(struct set_model){ set->loras[i].path, is_file(set, set->loras[i].path) };
	return n;
}

/* As a scan would have it: what lies beside the model and bears its name. */
static bool goes_with(const struct set_model *model, struct str file, struct arena *arena)
{
	struct str name = str_after_last(model->path, '/'), other = str_after_last(file, '/');
	struct companions found = { 0 };
	if (!str_equal(path_folder(model->path), path_folder(file)))
		return false;
	if (model->is_file)
		companions_find(&name, 1, &other, 1, arena, &found);
	else
		companions_find_folder(name, NULL, 0, &other, 1, arena, &found);
	return found.n > 0 || is_shard_of(name, other, arena);
}

/* A set that somebody sent is no way to put anything else among a person's files. */
static bool check_files(const struct manifest *set, struct arena *arena, struct error *err)
{
	struct set_model *models = ARENA_NEW_N(arena, struct set_model, set->n_loras + 1);
	size_t n = list_models(set, models);
	struct arena scratch = { 0 };
	bool ok = true;
	for (size_t i = 0; ok && i < set->n_files; i++) {
		struct str file = set->files[i].path;
		bool belongs = model_of(set, file).ptr != NULL;
		for (size_t k = 0; !belongs && k < n; k++)
			belongs = goes_with(&models[k], file, &scratch);
		if (!belongs)
			ok = error_set(err, ERROR_FORMAT, NULL,
				       MANIFEST_NAME ": it belongs to no model of "
						     "the set: %.*s",
				       STR_ARG(file));
		arena_reset(&scratch);
	}
	arena_finish(&scratch);
	return ok;
}

/* Companions stand behind their models, as they were packed. */
static void add_steps(const struct finding_manifest *finding, const struct plan_file *archive,
		      const struct import_wish *wish, struct arena *arena,
		      const struct unpack_plan *out)
{
	struct plan *plan = out->plan;
	struct str last = STR_NULL;
	uint32_t group = 1;
	plan->steps = ARENA_NEW_N(arena, struct plan_step, out->set->n_files + 1);
	for (size_t i = 0; i < out->set->n_files; i++) {
		const struct manifest_file *file = &out->set->files[i];
		struct str new = path_join(arena, *out->folder, file->path);
		struct str model = model_of(out->set, file->path);
		group += model.ptr && last.ptr && !str_equal(model, last);
		last = model.ptr ? model : last;
		if (is_there(new, file))
			continue;
		struct plan_step *step = &plan->steps[plan->n_steps++];
		*step = (struct plan_step){
			.group = group,
			.action = PLAN_EXTRACT,
			.is_companion = !model.ptr,
			.old = wish->archive,
			.new = new,
			.source = *archive,
			.sha256 = file->sha256,
			.other = arena_strf(arena, "%s%.*s", finding->is_dotted ? "./" : "",
					    STR_ARG(file->path)),
		};
		step->source.size_bytes = file->size_bytes;
	}
}

bool answers_unpack(struct answers *answers, const struct import_wish *wish, struct arena *arena,
		    const struct unpack_plan *out, struct error *err)
{
	struct finding_manifest finding = { 0 };
	struct plan_file archive;
	if (!import_folder(wish, out->folder, err))
		return false;
	bool is_found = find_manifest(&finding, wish, answers->options->readers, &archive, err);
	bool ok = is_found &&
		  manifest_read(arena_str(arena, bytes_str(&finding.text)), arena, out->set, err) &&
		  check_files(out->set, arena, err);
	if (ok)
		add_steps(&finding, &archive, wish, arena, out);
	else if (err->code != ERROR_SYSTEM)
		error_context(err, "%.*s", STR_ARG(wish->archive));
	bytes_finish(&finding.text);
	return ok;
}
