// SPDX-License-Identifier: MIT
#include "core/samples/container.h"

#include <stdlib.h>

#include "core/base/json_write.h"
#include "core/formats/format.h"
#include "core/samples/parts.h"
#include "core/samples/trainer.h"

static void append_le64(struct bytes *out, uint64_t number)
{
	for (int shift = 0; shift < 64; shift += 8)
		bytes_append_byte(out, (char)(number >> shift));
}

static int compare_rows(const void *a, const void *b)
{
	const struct key_row *x = a, *y = b;
	unsigned first = key_dtype_order(x->dtype), second = key_dtype_order(y->dtype);

	if (first != second)
		return first < second ? -1 : 1;
	return str_compare(x->name, y->name);
}

static void write_metadata(const struct container_input *input, struct json_writer *json)
{
	struct array pairs = ARRAY_OF(struct metadata_pair);

	if (!spec_find(input->entry, "kohya") && !spec_find(input->entry, "metadata"))
		return;
	trainer_metadata(input->entry, spec_text(input->entry, "path", STR("")), input->arena,
			 &pairs);
	json_object(json, "__metadata__");
	for (size_t i = 0; i < pairs.len; i++) {
		const struct metadata_pair *pair = ARRAY_AT(&pairs, struct metadata_pair, i);
		json_string(json, arena_cstr(input->arena, pair->key), pair->value);
	}
	json_object_end(json);
	array_finish(&pairs);
}

/* Returns where the tensor's data ends. */
static uint64_t write_tensor(const struct key_row *row, uint64_t from, struct json_writer *json)
{
	uint64_t to = from + key_elements(row) * dtype_bits(row->dtype) / 8;

	json_object(json, row->name.ptr);
	json_string(json, "dtype", str_from(key_dtype_word(row->dtype)));
	json_array(json, "shape");
	for (unsigned i = 0; i < row->n_dims; i++)
		json_u64_value(json, NULL, row->shape[i]);
	json_array_end(json);
	json_array(json, "data_offsets");
	json_u64_value(json, NULL, from);
	json_u64_value(json, NULL, to);
	json_array_end(json);
	json_object_end(json);
	return to;
}

/* A length, a JSON header padded to 8 bytes with spaces, the tensors widest type first. */
void container_safetensors(const struct container_input *input, struct array *rows,
			   struct bytes *head, struct sample_file *file)
{
	struct bytes header = { 0 };
	struct json_writer json = json_writer(&header);
	uint64_t end = 0;

	if (rows->len > 1)
		qsort(rows->ptr, rows->len, sizeof(struct key_row), compare_rows);
	json_object(&json, NULL);
	write_metadata(input, &json);
	for (size_t i = 0; i < rows->len; i++)
		end = write_tensor(ARRAY_AT(rows, struct key_row, i), end, &json);
	json_object_end(&json);
	while (header.len % 8 != 0)
		bytes_append_byte(&header, ' ');
	append_le64(head, header.len);
	bytes_append_str(head, bytes_str(&header));
	file->size_bytes = head->len + end;
	bytes_finish(&header);
}

static bool make_safetensors(const struct container_input *input, struct bytes *head,
			     struct sample_file *file, struct error *err)
{
	struct array rows = ARRAY_OF(struct key_row);
	bool ok = parts_build(input->entry, input->keys, input->arena, &rows, err);

	if (ok)
		container_safetensors(input, &rows, head, file);
	array_finish(&rows);
	return ok;
}

static bool hex_value(char c, unsigned *value)
{
	if (c >= '0' && c <= '9')
		*value = (unsigned)(c - '0');
	else if (c >= 'a' && c <= 'f')
		*value = (unsigned)(c - 'a') + 10;
	else
		return false;
	return true;
}

static bool append_hex(struct bytes *out, struct str hex, struct error *err)
{
	for (size_t i = 0; i < hex.len; i += 2) {
		unsigned high, low;
		if (i + 1 == hex.len || !hex_value(hex.ptr[i], &high) ||
		    !hex_value(hex.ptr[i + 1], &low))
			return error_set(err, ERROR_FORMAT, NULL, "bytes in hex");
		bytes_append_byte(out, (char)(high << 4 | low));
	}
	return true;
}

