// SPDX-License-Identifier: MIT
/* Models that are several files, as folders in memory. */
#include "core/formats/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/memory_folder.h"

struct scene {
	struct memory_folder disk;
	struct format_reader *reader;
	struct arena arena;
	struct reading out;
};

static int set_up(void **state)
{
	struct scene *scene = test_calloc(1, sizeof *scene);
	scene->reader = format_reader_create();
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	format_reader_destroy(scene->reader);
	memory_folder_finish(&scene->disk);
	arena_finish(&scene->arena);
	test_free(scene);
	return 0;
}

static void read(struct scene *scene)
{
	format_read_folder(scene->reader, &scene->disk.folder, &scene->arena, &scene->out);
}

static const struct tensor *find_tensor(const struct scene *scene, const char *name)
{
	for (size_t i = 0; i < scene->out.table.n_tensors; i++)
		if (str_equal(scene->out.table.tensors[i].name, str_from(name)))
			return &scene->out.table.tensors[i];
	return NULL;
}

static void assert_note(const struct scene *scene, const char *code, const char *message)
{
	for (size_t i = 0; i < scene->out.n_notes; i++)
		if (str_equal(scene->out.notes[i].code, str_from(code)) &&
		    str_equal(scene->out.notes[i].message, str_from(message)))
			return;
	for (size_t i = 0; i < scene->out.n_notes; i++)
		print_error("%.*s: %.*s\n", STR_ARG(scene->out.notes[i].code),
			    STR_ARG(scene->out.notes[i].message));
	fail_msg("no %s: %s", code, message);
}

static void assert_sound(const struct scene *scene)
{
	if (scene->out.error.code.ptr)
		fail_msg("%s: %s", scene->out.error.code.ptr, scene->out.error.message.ptr);
	assert_int_equal(scene->out.n_notes, 0);
	assert_int_equal(scene->out.status, STATUS_OK);
}

static void assert_config(const struct scene *scene, const char *key, const char *wanted)
{
	struct str value = metadata_find(&scene->out.config, str_from(key));
	if (!str_equal(value, str_from(wanted)))
		fail_msg("%s is \"%.*s\"", key, STR_ARG(value));
}

static const char pipeline_index[] =
	"{\"_class_name\":\"StableDiffusionPipeline\",\"unet\":[\"diffusers\",\"UNet2DConditionModel\"],"
	"\"vae\":[\"diffusers\",\"AutoencoderKL\"],\"scheduler\":[\"diffusers\",\"DDIMScheduler\"],"
	"\"safety_checker\":[null,null]}";

static void add_pipeline(struct scene *scene)
{
	struct memory_folder *disk = &scene->disk;
	memory_folder_text(disk, "model_index.json", pipeline_index);
	memory_folder_text(disk, "scheduler/scheduler_config.json",
			   "{\"prediction_type\":\"v_prediction\",\"trained_betas\":null}");
	memory_folder_text(
		disk, "unet/config.json",
		"{\"_class_name\":\"UNet2DConditionModel\",\"block_out_channels\":[320,640]}");
	memory_folder_tensors(disk, "unet/diffusion_pytorch_model.safetensors",
			      "conv_in.weight [320,4,3,3]; conv_in.bias [320]");
	memory_folder_tensors(disk, "vae/diffusion_pytorch_model.safetensors",
			      "decoder.conv_in.weight [512,4,3,3]");
}

