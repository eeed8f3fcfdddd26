// SPDX-License-Identifier: MIT
#include "core/samples/trainer.h"

#include "core/base/json_write.h"
#include "core/formats/format.h"
#include "core/samples/dice.h"

#define TAGS_USUAL 40
#define TAG_STEP 29

static const struct {
	const char *key, *value;
} constants[] = {
	{ "ss_cache_latents", "True" },
	{ "ss_caption_dropout_every_n_epochs", "0" },
	{ "ss_caption_dropout_rate", "0.0" },
	{ "ss_caption_tag_dropout_rate", "0.0" },
	{ "ss_color_aug", "False" },
	{ "ss_enable_bucket", "True" },
	{ "ss_face_crop_aug_range", "None" },
	{ "ss_flip_aug", "False" },
	{ "ss_full_fp16", "False" },
	{ "ss_gradient_accumulation_steps", "1" },
	{ "ss_gradient_checkpointing", "True" },
	{ "ss_keep_tokens", "1" },
	{ "ss_learning_rate", "0.0001" },
	{ "ss_lowram", "False" },
	{ "ss_lr_scheduler", "cosine_with_restarts" },
	{ "ss_lr_warmup_steps", "0" },
	{ "ss_max_bucket_reso", "2048" },
	{ "ss_max_grad_norm", "1.0" },
	{ "ss_max_token_length", "225" },
	{ "ss_min_bucket_reso", "256" },
	{ "ss_min_snr_gamma", "5.0" },
	{ "ss_noise_offset", "0.0357" },
	{ "ss_num_reg_images", "0" },
	{ "ss_optimizer", "bitsandbytes.optim.adamw.AdamW8bit" },
	{ "ss_prior_loss_weight", "1.0" },
	{ "ss_random_crop", "False" },
	{ "ss_reg_dataset_dirs", "{}" },
	{ "ss_shuffle_caption", "True" },
	{ "ss_text_encoder_lr", "5e-05" },
	{ "ss_total_batch_size", "4" },
	{ "ss_batch_size_per_device", "4" },
	{ "ss_training_comment", "None" },
	{ "ss_unet_lr", "0.0001" },
	{ "ss_vae_name", "None" },
};

/* What captioners see in pictures. */
static const char *const usual_tags[] = {
	"solo",
	"outdoors",
	"indoors",
	"night",
	"sky",
	"tree",
	"flower",
	"dress",
	"shirt",
	"jacket",
	"gloves",
	"hat",
	"boots",
	"standing",
	"sitting",
	"smile",
	"looking at viewer",
	"long hair",
	"short hair",
	"blue eyes",
	"simple background",
	"white background",
	"upper body",
	"full body",
	"from side",
	"from behind",
	"holding",
	"jewelry",
	"ribbon",
	"braid",
	"ponytail",
	"monochrome",
	"greyscale",
	"realistic",
	"landscape",
	"city",
	"mountain",
	"river",
	"ocean",
	"cloud",
	"rain",
	"snow",
	"sunset",
	"window",
	"chair",
	"table",
	"book",
	"cup",
	"food",
	"animal",
	"cat",
	"dog",
	"horse",
	"bird",
	"dragon",
	"armor",
	"sword",
	"castle",
	"robot",
	"spaceship",
	"neon lights",
	"fantasy",
	"portrait",
	"bokeh",
	"film grain",
	"lineart",
	"watercolor (medium)",
	"oil painting (medium)",
	"pixel art",
	"lantern",
	"bridge",
	"lighthouse",
	"fog",
	"reflection",
};
#define N_USUAL_TAGS (sizeof(usual_tags) / sizeof(usual_tags[0]))

_Static_assert(N_USUAL_TAGS % TAG_STEP != 0, "a step that visits every tag");

struct trainer {
	const struct spec *spec;
	struct dice dice;
	struct arena *arena;
	struct array *pairs;
	struct str base, name, word, dataset;
	uint64_t n_images, repeats;
};

static struct metadata_pair *find_pair(struct array *pairs, struct str key)
{
	for (size_t i = 0; i < pairs->len; i++) {
		struct metadata_pair *pair = ARRAY_AT(pairs, struct metadata_pair, i);
		if (str_equal(pair->key, key))
			return pair;
	}
	return NULL;
}

static void set_pair(struct array *pairs, struct str key, struct str value)
{
	struct metadata_pair *pair = find_pair(pairs, key);

	if (!pair)
		pair = ARRAY_PUSH(pairs, struct metadata_pair);
	pair->key = key;
	pair->value = value;
}

static void set(struct trainer *t, const char *key, struct str value)
{
	set_pair(t->pairs, str_from(key), value);
}

static void set_number(struct trainer *t, const char *key, uint64_t number)
{
	set(t, key, arena_strf(t->arena, "%llu", (unsigned long long)number));
}

