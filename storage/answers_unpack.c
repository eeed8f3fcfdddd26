// SPDX-License-Identifier: MIT
#include "storage/answers_unpack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/member.h"
#include "storage/files/execute.h"
#include "storage/readers/unpacker.h"

/** The manifest on its way out of the archive. */
struct finding_manifest {
	struct bytes text;
	bool is_dotted;			/* members are called "./name", as tar does */
	bool is_whole;
};

static bool take_member(void *context, const struct unpack_member *member, struct error *err)
{
	struct finding_manifest *finding = context;
	if (!str_equal(member_path(member->path), STR(MANIFEST_NAME)))
		return true;
	finding->is_dotted = str_has_prefix(member->path, STR("./"));
	return member->size_bytes <= MANIFEST_BYTES_MAX
		|| error_set(err, ERROR_LIMIT, NULL, MANIFEST_NAME ": this is too long for a manifest");
}

static bool take_data(void *context, struct str bytes, struct error *err)
{
	struct finding_manifest *finding = context;
	if (finding->text.len + bytes.len > MANIFEST_BYTES_MAX)
		return error_set(err, ERROR_LIMIT, NULL, MANIFEST_NAME ": this is too long for a manifest");
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
		error_set(err, ERROR_USAGE, NULL, "this is no packed set: it has no " MANIFEST_NAME
			  " (import takes models out of any archive)");
	return finding->is_whole;
}

static bool has_hash(int fd, const struct manifest_file *file)
{
	char hex[SHA256_HEX + 1];
	struct stat state;
	struct error ignored;	/* what cannot be read is not the same */
	return fstat(fd, &state) == 0 && S_ISREG(state.st_mode)
		&& (uint64_t)state.st_size == file->size_bytes && place_hash(fd, NULL, hex, &ignored)
		&& str_equal(str_from(hex), file->sha256);
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
		struct str new = arena_strf(arena, "%.*s/%.*s", STR_ARG(*out->folder), STR_ARG(file->path));
		struct str model = model_of(out->set, file->path);
		group += model.ptr && last.ptr && !str_equal(model, last);
		last = model.ptr ? model : last;
		if (is_there(new, file))
			continue;
		struct plan_step *step = &plan->steps[plan->n_steps++];
		*step = (struct plan_step){
			.group = group, .action = PLAN_EXTRACT, .is_companion = !model.ptr,
			.old = wish->archive, .new = new, .source = *archive, .sha256 = file->sha256,
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
	bool ok = find_manifest(&finding, wish, answers->options->readers, &archive, err)
		&& manifest_read(arena_str(arena, bytes_str(&finding.text)), arena, out->set, err);
	if (ok)
		add_steps(&finding, &archive, wish, arena, out);
	else
		error_context(err, "%.*s", STR_ARG(wish->archive));
	bytes_finish(&finding.text);
	return ok;
}
