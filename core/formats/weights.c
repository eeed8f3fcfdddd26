// SPDX-License-Identifier: MIT
#include "core/formats/weights.h"

#include "core/formats/shards.h"

/* What the libraries call their weights, and look for in this order:
   huggingface/diffusers:src/diffusers/utils/constants.py, huggingface/transformers. */
static const struct str stems[] = {
	{ "diffusion_pytorch_model", 23 },
	{ "model", 5 },
	{ "pytorch_model", 13 },
};

static const struct str extensions[] = {
	{ ".safetensors", 12 }, { ".bin", 4 },  { ".sft", 4 },  { ".pt", 3 },
	{ ".pth", 4 },          { ".ckpt", 5 }, { ".gguf", 5 },
};

enum { N_STEMS = 3, N_EXTENSIONS = 7, N_LOADED = 2 /* of the extensions, by the libraries */ };

/** A name taken apart. */
struct weights_name {
	unsigned stem, extension; /* places in the lists; their lengths: none of them */
	bool is_variant, is_in_parts;
};

static unsigned find_extension(struct str extension)
{
	unsigned i = 0;
	while (i < N_EXTENSIONS && !str_has_suffix(extension, extensions[i]))
		i++;
	return i;
}

/** "model" itself, or with a variant: in `stem` or in `tail`. */
static void take_stem(struct weights_name *out, struct str stem, struct str tail)
{
	for (out->stem = 0; out->stem < N_STEMS; out->stem++) {
		struct str rest = stem;
		if (!str_cut_prefix(&rest, stems[out->stem]) || (rest.len && *rest.ptr != '.'))
			continue;
		out->is_variant = rest.len || tail.len;
		return;
	}
}

static struct weights_name parse(struct str name)
{
	struct weights_name out = { 0 };
	struct shard_name shard;
	if (shard_name_parse(name, &shard)) {
		out.extension = find_extension(shard.extension);
		out.is_in_parts = true;
		take_stem(&out, shard.stem, shard.tail);
		return out;
	}
	out.extension = find_extension(name);
	if (out.extension < N_EXTENSIONS)
		name.len -= extensions[out.extension].len;
	take_stem(&out, name, STR(""));
	return out;
}

bool weights_is_name(struct str name)
{
	return str_find_byte(name, '/') < 0 && parse(name).extension < N_EXTENSIONS;
}

bool weights_is_usual(struct str name)
{
	struct weights_name parsed = parse(name);
	return parsed.stem < N_STEMS && parsed.extension < N_LOADED;
}

unsigned weights_rank(struct str name)
{
	struct weights_name parsed = parse(name);
	return (parsed.stem == N_STEMS) << 16 | (unsigned)parsed.is_variant << 12 |
	       parsed.extension << 8 | parsed.stem << 4 | parsed.is_in_parts;
}

bool weights_is_configuration(struct str name)
{
	return str_has_suffix(name, STR("config.json")) ||
	       str_equal(name, STR("model_index.json")) || str_has_suffix(name, STR(".py"));
}
