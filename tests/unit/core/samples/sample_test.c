// SPDX-License-Identifier: MIT
#include "core/samples/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "core/formats/safetensors.h"
#include "core/samples/picture.h"
#include "core/samples/spec.h"
#include "tests/support/sample_disk.h"

struct made {
	struct arena arena;
	struct array files; /* struct sample_file */
};

static const struct sample_piece *keep_pieces(struct made *made, const struct sample_file *file)
{
	struct sample_piece *pieces =
		ARENA_NEW_N(&made->arena, struct sample_piece, file->n_pieces + 1);

	for (size_t i = 0; i < file->n_pieces; i++)
		pieces[i] = (struct sample_piece){
			file->pieces[i].at,
			arena_str(&made->arena, file->pieces[i].bytes),
		};
	return pieces;
}

static bool keep(void *context, const struct sample_file *file, struct error *err)
{
	struct made *made = context;
	struct sample_file *copy = ARRAY_PUSH(&made->files, struct sample_file);

	(void)err;
	*copy = *file;
	copy->path = arena_str(&made->arena, file->path);
	copy->head = arena_str(&made->arena, file->head);
	copy->target = arena_str(&made->arena, file->target);
	copy->pieces = keep_pieces(made, file);
	return true;
}

static struct made make(const char *line)
{
	struct made made = { .files = ARRAY_OF(struct sample_file) };
	struct key_source keys = sample_disk_keys();
	struct error err = { 0 };

	if (!sample_make(str_from(line), &keys, keep, &made, &err))
		fail_msg("%s", err.text);
	return made;
}

static const struct sample_file *file_at(const struct made *made, size_t i)
{
	return ARRAY_AT(&made->files, struct sample_file, i);
}

static void finish(struct made *made)
{
	array_finish(&made->files);
	arena_finish(&made->arena);
}

static uint64_t header_length(struct str head)
{
	uint64_t length = 0;

	for (int i = 7; i >= 0; i--)
		length = length << 8 | (unsigned char)head.ptr[i];
	return length;
}

static struct reading read_header(const struct sample_file *file, struct arena *arena)
{
	struct reading reading = { 0 };
	struct str header = str_slice(file->head, 8, file->head.len);

	assert_int_equal(header_length(file->head), header.len);
	assert_int_equal(header.len % 8, 0);
	safetensors_parse(header, file->size_bytes, arena, &reading);
	return reading;
}

static void a_model_is_a_header_and_a_hole(void **state)
{
	struct made made = make("{\"path\":\"a/b.safetensors\",\"dtype\":\"F16\",\"parts\":"
				"[{\"keys\":[[\"z\",[4,2]],[\"y\",[3],\"F32\"],[\"a\",[]]]}]}");
	const struct sample_file *file = file_at(&made, 0);
	struct reading reading = read_header(file, &made.arena);

	(void)state;
	assert_int_equal(made.files.len, 1);
	assert_true(str_equal(file->path, STR("a/b.safetensors")));
	assert_int_equal(file->what, SAMPLE_BYTES);
	assert_int_equal(reading.status, STATUS_OK);
	assert_int_equal(reading.table.n_tensors, 3);
	/* widest type first, then by name */
	assert_true(str_equal(reading.table.tensors[0].name, STR("y")));
	assert_true(str_equal(reading.table.tensors[1].name, STR("a")));
	assert_int_equal(reading.table.tensors[2].offset_bytes, 14);
	assert_int_equal(file->size_bytes, file->head.len + 30);
	finish(&made);
}

