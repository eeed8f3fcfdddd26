// SPDX-License-Identifier: MIT
#include "storage/scan/facts.h"

#include "core/base/pack.h"
#include "storage/scan/layout.h"

/*
 * Flat form: version, is_whole, the layout's key, and squeezed: the reading, its words, the captions,
 * the sidecars, the hash.
 */
enum { SQUEEZE_LEVEL = 1, PAIR_FLAT_MIN = 2, FOLDER_FLAT_MIN = 4, SIDECAR_FLAT_MIN = 15 };

/* What trainers write most often, in the order in which they do: sd-scripts, train_network.py.
   A change here is another version. */
static const char *const usual_pairs[][2] = {
	{ "ss_sd_model_name", "sd_xl_base_1.0.safetensors" },
	{ "ss_sd_model_name", "model.safetensors" },
	{ "ss_clip_skip", "None" },
	{ "ss_num_train_images", "100" },
	{ "ss_tag_frequency", "{\"10_" },
	{ "ss_epoch", "10" },
	{ "ss_face_crop_aug_range", "None" },
	{ "ss_full_fp16", "False" },
	{ "ss_gradient_accumulation_steps", "1" },
	{ "ss_gradient_checkpointing", "True" },
	{ "ss_huber_c", "0.1" },
	{ "ss_huber_schedule", "snr" },
	{ "ss_ip_noise_gamma", "None" },
	{ "ss_learning_rate", "0.0001" },
	{ "ss_loss_type", "l2" },
	{ "ss_lowram", "False" },
	{ "ss_lr_scheduler", "constant" },
	{ "ss_lr_scheduler", "cosine_with_restarts" },
	{ "ss_lr_warmup_steps", "0" },
	{ "ss_max_grad_norm", "1.0" },
	{ "ss_max_token_length", "225" },
	{ "ss_max_train_steps", "2000" },
	{ "ss_min_snr_gamma", "5.0" },
	{ "ss_mixed_precision", "bf16" },
	{ "ss_mixed_precision", "fp16" },
	{ "ss_multires_noise_discount", "0.3" },
	{ "ss_multires_noise_iterations", "None" },
	{ "ss_network_alpha", "16" },
	{ "ss_network_args", "{\"conv_dim\": \"16\", \"conv_alpha\": \"16\", \"algo\": \"lora\"}" },
	{ "ss_network_dim", "32" },
	{ "ss_network_dropout", "None" },
	{ "ss_network_module", "lycoris.kohya" },
	{ "ss_network_module", "networks.lora" },
	{ "ss_new_sd_model_hash", "0123456789abcdef" },
	{ "ss_noise_offset", "0.0357" },
	{ "ss_num_batches_per_epoch", "100" },
	{ "ss_num_epochs", "10" },
	{ "ss_num_reg_images", "0" },
	{ "ss_optimizer", "bitsandbytes.optim.adamw.AdamW8bit" },
	{ "ss_output_name", "" },
	{ "ss_prior_loss_weight", "1.0" },
	{ "ss_reg_dataset_dirs", "{}" },
	{ "ss_resolution", "(512, 512)" },
	{ "ss_resolution", "(1024, 1024)" },
	{ "ss_scale_weight_norms", "None" },
	{ "ss_sd_model_hash", "0123abcd" },
	{ "ss_sd_scripts_commit_hash", "" },
	{ "ss_seed", "42" },
	{ "ss_session_id", "1234567890" },
	{ "ss_steps", "2000" },
	{ "ss_text_encoder_lr", "5e-05" },
	{ "ss_training_comment", "None" },
	{ "ss_training_finished_at", "1690000000.0" },
	{ "ss_training_started_at", "1690000000.0" },
	{ "ss_unet_lr", "0.0001" },
	{ "ss_v2", "False" },
	{ "ss_v_parameterization", "False" },
	{ "ss_zero_terminal_snr", "False" },
	{ "ss_base_model_version", "sd_v1" },
	{ "ss_base_model_version", "sdxl_base_v1-0" },
	{ "ss_batch_size_per_device", "4" },
	{ "ss_bucket_info", "{\"buckets\": {\"0\": {\"resolution\": [832, 1216], \"count\": 100}}, "
			    "\"mean_img_ar_error\": 0.0}" },
	{ "ss_bucket_no_upscale", "True" },
	{ "ss_cache_latents", "True" },
	{ "ss_caption_dropout_every_n_epochs", "0" },
	{ "ss_caption_dropout_rate", "0.0" },
	{ "ss_caption_tag_dropout_rate", "0.0" },
	{ "ss_color_aug", "False" },
	{ "ss_dataset_dirs", "{\"10_" },
	{ "ss_enable_bucket", "True" },
	{ "ss_flip_aug", "False" },
	{ "ss_keep_tokens", "1" },
	{ "ss_max_bucket_reso", "2048" },
	{ "ss_min_bucket_reso", "256" },
	{ "ss_random_crop", "False" },
	{ "ss_shuffle_caption", "True" },
	{ "ss_total_batch_size", "4" },
	{ "ss_vae_name", "None" },
	{ "sshs_legacy_hash", "0123abcd" },
	{ "sshs_model_hash", "0123456789abcdef" },
	{ "modelspec.sai_model_spec", "1.0.0" },
	{ "modelspec.architecture", "stable-diffusion-v1/lora" },
	{ "modelspec.architecture", "stable-diffusion-xl-v1-base/lora" },
	{ "modelspec.implementation", "https://github.com/Stability-AI/generative-models" },
	{ "modelspec.title", "" },
	{ "modelspec.resolution", "1024x1024" },
	{ "modelspec.date", "2024-01-01T00:00:00" },
	{ "modelspec.prediction_type", "epsilon" },
	{ "modelspec.encoder_layer", "1" },
	{ "format", "pt" },
};