static void a_pipeline_is_its_components(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene);
	read(scene);
	assert_sound(scene);
	assert_int_equal(scene->out.format, FORMAT_DIFFUSERS);
	assert_int_equal(scene->out.safety, SAFETY_DATA_ONLY);
	assert_int_equal(scene->out.table.n_tensors, 3);
	const struct tensor *tensor = find_tensor(scene, "unet.conv_in.weight");
	assert_non_null(tensor);
	assert_int_equal(tensor->rank, 4);
	assert_int_equal(tensor->shape[0], 320);
	assert_non_null(find_tensor(scene, "vae.decoder.conv_in.weight"));
	assert_config(scene, "model_index.json:_class_name", "StableDiffusionPipeline");
	assert_config(scene, "unet/config.json:_class_name", "UNet2DConditionModel");
	assert_config(scene, "unet/config.json:block_out_channels[]", "320");
	assert_config(scene, "scheduler/scheduler_config.json:prediction_type", "v_prediction");
	assert_null(metadata_find(&scene->out.config,
				  STR("scheduler/scheduler_config.json:trained_betas"))
			    .ptr);
	uint64_t size_bytes = 0;
	for (size_t i = 0; i < scene->disk.folder.n_files; i++)
		if (str_has_suffix(scene->disk.files[i].path, STR(".safetensors")))
			size_bytes += scene->disk.files[i].blob.size_bytes;
	assert_int_equal(scene->out.size_bytes, size_bytes);
}

static void what_the_index_does_not_load_does_not_count(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene);
	memory_folder_tensors(&scene->disk, "safety_checker/model.safetensors", "concept [17,768]");
	memory_folder_tensors(&scene->disk, "vae_1_0/diffusion_pytorch_model.safetensors",
			      "old [1]");
	memory_folder_tensors(&scene->disk, "text_encoder/model.safetensors", "forgotten [1]");
	memory_folder_tensors(&scene->disk, "v1-5.safetensors", "beside [1]");
	read(scene);
	assert_sound(scene);
	assert_int_equal(scene->out.table.n_tensors, 4);
	assert_non_null(find_tensor(scene, "text_encoder.forgotten"));
}

static void of_several_copies_one_counts(void **state)
{
	static const char *const others[] = {
		"vae/diffusion_pytorch_model.fp16.safetensors",
		"vae/diffusion_pytorch_model.bin",
		"vae/model-00001-of-00002.safetensors",
		"vae/zz.safetensors",
	};
	struct scene *scene = *state;
	add_pipeline(scene);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		memory_folder_tensors(&scene->disk, others[i], "half [1]");
	memory_folder_text(&scene->disk, "vae/flax_model.msgpack", "flax");
	read(scene);
	assert_int_equal(scene->out.table.n_tensors, 3);
	assert_null(find_tensor(scene, "vae.half"));
	assert_int_equal(scene->out.status, STATUS_OK);
	assert_note(scene, "W_VARIANTS",
		    "vae/diffusion_pytorch_model.safetensors counts; "
		    "4 other copies of these weights lie beside it");
}

/* huggingface/diffusers loads the whole-precision pickle before a variant nobody asked for. */
static void copies_are_chosen_as_diffusers_chooses(void **state)
{
	static const char *const order[] = {
		"diffusion_pytorch_model.safetensors",
		"model.safetensors",
		"pytorch_model.bin",
		"model.fp16.safetensors",
		"diffusion_pytorch_model.fp16.bin",
		"own.safetensors",
	};
	enum { N = sizeof order / sizeof *order };
	struct scene *scene = *state;
	for (size_t first = 0; first < N; first++) {
		struct memory_folder disk = { 0 };
		struct arena arena = { 0 };
		struct reading out;
		memory_folder_text(&disk, "config.json", "{}");
		for (size_t i = first; i < N; i++)
			memory_folder_tensors(&disk, order[i],
					      i == first ? "best [1]" : "other [1]");
		format_read_folder(scene->reader, &disk.folder, &arena, &out);
		assert_int_equal(out.table.n_tensors, 1);
		if (!str_equal(out.table.tensors[0].name, STR("best")))
			fail_msg("%s is not chosen", order[first]);
		arena_finish(&arena);
		memory_folder_finish(&disk);
	}
}

