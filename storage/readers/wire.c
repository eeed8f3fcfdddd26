// SPDX-License-Identifier: MIT
#include "storage/readers/wire.h"

#include <string.h>

#include "core/base/pack.h"

static size_t begin_frame(struct bytes *out)
{
	struct wire_head head = { 0 };
	size_t at = out->len;
	bytes_append(out, &head, sizeof head);
	return at;
}

static void end_frame(struct bytes *out, size_t at, size_t n_fds)
{
	struct wire_head head = {
		.body_bytes = (uint32_t)(out->len - at - sizeof head),
		.n_descriptors = (uint32_t)n_fds,
	};
	memcpy(out->ptr + at, &head, sizeof head);
}

/** A blob is its size plus one, and its descriptor goes beside it; 0: no byte of it is looked at. */
static void put_blob(struct bytes *out, struct array *fds, const struct blob *blob)
{
	bool is_open = !blob->memory && blob->fd >= 0;
	pack_u64(out, is_open ? blob->size_bytes + 1 : 0);
	if (is_open)
		*ARRAY_PUSH(fds, int) = blob->fd;
}

static void put_file(struct bytes *out, struct array *fds, const struct folder_file *file)
{
	pack_str(out, file->path);
	pack_str(out, str_from(file->why_not));
	put_blob(out, fds, &file->blob);
}

static void put_sidecar(struct bytes *out, struct array *fds, const struct opened_sidecar *sidecar)
{
	pack_str(out, sidecar->name);
	pack_str(out, sidecar->why_not);
	put_blob(out, fds, &sidecar->blob);
}

static void put_opened(struct bytes *out, struct array *fds, const struct opened *opened)
{
	pack_str(out, opened->name);
	pack_str(out, opened->file_name);
	pack_str(out, opened->folder_name);
	pack_str(out, opened->sha256);
	pack_u64(out, opened->is_folder);
	pack_u64(out, opened->is_partial);
	pack_u64(out, opened->is_awaited);
	pack_u64(out, opened->only_count);
	pack_u64(out, opened->size_bytes);
	pack_u64(out, opened->files.n_files);
	for (size_t i = 0; i < opened->files.n_files; i++)
		put_file(out, fds, &opened->files.files[i]);
	pack_u64(out, opened->n_sidecars);
	for (size_t i = 0; i < opened->n_sidecars; i++)
		put_sidecar(out, fds, &opened->sidecars[i]);
}

void wire_put_request(const struct opened *const *opened, size_t n, struct bytes *out,
		      struct array *fds)
{
	size_t at = begin_frame(out);
	array_clear(fds);
	pack_u64(out, n);
	for (size_t i = 0; i < n; i++)
		put_opened(out, fds, opened[i]);
	end_frame(out, at, fds->len);
}

/** A request while it is taken apart. */
struct taking {
	struct packed from;
	const int *fds;
	size_t n_fds; /* those left */
};

static struct str keep_text(struct str text, struct arena *arena)
{
	return text.ptr ? arena_str(arena, text) : STR_NULL;
}

/** Terminated, as it was where it comes from. */
static struct str take_text(struct taking *taking)
{
	return keep_text(unpack_str(&taking->from), taking->from.arena);
}

static struct blob take_blob(struct taking *taking)
{
	uint64_t size_bytes = unpack_u64(&taking->from);
	if (size_bytes && taking->n_fds == 0)
		size_bytes = unpack_broken(&taking->from);
	if (!size_bytes)
		return blob_from_memory("", 0);
	taking->n_fds--;
	return blob_from_fd(*taking->fds++, size_bytes - 1);
}

static struct folder_file take_file(struct taking *taking)
{
	struct folder_file file = { .path = take_text(taking) };
	file.why_not = take_text(taking).ptr;
	file.blob = take_blob(taking);
	return file;
}

static struct opened_sidecar take_sidecar(struct taking *taking)
{
	struct opened_sidecar sidecar = { .name = take_text(taking) };
	sidecar.why_not = take_text(taking);
	sidecar.blob = take_blob(taking);
	return sidecar;
}

static void take_opened(struct taking *taking, struct opened *out)
{
	struct packed *from = &taking->from;
	out->name = take_text(taking);
	out->file_name = take_text(taking);
	out->folder_name = take_text(taking);
	out->sha256 = take_text(taking);
	out->is_folder = unpack_below(from, 2);
	out->is_partial = unpack_below(from, 2);
	out->is_awaited = unpack_below(from, 2);
	out->only_count = unpack_below(from, 2);
	out->size_bytes = unpack_u64(from);
	struct folder_file *files = unpack_list(from, 3, sizeof *files, &out->files.n_files);
	for (size_t i = 0; i < out->files.n_files; i++)
		files[i] = take_file(taking);
	out->files.files = files;
	out->n_sidecars = unpack_below(from, OPENED_SIDECARS_MAX + 1);
	for (size_t i = 0; i < out->n_sidecars; i++)
		out->sidecars[i] = take_sidecar(taking);
}

bool wire_take_request(struct str body, const int *fds, size_t n_fds, struct arena *arena,
		       struct opened **out, size_t *n, struct error *err)
{
	struct taking taking = { { .rest = body, .arena = arena }, fds, n_fds };
	*n = unpack_below(&taking.from, WIRE_MODELS_MAX + 1);
	*out = ARENA_NEW_N(arena, struct opened, *n);
	for (size_t i = 0; i < *n; i++)
		take_opened(&taking, &(*out)[i]);
	if (taking.from.is_broken || taking.from.rest.len || taking.n_fds)
		return error_set(err, ERROR_FORMAT, NULL, "this is no request of ours");
	return true;
}

void wire_put_reply(const struct flat *flat, struct bytes *out)
{
	size_t at = begin_frame(out);
	pack_str(out, flat->model);
	pack_str(out, flat->facts);
	pack_str(out, flat->layout);
	end_frame(out, at, 0);
}

static bool has_variant(const struct knowledge *knowledge, struct str id)
{
	for (size_t i = 0; i < knowledge->variants.len; i++)
		if (str_equal(ARRAY_AT(&knowledge->variants, struct variant, i)->id, id))
			return true;
	return false;
}

/** Others look these ids up and lean on finding them. */
static bool has_known_ids(const struct knowledge *knowledge, const struct model *model)
{
	if (model->architecture.ptr && !knowledge_architecture(knowledge, model->architecture))
		return false;
	if (model->base_model.ptr && !knowledge_base(knowledge, model->base_model))
		return false;
	for (size_t i = 0; i < model->n_variants; i++)
		if (!has_variant(knowledge, model->variants[i]))
			return false;
	return true;
}

bool wire_take_reply(struct str body, const struct knowledge *knowledge, struct arena *arena,
		     struct flat *flat, struct model *model, struct error *err)
{
	struct packed from = { .rest = body, .arena = arena };
	flat->model = keep_text(unpack_str(&from), arena);
	flat->facts = keep_text(unpack_str(&from), arena);
	flat->layout = keep_text(unpack_str(&from), arena);
	if (from.is_broken || from.rest.len || !flat->model.ptr)
		return error_set(err, ERROR_FORMAT, NULL, "this is no reply of ours");
	return model_decode(flat->model, arena, model, err) &&
	       (has_known_ids(knowledge, model) ||
		error_set(err, ERROR_FORMAT, NULL, "a reply of ids that nobody knows"));
}