struct squeezer *facts_squeezer_create(struct arena *arena)
{
	struct bytes words = { 0 };
	for (size_t i = 0; i < sizeof usual_pairs / sizeof *usual_pairs; i++) {
		pack_str(&words, str_from(usual_pairs[i][0]));
		pack_str(&words, str_from(usual_pairs[i][1]));
	}
	struct str dictionary = arena_str(arena, bytes_str(&words));
	bytes_finish(&words);
	return squeezer_create(SQUEEZE_LEVEL, dictionary);
}

static void put_note(struct bytes *out, const struct note *note)
{
	pack_str(out, note->code);
	pack_str(out, note->message);
}

static void put_pairs(struct bytes *out, const struct metadata *metadata)
{
	pack_u64(out, metadata->n_pairs);
	for (size_t i = 0; i < metadata->n_pairs; i++) {
		pack_str(out, metadata->pairs[i].key);
		pack_str(out, metadata->pairs[i].value);
	}
}

static void put_reading(struct bytes *out, const struct reading *reading)
{
	pack_u64(out, reading->format);
	pack_u64(out, reading->status);
	pack_u64(out, reading->safety);
	put_note(out, &reading->error);
	pack_u64(out, reading->n_notes);
	for (size_t i = 0; i < reading->n_notes; i++)
		put_note(out, &reading->notes[i]);
	pack_u64(out, reading->has_table);
	pack_u64(out, reading->size_bytes);
	pack_strs(out, reading->globals, reading->n_globals);
	put_pairs(out, &reading->metadata);
	put_pairs(out, &reading->config);
}

static void put_captions(struct bytes *out, const struct captions *captions)
{
	pack_u64(out, captions->n_folders);
	for (size_t i = 0; i < captions->n_folders; i++) {
		const struct caption_folder *folder = &captions->folders[i];
		pack_str(out, folder->name);
		pack_u64(out, folder->n_images);
		pack_u64(out, folder->is_cut);
		pack_u64(out, folder->n_tags);
		for (size_t k = 0; k < folder->n_tags; k++) {
			const struct caption_tag *tag = &captions->tags[folder->first_tag + k];
			pack_str(out, tag->text);
			pack_u64(out, tag->n);
		}
	}
}