static void one_component_has_no_prefix(void **state)
{
	struct scene *scene = *state;
	memory_folder_text(&scene->disk, "config.json", "{\"_class_name\":\"AutoencoderKL\"}");
	memory_folder_tensors(&scene->disk, "diffusion_pytorch_model.safetensors",
			      "decoder.conv_in.weight [512,4,3,3]");
	read(scene);
	assert_sound(scene);
	assert_int_equal(scene->out.format, FORMAT_DIFFUSERS);
	assert_non_null(find_tensor(scene, "decoder.conv_in.weight"));
	assert_config(scene, "config.json:_class_name", "AutoencoderKL");
}

static const char two_parts[] =
	"{\"metadata\":{\"total_size\":10},\"weight_map\":{\"a\":\"m-00001-of-00002.safetensors\","
	"\"b\":\"m-00002-of-00002.safetensors\",\"c\":\"m-00002-of-00002.safetensors\"}}";

static void add_first_part(struct scene *scene)
{
	memory_folder_text(&scene->disk, "m.safetensors.index.json", two_parts);
	memory_folder_tensors(&scene->disk, "m-00001-of-00002.safetensors", "a [2]");
}

static void parts_are_one_model(void **state)
{
	struct scene *scene = *state;
	add_first_part(scene);
	memory_folder_tensors(&scene->disk, "m-00002-of-00002.safetensors", "b [2]; c []");
	read(scene);
	assert_sound(scene);
	assert_int_equal(scene->out.format, FORMAT_SAFETENSORS);
	assert_int_equal(scene->out.table.n_tensors, 3);
	assert_int_equal(scene->out.config.n_pairs, 0);
}

static void a_missing_part_is_damage(void **state)
{
	struct scene *scene = *state;
	add_first_part(scene);
	read(scene);
	assert_int_equal(scene->out.status, STATUS_DAMAGED);
	assert_note(scene, "W_IX_MISSING", "shard m-00002-of-00002.safetensors is missing");
	assert_int_equal(scene->out.n_notes, 1);
	/* The names are known all the same. */
	assert_int_equal(scene->out.table.n_tensors, 3);
	assert_int_equal(find_tensor(scene, "c")->rank, 0);
	assert_int_equal(find_tensor(scene, "c")->dtype, DTYPE_UNKNOWN);
}

static void without_an_index_numbers_tell(void **state)
{
	struct scene *scene = *state;
	memory_folder_tensors(&scene->disk, "m-00001-of-00003.safetensors", "a [2]");
	memory_folder_tensors(&scene->disk, "m-00003-of-00003.safetensors", "b [2]");
	read(scene);
	assert_int_equal(scene->out.status, STATUS_DAMAGED);
	assert_note(scene, "W_IX_MISSING", "shard m-00002-of-00003.safetensors is missing");
	assert_int_equal(scene->out.table.n_tensors, 2);
}

static void a_tensor_that_a_part_lacks_is_missing(void **state)
{
	struct scene *scene = *state;
	add_first_part(scene);
	memory_folder_tensors(&scene->disk, "m-00002-of-00002.safetensors", "b [3]");
	read(scene);
	assert_int_equal(scene->out.status, STATUS_DAMAGED);
	assert_note(scene, "W_IX_MISSING",
		    "tensor \"c\" is missing from m-00002-of-00002.safetensors");
}

static void another_size_is_told(void **state)
{
	struct scene *scene = *state;
	add_first_part(scene);
	memory_folder_tensors(&scene->disk, "m-00002-of-00002.safetensors", "b [3]; c []");
	read(scene);
	assert_int_equal(scene->out.status, STATUS_OK);
	assert_note(scene, "W_IX_SIZE", "index says 10 bytes in all, its files hold 12");
}

