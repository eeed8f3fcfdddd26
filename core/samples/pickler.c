// SPDX-License-Identifier: MIT
#include "core/samples/pickler.h"

#include <string.h>

/* Keys of storages before 1.6 are addresses; these are as wide. */
static const uint64_t legacy_key_first = UINT64_C(94000000000000);
enum { LEGACY_KEY_STEP = 64 };

static const struct {
	enum dtype dtype;
	const char *class;
} storages[] = {
	{ DTYPE_F32, "FloatStorage" },     { DTYPE_F16, "HalfStorage" },
	{ DTYPE_BF16, "BFloat16Storage" }, { DTYPE_F64, "DoubleStorage" },
	{ DTYPE_I64, "LongStorage" },      { DTYPE_I32, "IntStorage" },
	{ DTYPE_I16, "ShortStorage" },     { DTYPE_I8, "CharStorage" },
	{ DTYPE_U8, "ByteStorage" },       { DTYPE_BOOL, "BoolStorage" },
};

static const char *storage_class(enum dtype dtype)
{
	for (size_t i = 0; i < sizeof(storages) / sizeof(storages[0]); i++) {
		if (storages[i].dtype == dtype)
			return storages[i].class;
	}
	return "ByteStorage";
}

void pickler_init(struct pickler *pickler, bool is_legacy, struct arena *arena)
{
	*pickler = (struct pickler){
		.arena = arena,
		.is_legacy = is_legacy,
		.storages = ARRAY_OF(struct pickler_storage),
	};
	map_init(&pickler->slots, arena, 64);
}

void pickler_finish(struct pickler *pickler)
{
	bytes_finish(&pickler->out);
	array_finish(&pickler->storages);
}

void pickler_op(struct pickler *pickler, char op)
{
	bytes_append_byte(&pickler->out, op);
}

static void little(struct pickler *pickler, uint64_t number, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		bytes_append_byte(&pickler->out, (char)(number >> 8 * i));
}

/* BINPUT or BINGET, with one byte or four. */
static void slot(struct pickler *pickler, char small, char large, uint32_t n)
{
	pickler_op(pickler, n < 256 ? small : large);
	little(pickler, n, n < 256 ? 1 : 4);
}

static void memoize(struct pickler *pickler)
{
	slot(pickler, 'q', 'r', pickler->n_slots++);
}

/* Writes the way to what was written before under this key; else it will be in the next slot. */
static bool recall(struct pickler *pickler, struct str key)
{
	void **place = map_place(&pickler->slots, key);

	if (*place) {
		slot(pickler, 'h', 'j', *(uint32_t *)*place);
		return true;
	}
	uint32_t *n = ARENA_NEW(pickler->arena, uint32_t);
	*n = pickler->n_slots;
	*place = n;
	return false;
}

static void global(struct pickler *pickler, const char *module, const char *name)
{
	if (recall(pickler, arena_strf(pickler->arena, "g%s\n%s", module, name)))
		return;
	bytes_printf(&pickler->out, "c%s\n%s\n", module, name);
	memoize(pickler);
}

void pickler_begin(struct pickler *pickler)
{
	bytes_append(&pickler->out, "\x80\2", 2);
	pickler->n_slots = 0;
	map_init(&pickler->slots, pickler->arena, 64);
}

void pickler_end(struct pickler *pickler)
{
	pickler_op(pickler, '.');
}

void pickler_text(struct pickler *pickler, struct str text)
{
	if (recall(pickler, arena_strf(pickler->arena, "s%.*s", STR_ARG(text))))
		return;
	pickler_op(pickler, 'X');
	little(pickler, text.len, 4);
	bytes_append_str(&pickler->out, text);
	memoize(pickler);
}

void pickler_number(struct pickler *pickler, int64_t number)
{
	uint64_t bits = (uint64_t)number;

	if (number >= 0 && number < 1 << 8) {
		pickler_op(pickler, 'K');
		little(pickler, bits, 1);
	} else if (number >= 0 && number < 1 << 16) {
		pickler_op(pickler, 'M');
		little(pickler, bits, 2);
	} else if (number >= INT32_MIN && number <= INT32_MAX) {
		pickler_op(pickler, 'J');
		little(pickler, bits, 4);
	} else {
		bytes_append(&pickler->out, "\x8a\x8", 2);
		little(pickler, bits, 8);
	}
}

