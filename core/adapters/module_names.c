// SPDX-License-Identifier: MIT
#include "core/adapters/module_names.h"

#include "core/adapters/block_map.h"
#include "core/adapters/encoder_roots.h"
#include "core/adapters/unet_names.h"

enum { ROOTS_DEEP = 4, KEY_MAX = 512 };

struct module_names {
	const struct knowledge *knowledge;
	struct tensor_table table;
	struct encoder_roots encoders;
	struct str denoiser_root;            /* or STR_NULL */
	struct map modules[COMPONENT_COUNT]; /* joined name to struct module_target */
	size_t n_tensors[COMPONENT_COUNT];
};

/* What is needed only while the names are read. */
struct reading_names {
	struct module_names *names;
	const struct tensor_table *table;
	struct arena *arena;
	struct block_map blocks[2]; /* of the denoiser; of text encoders */
};

const char *component_word(enum component component)
{
	static const char *const words[COMPONENT_COUNT] = {
		"denoiser",
		"text-encoder-1",
		"text-encoder-2",
		"text-encoder-3",
	};
	return words[component];
}

static struct str joined(struct str name, struct arena *arena)
{
	char *copy = arena_alloc(arena, name.len + 1);
	for (size_t i = 0; i < name.len; i++)
		copy[i] = (char)(name.ptr[i] == '.' ? '_' : name.ptr[i]);
	return (struct str){ copy, name.len };
}

/* The first to claim a name keeps it. */
static void place(struct map *modules, struct str name, const struct module_target *target)
{
	void **value = name.len ? map_place(modules, name) : NULL;
	if (value && !*value)
		*value = (void *)target;
}

static void add_name(struct reading_names *reading, enum component component, struct str name,
		     const struct module_target *target)
{
	struct map *modules = &reading->names->modules[component];
	struct str key = joined(name, reading->arena);
	place(modules, key, target);
	/* Old attention processors leave out the number; Transformers has a level more. */
	if (str_has_suffix(key, STR("_to_out_0")))
		place(modules, str_slice(key, 0, key.len - 2), target);
	if (component != COMPONENT_DENOISER &&
	    (str_cut_prefix(&key, STR("text_model_")) || str_cut_prefix(&key, STR("model_"))))
		place(modules, key, target);
}

static bool is_listed(const struct texts *texts, struct str name)
{
	for (size_t i = 0; i < texts->n; i++)
		if (str_equal(texts->list[i], name))
			return true;
	return false;
}

static bool is_table(struct str name)
{
	return str_has_suffix(name, STR("embedding")) ||
	       str_has_suffix(name, STR("embed_tokens")) || str_has_suffix(name, STR("shared"));
}

/* Several weights in an integer: the shape is not that of the layer. */
static bool is_packed(const struct tensor *tensor)
{
	static const enum dtype integers[] = {
		DTYPE_BOOL, DTYPE_U8,  DTYPE_U16, DTYPE_I16,
		DTYPE_U32,  DTYPE_I32, DTYPE_U64, DTYPE_I64,
	};
	for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++)
		if (tensor->dtype == integers[i])
			return true;
	return str_has_suffix(tensor->name, STR(".qweight"));
}

static uint64_t product(const struct tensor *tensor, unsigned axis)
{
	uint64_t all = 1;
	for (unsigned i = axis; i < tensor->rank; i++) {
		if (tensor->shape[i] && all > UINT64_MAX / tensor->shape[i])
			return 0;
		all *= tensor->shape[i];
	}
	return all;
}

