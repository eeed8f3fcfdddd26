// SPDX-License-Identifier: MIT
#include "storage/scan/layout.h"

#include <string.h>

#include "core/base/hash.h"
#include "core/base/pack.h"
#include "core/base/squeeze.h"

/*
 * Flat form: version, how many types there are (numbers of types differ between versions), then each
 * tensor: how much of the name is that of the one before, the rest of it, type, dimensions, and the
 * size plus one where it is not what type and shape make (else 0).
 */
enum { NAME_BYTES_MAX = 65535, TENSOR_FLAT_MIN = 5, SQUEEZE_LEVEL = 6 };

static size_t shared_len(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len, i = 0;
	while (i < n && a.ptr[i] == b.ptr[i])
		i++;
	return i;
}

static bool has_usual_size(const struct tensor *tensor)
{
	uint64_t n_elements, size_bytes;
	return tensor_elements(tensor, &n_elements) &&
	       dtype_size((enum dtype)tensor->dtype, n_elements, &size_bytes) &&
	       size_bytes == tensor->size_bytes;
}

static void put_tensor(struct bytes *out, const struct tensor *tensor, struct str before)
{
	size_t shared = shared_len(before, tensor->name);
	struct str rest = str_slice(tensor->name, shared, tensor->name.len);
	pack_u64(out, shared);
	pack_u64(out, rest.len);
	bytes_append_str(out, rest);
	pack_u64(out, tensor->dtype);
	pack_u64(out, tensor->rank);
	for (unsigned i = 0; i < tensor->rank; i++)
		pack_u64(out, tensor->shape[i]);
	pack_u64(out, has_usual_size(tensor) ? 0 : tensor->size_bytes + 1);
}

bool layout_encode(const struct tensor_table *table, struct bytes *out)
{
	size_t names_bytes = 0, start = out->len;
	struct str before = STR("");
	pack_u64(out, LAYOUT_FLAT_VERSION);
	pack_u64(out, DTYPE_COUNT);
	pack_u64(out, table->n_tensors);
	for (size_t i = 0; i < table->n_tensors; i++) {
		const struct tensor *tensor = &table->tensors[i];
		names_bytes += tensor->name.len;
		/* A size of all ones has no successor. */
		if (tensor->name.len > NAME_BYTES_MAX || names_bytes > LAYOUT_NAMES_MAX ||
		    out->len - start > LAYOUT_BYTES_MAX || tensor->size_bytes == UINT64_MAX)
			return false;
		put_tensor(out, tensor, before);
		before = tensor->name;
	}
	return out->len - start <= LAYOUT_BYTES_MAX;
}

