// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/plan_print.h"
#include "core/base/base64.h"
#include "core/base/json.h"
#include "core/organise/sidecar_tell.h"

/* A million steps with long names. */
enum { PLAN_BYTES_MAX = 1 << 30, STEPS_MAX = 2000000, DEPTH_MAX = 4 };

static bool fill(int fd, char *bytes, size_t len, struct error *err)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = read(fd, bytes + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_system(err, n < 0 ? errno : EIO, "reading");
		done += (size_t)n;
	}
	return true;
}

static bool read_text(const char *path, struct arena *arena, struct str *out, struct error *err)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return error_system(err, errno, "%s", path);
	bool ok = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		  status.st_size <= PLAN_BYTES_MAX;
	if (!ok)
		error_set(err, ERROR_LIMIT, NULL, "%s: this is no plan file", path);
	char *bytes = ok ? arena_try_bytes(arena, (size_t)status.st_size + 1) : NULL;
	if (ok && !bytes)
		die_oom();
	ok = ok && fill(fd, bytes, (size_t)status.st_size, err);
	close(fd);
	if (ok)
		*out = (struct str){ bytes, (size_t)status.st_size };
	return ok;
}

static bool take_text(struct str key, struct str text, struct arena *arena, struct plan_step *step,
		      struct plan *plan)
{
	if (str_equal(key, STR("action")))
		step->action = plan_action_find(text);
	else if (str_equal(key, STR("role")))
		step->is_companion = str_equal(text, STR("companion"));
	else if (str_equal(key, STR("old")) && !step->old.ptr)
		step->old = arena_str(arena, text);
	else if (str_equal(key, STR("new")) && !step->new.ptr)
		step->new = arena_str(arena, text);
	else if (str_equal(key, STR("old_bytes")))
		return base64_decode(text, arena, &step->old);
	else if (str_equal(key, STR("new_bytes")))
		return base64_decode(text, arena, &step->new);
	else if (str_equal(key, STR("kept")) && !step->other.ptr)
		step->other = arena_str(arena, text);
	else if (str_equal(key, STR("kept_bytes")))
		return base64_decode(text, arena, &step->other);
	else if (str_equal(key, STR("what")))
		plan->what = arena_str(arena, text);
	else if (str_equal(key, STR("words")))
		plan->words = arena_str(arena, text);
	return true;
}

static bool take_number(struct str key, struct str text, struct plan_step *step)
{
	uint64_t number;
	if (str_equal(key, STR("mtime_ns")))
		return str_to_i64(text, &step->source.mtime_ns);
	if (!str_to_u64(text, &number))
		return false;
	bool is_short = str_equal(key, STR("model")) || str_equal(key, STR("group"));
	if (is_short && number > UINT32_MAX)
		return false;
	if (str_equal(key, STR("model")))
		step->model = (uint32_t)number;
	else if (str_equal(key, STR("group")))
		step->group = (uint32_t)number;
	else if (str_equal(key, STR("bytes")))
		step->source.size_bytes = number;
	else if (str_equal(key, STR("inode")))
		step->source.ino = number;
	return true;
}

/* What a sidecar says and would say is kept as it is written. */
static bool take_object(struct json *json, struct str key, struct arena *arena,
			struct plan_step *step)
{
	size_t from = json->at - 1;
	struct str *out = str_equal(key, STR("says"))   ? &step->says
			  : str_equal(key, STR("said")) ? &step->said
							: NULL;
	if (!out || !json_skip(json))
		return false;
	*out = arena_str(arena, str_slice(json->text, from, json->at));
	return true;
}

static bool take_value(struct json *json, struct str key, struct arena *arena,
		       struct plan_step *step, struct plan *plan)
{
	switch (json_next(json)) {
	case JSON_STRING: return take_text(key, json_text(json, arena), arena, step, plan);
	case JSON_NUMBER: return take_number(key, json->value, step);
	case JSON_TRUE: step->is_folder |= str_equal(key, STR("folder")); return true;
	case JSON_FALSE:
	case JSON_NULL: return true;
	case JSON_OBJECT: return take_object(json, key, arena, step);
	case JSON_ERROR:
	case JSON_END:
	case JSON_OBJECT_END:
	case JSON_ARRAY:
	case JSON_ARRAY_END:
	case JSON_KEY: break;
	}
	return false;
}

static bool read_line(struct str line, struct arena *arena, struct plan_step *step,
		      struct plan *plan)
{
	struct json json;
	json_init(&json, line, DEPTH_MAX);
	if (json_next(&json) != JSON_OBJECT)
		return false;
	for (;;) {
		enum json_token token = json_next(&json);
		if (token == JSON_OBJECT_END)
			return json_next(&json) == JSON_END;
		if (token != JSON_KEY)
			return false;
		struct str key = json_text(&json, arena);
		if (!take_value(&json, key, arena, step, plan))
			return false;
	}
}

/* No component may mean another place than it says. That it lies in a root is for the survey. */
static bool is_plain_path(struct str path)
{
	struct str rest = str_slice(path, 1, path.len), part;
	if (path.len < 2 || path.ptr[0] != '/' || str_find_byte(path, '\0') >= 0)
		return false;
	while (str_next_part(&rest, '/', &part))
		if (part.len == 0 || str_equal(part, STR(".")) || str_equal(part, STR("..")))
			return false;
	return true;
}

/* What a person plans: nothing is taken out of a trash or an archive by a file. */
static bool may_be_planned(const struct plan_step *step)
{
	if (step->action == PLAN_WRITE)
		return is_plain_path(step->old) && str_equal(step->old, step->new) &&
		       sidecar_may_say(step->new, step->says);
	return is_plain_path(step->old) && is_plain_path(step->new) &&
	       (step->other.len == 0 || is_plain_path(step->other)) &&
	       (step->action == PLAN_MOVE || step->action == PLAN_COPY ||
		step->action == PLAN_TRASH || step->action == PLAN_LINK);
}

static bool fail_line(struct error *err, size_t number, const char *what)
{
	return error_set(err, ERROR_FORMAT, NULL, "line %zu: %s", number, what);
}

static bool read_steps(struct str rest, struct arena *arena, struct array *steps, struct plan *out,
		       struct error *err)
{
	struct str line;
	for (size_t number = 1; str_next_part(&rest, '\n', &line); number++) {
		struct plan_step step = { .action = PLAN_ACTION_COUNT };
		if (str_trim(line).len == 0)
			continue;
		bool ok = read_line(line, arena, &step, out);
		if (ok && step.action == PLAN_ACTION_COUNT && !step.old.ptr && number == 1)
			continue;
		if (!ok || !may_be_planned(&step))
			return fail_line(err, number, "this is no step of a plan");
		if (steps->len == STEPS_MAX)
			return fail_line(err, number, "these are too many steps");
		*ARRAY_PUSH(steps, struct plan_step) = step;
	}
	return true;
}

bool plan_file_parse(struct str text, struct arena *arena, struct plan *out, struct error *err)
{
	struct array steps = ARRAY_OF(struct plan_step);
	*out = (struct plan){ .what = STR("apply"), .words = STR("") };
	bool ok = read_steps(text, arena, &steps, out, err);
	out->steps = array_to_arena(&steps, arena);
	out->n_steps = steps.len;
	array_finish(&steps);
	return ok;
}

bool plan_file_read(const char *path, struct arena *arena, struct plan *out, struct error *err)
{
	struct str text;
	return read_text(path, arena, &text, err) &&
	       (plan_file_parse(text, arena, out, err) || error_context(err, "%s", path));
}
