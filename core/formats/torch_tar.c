// SPDX-License-Identifier: MIT
/* PyTorch's format before 0.1.10: a tar of pickles with raw numbers between them (pytorch:
 * torch/serialization.py, legacy_load). */
#include "core/formats/pickle_try.h"
#include "core/formats/state_dict.h"
#include "core/formats/tar_directory.h"
#include "core/formats/torch_remake.h"

struct torch_tar {
	struct format_job *job;
	struct tar_directory directory;
	struct pickle_budget budget;
	struct pickle_findings findings;
	struct map storages; /* by id in digits: struct stored */
	struct map tensors;  /* by id in digits: struct torch_tensor */
};

struct stored {
	struct torch_place place; /* first: state_dict_read takes it for that */
	struct torch_storage storage;
};

static bool take_u64(struct pickle_source *source, uint64_t *out)
{
	const unsigned char *bytes = pickle_source_look(source, sizeof *out);
	*out = 0;
	for (size_t i = sizeof *out; bytes && i-- > 0;)
		*out = *out << 8 | bytes[i];
	return bytes && pickle_source_skip(source, sizeof *out);
}

/** An id, which is a number in one place and its digits in another. */
static struct str id_text(struct torch_tar *tar, const struct pickle *pickle, uint32_t value)
{
	uint64_t number;
	struct str text = pickle_text(&pickle->heap, value);
	if (text.ptr || !pickle_count(&pickle->heap, value, &number))
		return text;
	return arena_strf(&tar->job->reader->room, "%llu", (unsigned long long)number);
}

static bool open_member(struct torch_tar *tar, struct str name, struct pickle *out)
{
	const struct tar_member *member = tar_find(&tar->directory, name);
	return member &&
	       pickle_open(out, tar->job->blob, member->at, member->at + member->size_bytes,
			   &tar->job->reader->room, &tar->budget, &tar->findings);
}

/** The count that a list begins with. */
static bool read_count(struct pickle *pickle, uint64_t *n)
{
	return pickle_read(pickle) == PICKLE_WHOLE && pickle_count(&pickle->heap, pickle->root, n);
}

/** Memory for one of many; NULL when there were too many. */
static void *keep_one(struct torch_tar *tar, size_t bytes)
{
	if (pickle_budget_spend(&tar->budget, bytes))
		return arena_try(&tar->job->reader->room, bytes);
	pickle_findings_fail(&tar->findings, "E_PK_LIMIT",
			     "pickle exceeds the limit of 1 GiB of memory");
	return NULL;
}

/** A pickle (id, location, class), the number of elements, the elements. */
static bool read_storage(struct torch_tar *tar, struct pickle *pickle)
{
	struct stored *stored = keep_one(tar, sizeof *stored);
	if (!stored || pickle_read(pickle) != PICKLE_WHOLE)
		return false;
	struct str id = id_text(tar, pickle, pickle_member(&pickle->heap, pickle->root, 0));
	const struct pickle_global *class =
		torch_global(pickle, pickle_member(&pickle->heap, pickle->root, 2));
	struct torch_storage *storage = &stored->storage;
	size_t bytes;
	if (!id.ptr || !class || !torch_type_find_class(class->name, &storage->type) ||
	    !take_u64(&pickle->source, &storage->n_elements) ||
	    !size_mul(storage->n_elements, storage->type.element_bytes, &bytes))
		return false;
	storage->module = class->module;
	storage->name = class->name;
	storage->key = id;
	stored->place.at = pickle->source.at;
	stored->place.size_bytes = bytes;
	*map_place(&tar->storages, id) = stored;
	return pickle_source_skip(&pickle->source, bytes);
}

/** The pickle of views ends the list; no view was ever seen in a file of this age. */
static void read_storages(struct torch_tar *tar)
{
	struct pickle pickle;
	uint64_t n;
	if (!open_member(tar, STR("storages"), &pickle) || !read_count(&pickle, &n))
		return;
	while (n > 0 && read_storage(tar, &pickle))
		n--;
	if (n == 0)
		(void)pickle_read(&pickle); /* for its globals */
}

static bool take_numbers(struct pickle_source *source, uint8_t n, uint64_t *out)
{
	for (uint8_t i = 0; i < n; i++)
		if (!take_u64(source, &out[i]) || out[i] > INT64_MAX)
			return false;
	return true;
}

