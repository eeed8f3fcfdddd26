// SPDX-License-Identifier: MIT
/* The demo as data: what it holds, before anybody identifies it. */
#include "core/samples/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core/base/hash.h"
#include "core/base/map.h"
#include "core/samples/spec.h"
#include "tests/support/sample_disk.h"

#define DISK_BYTES_MAX (40u << 20)

/* Every base model of the guide that the demo stands for. */
static const char *const guide[] = {
	"sd1-4",
	"sd1-5",
	"sd2-0",
	"sd2-1",
	"sd2-1-768",
	"sd1-anything-v3",
	"sd1-anything-v4",
	"sd1-waifu-diffusion",
	"sd2-waifu-diffusion",
	"sd1-dreamlike-diffusion",
	"sd1-midnight",
	"sd1-cinematic",
	"sd1-realistic-vision",
	"sd1-chilloutmix",
	"sdxl",
	"sdxl-pony",
	"sd1-pony-diffusion",
	"pony-v7",
	"sdxl-illustrious",
	"sdxl-noobai",
	"sdxl-noobai-vpred",
	"flux1-dev",
	"flux1-schnell",
};

struct total {
	struct sha256 *sha;
	uint64_t head_bytes;
	size_t n_files;
	struct arena arena;
	struct map paths;
};

static bool add_up(void *context, const struct sample_file *file, struct error *err)
{
	struct total *total = context;
	void **place = map_place(&total->paths, arena_str(&total->arena, file->path));

	(void)err;
	if (*place)
		fail_msg("twice: %.*s", STR_ARG(file->path));
	*place = total;
	assert_int_equal(file->what, SAMPLE_BYTES);
	assert_true(file->path.ptr[0] != '/' && str_find(file->path, STR("..")) < 0);
	total->head_bytes += file->head.len;
	total->n_files++;
	sha256_add(total->sha, file->path.ptr, file->path.len);
	sha256_add(total->sha, file->head.ptr, file->head.len);
	return true;
}

static size_t make(char hex[SHA256_HEX + 1], struct total *total)
{
	struct error err = { 0 };
	size_t n_models;

	*total = (struct total){ .sha = sha256_create() };
	map_init(&total->paths, &total->arena, 256);
	if (!sample_demo(add_up, total, &n_models, &err))
		fail_msg("%s", err.text);
	sha256_hex(total->sha, hex);
	arena_finish(&total->arena);
	return n_models;
}

static void the_demo_is_the_same_every_time(void **state)
{
	char first[SHA256_HEX + 1], second[SHA256_HEX + 1];
	struct total total;

	(void)state;
	size_t n_models = make(first, &total);
	make(second, &total);
	assert_string_equal(first, second);
	assert_true(n_models >= 110 && n_models < total.n_files);
	assert_true(total.head_bytes < DISK_BYTES_MAX);
}

/* The `expect` of every line, as read from the source tree. */
static struct array expectations(struct arena *arena)
{
	struct array all = ARRAY_OF(const struct spec *);
	struct str manifest =
		sample_disk_read(arena, sample_disk_source(arena, "core/samples/demo.jsonl"));
	struct error err = { 0 };
	const struct spec *entry;
	struct str line;

	while (str_next_part(&manifest, '\n', &line)) {
		if (line.len == 0 || str_has_prefix(line, STR("//")))
			continue;
		if (!spec_parse(line, arena, &entry, &err))
			fail_msg("%s: %.*s", err.text, STR_ARG(line));
		*ARRAY_PUSH(&all, const struct spec *) = spec_find(entry, "expect");
	}
	return all;
}

static size_t count(const struct array *all, const char *base, bool wants_lora)
{
	size_t n = 0;

	for (size_t i = 0; i < all->len; i++) {
		const struct spec *expect = *ARRAY_AT(all, const struct spec *, i);
		bool is_lora = str_equal(spec_text(expect, "kind", STR("")), STR("lora"));
		if (is_lora == wants_lora &&
		    str_equal(spec_text(expect, "base", STR("")), str_from(base)))
			n++;
	}
	return n;
}

static void every_base_of_the_guide_has_a_checkpoint_and_loras(void **state)
{
	struct arena arena = { 0 };
	struct array all = expectations(&arena);

	(void)state;
	for (size_t i = 0; i < sizeof(guide) / sizeof(guide[0]); i++) {
		if (count(&all, guide[i], false) == 0)
			fail_msg("no checkpoint of %s", guide[i]);
		if (count(&all, guide[i], true) < 2)
			fail_msg("fewer than two LoRAs of %s", guide[i]);
	}
	array_finish(&all);
	arena_finish(&arena);
}

static bool refuse(void *context, const struct sample_file *file, struct error *err)
{
	size_t *n = context;

	(void)file;
	return ++*n < 3 || error_set(err, ERROR_SYSTEM, NULL, "no space left");
}

static void a_full_disk_ends_it(void **state)
{
	struct error err = { 0 };
	size_t n = 0, n_models;

	(void)state;
	assert_false(sample_demo(refuse, &n, &n_models, &err));
	assert_int_equal(n, 3);
	assert_int_equal(err.code, ERROR_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_demo_is_the_same_every_time),
		cmocka_unit_test(every_base_of_the_guide_has_a_checkpoint_and_loras),
		cmocka_unit_test(a_full_disk_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