static struct module_target *target_of(const struct tensor *tensor, struct str name,
				       const struct knowledge *knowledge, struct arena *arena)
{
	struct module_target *target = ARENA_NEW(arena, struct module_target);
	target->name = tensor->name;
	target->is_vector = tensor->rank <= 1;
	target->shape.takes_any_inputs = is_listed(&knowledge->input_layers, name);
	target->shape.is_table = is_table(name);
	if (is_packed(tensor) || !tensor->rank)
		return target;
	target->shape.rows = tensor->shape[0];
	target->shape.columns = product(tensor, 1);
	target->shape.inputs = tensor->rank > 1 ? tensor->shape[1] : 1;
	for (unsigned i = 2; i < tensor->rank && target->n_kernel < DELTA_KERNEL_MAX; i++)
		target->kernel[target->n_kernel++] = tensor->shape[i];
	return target;
}

/* The module's name; false for what is no module's weight. */
static bool cut_weight(struct str *name)
{
	static const char *const endings[] = { ".weight", ".qweight", ".scale", ".gamma" };
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_cut_suffix(name, str_from(endings[i])))
			return name->len > 0;
	if (str_has_suffix(*name, STR(".in_proj_weight")))
		return str_cut_suffix(name, STR("_weight"));
	return str_equal(*name, STR("text_projection")) ||
	       str_equal(*name, STR("positional_embedding"));
}

/* Rows of the i-th part; 0 when they cannot be told. */
static uint64_t part_rows(const struct module_rule *rule, size_t i,
			  const struct module_target *whole)
{
	uint64_t left = whole->shape.rows, n_equal = 0;
	for (size_t k = 0; k < rule->n_parts; k++) {
		uint64_t inputs = rule->parts[k].inputs, most = left;
		if (!inputs) {
			n_equal++;
			continue;
		}
		if (!whole->shape.inputs || inputs > most / whole->shape.inputs)
			return 0;
		left -= inputs * whole->shape.inputs;
	}
	if (rule->parts[i].inputs)
		return rule->parts[i].inputs * whole->shape.inputs;
	return left % n_equal ? 0 : left / n_equal;
}

static void add_parts(struct reading_names *reading, enum component component,
		      const struct block_name *name, const struct module_rule *rule,
		      const struct module_target *whole)
{
	for (size_t i = 0; i < rule->n_parts; i++) {
		const struct module_target *target = whole;
		if (rule->n_parts > 1 || rule->is_piece) {
			struct module_target *slice =
				ARENA_NEW(reading->arena, struct module_target);
			*slice = *whole;
			slice->shape.rows = part_rows(rule, i, whole);
			target = slice;
		}
		add_name(reading, component,
			 block_name_write(name, rule->whole, rule->parts[i].name, reading->arena),
			 target);
	}
}

static void add_aliases(struct reading_names *reading, enum component component, struct str name,
			const struct module_target *target)
{
	const struct block_map *blocks = &reading->blocks[component != COMPONENT_DENOISER];
	struct block_name split;
	if (!block_name_read(name, &split))
		return;
	for (const struct block_rule *link = block_map_next(blocks, BLOCK_WHOLE, &split, NULL);
	     link; link = block_map_next(blocks, BLOCK_WHOLE, &split, link))
		add_parts(reading, component, &split, link->rule, target);
}

/* The parts of a whole that the checkpoint keeps apart, one below the other; NULL: one lacks. */
static const struct module_target *join_parts(struct reading_names *reading,
					      enum component component,
					      const struct block_name *name,
					      const struct module_rule *rule)
{
	struct module_target *whole = ARENA_NEW(reading->arena, struct module_target);
	for (size_t i = 0; i < rule->n_parts; i++) {
		struct str part = block_name_write(name, rule->parts[0].name, rule->parts[i].name,
						   reading->arena);
		const struct module_target *target =
			map_find(&reading->names->modules[component], joined(part, reading->arena));
		if (!target)
			return NULL;
		if (i == 0) {
			*whole = *target;
			continue;
		}
		bool is_known = whole->shape.rows && target->shape.rows &&
				target->shape.columns == whole->shape.columns &&
				target->shape.rows <= UINT64_MAX - whole->shape.rows;
		whole->shape.rows = is_known ? whole->shape.rows + target->shape.rows : 0;
		whole->name = arena_strf(reading->arena, "%.*s + %.*s", STR_ARG(whole->name),
					 STR_ARG(target->name));
	}
	return whole;
}

