// SPDX-License-Identifier: MIT
#include "core/fit/strip.h"

/* Rows without a short name have at least so many blocks: else "time_embed.0" would be one. */
enum { UNNAMED_MIN = 4 };

/* A row of so few blocks is told whole: "mid". */
enum { WHOLE_MAX = 3 };

struct building {
	const struct knowledge *knowledge;
	const struct module_names *names;
	struct arena *arena;
	struct row {
		struct str tensors; /* as tensors spell it */
		size_t n_blocks;
		struct strip_block *blocks;
	} rows[4 * STRIP_ROWS_MAX];
	size_t n_rows;
};

/* "input_blocks in": what stands before the space, and behind it. */
static struct str short_name(const struct knowledge *knowledge, size_t i, struct str *tensors)
{
	struct str rest = knowledge->block_names.list[i];
	if (!str_next_part(&rest, ' ', tensors))
		*tensors = rest;
	return rest.ptr ? str_trim(rest) : *tensors;
}

static bool has_short_name(const struct knowledge *knowledge, struct str tensors)
{
	struct str name;
	for (size_t i = 0; i < knowledge->block_names.n; i++) {
		(void)short_name(knowledge, i, &name);
		if (str_equal(name, tensors))
			return true;
	}
	return false;
}

/* The row and the number of a tensor's block. */
static bool find_block(const struct building *building, struct str tensor, struct str *row,
		       uint64_t *number)
{
	struct str name = tensor, second;
	*number = 0;
	if (!module_names_cut_root(building->names, &name) || !str_next_part(&name, '.', row) ||
	    !name.ptr || !str_next_part(&name, '.', &second))
		return false;
	if (str_to_u64(second, number))
		return *number < STRIP_BLOCKS_MAX;
	return has_short_name(building->knowledge, *row);
}

static struct row *find_row(struct building *building, struct str tensors)
{
	for (size_t i = 0; i < building->n_rows; i++)
		if (str_equal(building->rows[i].tensors, tensors))
			return &building->rows[i];
	return NULL;
}

static void measure(struct building *building)
{
	const struct tensor_table *table = module_names_table(building->names);
	size_t n_max = sizeof building->rows / sizeof *building->rows;
	struct str tensors;
	uint64_t number;
	for (size_t i = 0; i < table->n_tensors; i++) {
		if (!find_block(building, table->tensors[i].name, &tensors, &number))
			continue;
		struct row *row = find_row(building, tensors);
		if (!row && building->n_rows < n_max) {
			row = &building->rows[building->n_rows++];
			*row = (struct row){ .tensors = tensors };
		}
		if (row && row->n_blocks <= number)
			row->n_blocks = (size_t)number + 1;
	}
	for (size_t i = 0; i < building->n_rows; i++)
		building->rows[i].blocks = ARENA_NEW_N(building->arena, struct strip_block,
						       building->rows[i].n_blocks);
}

static void touch(struct building *building, const struct adapter_module *module)
{
	struct str tensors;
	uint64_t number;
	struct bound_module bound = binding_of(building->names, module);
	if (bound.component != COMPONENT_DENOISER || !bound.target ||
	    !find_block(building, bound.target->name, &tensors, &number))
		return;
	struct row *row = find_row(building, tensors);
	if (!row || number >= row->n_blocks)
		return;
	struct strip_block *block = &row->blocks[number];
	block->n_mismatched += bound.state == BINDING_MISMATCH;
	if (bound.state != BINDING_BOUND)
		return;
	block->n_bound++;
	if (block->rank < module->rank)
		block->rank = module->rank;
}

static void give(struct strip_row *rows, size_t *n, struct str name, const struct row *row)
{
	if (*n < STRIP_ROWS_MAX)
		rows[(*n)++] = (struct strip_row){ name, row->blocks, row->n_blocks };
}

/* Those with a short name as knowledge orders them, then the others as the file does. */
static void order(struct building *building, struct strip *out)
{
	const struct knowledge *knowledge = building->knowledge;
	struct strip_row *rows = ARENA_NEW_N(building->arena, struct strip_row, STRIP_ROWS_MAX);
	size_t n = 0;
	for (size_t i = 0; i < knowledge->block_names.n; i++) {
		struct str tensors, name = short_name(knowledge, i, &tensors);
		const struct row *row = find_row(building, tensors);
		if (row)
			give(rows, &n, name, row);
	}
	for (size_t i = 0; i < building->n_rows; i++) {
		const struct row *row = &building->rows[i];
		if (row->n_blocks >= UNNAMED_MIN && !has_short_name(knowledge, row->tensors))
			give(rows, &n, arena_str(building->arena, row->tensors), row);
	}
	*out = (struct strip){ rows, n };
}

void strip_read(const struct knowledge *knowledge, const struct module_names *checkpoint,
		const struct adapter *adapter, struct arena *arena, struct strip *out)
{
	struct building building = { .knowledge = knowledge, .names = checkpoint, .arena = arena };
	measure(&building);
	for (size_t i = 0; i < adapter->n_modules; i++)
		touch(&building, &adapter->modules[i]);
	order(&building, out);
}

/* " 4-8", " 1 3-5" */
static void add_ranges(struct bytes *out, const struct strip_row *row)
{
	for (size_t i = 0; i < row->n_blocks; i++) {
		size_t from = i;
		if (!row->blocks[i].n_bound)
			continue;
		while (i + 1 < row->n_blocks && row->blocks[i + 1].n_bound)
			i++;
		bytes_printf(out, " %zu", from);
		if (i > from)
			bytes_printf(out, "-%zu", i);
	}
}

static bool is_touched(const struct strip_row *row)
{
	for (size_t i = 0; i < row->n_blocks; i++)
		if (row->blocks[i].n_bound)
			return true;
	return false;
}

struct str strip_words(const struct strip *strip, struct arena *arena)
{
	struct bytes text = { 0 };
	for (size_t i = 0; i < strip->n_rows; i++) {
		const struct strip_row *row = &strip->rows[i];
		if (!is_touched(row))
			continue;
		if (text.len)
			bytes_append_str(&text, STR(", "));
		bytes_append_str(&text, row->name);
		if (row->n_blocks > WHOLE_MAX)
			add_ranges(&text, row);
	}
	struct str words = text.len ? arena_str(arena, bytes_str(&text)) : STR("");
	bytes_finish(&text);
	return words;
}