/* {"hex": "00ff"} or {"text": "A", "times": 64} */
static bool append_stretch(struct bytes *out, const struct spec *spec, struct error *err)
{
	struct str hex = spec_text(spec, "hex", STR_NULL);

	if (hex.ptr)
		return append_hex(out, hex, err);
	for (uint64_t i = spec_number(spec, "times", 1); i > 0; i--)
		bytes_append_str(out, spec_text(spec, "text", STR("")));
	return true;
}

/* A header given as text, right or wrong, and a length that may lie. */
static bool make_odd(const struct container_input *input, struct bytes *head,
		     struct sample_file *file, struct error *err)
{
	const struct spec *odd = spec_find(input->entry, "odd");
	struct bytes text = { 0 };
	bool ok;

	bytes_append_str(&text, spec_text(odd, "before", STR("")));
	ok = append_stretch(&text, odd, err);
	bytes_append_str(&text, spec_text(odd, "after", STR("")));
	for (uint64_t i = spec_number(odd, "spaces", 0); i > 0; i--)
		bytes_append_byte(&text, ' ');
	append_le64(head, spec_number(odd, "length", text.len));
	bytes_append_str(head, bytes_str(&text));
	bytes_finish(&text);
	file->size_bytes = head->len + spec_number(odd, "data", 0);
	return ok;
}

static const struct {
	const char *word, *target; /* target: the member that says where it leads */
	enum sample_what what;
} specials[] = {
	{ "bytes", NULL, SAMPLE_BYTES },      { "dir", NULL, SAMPLE_FOLDER },
	{ "fifo", NULL, SAMPLE_FIFO },        { "socket", NULL, SAMPLE_SOCKET },
	{ "symlink", "target", SAMPLE_LINK }, { "hardlink", "target", SAMPLE_HARD_LINK },
	{ "copy", "from", SAMPLE_COPY },
};

static bool make_special(const struct container_input *input, struct bytes *head,
			 struct sample_file *file, struct error *err)
{
	struct str word = spec_text(input->entry, "special", STR(""));
	const struct spec *data = spec_find(input->entry, "data");
	size_t i = 0, n = sizeof(specials) / sizeof(specials[0]);

	while (i < n && !str_equal(word, str_from(specials[i].word)))
		i++;
	if (i == n)
		return error_set(err, ERROR_FORMAT, NULL, "no special file \"%.*s\"",
				 STR_ARG(word));
	for (const struct spec *part = data ? data->first : NULL; part; part = part->next) {
		if (!append_stretch(head, part, err))
			return false;
	}
	file->what = specials[i].what;
	file->target = specials[i].target ? spec_text(input->entry, specials[i].target, STR(""))
					  : STR_NULL;
	file->size_bytes = spec_number(input->entry, "size", head->len);
	return true;
}

static const struct {
	const char *name;
	bool (*make)(const struct container_input *input, struct bytes *head,
		     struct sample_file *file, struct error *err); /* NULL: not written */
} containers[] = {
	{ "safetensors", make_safetensors },
	{ "odd-safetensors", make_odd },
	{ "special", make_special },
	{ "torch-zip", container_torch_zip },
	{ "torch-legacy", container_torch_legacy },
	{ "gguf", container_gguf },
	{ "onnx", container_onnx },
};

bool container_make(const struct container_input *input, struct bytes *head,
		    struct sample_file *file, struct error *err)
{
	struct str name = spec_text(input->entry, "container", STR("safetensors"));

	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++) {
		if (!str_equal(name, str_from(containers[i].name)))
			continue;
		if (!containers[i].make)
			return error_set(err, ERROR_UNSUPPORTED, NULL, "no %s is written here",
					 containers[i].name);
		return containers[i].make(input, head, file, err);
	}
	return error_set(err, ERROR_FORMAT, NULL, "no container \"%.*s\"", STR_ARG(name));
}