/* A checkpoint in diffusers' names: the original name, and what else is called after that. */
static void add_wholes(struct reading_names *reading, enum component component, struct str name)
{
	const struct block_map *blocks = &reading->blocks[component != COMPONENT_DENOISER];
	struct block_name split;
	if (!block_name_read(name, &split))
		return;
	for (const struct block_rule *link = block_map_next(blocks, BLOCK_FIRST_PART, &split, NULL);
	     link; link = block_map_next(blocks, BLOCK_FIRST_PART, &split, link)) {
		if (link->rule->is_piece)
			continue;
		const struct module_target *whole =
			join_parts(reading, component, &split, link->rule);
		if (!whole)
			continue;
		struct str original = block_name_write(&split, link->rule->parts[0].name,
						       link->rule->whole, reading->arena);
		add_name(reading, component, original, whole);
		add_aliases(reading, component, original, whole);
	}
}

static bool is_other(const struct knowledge *knowledge, struct str name)
{
	for (size_t i = 0; i < knowledge->other_roots.n; i++)
		if (str_has_prefix(name, knowledge->other_roots.list[i]))
			return true;
	return false;
}

/* NovelAI's early files lack a level of the text model's names. */
static struct str with_level(struct str name, struct arena *arena)
{
	if (str_has_prefix(name, STR("encoder.layers.")) ||
	    str_has_prefix(name, STR("embeddings.")) ||
	    str_has_prefix(name, STR("final_layer_norm.")))
		return arena_strf(arena, "text_model.%.*s", STR_ARG(name));
	return name;
}

static bool cut_denoiser_root(const struct module_names *names, struct str *name)
{
	return !is_other(names->knowledge, *name) &&
	       (!names->denoiser_root.len || str_cut_prefix(name, names->denoiser_root));
}

bool module_names_cut_root(const struct module_names *names, struct str *tensor)
{
	struct str name = *tensor;
	return !encoder_roots_cut(&names->encoders, ENCODER_IN_CHECKPOINT, &name, NULL) &&
	       cut_denoiser_root(names, tensor);
}

/* The component of a tensor, and its name there; COMPONENT_COUNT for what is nobody's target. */
static enum component place_of(const struct reading_names *reading, struct str *name)
{
	const struct module_names *names = reading->names;
	unsigned number = encoder_roots_cut(&names->encoders, ENCODER_IN_CHECKPOINT, name, NULL);
	if (number) {
		*name = with_level(*name, reading->arena);
		return (enum component)number;
	}
	return cut_denoiser_root(names, name) ? COMPONENT_DENOISER : COMPONENT_COUNT;
}

/* The longest root that the name has; `roots->n` for none. */
static size_t root_of(const struct texts *roots, struct str name)
{
	size_t i = 0;
	while (i < roots->n && !str_has_prefix(name, roots->list[i]))
		i++;
	return i;
}

/* The root that most of the tensors have that are not claimed otherwise, unless it is a rare one. */
static struct str find_denoiser_root(const struct reading_names *reading)
{
	const struct texts *roots = &reading->names->knowledge->denoiser_roots;
	size_t *n_of = ARENA_NEW_N(reading->arena, size_t, roots->n + 1), n_all = 0, best = 0;
	for (size_t i = 0; i < reading->table->n_tensors; i++) {
		struct str name = reading->table->tensors[i].name;
		if (place_of(reading, &name) != COMPONENT_DENOISER)
			continue;
		n_of[root_of(roots, name)]++;
		n_all++;
	}
	for (size_t r = 1; r < roots->n; r++)
		if (n_of[r] > n_of[best])
			best = r;
	return roots->n && n_of[best] && n_of[best] >= n_all / 4 ? roots->list[best] : STR_NULL;
}