/** A pickle (id, storage's id, class), then rank, shape, strides and offset as numbers. */
static bool read_tensor(struct torch_tar *tar, struct pickle *pickle)
{
	struct torch_tensor *tensor = keep_one(tar, sizeof *tensor);
	uint64_t rank;
	if (!tensor || pickle_read(pickle) != PICKLE_WHOLE)
		return false;
	struct str id = id_text(tar, pickle, pickle_member(&pickle->heap, pickle->root, 0));
	struct str key = id_text(tar, pickle, pickle_member(&pickle->heap, pickle->root, 1));
	const struct stored *stored = key.ptr ? map_find(&tar->storages, key) : NULL;
	if (!id.ptr || !take_u64(&pickle->source, &rank))
		return false;
	rank &= UINT32_MAX; /* the upper half was never set */
	if (rank > TENSOR_RANK_MAX)
		return false;
	tensor->rank = (uint8_t)rank;
	if (stored) {
		tensor->storage = stored->storage;
		*map_place(&tar->tensors, id) = tensor;
	}
	return take_numbers(&pickle->source, tensor->rank, tensor->shape) &&
	       take_numbers(&pickle->source, tensor->rank, tensor->strides) &&
	       take_numbers(&pickle->source, 1, &tensor->at_element);
}

static void read_tensors(struct torch_tar *tar)
{
	struct pickle pickle;
	uint64_t n;
	if (!open_member(tar, STR("tensors"), &pickle) || !read_count(&pickle, &n))
		return;
	while (n > 0 && read_tensor(tar, &pickle))
		n--;
}

/* The main pickle: its persistent ids are put in the words of later formats. */

static void read_main(struct torch_tar *tar)
{
	struct pickle pickle;
	if (!open_member(tar, STR("pickle"), &pickle) || pickle_read(&pickle) != PICKLE_WHOLE)
		return;
	pickle_read_nested(&pickle, 1);
	size_t n = pickle_heap_count(&pickle.heap);
	for (uint32_t value = 1; value < n; value++) {
		const struct pickle_value *id = pickle_at(&pickle.heap, value);
		if (id->kind != PICKLE_PERSID)
			continue;
		struct str text = id_text(tar, &pickle, id->args);
		const struct torch_tensor *tensor = text.ptr ? map_find(&tar->tensors, text) : NULL;
		if (tensor)
			torch_remake_tensor(&pickle, value, tensor);
	}
	state_dict_read(tar->job, &pickle, &tar->storages);
}

static void scan_others(struct torch_tar *tar)
{
	static const struct str known[] = { { "pickle", 6 }, { "storages", 8 }, { "tensors", 7 } };
	for (size_t i = 0; i < tar->directory.n_members; i++) {
		const struct tar_member *member = &tar->directory.members[i];
		bool is_known = false;
		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			is_known |= member == tar_find(&tar->directory, known[k]);
		if (!is_known)
			pickle_try_all(tar->job->blob, member->at, member->at + member->size_bytes,
				       &tar->budget, &tar->findings);
	}
}

static bool is_torch(const struct torch_tar *tar)
{
	return tar_find(&tar->directory, STR("pickle")) &&
	       tar_find(&tar->directory, STR("storages")) &&
	       tar_find(&tar->directory, STR("tensors"));
}

/** What lies in an archive is listed by those who take models out of it. */
static void tell_archive(struct format_job *job)
{
	job->out->format = FORMAT_ARCHIVE;
	if (extension_is_torch(job->head.extension))
		reading_note(job->out, job->arena, "W_WRAPPED",
			     "a compressed archive named as a "
			     "checkpoint (used to dodge scanners)");
}

void torch_tar_read(struct format_job *job)
{
	struct torch_tar tar = { .job = job, .budget = pickle_budget_whole() };
	struct arena *room = &job->reader->room;
	pickle_findings_init(&tar.findings, room);
	map_init(&tar.storages, room, 0);
	map_init(&tar.tensors, room, 0);
	tar_directory_read(job->blob, room, &tar.directory);
	if (is_torch(&tar)) {
		reading_note(job->out, job->arena, "V_OLD_TAR",
			     "old tar format: cannot be loaded safely");
		read_storages(&tar);
		read_tensors(&tar);
		read_main(&tar);
	} else {
		tar.findings.is_ambiguous = true;
		tell_archive(job);
	}
	scan_others(&tar);
	pickle_findings_tell(&tar.findings, job->out, job->arena);
}
