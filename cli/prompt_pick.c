// SPDX-License-Identifier: MIT
#include "cli/prompt_pick.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/formats/png_text.h"
#include "core/sets/prompt.h"

/* Pictures come whole through a pipe; of a file only its texts are read. */
enum { PIPED_BYTES_MAX = 64 << 20, TEXT_BYTES_MAX = 16 << 20 };

static bool read_all(int fd, size_t max, struct bytes *out, struct error *err)
{
	char part[1 << 16];
	ssize_t n;
	while ((n = read(fd, part, sizeof part)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_system(err, errno, "reading the prompt");
		bytes_append(out, part, (size_t)n);
		if (out->len > max)
			return error_set(err, ERROR_LIMIT, NULL,
					 "the prompt: more than %zu bytes; that is no prompt", max);
	}
	return true;
}

static struct str find_text(const struct array *texts, const char *keyword)
{
	for (size_t i = 0; i < texts->len; i++) {
		const struct png_text *text = ARRAY_AT(texts, struct png_text, i);
		if (str_equal(text->keyword, str_from(keyword)))
			return text->text;
	}
	return STR_NULL;
}

/* What was run says more than what was drawn. */
static bool read_picture(struct cli *cli, const struct blob *blob, struct array *models,
			 struct error *err)
{
	static const char *const keywords[] = { "parameters", "prompt", "workflow" };
	struct array texts = ARRAY_OF(struct png_text);
	bool ok = png_text_read(blob, &cli->arena, &texts, err);
	for (size_t i = 0; ok && models->len == 0 && i < 3; i++)
		prompt_read(find_text(&texts, keywords[i]), &cli->arena, models);
	array_finish(&texts);
	return ok;
}

static bool read_blob(struct cli *cli, const struct blob *blob, struct array *models,
		      struct error *err)
{
	if (png_text_is_png(blob))
		return read_picture(cli, blob, models, err);
	if (blob->size_bytes > TEXT_BYTES_MAX)
		return error_set(err, ERROR_LIMIT, NULL,
				 "the prompt: more than %d bytes; that is no prompt",
				 TEXT_BYTES_MAX);
	size_t len = (size_t)blob->size_bytes;
	char *bytes = arena_try_bytes(&cli->arena, len + 1);
	if (!bytes)
		die_oom();
	if (!blob_read_at(blob, 0, bytes, len, err))
		return false;
	prompt_read((struct str){ bytes, len }, &cli->arena, models);
	return true;
}

static bool read_stream(struct cli *cli, int fd, struct array *models, struct error *err)
{
	struct bytes bytes = { 0 };
	bool ok = read_all(fd, PIPED_BYTES_MAX, &bytes, err);
	if (ok) {
		/* Names point into it. */
		struct str copy = arena_str(&cli->arena, bytes_str(&bytes));
		struct blob blob = blob_from_memory(copy.ptr, copy.len);
		ok = read_blob(cli, &blob, models, err);
	}
	bytes_finish(&bytes);
	return ok;
}

static bool read_source(struct cli *cli, struct str source, struct array *models, struct error *err)
{
	struct stat state;
	if (str_equal(source, STR("-")))
		return read_stream(cli, STDIN_FILENO, models, err);
	int fd = open(arena_cstr(&cli->arena, source), O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &state) != 0) {
		error_system(err, errno, "%.*s", STR_ARG(source));
		if (fd >= 0)
			close(fd);
		return false;
	}
	struct blob blob = blob_from_fd(fd, (uint64_t)state.st_size);
	bool ok = S_ISREG(state.st_mode) ? read_blob(cli, &blob, models, err)
					 : read_stream(cli, fd, models, err);
	close(fd);
	return ok;
}

static struct str last_part(struct str path)
{
	return str_slice(path, (size_t)(str_rfind_byte(path, '/') + 1), path.len);
}

static struct str with_slashes(struct cli *cli, struct str name)
{
	char *copy = arena_cstr(&cli->arena, name);
	for (size_t i = 0; i < name.len; i++)
		if (copy[i] == '\\')
			copy[i] = '/';
	return (struct str){ copy, name.len };
}

/* Does the path end like the name, with or without an extension? */
static bool ends_like(struct str path, struct str name)
{
	ptrdiff_t dot = str_rfind_byte(path, '.');
	struct str stem = dot > 0 ? str_slice(path, 0, (size_t)dot) : path;
	for (int i = 0; i < 2; i++) {
		struct str rest = i == 0 ? path : stem;
		if (str_cut_suffix(&rest, name) &&
		    (rest.len == 0 || str_has_suffix(rest, STR("/"))))
			return true;
	}
	return false;
}

