// SPDX-License-Identifier: MIT
#include "core/formats/pickle_findings.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/formats/pickle_verdict.h"

enum { NAME_MAX_BYTES = 1024, JOINED_MAX = 2 * NAME_MAX_BYTES + 1 };

static const struct str unknown_word = { "unknown", 7 };

void pickle_findings_init(struct pickle_findings *findings, struct arena *arena)
{
	*findings = (struct pickle_findings){ .arena = arena };
}

static void make_room(struct pickle_findings *findings)
{
	if (findings->globals)
		return;
	map_init(&findings->by_name, findings->arena, 16);
	findings->globals =
		ARENA_NEW_N(findings->arena, struct pickle_global *, PICKLE_GLOBALS_MAX);
}

/** The last place is for all that are too many. */
static struct pickle_global *new_global(struct pickle_findings *findings, uint32_t *i)
{
	if (findings->n_globals == PICKLE_GLOBALS_MAX) {
		*i = PICKLE_GLOBALS_MAX - 1;
		return NULL;
	}
	struct pickle_global *global = ARENA_NEW(findings->arena, struct pickle_global);
	*i = findings->n_globals;
	findings->globals[findings->n_globals++] = global;
	return global;
}

static struct str cut(struct str name)
{
	return str_slice(name, 0, name.len < NAME_MAX_BYTES ? name.len : NAME_MAX_BYTES);
}

/** a, a byte, b: not by printing, since names may hold a NUL. */
static struct str join(struct str a, char between, struct str b, char room[JOINED_MAX])
{
	memcpy(room, a.ptr, a.len);
	room[a.len] = between;
	memcpy(room + a.len + 1, b.ptr, b.len);
	return (struct str){ room, a.len + 1 + b.len };
}

/** The values of the map are places in `globals`. */
static uint32_t find_or_add(struct pickle_findings *findings, struct str module, struct str name,
			    bool is_hidden)
{
	struct str short_module = cut(module), short_name = cut(name);
	char room[JOINED_MAX];
	struct str key = join(short_module, is_hidden ? '\r' : '\n', short_name, room);
	uint32_t i;
	make_room(findings);
	void *found = map_find(&findings->by_name, key);
	if (found)
		return (uint32_t)((struct pickle_global **)found - findings->globals);
	struct pickle_global *global = new_global(findings, &i);
	if (!global)
		return i;
	bool is_whole = short_module.len == module.len && short_name.len == name.len;
	*global = (struct pickle_global){
		.module = arena_str(findings->arena, short_module),
		.name = arena_str(findings->arena, short_name),
		.uses = is_whole && !is_hidden ? pickle_verdict_uses(module, name) : 0,
		.is_hidden = is_hidden,
	};
	*map_place(&findings->by_name, arena_str(findings->arena, key)) = &findings->globals[i];
	return i;
}

uint32_t pickle_findings_global(struct pickle_findings *findings, struct str module,
				struct str name)
{
	return find_or_add(findings, module, name, false);
}

uint32_t pickle_findings_hidden(struct pickle_findings *findings, struct str module,
				struct str name)
{
	return find_or_add(findings, module.ptr ? module : unknown_word,
			   name.ptr ? name : unknown_word, true);
}

/** What cannot be decoded is graver than what decodes to nonsense. */
static int gravity(struct str code)
{
	static const char *const codes[] = { "E_PK_STACK", "E_PK_EOF", "E_PK_OPCODE" };
	int i = 0, n = sizeof codes / sizeof *codes;
	while (i < n && !str_equal(code, str_from(codes[i])))
		i++;
	return str_equal(code, STR("E_PK_FRAME")) ? n + 1 : i;
}

void pickle_findings_fail(struct pickle_findings *findings, const char *code, const char *format,
			  ...)
{
	struct note *error = &findings->error;
	if (error->code.ptr && gravity(error->code) >= gravity(str_from(code)))
		return;
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	*error = (struct note){ str_from(code), arena_str(findings->arena, str_from(text)) };
}

void pickle_findings_merge(struct pickle_findings *into, const struct pickle_findings *from)
{
	for (uint32_t i = 0; i < from->n_globals; i++) {
		const struct pickle_global *global = from->globals[i];
		uint32_t at = find_or_add(into, global->module, global->name, global->is_hidden);
		into->globals[at]->is_called |= global->is_called;
		into->globals[at]->is_misused |= global->is_misused;
	}
	into->breaks_frames |= from->breaks_frames;
	into->hides_call |= from->hides_call;
	into->n_whole += from->n_whole;
}

static bool is_harmful(const struct pickle_global *global)
{
	return !global->uses || global->is_misused || global->is_hidden;
}

bool pickle_findings_run_code(const struct pickle_findings *findings)
{
	for (uint32_t i = 0; i < findings->n_globals; i++)
		if (is_harmful(findings->globals[i]))
			return true;
	return findings->breaks_frames || findings->hides_call ||
	       findings->n_globals == PICKLE_GLOBALS_MAX;
}

static void tell_globals(const struct pickle_findings *findings, struct reading *out,
			 struct arena *arena)
{
	struct str *names = ARENA_NEW_N(arena, struct str, findings->n_globals + 1);
	size_t n = 0;
	for (uint32_t i = 0; i < findings->n_globals; i++) {
		const struct pickle_global *global = findings->globals[i];
		if (!is_harmful(global))
			continue;
		char room[JOINED_MAX];
		names[n++] = arena_str(arena, join(global->module, '.', global->name, room));
		if (!global->is_hidden)
			reading_note(out, arena, "V_RUNS_CODE", "runs code when loaded: %.*s%s",
				     STR_ARG(names[n - 1]),
				     global->is_called ? "" : " (named only)");
	}
	out->globals = names;
	out->n_globals = n;
}

static bool hides_names(const struct pickle_findings *findings)
{
	bool hides = findings->hides_call;
	for (uint32_t i = 0; i < findings->n_globals; i++)
		hides |= findings->globals[i]->is_hidden;
	return hides;
}

void pickle_findings_tell(const struct pickle_findings *findings, struct reading *out,
			  struct arena *arena)
{
	bool is_broken = findings->error.code.ptr || findings->n_whole == 0;
	if (pickle_findings_run_code(findings))
		out->safety = SAFETY_RUNS_CODE;
	else
		out->safety =
			is_broken || findings->is_ambiguous ? SAFETY_CANNOT_TELL : SAFETY_DATA_ONLY;
	tell_globals(findings, out, arena);
	if (hides_names(findings))
		reading_note(out, arena, "V_UNKNOWN",
			     "runs code when loaded: name of the function is hidden");
	if (findings->has_unset_slot)
		reading_note(out, arena, "W_PK_MEMO", "pickle reads an unset memo slot %" PRIu64,
			     findings->unset_slot);
	if (findings->error.code.ptr && !out->error.code.ptr)
		reading_fail(out, arena, findings->error.code.ptr, "%.*s",
			     STR_ARG(findings->error.message));
}
