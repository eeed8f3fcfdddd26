// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/identify/gist.h"

struct fixture {
	struct arena arena;
	struct metadata_pair pairs[8];
	struct reading reading;
	struct gist gist;
};

static int open_fixture(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));
	fixture->reading.metadata.pairs = fixture->pairs;
	*state = fixture;
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *fixture = *state;
	arena_finish(&fixture->arena);
	test_free(fixture);
	return 0;
}

static void say(struct fixture *fixture, const char *key, struct str value)
{
	fixture->pairs[fixture->reading.metadata.n_pairs++] =
		(struct metadata_pair){ str_from(key), value };
}

static struct str repeat(struct fixture *fixture, const char *text, size_t n)
{
	struct bytes all = { 0 };
	for (size_t i = 0; i < n; i++)
		bytes_append_str(&all, str_from(text));
	struct str copy = arena_str(&fixture->arena, bytes_str(&all));
	bytes_finish(&all);
	return copy;
}

static struct str kept(const struct fixture *fixture, const char *key)
{
	return metadata_find(&fixture->gist.reading.metadata, str_from(key));
}

static void take(struct fixture *fixture, const struct sidecar *sidecars, size_t n)
{
	gist_take(&fixture->gist, &fixture->reading, sidecars, n, &fixture->arena);
}

static void usual_words_stay_as_they_are(void **state)
{
	struct fixture *fixture = *state;
	struct sidecar sidecar = { .file = STR("x.json"), .title = STR("A title") };
	say(fixture, "ss_sd_model_name", STR("pony.safetensors"));
	say(fixture, "ss_none", STR("None"));
	say(fixture, "ss_empty", STR(""));
	say(fixture, "modelspec.description", repeat(fixture, "Long, but not endless. ", 400));
	take(fixture, &sidecar, 1);
	assert_int_equal(fixture->gist.reading.metadata.n_pairs, 4);
	for (size_t i = 0; i < 4; i++)
		assert_true(str_equal(fixture->pairs[i].value,
				      fixture->gist.reading.metadata.pairs[i].value));
	assert_true(str_equal(fixture->gist.sidecars[0].title, STR("A title")));
	assert_null(fixture->gist.sidecars[0].description.ptr);
}

static void pictures_go_whatever_they_are_called(void **state)
{
	struct fixture *fixture = *state;
	say(fixture, "modelspec.thumbnail", repeat(fixture, "data:image/jpeg;base64,/9j/4AAQ", 90));
	say(fixture, "cover", repeat(fixture, "iVBORw0KGgo+/", 200));
	say(fixture, "words", repeat(fixture, "iVBORw0K Ggo", 200));
	take(fixture, NULL, 0);
	assert_true(kept(fixture, "modelspec.thumbnail").len < 100);
	assert_true(str_has_prefix(kept(fixture, "modelspec.thumbnail"), STR("data:image/jpeg")));
	assert_true(kept(fixture, "cover").len < 100);
	assert_int_equal(kept(fixture, "words").len, 2400);
}

static void endless_texts_are_cut_between_characters(void **state)
{
	struct fixture *fixture = *state;
	struct sidecar sidecar = { .description = repeat(fixture, "\xe6\xb0\xb4 ", 9000) };
	say(fixture, "workflow", repeat(fixture, "{\xe6\xb0\xb4}", 9000));
	take(fixture, &sidecar, 1);
	struct str cut = kept(fixture, "workflow");
	assert_true(cut.len <= GIST_VALUE_MAX && cut.len > GIST_VALUE_MAX - 5);
	assert_true((unsigned char)cut.ptr[cut.len] != 0xb0 &&
		    (unsigned char)cut.ptr[cut.len] != 0xb4);
	assert_true(fixture->gist.sidecars[0].description.len <= GIST_VALUE_MAX);
}

static void all_keys_together_are_bounded(void **state)
{
	struct fixture *fixture = *state;
	size_t n = 20000;
	struct metadata_pair *pairs = ARENA_NEW_N(&fixture->arena, struct metadata_pair, n);
	for (size_t i = 0; i < n; i++)
		pairs[i] = (struct metadata_pair){ STR("key"), repeat(fixture, "value ", 20) };
	fixture->reading.metadata = (struct metadata){ pairs, n };
	fixture->reading.config = fixture->reading.metadata;
	take(fixture, NULL, 0);
	assert_true(fixture->gist.reading.metadata.n_pairs * 123 <= GIST_METADATA_MAX);
	assert_true(fixture->gist.reading.metadata.n_pairs > 1000);
	assert_int_equal(fixture->gist.reading.config.n_pairs,
			 fixture->gist.reading.metadata.n_pairs);
}

static void captions_become_counts(void **state)
{
	struct fixture *fixture = *state;
	say(fixture, "ss_tag_frequency",
	    STR("{\"10_a cat\": {\"cat\": 9, \"solo\": 2}, \"1_b\": {\"b\": 4}}"));
	say(fixture, "ss_dataset_dirs",
	    STR("{\"10_a cat\": {\"n_repeats\": 10, \"img_count\": 9}}"));
	take(fixture, NULL, 0);
	const struct captions *captions = &fixture->gist.captions;
	assert_int_equal(captions->n_folders, 2);
	assert_int_equal(captions->folders[0].n_images, 9);
	assert_int_equal(captions->folders[0].n_tags, 2);
	assert_false(captions->folders[0].is_cut);
	assert_true(str_equal(captions->tags[2].text, STR("b")));
	/* That they were there is still known. */
	assert_true(kept(fixture, "ss_tag_frequency").len > 0);
	assert_true(kept(fixture, "ss_tag_frequency").len <= 64);
}

static void of_very_many_tags_the_frequent_ones_stay(void **state)
{
	struct fixture *fixture = *state;
	struct bytes json = { 0 };
	bytes_append_str(&json, STR("{\"1_sentences\": {"));
	for (unsigned i = 0; i < 5000; i++)
		bytes_printf(&json, "\"a sentence about picture %u\": 1, ", i);
	bytes_append_str(
		&json,
		STR("\"score_9\": 4000, \"\xe6\xb0\xb4\": 5000}, \"1_last\": {\"word\": 3}}"));
	say(fixture, "ss_tag_frequency", bytes_str(&json));
	take(fixture, NULL, 0);
	const struct captions *captions = &fixture->gist.captions;
	assert_int_equal(captions->n_folders, 2);
	assert_true(captions->n_tags <= GIST_TAGS_MAX && captions->n_tags > 500);
	assert_true(captions->folders[0].is_cut);
	assert_false(captions->folders[1].is_cut);
	size_t n = captions->folders[0].n_tags;
	/* In the order in which they stood. */
	assert_true(str_equal(captions->tags[n - 2].text, STR("score_9")));
	assert_true(str_equal(captions->tags[n - 1].text, STR("\xe6\xb0\xb4")));
	assert_true(str_equal(captions->tags[captions->folders[1].first_tag].text, STR("word")));
	assert_true(str_equal(captions->tags[0].text, STR("a sentence about picture 0")));
	bytes_finish(&json);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
	const struct CMUnitTest tests[] = {
		TEST(usual_words_stay_as_they_are),
		TEST(pictures_go_whatever_they_are_called),
		TEST(endless_texts_are_cut_between_characters),
		TEST(all_keys_together_are_bounded),
		TEST(captions_become_counts),
		TEST(of_very_many_tags_the_frequent_ones_stay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