static int nibble(char digit)
{
	return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

struct str layout_key(struct str flat, struct arena *arena)
{
	char hex[SHA256_HEX + 1];
	struct sha256 *sha = sha256_create();
	sha256_add(sha, flat.ptr, flat.len);
	sha256_hex(sha, hex);
	char *key = arena_alloc(arena, LAYOUT_KEY_BYTES);
	for (size_t i = 0; i < LAYOUT_KEY_BYTES; i++)
		key[i] = (char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	return (struct str){ key, LAYOUT_KEY_BYTES };
}

void layout_squeeze(struct str flat, struct bytes *out)
{
	struct squeezer *squeezer = squeezer_create(SQUEEZE_LEVEL, STR(""));
	squeezer_pack(squeezer, flat, out);
	squeezer_destroy(squeezer);
}

static bool unsqueeze(struct str squeezed, struct arena *arena, struct str *flat, struct error *err)
{
	struct squeezer *squeezer = squeezer_create(SQUEEZE_LEVEL, STR(""));
	bool ok = squeezer_unpack(squeezer, squeezed, LAYOUT_BYTES_MAX, arena, flat);
	squeezer_destroy(squeezer);
	return ok || error_set(err, ERROR_FORMAT, NULL, "the stored layout is damaged");
}

bool layout_key_of_squeezed(struct str squeezed, struct arena *arena, struct str *key,
			    struct error *err)
{
	struct arena scratch = { 0 };
	struct str flat;
	bool ok = unsqueeze(squeezed, &scratch, &flat, err);
	if (ok)
		*key = layout_key(flat, arena);
	arena_finish(&scratch);
	return ok;
}

/** Names written out so far: a few shared bytes each could stand for very many. */
struct names {
	struct str before;
	size_t n_bytes;
};

static struct str take_name(struct packed *from, struct names *names)
{
	uint64_t shared = unpack_u64(from), rest = unpack_u64(from);
	if (shared > names->before.len || rest > from->rest.len || rest > NAME_BYTES_MAX - shared)
		return unpack_broken(from), STR("");
	/* One spelling of each layout, or equal ones would have several keys. */
	if (rest && shared < names->before.len && from->rest.ptr[0] == names->before.ptr[shared])
		return unpack_broken(from), STR("");
	size_t len = (size_t)(shared + rest);
	names->n_bytes += len;
	char *name =
		names->n_bytes <= LAYOUT_NAMES_MAX ? arena_try_bytes(from->arena, len + 1) : NULL;
	if (!name)
		return unpack_broken(from), STR("");
	if (shared) /* the first has none before it */
		memcpy(name, names->before.ptr, (size_t)shared);
	if (rest)
		memcpy(name + shared, from->rest.ptr, (size_t)rest);
	name[len] = '\0';
	from->rest = str_slice(from->rest, (size_t)rest, from->rest.len);
	names->before = (struct str){ name, len };
	return names->before;
}

static const uint64_t *take_shape(struct packed *from, unsigned rank)
{
	uint64_t *shape = rank ? arena_try(from->arena, rank * sizeof *shape) : NULL;
	if (rank && !shape)
		unpack_broken(from);
	for (unsigned i = 0; shape && i < rank; i++)
		shape[i] = unpack_u64(from);
	return shape;
}

static uint64_t usual_size(struct packed *from, const struct tensor *tensor)
{
	uint64_t n_elements, size_bytes = 0;
	if (!tensor_elements(tensor, &n_elements) ||
	    !dtype_size((enum dtype)tensor->dtype, n_elements, &size_bytes))
		return unpack_broken(from);
	return size_bytes;
}

static void take_tensor(struct packed *from, struct names *names, struct tensor *out)
{
	out->name = take_name(from, names);
	out->dtype = (uint8_t)unpack_below(from, DTYPE_COUNT);
	out->rank = (uint8_t)unpack_below(from, TENSOR_RANK_MAX + 1);
	out->shape = take_shape(from, out->rank);
	uint64_t size_bytes = unpack_u64(from);
	if (from->is_broken)
		return;
	out->size_bytes = size_bytes ? size_bytes - 1 : usual_size(from, out);
	if (size_bytes && has_usual_size(out))
		unpack_broken(from);
}

bool layout_decode(struct str squeezed, struct arena *arena, struct tensor_table *out,
		   struct error *err)
{
	struct arena scratch = { 0 };
	struct packed from = { .arena = arena };
	struct names names = { .before = STR("") };
	if (!unsqueeze(squeezed, &scratch, &from.rest, err)) {
		arena_finish(&scratch);
		return false;
	}
	if (unpack_u64(&from) != LAYOUT_FLAT_VERSION || unpack_u64(&from) != DTYPE_COUNT)
		unpack_broken(&from);
	size_t n;
	struct tensor *tensors = unpack_list(&from, TENSOR_FLAT_MIN, sizeof *tensors, &n);
	for (size_t i = 0; i < n && !from.is_broken; i++)
		take_tensor(&from, &names, &tensors[i]);
	bool ok = !from.is_broken && from.rest.len == 0;
	arena_finish(&scratch);
	if (!ok)
		return error_set(err, ERROR_FORMAT, NULL,
				 "the stored layout is damaged or of another version of lorarium");
	*out = (struct tensor_table){ tensors, n };
	return true;
}