static void a_trainer_leaves_its_block(void **state)
{
	struct made made = make(
		"{\"path\":\"a.safetensors\",\"parts\":[{\"keys\":[[\"a\",[1]]]}],\"kohya\":"
		"{\"name\":\"fog\",\"words\":[\"harbor fog\"],\"images\":12,\"tags\":[\"ship\"],"
		"\"dim\":16,\"alpha\":4,\"network_args\":{\"algo\":\"loha\"},"
		"\"set\":{\"ss_v2\":\"maybe\"},\"drop\":[\"ss_seed\"]},"
		"\"metadata\":{\"format\":\"pt\"}}");
	struct reading reading = read_header(file_at(&made, 0), &made.arena);
	struct error err = { 0 };
	const struct spec *tags;

	(void)state;
	assert_true(str_equal(metadata_find(&reading.metadata, STR("ss_network_alpha")), STR("4")));
	assert_true(str_equal(metadata_find(&reading.metadata, STR("ss_v2")), STR("maybe")));
	assert_true(str_equal(metadata_find(&reading.metadata, STR("format")), STR("pt")));
	assert_null(metadata_find(&reading.metadata, STR("ss_seed")).ptr);
	assert_true(spec_parse(metadata_find(&reading.metadata, STR("ss_tag_frequency")),
			       &made.arena, &tags, &err));
	assert_int_equal(spec_number(tags->first, "harbor fog", 0), 12);
	assert_int_equal(spec_number(tags->first, "ship", 0), 12);
	finish(&made);
}

static void the_same_line_gives_the_same_bytes(void **state)
{
	const char *line = "{\"path\":\"x.safetensors\",\"parts\":[{\"keys\":[[\"a\",[1]]]}],"
			   "\"kohya\":{},\"sidecars\":[\"civitai.info\",\"preview.png\"]}";
	struct made first = make(line), second = make(line);

	(void)state;
	assert_int_equal(first.files.len, 3);
	for (size_t i = 0; i < first.files.len; i++)
		assert_true(str_equal(file_at(&first, i)->head, file_at(&second, i)->head));
	finish(&second);
	finish(&first);
}

static void companions_share_the_stem(void **state)
{
	static const char *const styles[] = {
		"civitai.info", "json", "metadata.json", "cm-info.json", "swarm.json",
	};
	struct made made =
		make("{\"path\":\"l/my.lora.safetensors\",\"parts\":[{\"keys\":[[\"a\",[1]]]}],"
		     "\"info\":{\"base\":\"Pony\",\"title\":\"T\",\"words\":[\"one\",\"two\"]},"
		     "\"sidecars\":[\"civitai.info\",\"json\",\"metadata.json\",\"cm-info.json\","
		     "\"swarm.json\",\"txt\",\"html\",\"yaml\",\"png\"]}");

	(void)state;
	assert_int_equal(made.files.len, 10);
	for (size_t i = 0; i < 5; i++) {
		const struct spec *spec;
		struct error err = { 0 };
		struct str name = arena_strf(&made.arena, "l/my.lora.%s", styles[i]);
		assert_true(str_equal(file_at(&made, i + 1)->path, name));
		assert_true(spec_parse(file_at(&made, i + 1)->head, &made.arena, &spec, &err));
	}
	assert_true(str_equal(file_at(&made, 6)->head, STR("one, two\n")));
	finish(&made);
}

static uint32_t be32(const char *bytes)
{
	uint32_t number = 0;

	for (int i = 0; i < 4; i++)
		number = number << 8 | (unsigned char)bytes[i];
	return number;
}