/* A member of the spec under kohya's name for it. */
static void set_from(struct trainer *t, const char *key, const char *member, struct str otherwise)
{
	set(t, key, spec_text(t->spec, member, otherwise));
}

static void set_json(struct trainer *t, const char *key, struct bytes *json)
{
	set(t, key, arena_str(t->arena, bytes_str(json)));
	bytes_finish(json);
}

static void write_listed_tags(struct trainer *t, struct json_writer *json, const struct spec *tags)
{
	uint64_t n = t->n_images;

	for (const struct spec *tag = tags->first; tag; tag = tag->next) {
		json_u64_value(json, arena_cstr(t->arena, tag->text), n);
		n -= dice_throw(&t->dice, n / 4 + 1);
	}
}

/* Every tag at most once: a run through the list in steps that share no divisor with it. */
static void write_usual_tags(struct trainer *t, struct json_writer *json, uint64_t n_tags)
{
	size_t at = (size_t)dice_throw(&t->dice, N_USUAL_TAGS);

	for (uint64_t i = 0; i < n_tags && i < N_USUAL_TAGS; i++) {
		json_u64_value(json, usual_tags[at], 1 + dice_throw(&t->dice, t->n_images));
		at = (at + TAG_STEP) % N_USUAL_TAGS;
	}
}

/* {"10_word": {"word": 40, "tag": 12, ...}} */
static void set_tag_frequency(struct trainer *t)
{
	const struct spec *tags = spec_find(t->spec, "tags");
	struct bytes out = { 0 };
	struct json_writer json = json_writer(&out);

	json_object(&json, NULL);
	json_object(&json, arena_cstr(t->arena, t->dataset));
	json_u64_value(&json, arena_cstr(t->arena, t->word), t->n_images);
	if (tags && tags->type == SPEC_LIST)
		write_listed_tags(t, &json, tags);
	else
		write_usual_tags(t, &json, spec_number(t->spec, "tags", TAGS_USUAL));
	json_object_end(&json);
	json_object_end(&json);
	set_json(t, "ss_tag_frequency", &out);
}

/* {"10_word": {"n_repeats": 10, "img_count": 40}} */
static void set_dataset_dirs(struct trainer *t)
{
	struct bytes out = { 0 };
	struct json_writer json = json_writer(&out);

	json_object(&json, NULL);
	json_object(&json, arena_cstr(t->arena, t->dataset));
	json_u64_value(&json, "n_repeats", t->repeats);
	json_u64_value(&json, "img_count", t->n_images);
	json_object_end(&json);
	json_object_end(&json);
	set_json(t, "ss_dataset_dirs", &out);
}

static void set_network_args(struct trainer *t)
{
	const struct spec *args = spec_find(t->spec, "network_args");
	struct bytes out = { 0 };
	struct json_writer json = json_writer(&out);

	if (!args)
		return;
	json_object(&json, NULL);
	for (const struct spec *one = args->first; one; one = one->next)
		json_string(&json, arena_cstr(t->arena, one->key), one->text);
	json_object_end(&json);
	set_json(t, "ss_network_args", &out);
}

static struct str resolution(struct trainer *t)
{
	bool is_large = str_has_prefix(t->base, STR("sdxl")) ||
			str_has_prefix(t->base, STR("flux")) || str_has_prefix(t->base, STR("sd3"));

	return spec_text(t->spec, "resolution", is_large ? STR("(1024, 1024)") : STR("(512, 512)"));
}

static void set_base(struct trainer *t)
{
	bool is_v2 = str_find(t->base, STR("sd_v2")) >= 0;
	struct str hash = dice_hash(t->arena, STR("base"), t->base);

	set(t, "ss_base_model_version", t->base);
	set(t, "ss_v2", is_v2 ? STR("True") : STR("False"));
	set_from(t, "ss_sd_model_name", "sd_model", STR("sd_xl_base_1.0.safetensors"));
	set_from(t, "ss_new_sd_model_hash", "sd_hash", hash);
	set_from(t, "ss_sd_model_hash", "sd_legacy", str_slice(hash, 0, 8));
	set_from(t, "ss_clip_skip", "clip_skip", STR("None"));
	set(t, "ss_resolution", resolution(t));
}

static void set_network(struct trainer *t)
{
	set_from(t, "ss_network_module", "module", STR("networks.lora"));
	set_from(t, "ss_network_dim", "dim", STR("32"));
	set_from(t, "ss_network_alpha", "alpha", STR("16"));
	set_from(t, "ss_mixed_precision", "precision", STR("fp16"));
	set_network_args(t);
}