static void an_index_may_not_point_outside(void **state)
{
	struct scene *scene = *state;
	memory_folder_text(&scene->disk, "m.safetensors.index.json",
			   "{\"weight_map\":{\"a\":\"m-00001-of-00001.safetensors\","
			   "\"b\":\"../m.safetensors\"}}");
	memory_folder_tensors(&scene->disk, "m-00001-of-00001.safetensors", "a [2]");
	read(scene);
	assert_int_equal(scene->out.status, STATUS_DAMAGED);
	assert_string_equal(scene->out.error.code.ptr, "E_IX_PATH");
	assert_string_equal(scene->out.error.message.ptr,
			    "index points outside its folder: \"../m.safetensors\"");
	assert_int_equal(scene->out.table.n_tensors, 1);
}

static void a_broken_index_is_passed_over(void **state)
{
	struct scene *scene = *state;
	memory_folder_text(&scene->disk, "m.safetensors.index.json", "{\"weight_map\":");
	memory_folder_tensors(&scene->disk, "m-00001-of-00001.safetensors", "a [2]");
	read(scene);
	assert_int_equal(scene->out.status, STATUS_OK);
	assert_int_equal(scene->out.n_notes, 1);
	assert_string_equal(scene->out.notes[0].code.ptr, "W_JSON");
	assert_int_equal(scene->out.table.n_tensors, 1);
}

static void an_index_alone_is_damage(void **state)
{
	struct scene *scene = *state;
	memory_folder_text(&scene->disk, "m.safetensors.index.json", "{\"weight_map\":");
	read(scene);
	assert_int_equal(scene->out.status, STATUS_DAMAGED);
	assert_false(scene->out.has_table);
}

static void a_files_error_is_the_folders(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene);
	memory_folder_add(
		&scene->disk, "text_encoder/model.safetensors",
		STR("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 69\n"));
	read(scene);
	assert_int_equal(scene->out.status, STATUS_PARTIAL);
	assert_string_equal(scene->out.error.code.ptr, "E_LFS");
	assert_string_equal(scene->out.error.message.ptr,
			    "text_encoder/model.safetensors: this is "
			    "a Git LFS pointer; the real file (69 bytes) was not downloaded");
	assert_int_equal(scene->out.table.n_tensors, 3);
	assert_int_equal(scene->out.safety, SAFETY_CANNOT_TELL);
}

static void a_pickle_beside_counts_for_safety(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene);
	memory_folder_add(&scene->disk, "unet/diffusion_pytorch_model.bin",
			  STR("cos\nsystem\n(S'echo'\ntR."));
	read(scene);
	assert_int_equal(scene->out.safety, SAFETY_RUNS_CODE);
	assert_int_equal(scene->out.n_globals, 1);
	assert_true(str_equal(scene->out.globals[0], STR("os.system")));
	assert_int_equal(scene->out.table.n_tensors, 3);
}

static void what_cannot_be_opened_is_unreadable(void **state)
{
	struct scene *scene = *state;
	add_pipeline(scene);
	for (size_t i = 0; i < scene->disk.folder.n_files; i++)
		if (str_has_prefix(scene->disk.files[i].path, STR("vae/")))
			scene->disk.files[i].why_not = "Permission denied";
	read(scene);
	assert_int_equal(scene->out.status, STATUS_UNREADABLE);
	assert_string_equal(scene->out.error.message.ptr,
			    "vae/diffusion_pytorch_model.safetensors: "
			    "cannot read: Permission denied");
}