static bool is_kind(const struct model *model, bool is_checkpoint)
{
	bool is_one = model->kind == KIND_CHECKPOINT || model->kind == KIND_DIFFUSION_MODEL;
	return is_checkpoint ? is_one : model->kind == KIND_LORA;
}

/* A name as it is looked up. */
struct wanted {
	struct str name; /* "/" between folders */
	bool is_checkpoint, is_alias;
};

static struct event *ask_named(struct cli *cli, const struct wanted *wanted, struct error *err)
{
	struct request *request = request_create(REQUEST_FIND);
	request->as.find.is_alias = wanted->is_alias;
	request->as.find.text = arena_str(
		&request->arena, wanted->is_alias ? wanted->name : last_part(wanted->name));
	return cli_ask(cli, request, err);
}

/* How many models of that kind are called so; `out` is one of them. */
static bool find_named(struct cli *cli, const struct wanted *wanted, size_t *n, struct picked *out,
		       struct error *err)
{
	struct event *found = ask_named(cli, wanted, err);
	bool ok = found != NULL;
	*n = 0;
	for (size_t i = 0; ok && i < found->as.found.n; i++) {
		struct picked picked = { 0 };
		bool is_there;
		if (!wanted->is_alias && !ends_like(found->as.found.paths[i], wanted->name))
			continue;
		ok = pick_id(cli, found->as.found.ids[i], &is_there, &picked, err);
		if (!ok || !is_there || !is_kind(&picked.model, wanted->is_checkpoint))
			continue;
		*out = picked;
		++*n;
	}
	event_destroy(found);
	return ok;
}

static void tell_several(struct cli *cli, const struct wanted *wanted, size_t n)
{
	const char *text =
		wanted->is_alias
			? "%.*s: %zu models of the library have that alias, so it names none"
			: "%.*s: %zu models of the library are called that";
	out_complain(&cli->out, arena_strf(&cli->arena, text, STR_ARG(wanted->name), n));
}

/* The one model of that kind whose path ends so; else, as A1111 does it, the one of that alias. */
static bool look_up(struct cli *cli, const struct prompt_model *model, bool *is_found,
		    struct picked *out, struct error *err)
{
	struct wanted wanted = { with_slashes(cli, model->name), model->is_checkpoint, false };
	size_t n;
	if (!find_named(cli, &wanted, &n, out, err))
		return false;
	if (n == 0 && !wanted.is_checkpoint) {
		wanted.is_alias = true;
		wanted.name = model->name;
		if (!find_named(cli, &wanted, &n, out, err))
			return false;
	}
	*is_found = n == 1;
	if (n > 1)
		tell_several(cli, &wanted, n);
	return true;
}

static void stand_in(struct str name, struct picked *out)
{
	*out = (struct picked){ .path = name,
				.model = { .name = name,
					   .kind = KIND_UNKNOWN,
					   .status = STATUS_UNREADABLE,
					   .n_tensors = -1,
					   .parameters = -1 } };
}

static bool look_up_all(struct cli *cli, const struct array *models, struct combination *out,
			struct array *missing, struct error *err)
{
	for (size_t i = 0; i < models->len; i++) {
		const struct prompt_model *model = ARRAY_AT(models, struct prompt_model, i);
		struct picked picked = { 0 };
		bool is_found;
		if (model->is_checkpoint && out->has_checkpoint)
			continue; /* a refiner: the LoRAs go to the first */
		if (!look_up(cli, model, &is_found, &picked, err))
			return false;
		if (!is_found) {
			stand_in(model->name, &picked);
			*ARRAY_PUSH(missing, struct str) = model->name;
		}
		if (model->is_checkpoint) {
			out->has_checkpoint = true;
			out->checkpoint = picked;
			continue;
		}
		out->loras[out->n++] =
			(struct picked_lora){ picked, model->weight, model->has_weight_te,
					      model->weight_te };
	}
	return true;
}

bool prompt_pick(struct cli *cli, struct str source, struct combination *out,
		 struct prompt_missing *missing, struct error *err)
{
	struct array models = ARRAY_OF(struct prompt_model), names = ARRAY_OF(struct str);
	bool ok = cli_library(cli, LIBRARY_READ, err) && read_source(cli, source, &models, err);
	if (ok && models.len == 0)
		ok = error_set(err, ERROR_USAGE, NULL, "%.*s: no model is named in it",
			       STR_ARG(source));
	*out = (struct combination){ .loras = ARENA_NEW_N(&cli->arena, struct picked_lora,
							  models.len) };
	ok = ok && look_up_all(cli, &models, out, &names, err);
	*missing = (struct prompt_missing){ array_to_arena(&names, &cli->arena), names.len };
	array_finish(&models);
	array_finish(&names);
	return ok;
}