static void put_sidecar(struct bytes *out, const struct sidecar *sidecar)
{
	const struct str texts[] = {
		sidecar->file,       sidecar->base_model, sidecar->sha256,      sidecar->autov2,
		sidecar->title,      sidecar->author,     sidecar->description, sidecar->license,
		sidecar->model_id,   sidecar->sd_version, sidecar->modelspec,   sidecar->prediction,
		sidecar->trained_on, sidecar->alpha,
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		pack_str(out, texts[i]);
	pack_strs(out, sidecar->triggers, sidecar->n_triggers);
}

void facts_encode(const struct facts *facts, struct squeezer *squeezer, struct bytes *out)
{
	struct bytes raw = { 0 };
	const struct gist *gist = &facts->gist;
	put_reading(&raw, &gist->reading);
	put_captions(&raw, &gist->captions);
	pack_u64(&raw, gist->n_sidecars);
	for (size_t i = 0; i < gist->n_sidecars; i++)
		put_sidecar(&raw, &gist->sidecars[i]);
	pack_str(&raw, gist->sha256);
	pack_u64(&raw, facts->only_count);
	/* Thousands of names of what a pickle would run: nobody keeps those twice. */
	bool is_kept = facts->is_whole && raw.len <= FACTS_BYTES_MAX;
	pack_u64(out, FACTS_FLAT_VERSION);
	pack_u64(out, is_kept);
	pack_str(out, facts->layout);
	if (is_kept)
		squeezer_pack(squeezer, bytes_str(&raw), out);
	bytes_finish(&raw);
}

static struct note take_note(struct packed *from)
{
	struct str code = unpack_str(from);
	return (struct note){ .code = code, .message = unpack_str(from) };
}

static struct metadata take_pairs(struct packed *from)
{
	size_t n;
	struct metadata_pair *pairs = unpack_list(from, PAIR_FLAT_MIN, sizeof *pairs, &n);
	for (size_t i = 0; i < n; i++) {
		pairs[i].key = unpack_str(from);
		pairs[i].value = unpack_str(from);
	}
	return (struct metadata){ pairs, n };
}

static void take_reading(struct packed *from, struct reading *reading)
{
	reading->format = (enum format)unpack_below(from, FORMAT_COUNT);
	reading->status = (enum status)unpack_below(from, STATUS_COUNT);
	reading->safety = (enum safety)unpack_below(from, SAFETY_COUNT);
	reading->error = take_note(from);
	reading->n_notes = unpack_below(from, NOTES_MAX + 1);
	for (size_t i = 0; i < reading->n_notes; i++)
		reading->notes[i] = take_note(from);
	reading->has_table = unpack_below(from, 2);
	reading->size_bytes = unpack_u64(from);
	reading->globals = unpack_strs(from, &reading->n_globals);
	reading->metadata = take_pairs(from);
	reading->config = take_pairs(from);
}

static void take_tags(struct packed *from, struct caption_folder *folder, struct array *tags)
{
	size_t n = unpack_below(from, GIST_TAGS_MAX + 1);
	folder->first_tag = tags->len;
	for (size_t i = 0; i < n && !from->is_broken; i++) {
		struct caption_tag *tag = ARRAY_PUSH(tags, struct caption_tag);
		tag->text = unpack_str(from);
		tag->n = unpack_u64(from);
	}
	folder->n_tags = tags->len - folder->first_tag;
}

static void take_captions(struct packed *from, struct captions *captions)
{
	struct array tags = ARRAY_OF(struct caption_tag);
	struct caption_folder *folders =
		unpack_list(from, FOLDER_FLAT_MIN, sizeof *folders, &captions->n_folders);
	for (size_t i = 0; i < captions->n_folders; i++) {
		folders[i].name = unpack_str(from);
		folders[i].n_images = unpack_u64(from);
		folders[i].is_cut = unpack_below(from, 2);
		take_tags(from, &folders[i], &tags);
	}
	captions->folders = folders;
	captions->n_tags = tags.len;
	captions->tags = array_to_arena(&tags, from->arena);
	array_finish(&tags);
}

static void take_sidecar(struct packed *from, struct sidecar *sidecar)
{
	struct str *const texts[] = {
		&sidecar->file,        &sidecar->base_model, &sidecar->sha256,
		&sidecar->autov2,      &sidecar->title,      &sidecar->author,
		&sidecar->description, &sidecar->license,    &sidecar->model_id,
		&sidecar->sd_version,  &sidecar->modelspec,  &sidecar->prediction,
		&sidecar->trained_on,  &sidecar->alpha,
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = unpack_str(from);
	sidecar->triggers = unpack_strs(from, &sidecar->n_triggers);
}

static void take_gist(struct packed *from, struct gist *gist)
{
	take_reading(from, &gist->reading);
	take_captions(from, &gist->captions);
	struct sidecar *sidecars =
		unpack_list(from, SIDECAR_FLAT_MIN, sizeof *sidecars, &gist->n_sidecars);
	for (size_t i = 0; i < gist->n_sidecars; i++)
		take_sidecar(from, &sidecars[i]);
	gist->sidecars = sidecars;
}

static bool fail(struct error *err)
{
	return error_set(err, ERROR_FORMAT, NULL,
			 "the stored facts are damaged or of another version of lorarium");
}

static bool take_head(struct packed *from, struct str *key, bool *is_whole)
{
	bool is_ours = unpack_u64(from) == FACTS_FLAT_VERSION;
	*is_whole = unpack_below(from, 2);
	*key = unpack_str(from);
	return is_ours && !from->is_broken && (!key->ptr || key->len == LAYOUT_KEY_BYTES);
}

bool facts_layout(struct str flat, struct str *key, bool *is_whole, struct error *err)
{
	struct packed from = { .rest = flat };
	return take_head(&from, key, is_whole) || fail(err);
}

bool facts_decode(struct str flat, struct squeezer *squeezer, struct arena *arena,
		  struct facts *out, struct error *err)
{
	struct packed head = { .rest = flat }, from = { .arena = arena };
	struct facts facts = { 0 };
	if (!take_head(&head, &facts.layout, &facts.is_whole) || !facts.is_whole ||
	    !squeezer_unpack(squeezer, head.rest, FACTS_BYTES_MAX, arena, &from.rest))
		return fail(err);
	take_gist(&from, &facts.gist);
	facts.gist.sha256 = unpack_str(&from);
	facts.only_count = unpack_below(&from, 2);
	if (from.is_broken || from.rest.len)
		return fail(err);
	*out = facts;
	return true;
}