static void set_run(struct trainer *t)
{
	uint64_t started_s = 1690000000 + dice_throw(&t->dice, 60000000);
	uint64_t n_epochs = 8 + dice_throw(&t->dice, 12);
	uint64_t n_batches = t->n_images * t->repeats / 4 + 1;
	uint64_t finished_s = started_s + n_batches * n_epochs * 2;
	struct str hash = dice_hash(t->arena, t->name, STR("model"));

	set_number(t, "ss_num_train_images", t->n_images * t->repeats);
	set_number(t, "ss_num_batches_per_epoch", n_batches);
	set_number(t, "ss_num_epochs", n_epochs);
	set_number(t, "ss_epoch", n_epochs);
	set_number(t, "ss_max_train_steps", n_batches * n_epochs);
	set_number(t, "ss_seed", dice_throw(&t->dice, UINT32_MAX));
	set_number(t, "ss_session_id", dice_throw(&t->dice, UINT32_MAX));
	set(t, "ss_training_started_at",
	    arena_strf(t->arena, "%llu.5", (unsigned long long)started_s));
	set(t, "ss_training_finished_at",
	    arena_strf(t->arena, "%llu.25", (unsigned long long)finished_s));
	set(t, "ss_output_name", t->name);
	set(t, "ss_sd_scripts_commit_hash", str_slice(hash, 0, 40));
	set(t, "sshs_model_hash", hash);
	set(t, "sshs_legacy_hash", str_slice(hash, 0, 8));
}

/* "(1024, 1024)" as "1024x1024" */
static struct str times(struct trainer *t, struct str pair)
{
	ptrdiff_t comma = str_find(pair, STR(", "));

	if (comma < 1)
		return pair;
	return arena_strf(t->arena, "%.*sx%.*s", STR_ARG(str_slice(pair, 1, (size_t)comma)),
			  STR_ARG(str_slice(pair, (size_t)comma + 2, pair.len - 1)));
}

static void set_modelspec(struct trainer *t)
{
	struct str architecture = spec_text(t->spec, "modelspec", STR_NULL);

	if (!architecture.ptr)
		return;
	set(t, "modelspec.sai_model_spec", STR("1.0.0"));
	set(t, "modelspec.architecture", architecture);
	set(t, "modelspec.implementation",
	    STR("https://github.com/Stability-AI/generative-models"));
	set(t, "modelspec.title", t->name);
	set(t, "modelspec.resolution", times(t, resolution(t)));
	set(t, "modelspec.date",
	    arena_strf(t->arena, "2024-%02u-%02uT10:11:12", 1 + (unsigned)dice_throw(&t->dice, 12),
		       1 + (unsigned)dice_throw(&t->dice, 28)));
	set_from(t, "modelspec.prediction_type", "prediction", STR("epsilon"));
}

static void drop_pairs(struct array *pairs, const struct spec *keys)
{
	for (const struct spec *key = keys ? keys->first : NULL; key; key = key->next) {
		struct metadata_pair *pair = find_pair(pairs, key->text);
		if (!pair)
			continue;
		*pair = *ARRAY_AT(pairs, struct metadata_pair, pairs->len - 1);
		array_pop(pairs);
	}
}

static void set_all(struct array *pairs, const struct spec *table)
{
	for (const struct spec *one = table ? table->first : NULL; one; one = one->next)
		set_pair(pairs, one->key, one->text);
}

static void kohya_block(struct trainer *t)
{
	const struct spec *words = spec_find(t->spec, "words");

	t->base = spec_text(t->spec, "base_version", STR("sdxl_base_v1-0"));
	t->name = spec_text(t->spec, "name", STR("lora"));
	t->n_images = spec_number(t->spec, "images", 18 + dice_throw(&t->dice, 140));
	t->repeats = spec_number(t->spec, "repeats", 1 + dice_throw(&t->dice, 20));
	t->word = words && words->first ? words->first->text : t->name;
	t->dataset =
		arena_strf(t->arena, "%llu_%.*s", (unsigned long long)t->repeats, STR_ARG(t->word));
	for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++)
		set(t, constants[i].key, str_from(constants[i].value));
	set_base(t);
	set_network(t);
	set_run(t);
	set_tag_frequency(t);
	set_dataset_dirs(t);
	set_modelspec(t);
	set_all(t->pairs, spec_find(t->spec, "set"));
	drop_pairs(t->pairs, spec_find(t->spec, "drop"));
}

void trainer_metadata(const struct spec *entry, struct str seed, struct arena *arena,
		      struct array *pairs)
{
	struct trainer trainer = {
		.spec = spec_find(entry, "kohya"),
		.dice = dice_from(seed),
		.arena = arena,
		.pairs = pairs,
	};

	if (trainer.spec)
		kohya_block(&trainer);
	set_all(pairs, spec_find(entry, "metadata"));
}