static void read_tensors(struct reading_names *reading)
{
	for (size_t i = 0; i < reading->table->n_tensors; i++) {
		const struct tensor *tensor = &reading->table->tensors[i];
		struct str name = tensor->name;
		enum component component = place_of(reading, &name);
		if (component == COMPONENT_COUNT)
			continue;
		reading->names->n_tensors[component]++;
		if (!cut_weight(&name))
			continue;
		struct module_target *target =
			target_of(tensor, name, reading->names->knowledge, reading->arena);
		add_name(reading, component, name, target);
	}
}

static void add_other_names(struct reading_names *reading)
{
	for (size_t i = 0; i < reading->table->n_tensors; i++) {
		struct str name = reading->table->tensors[i].name;
		enum component component = place_of(reading, &name);
		if (component == COMPONENT_COUNT || !cut_weight(&name))
			continue;
		const struct module_target *target =
			map_find(&reading->names->modules[component], joined(name, reading->arena));
		if (target)
			add_aliases(reading, component, name, target);
		add_wholes(reading, component, name);
	}
}

const struct module_names *module_names_create(const struct knowledge *knowledge,
					       const struct tensor_table *table,
					       struct str architecture, struct arena *arena)
{
	struct module_names *names = ARENA_NEW(arena, struct module_names);
	struct reading_names reading = { .names = names, .table = table, .arena = arena };
	names->knowledge = knowledge;
	names->table = *table;
	for (int i = 0; i < COMPONENT_COUNT; i++)
		map_init(&names->modules[i], arena, i ? 64 : table->n_tensors);
	encoder_roots_init(&names->encoders, knowledge, architecture, arena);
	block_map_init(&reading.blocks[0], knowledge, architecture.ptr ? architecture : STR(""),
		       arena);
	block_map_init(&reading.blocks[1], knowledge, STR_NULL, arena);
	names->denoiser_root = find_denoiser_root(&reading);
	read_tensors(&reading);
	add_other_names(&reading);
	unet_names_add(&names->modules[COMPONENT_DENOISER], arena);
	unet_names_number(&names->modules[COMPONENT_DENOISER], arena);
	unet_names_number_text(&names->modules[COMPONENT_TEXT_ENCODER_1], arena);
	return names;
}

const struct tensor_table *module_names_table(const struct module_names *names)
{
	return &names->table;
}

bool module_names_has(const struct module_names *names, enum component component)
{
	return names->n_tensors[component] > 0;
}

/* "unet.base_model.model." before the root proper. */
static void cut_adapter_roots(const struct knowledge *knowledge, struct str *name)
{
	for (size_t i = 0; i < knowledge->adapter_roots.n; i++)
		if (str_cut_prefix(name, knowledge->adapter_roots.list[i]))
			return;
}

static enum component encoder_of(const struct module_names *names, struct str *name, bool *is_there)
{
	for (int deep = 0; deep < ROOTS_DEEP; deep++) {
		unsigned number =
			encoder_roots_cut(&names->encoders, ENCODER_IN_ADAPTER, name, is_there);
		if (number)
			return (enum component)number;
		cut_adapter_roots(names->knowledge, name);
	}
	*is_there = false;
	return COMPONENT_TEXT_ENCODER_1;
}

const struct module_target *module_names_find(const struct module_names *names,
					      const struct adapter_module *module,
					      enum component *component)
{
	char key[KEY_MAX];
	*component = COMPONENT_DENOISER;
	if (!module->is_text_encoder)
		return map_find(&names->modules[COMPONENT_DENOISER], module->joined);
	struct str name = module->stem;
	bool is_there;
	*component = encoder_of(names, &name, &is_there);
	if (!is_there || name.len > KEY_MAX)
		return NULL;
	for (size_t i = 0; i < name.len; i++)
		key[i] = name.ptr[i] == '.' ? '_' : name.ptr[i];
	return map_find(&names->modules[*component], (struct str){ key, name.len });
}
