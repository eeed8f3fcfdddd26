// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tui/surface.h"

struct canvas {
	struct grid grid;
	struct arena scratch;
	struct bytes out;
};

static struct surface begin(struct canvas *canvas, int cols, int rows)
{
	*canvas = (struct canvas){ 0 };
	grid_init(&canvas->grid, cols, rows);
	return surface_of(&canvas->grid, TEXT_UTF8, &canvas->scratch);
}

static void expect(struct canvas *canvas, const char *text)
{
	grid_dump(&canvas->grid, &canvas->out);
	canvas->out.ptr[strlen(canvas->out.ptr) - strlen("cursor 0,0\n")] = '\0';
	assert_string_equal(canvas->out.ptr, text);
	grid_finish(&canvas->grid);
	arena_finish(&canvas->scratch);
	bytes_finish(&canvas->out);
}

static void text_is_clipped_to_its_part(void **state)
{
	(void)state;
	struct canvas canvas;
	struct surface all = begin(&canvas, 8, 3);
	struct surface part = surface_part(&all, (struct rect){ 2, 1, 4, 1 });
	surface_text(&part, 0, 0, STYLE_NORMAL, STR("abcdefgh"), 99);
	surface_text(&part, 0, 1, STYLE_NORMAL, STR("below"), 99);
	surface_text(&part, -2, -1, STYLE_NORMAL, STR("above"), 99);
	expect(&canvas, "\n  abcd\n\n");
}

static void half_of_a_wide_character_is_never_drawn(void **state)
{
	(void)state;
	struct canvas canvas;
	struct surface all = begin(&canvas, 5, 2);
	surface_text(&all, 0, 0, STYLE_NORMAL, STR("水墨画"), 99);
	surface_text(&all, 0, 1, STYLE_NORMAL, STR("水墨"), 99);
	surface_text(&all, 1, 1, STYLE_NORMAL, STR("x"), 1);
	expect(&canvas, "水墨\n x墨\n");
}

static void cut_text_ends_with_an_ellipsis(void **state)
{
	(void)state;
	struct canvas canvas;
	struct surface all = begin(&canvas, 10, 3);
	assert_int_equal(surface_text_cut(&all, 0, 0, STYLE_NORMAL, STR("abcdef"), 4), 4);
	assert_int_equal(surface_text_cut(&all, 0, 1, STYLE_NORMAL, STR("abcd"), 4), 4);
	surface_text_cut(&all, 7, 2, STYLE_NORMAL, STR("abcd"), 99);
	expect(&canvas, "abc…\nabcd\n       ab…\n");
}

static void endless_clusters_become_a_sign(void **state)
{
	(void)state;
	struct canvas canvas;
	struct surface all = begin(&canvas, 4, 1);
	char text[64] = "a";
	for (size_t i = 1; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xcc\x81", 3); /* thirty accents on one letter */
	surface_text(&all, 0, 0, STYLE_NORMAL, str_from(text), 4);
	expect(&canvas, "?\n");
}

static void parts_outside_hold_nothing(void **state)
{
	(void)state;
	struct canvas canvas;
	struct surface all = begin(&canvas, 4, 2);
	struct surface part = surface_part(&all, (struct rect){ 6, 3, 5, 5 });
	assert_int_equal(part.rect.cols, 0);
	surface_text(&part, 0, 0, STYLE_NORMAL, STR("x"), 1);
	surface_select(&part, 0, 0, 5);
	surface_put_cursor(&part, 0, 0, true);
	expect(&canvas, "\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_clipped_to_its_part),
		cmocka_unit_test(half_of_a_wide_character_is_never_drawn),
		cmocka_unit_test(cut_text_ends_with_an_ellipsis),
		cmocka_unit_test(endless_clusters_become_a_sign),
		cmocka_unit_test(parts_outside_hold_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