static void a_preview_is_a_small_png(void **state)
{
	struct bytes one = { 0 }, other = { 0 };

	(void)state;
	picture_append(STR("one"), &one);
	picture_append(STR("other"), &other);
	assert_memory_equal(one.ptr, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
	assert_int_equal(be32(one.ptr + 16), PICTURE_WIDTH);
	assert_int_equal(be32(one.ptr + 20), PICTURE_HEIGHT);
	assert_memory_equal(one.ptr + one.len - 12, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
	assert_true(one.len < 4096);
	assert_false(str_equal(bytes_str(&one), bytes_str(&other)));
	bytes_finish(&other);
	bytes_finish(&one);
}

static void a_download_stops_where_it_is_cut(void **state)
{
	struct made share = make("{\"path\":\"a.safetensors\",\"cut\":0.5,\"parts\":"
				 "[{\"keys\":[[\"a\",[4000]]]}]}");
	struct made bytes = make("{\"path\":\"a.safetensors\",\"cut\":20,\"parts\":"
				 "[{\"keys\":[[\"a\",[4000]]]}]}");

	(void)state;
	const struct sample_file *half = file_at(&share, 0);
	assert_int_equal(half->size_bytes, (16000 + half->head.len) / 2);
	assert_int_equal(file_at(&bytes, 0)->size_bytes, 20);
	assert_int_equal(file_at(&bytes, 0)->head.len, 20);
	finish(&bytes);
	finish(&share);
}

static void odd_headers_may_lie(void **state)
{
	struct made made = make("{\"path\":\"a.safetensors\",\"container\":\"odd-safetensors\","
				"\"odd\":{\"text\":\"[\",\"times\":3,\"after\":\"!\",\"spaces\":1,"
				"\"length\":18446744073709551615,\"data\":100}}");

	(void)state;
	assert_int_equal(header_length(file_at(&made, 0)->head), UINT64_MAX);
	assert_memory_equal(file_at(&made, 0)->head.ptr + 8, "[[[! ", 5);
	assert_int_equal(file_at(&made, 0)->size_bytes, 113);
	finish(&made);
}

static void special_files_say_what_they_are(void **state)
{
	struct made link = make("{\"path\":\"a\",\"container\":\"special\",\"special\":\"symlink\","
				"\"target\":\"b\"}");
	struct made bytes = make("{\"path\":\"a\",\"container\":\"special\",\"special\":\"bytes\","
				 "\"data\":[{\"hex\":\"00ff\"},{\"text\":\"ab\",\"times\":2}],"
				 "\"size\":9,\"mode\":\"600\"}");

	(void)state;
	assert_int_equal(file_at(&link, 0)->what, SAMPLE_LINK);
	assert_true(str_equal(file_at(&link, 0)->target, STR("b")));
	assert_int_equal(file_at(&bytes, 0)->head.len, 6);
	assert_memory_equal(file_at(&bytes, 0)->head.ptr,
			    "\0\xff"
			    "abab",
			    6);
	assert_int_equal(file_at(&bytes, 0)->size_bytes, 9);
	assert_int_equal(file_at(&bytes, 0)->mode, 0600);
	finish(&bytes);
	finish(&link);
}

static void names_that_are_no_utf8_come_back_as_bytes(void **state)
{
	struct made made = make("{\"path\":\"\\u00e9-\\udce9\\udcff-\\ud83d\\ude00.bin\","
				"\"container\":\"special\",\"special\":\"bytes\",\"data\":[]}");

	(void)state;
	assert_string_equal(file_at(&made, 0)->path.ptr, "\xc3\xa9-\xe9\xff-\xf0\x9f\x98\x80.bin");
	finish(&made);
}

/* The whole file, with its holes. */
static struct str assemble(struct made *made, const struct sample_file *file)
{
	char *bytes = arena_alloc(&made->arena, file->size_bytes);

	memcpy(bytes, file->head.ptr, file->head.len);
	for (size_t i = 0; i < file->n_pieces; i++) {
		struct str piece = file->pieces[i].bytes;
		assert_true(file->pieces[i].at + piece.len <= file->size_bytes);
		memcpy(bytes + file->pieces[i].at, piece.ptr, piece.len);
	}
	return (struct str){ bytes, file->size_bytes };
}

static void read_torch(const char *container, const char *more, struct made *made,
		       struct reading *reading)
{
	struct format_reader *reader = format_reader_create();
	struct arena arena = { 0 };

	*made = make(
		arena_printf(&arena,
			     "{\"path\":\"a.ckpt\",\"container\":\"%s\",%s\"parts\":"
			     "[{\"keys\":[[\"z\",[4,2]],[\"y\",[3],\"F16\"],[\"a\",[],\"I64\"]]}]}",
			     container, more));
	struct str bytes = assemble(made, file_at(made, 0));
	struct blob blob = blob_from_memory(bytes.ptr, bytes.len);
	format_read(reader, &blob, STR("a.ckpt"), &made->arena, reading);
	format_reader_destroy(reader);
	arena_finish(&arena);
}

static void torch_files_are_read_back(void **state)
{
	static const char *const containers[] = { "torch-zip", "torch-legacy" };
	static const enum format formats[] = { FORMAT_TORCH_ZIP, FORMAT_TORCH_LEGACY };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct made made;
		struct reading reading;
		read_torch(containers[i],
			   "\"object\":\"state_dict\",\"modern\":true,"
			   "\"extra\":{\"epoch\":3,\"rate\":0.5,\"big\":5000000000},",
			   &made, &reading);
		assert_int_equal(reading.format, formats[i]);
		assert_int_equal(reading.status, STATUS_OK);
		assert_int_equal(reading.safety, SAFETY_DATA_ONLY);
		assert_int_equal(reading.n_notes, 0);
		assert_int_equal(reading.table.n_tensors, 3);
		assert_true(str_equal(reading.table.tensors[0].name, STR("z")));
		assert_int_equal(reading.table.tensors[0].size_bytes, 32);
		assert_int_equal(reading.table.tensors[1].dtype, DTYPE_F16);
		assert_int_equal(reading.table.tensors[2].rank, 0);
		assert_true(
			str_equal(metadata_find(&reading.metadata, STR("big")), STR("5000000000")));
		finish(&made);
	}
}

static void a_cut_torch_file_ends_where_it_is_cut(void **state)
{
	struct made made;
	struct reading reading;

	(void)state;
	read_torch("torch-zip", "\"cut\":0.5,", &made, &reading);
	assert_string_equal(reading.error.code.ptr, "E_ZIP_END");
	finish(&made);
	read_torch("torch-legacy", "\"cut\":\"460\",", &made, &reading);
	assert_int_equal(reading.size_bytes, 460);
	assert_true(reading.status != STATUS_OK);
	finish(&made);
}

static void what_cannot_be_made_is_told(void **state)
{
	static const struct {
		const char *line;
		enum error_code code;
	} cases[] = {
		{ "{\"path\":\"a.ckpt\",\"container\":\"torch-zip\",\"object\":\"heap\"}",
		  ERROR_FORMAT },
		{ "{\"path\":\"a.gguf\",\"container\":\"gguf\",\"kv\":{\"a\":null}}",
		  ERROR_FORMAT },
		{ "{\"path\":\"a\",\"container\":\"jar\"}", ERROR_FORMAT },
		{ "{\"container\":\"safetensors\"}", ERROR_FORMAT },
		{ "{\"path\":\"a\",\"container\":\"special\",\"special\":\"door\"}", ERROR_FORMAT },
		{ "{\"path\":\"a\",\"sidecars\":[\"poem\"]}", ERROR_FORMAT },
		{ "{\"path\":\"a\",\"cut\":1.5}", ERROR_FORMAT },
		{ "{\"path\":\"a\",\"mode\":\"rwx\"}", ERROR_FORMAT },
		{ "{\"path\":", ERROR_FORMAT },
	};
	struct key_source keys = sample_disk_keys();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made made = { .files = ARRAY_OF(struct sample_file) };
		struct error err = { 0 };
		assert_false(sample_make(str_from(cases[i].line), &keys, keep, &made, &err));
		assert_int_equal(err.code, cases[i].code);
		finish(&made);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_model_is_a_header_and_a_hole),
		cmocka_unit_test(a_trainer_leaves_its_block),
		cmocka_unit_test(the_same_line_gives_the_same_bytes),
		cmocka_unit_test(companions_share_the_stem),
		cmocka_unit_test(a_preview_is_a_small_png),
		cmocka_unit_test(a_download_stops_where_it_is_cut),
		cmocka_unit_test(odd_headers_may_lie),
		cmocka_unit_test(special_files_say_what_they_are),
		cmocka_unit_test(names_that_are_no_utf8_come_back_as_bytes),
		cmocka_unit_test(torch_files_are_read_back),
		cmocka_unit_test(a_cut_torch_file_ends_where_it_is_cut),
		cmocka_unit_test(what_cannot_be_made_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