static void python_in_the_folder_runs(void **state)
{
	static const struct {
		const char *path, *text, *told;
	} rows[] = {
		{ "unet/mine.py", "import os", "loads Python from this folder: unet/mine.py" },
		{ "model_index.json", "{\"_class_name\":[\"mine\",\"MinePipeline\"]}",
		  "loads Python from this folder: mine.MinePipeline" },
		{ "model_index.json", "{\"unet\":[\"../up/mine\",\"Mine\"]}",
		  "loads Python from this folder: ../up/mine" },
		{ "model_index.json", "{\"unet\":[\".mine\",\"Mine\"]}",
		  "loads Python from this folder: .mine" },
		{ "config.json", "{\"auto_map\":{\"AutoModel\":\"modeling.Mine\"}}",
		  "loads Python from this folder: modeling.Mine" },
		{ "tokenizer/tokenizer_config.json",
		  "{\"auto_map\":{\"AutoTokenizer\":[\"t.Mine\",null]}}",
		  "loads Python from this folder: t.Mine" },
	};
	struct scene *scene = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct memory_folder *disk = &scene->disk;
		*disk = (struct memory_folder){ 0 };
		if (strcmp(rows[i].path, "model_index.json") != 0)
			memory_folder_text(disk, "model_index.json", pipeline_index);
		memory_folder_tensors(disk, "unet/diffusion_pytorch_model.safetensors", "a [1]");
		memory_folder_text(disk, rows[i].path, rows[i].text);
		read(scene);
		assert_int_equal(scene->out.safety, SAFETY_RUNS_CODE);
		assert_int_equal(scene->out.status, STATUS_OK);
		assert_int_equal(scene->out.n_globals, 1);
		assert_note(scene, "V_REMOTE_CODE", rows[i].told);
		memory_folder_finish(disk);
	}
	scene->disk = (struct memory_folder){ 0 };
}

static void weights_that_are_gone_are_missed(void **state)
{
	struct scene *scene = *state;
	memory_folder_text(&scene->disk, "model_index.json", pipeline_index);
	memory_folder_text(&scene->disk, "unet/config.json", "{}");
	memory_folder_tensors(&scene->disk, "vae/diffusion_pytorch_model.safetensors", "a [1]");
	memory_folder_text(&scene->disk, "scheduler/scheduler_config.json", "{}");
	read(scene);
	assert_int_equal(scene->out.status, STATUS_DAMAGED);
	assert_note(scene, "W_IX_MISSING", "weights of unet are missing");
	assert_int_equal(scene->out.n_notes, 1);
}

static void a_broken_json_says_nothing(void **state)
{
	struct scene *scene = *state;
	memory_folder_text(&scene->disk, "model_index.json", "{\"_class_name\": NaN}");
	memory_folder_tensors(&scene->disk, "unet/diffusion_pytorch_model.safetensors", "a [1]");
	read(scene);
	assert_int_equal(scene->out.status, STATUS_OK);
	assert_int_equal(scene->out.n_notes, 1);
	assert_string_equal(scene->out.notes[0].code.ptr, "W_JSON");
	assert_non_null(find_tensor(scene, "unet.a"));
}

static void nothing_is_no_model(void **state)
{
	struct scene *scene = *state;
	memory_folder_text(&scene->disk, "readme.txt", "hello");
	read(scene);
	assert_int_equal(scene->out.status, STATUS_UNSUPPORTED);
	assert_string_equal(scene->out.error.code.ptr, "E_NOT_FILE");
	assert_int_equal(scene->out.safety, SAFETY_CANNOT_TELL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_pipeline_is_its_components),
		TEST(what_the_index_does_not_load_does_not_count),
		TEST(of_several_copies_one_counts),
		TEST(copies_are_chosen_as_diffusers_chooses),
		TEST(one_component_has_no_prefix),
		TEST(parts_are_one_model),
		TEST(a_missing_part_is_damage),
		TEST(without_an_index_numbers_tell),
		TEST(a_tensor_that_a_part_lacks_is_missing),
		TEST(another_size_is_told),
		TEST(an_index_may_not_point_outside),
		TEST(a_broken_index_is_passed_over),
		TEST(an_index_alone_is_damage),
		TEST(a_files_error_is_the_folders),
		TEST(a_pickle_beside_counts_for_safety),
		TEST(what_cannot_be_opened_is_unreadable),
		TEST(python_in_the_folder_runs),
		TEST(weights_that_are_gone_are_missed),
		TEST(a_broken_json_says_nothing),
		TEST(nothing_is_no_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
