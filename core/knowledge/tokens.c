// SPDX-License-Identifier: MIT
#include "core/knowledge/tokens.h"

#include "core/base/array.h"
#include "core/base/text.h"

struct token_place {
	struct str token;
	size_t owner_i;
	const struct token_place *next;
};

/* Stands between two readings of a name: a piece that no token has, so that none goes across. */
enum { BARRIER = 0x1f };

/* Bytes of other scripts count as letters. */
static bool is_letter_or_digit(char byte)
{
	unsigned char c = (unsigned char)byte;
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c >= 0x80 || c == BARRIER;
}

static bool next_piece(struct str *rest, struct str *piece)
{
	size_t from = 0;
	while (from < rest->len && !is_letter_or_digit(rest->ptr[from]))
		from++;
	size_t to = from;
	while (to < rest->len && is_letter_or_digit(rest->ptr[to]))
		to++;
	*piece = (struct str){ rest->ptr + from, to - from };
	*rest = (struct str){ rest->ptr + to, rest->len - to };
	return to > from;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_letter(char c)
{
	return is_upper(c) || is_lower(c);
}

/* Before the B of "aB" and "1B", and before the M of "XLMix". */
static bool is_capital_start(struct str name, size_t i)
{
	char before = name.ptr[i - 1];
	if (!is_upper(name.ptr[i]))
		return false;
	return is_lower(before) || str_is_digit(before) ||
	       (is_upper(before) && i + 1 < name.len && is_lower(name.ptr[i + 1]));
}

static bool is_number_edge(struct str name, size_t i)
{
	char c = name.ptr[i], before = name.ptr[i - 1];
	return (str_is_digit(c) && is_letter(before)) || (is_letter(c) && str_is_digit(before));
}

typedef bool (*word_start)(struct str name, size_t i);

static bool append_split(struct bytes *out, struct str name, word_start is_start)
{
	bool is_any = false;
	bytes_printf(out, " %c ", BARRIER);
	for (size_t i = 0; i < name.len; i++) {
		if (i > 0 && (is_capital_start(name, i) || (is_start && is_start(name, i)))) {
			bytes_append_byte(out, ' ');
			is_any = true;
		}
		bytes_append_byte(out, name.ptr[i]);
	}
	return is_any;
}

struct str token_text(struct str name, bool is_split, struct arena *arena)
{
	struct bytes readings = { 0 };
	bytes_append_str(&readings, name);
	bool is_any = is_split && append_split(&readings, name, NULL);
	is_any |= is_split && append_split(&readings, name, is_number_edge);
	struct str folded = text_fold_copy(arena, is_any ? bytes_str(&readings) : name);
	bytes_finish(&readings);
	return folded;
}

static size_t letters(struct str piece)
{
	size_t n = 0;
	for (size_t i = 0; i < piece.len; i++)
		n += ((unsigned char)piece.ptr[i] & 0xc0) != 0x80;
	return n;
}

/* Weight of the token if the pieces of `name` begin with its pieces, else 0. */
static size_t begins_with(struct str name, struct str token)
{
	struct str wanted, piece;
	size_t weight = 0;
	while (next_piece(&token, &wanted)) {
		if (!next_piece(&name, &piece) || !str_equal(piece, wanted))
			return 0;
		weight += letters(wanted);
	}
	return weight;
}

size_t token_weight_in(struct str token, struct str folded_name)
{
	struct str rest = folded_name, piece;
	size_t weight = begins_with(rest, token);
	while (!weight && next_piece(&rest, &piece))
		weight = begins_with(rest, token);
	return weight;
}

void token_index_init(struct token_index *index, struct arena *arena, size_t n_expected)
{
	map_init(&index->by_first, arena, n_expected);
}

void token_index_add(struct token_index *index, struct str token, size_t owner_i)
{
	struct str rest = token, first;
	if (!next_piece(&rest, &first))
		return;
	void **at = map_place(&index->by_first, first);
	struct token_place *place = ARENA_NEW(index->by_first.arena, struct token_place);
	*place = (struct token_place){ token, owner_i, *at };
	*at = place;
}

bool token_index_weigh(const struct token_index *index, struct str folded_name, uint32_t *weights)
{
	bool is_any = false;
	struct str rest = folded_name, piece;
	for (struct str from = rest; next_piece(&rest, &piece); from = rest) {
		const struct token_place *place = map_find(&index->by_first, piece);
		for (; place; place = place->next) {
			size_t weight = begins_with(from, place->token);
			if (weight > weights[place->owner_i])
				weights[place->owner_i] = (uint32_t)weight;
			is_any |= weight > 0;
		}
	}
	return is_any;
}
