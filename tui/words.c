// SPDX-License-Identifier: MIT
#include "tui/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

static const char *const kinds_short[KIND_COUNT] = {
	[KIND_UNKNOWN] = "?",
	[KIND_CHECKPOINT] = "Checkpoint",
	[KIND_DIFFUSION_MODEL] = "Diffusion",
	[KIND_LORA] = "LoRA",
	[KIND_VAE] = "VAE",
	[KIND_TEXT_ENCODER] = "Text enc.",
	[KIND_CLIP_VISION] = "CLIP vis.",
	[KIND_CONTROLNET] = "ControlNet",
	[KIND_T2I_ADAPTER] = "T2I-Adapt.",
	[KIND_IP_ADAPTER] = "IP-Adapter",
	[KIND_EMBEDDING] = "Embedding",
	[KIND_HYPERNETWORK] = "Hypernet",
	[KIND_UPSCALER] = "Upscaler",
	[KIND_MOTION_MODULE] = "Motion",
};

struct scale {
	double unit;
	const char *word;
};

static struct str from_printed(const char *out, int len)
{
	if (len < 0)
		len = 0;
	if (len >= WORDS_BYTES)
		len = WORDS_BYTES - 1;
	return (struct str){ out, (size_t)len };
}

/* The largest unit that is not above the value; the last one of the table otherwise. */
static const struct scale *scale_for(const struct scale *scales, size_t n, double value)
{
	for (size_t i = 0; i + 1 < n; i++)
		if (value >= scales[i].unit)
			return &scales[i];
	return &scales[n - 1];
}

struct str words_count(char out[WORDS_BYTES], uint64_t n)
{
	char digits[WORDS_BYTES];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);
	size_t at = 0;
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	return (struct str){ out, at };
}

struct str words_size(char out[WORDS_BYTES], uint64_t bytes)
{
	/* A unit begins where the smaller one would need four digits. */
	static const struct scale scales[] = {
		{ 1099511627776.0, "T" }, { 1073741824.0, "G" }, { 1048576.0, "M" },
		{ 1024.0, "K" },          { 1.0, "B" },
	};
	size_t i = 4;
	while (i > 0 && (double)bytes / scales[i].unit >= 999.5)
		i--;
	double value = (double)bytes / scales[i].unit;
	bool has_tenths = i < 2 && value < 99.95;
	return from_printed(out, snprintf(out, WORDS_BYTES, has_tenths ? "%.1f%s" : "%.0f%s", value,
					  scales[i].word));
}

struct str words_age(char out[WORDS_BYTES], int64_t then_s, int64_t now_s)
{
	static const struct scale scales[] = {
		{ 31557600, "y" }, { 86400, "d" }, { 3600, "h" }, { 60, "m" }, { 60, NULL },
	};
	double age = (double)now_s - (double)then_s;
	const struct scale *scale = scale_for(scales, 5, age);
	if (then_s <= 0)
		return from_printed(out, 0);
	if (!scale->word)
		return from_printed(out, snprintf(out, WORDS_BYTES, "now"));
	return from_printed(out, snprintf(out, WORDS_BYTES, "%.0f%s",
					  (double)(int64_t)(age / scale->unit), scale->word));
}

struct str words_rate(char out[WORDS_BYTES], double per_second)
{
	if (per_second >= 1000)
		return from_printed(out, snprintf(out, WORDS_BYTES, "%.1fk/s", per_second / 1000));
	return from_printed(out, snprintf(out, WORDS_BYTES, "%.0f/s", per_second));
}

struct str words_duration(char out[WORDS_BYTES], double seconds)
{
	static const struct scale scales[] = { { 7200, "h" }, { 120, "min" }, { 1, "s" } };
	static const double units[] = { 3600, 60, 1 };
	const struct scale *scale = scale_for(scales, 3, seconds);
	return from_printed(out, snprintf(out, WORDS_BYTES, "%.0f %s",
					  seconds / units[scale - scales], scale->word));
}

struct str words_parameters(char out[WORDS_BYTES], int64_t n)
{
	static const struct scale scales[] = {
		{ 1e9, "billion" },
		{ 1e6, "million" },
		{ 1e3, "thousand" },
		{ 1, "" },
	};
	const struct scale *scale = scale_for(scales, 4, (double)n);
	double value = (double)n / scale->unit;
	bool has_tenths = scale->unit > 1 && value < 100;
	int len =
		snprintf(out, WORDS_BYTES, has_tenths ? "%.1f %s" : "%.0f %s", value, scale->word);
	return str_trim(from_printed(out, len));
}

struct str words_kind(char out[WORDS_BYTES], enum kind kind, enum adapter_type adapter,
		      uint32_t rank)
{
	const char *word = kinds_short[kind < KIND_COUNT ? kind : KIND_UNKNOWN];
	if (kind == KIND_LORA && adapter != ADAPTER_NONE && adapter < ADAPTER_COUNT)
		word = adapter_name(adapter);
	if (rank > 0)
		return from_printed(out, snprintf(out, WORDS_BYTES, "%s r%" PRIu32, word, rank));
	return from_printed(out, snprintf(out, WORDS_BYTES, "%s", word));
}

bool words_kind_has_base(enum kind kind)
{
	return kind != KIND_VAE && kind != KIND_TEXT_ENCODER && kind != KIND_CLIP_VISION &&
	       kind != KIND_UPSCALER;
}

/* "Stable Diffusion XL 1.0" to "SDXL 1.0". */
static struct str abbreviate(struct str name, struct arena *arena)
{
	static const struct {
		struct str full, brief;
	} words[] = {
		{ { "Stable Diffusion XL", 19 }, { "SDXL", 4 } },
		{ { "Stable Diffusion", 16 }, { "SD", 2 } },
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct str rest = name;
		if (str_cut_prefix(&rest, words[i].full))
			return arena_strf(arena, "%.*s%.*s", STR_ARG(words[i].brief),
					  STR_ARG(rest));
	}
	return name;
}

static struct str cut_from(struct str name, struct str mark)
{
	ptrdiff_t at = str_find(name, mark);
	return at > 0 ? str_slice(name, 0, (size_t)at) : name;
}

struct str words_base(const struct knowledge *knowledge, struct str base_model, size_t cols,
		      struct arena *arena)
{
	struct str name = abbreviate(knowledge_base_name(knowledge, base_model), arena);
	name = cut_from(name, STR(" (unspecified)"));
	if (text_cols(name) > cols)
		name = cut_from(name, STR(" ("));
	if (text_cols(name) > cols)
		name = cut_from(name, STR(" / "));
	ptrdiff_t at = str_find(name, STR(" Diffusion"));
	if (text_cols(name) <= cols || at < 0)
		return name;
	size_t end = (size_t)at + sizeof(" Diffusion") - 1;
	return arena_strf(arena, "%.*s Diff.%.*s", (int)at, name.ptr,
			  STR_ARG(str_slice(name, end, name.len)));
}

struct str words_architecture(const struct knowledge *knowledge, struct str architecture,
			      struct arena *arena)
{
	const struct architecture *known =
		architecture.ptr ? knowledge_architecture(knowledge, architecture) : NULL;
	if (known && known->name.ptr)
		return abbreviate(known->name, arena);
	return architecture.ptr ? architecture : STR("unknown");
}