void pickler_dict(struct pickler *pickler, bool is_ordered)
{
	if (is_ordered) {
		global(pickler, "collections", "OrderedDict");
		bytes_append(&pickler->out, ")R", 2);
	} else {
		pickler_op(pickler, '}');
	}
	memoize(pickler);
	pickler_op(pickler, '(');
}

void pickler_list(struct pickler *pickler)
{
	pickler_op(pickler, ']');
	memoize(pickler);
	pickler_op(pickler, '(');
}

void pickler_dict_filled(struct pickler *pickler)
{
	pickler_op(pickler, 'u');
}

void pickler_list_filled(struct pickler *pickler)
{
	pickler_op(pickler, 'e');
}

/* Big-endian, unlike everything else. */
static void real(struct pickler *pickler, double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	pickler_op(pickler, 'G');
	for (unsigned i = 8; i-- > 0;)
		bytes_append_byte(&pickler->out, (char)(bits >> 8 * i));
}

static void spec_number_value(struct pickler *pickler, struct str text)
{
	int64_t number;
	double fraction = 0;

	if (str_to_i64(text, &number))
		pickler_number(pickler, number);
	else if (str_to_double(text, &fraction))
		real(pickler, fraction);
	else
		pickler_op(pickler, 'N');
}

void pickler_spec(struct pickler *pickler, const struct spec *spec)
{
	switch (spec ? spec->type : SPEC_NULL) {
	case SPEC_NULL: pickler_op(pickler, 'N'); break;
	case SPEC_FALSE: pickler_op(pickler, '\x89'); break;
	case SPEC_TRUE: pickler_op(pickler, '\x88'); break;
	case SPEC_NUMBER: spec_number_value(pickler, spec->text); break;
	case SPEC_TEXT: pickler_text(pickler, spec->text); break;
	case SPEC_LIST:
		pickler_list(pickler);
		for (const struct spec *member = spec->first; member; member = member->next)
			pickler_spec(pickler, member);
		pickler_list_filled(pickler);
		break;
	case SPEC_TABLE:
		pickler_dict(pickler, false);
		for (const struct spec *member = spec->first; member; member = member->next) {
			pickler_text(pickler, member->key);
			pickler_spec(pickler, member);
		}
		pickler_dict_filled(pickler);
		break;
	}
}

static void numbers(struct pickler *pickler, const uint64_t *list, unsigned n)
{
	pickler_op(pickler, '(');
	for (unsigned i = 0; i < n; i++)
		pickler_number(pickler, (int64_t)list[i]);
	pickler_op(pickler, 't');
	memoize(pickler);
}

static struct pickler_storage *new_storage(struct pickler *pickler, const struct key_row *row)
{
	uint64_t n = pickler->storages.len;
	struct pickler_storage *storage = ARRAY_PUSH(&pickler->storages, struct pickler_storage);

	*storage = (struct pickler_storage){
		arena_strf(pickler->arena, "%llu",
			   (unsigned long long)(pickler->is_legacy
							? legacy_key_first + n * LEGACY_KEY_STEP
							: n)),
		row->dtype,
		key_elements(row),
	};
	return storage;
}

/* ('storage', class, key, location, elements), and None before 1.6. */
static void storage_id(struct pickler *pickler, const struct key_row *row)
{
	const struct pickler_storage *storage = new_storage(pickler, row);

	pickler_op(pickler, '(');
	pickler_text(pickler, STR("storage"));
	global(pickler, "torch", storage_class(storage->dtype));
	pickler_text(pickler, storage->key);
	pickler_text(pickler, STR("cpu"));
	pickler_number(pickler, (int64_t)storage->n_elements);
	if (pickler->is_legacy)
		pickler_op(pickler, 'N');
	pickler_op(pickler, 't');
	memoize(pickler);
	pickler_op(pickler, 'Q');
}

void pickler_tensor(struct pickler *pickler, const struct key_row *row)
{
	uint64_t strides[KEY_DIMS_MAX], stride = 1;

	for (unsigned i = row->n_dims; i-- > 0;) {
		strides[i] = stride;
		stride *= row->shape[i];
	}
	global(pickler, "torch._utils", "_rebuild_tensor_v2");
	pickler_op(pickler, '(');
	storage_id(pickler, row);
	pickler_number(pickler, 0);
	numbers(pickler, row->shape, row->n_dims);
	numbers(pickler, strides, row->n_dims);
	pickler_op(pickler, '\x89');
	pickler_dict(pickler, true);
	pickler_dict_filled(pickler);
	pickler_op(pickler, 't');
	memoize(pickler);
	pickler_op(pickler, 'R');
	memoize(pickler);
}
