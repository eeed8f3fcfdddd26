// SPDX-License-Identifier: MIT
#include "tui/app/copy.h"

#include "tui/app/ask.h"
#include "tui/term/clipboard.h"

static const struct {
	char letter;
	enum copy_what what;
	enum export_format format;
} letters[] = {
	{ 'l', COPY_EXPORT, EXPORT_A1111 },   { 'p', COPY_PATH, EXPORT_COUNT },
	{ 'h', COPY_HASH, EXPORT_COUNT },     { 't', COPY_TRIGGERS, EXPORT_COUNT },
	{ 'j', COPY_EXPORT, EXPORT_COMFYUI },
};

void copy_finish(struct copy *copy)
{
	bytes_finish(&copy->text);
}

void copy_begin(struct app *app)
{
	app->copy.is_waiting = true;
	app_tell(app, STYLE_NORMAL,
		 "copy: l prompt tag, p path, h hash, t triggers, j ComfyUI fragment");
}

static void ask_export(struct app *app, enum export_format format, struct effects *out)
{
	struct request *request = tray_request(app);
	if (!request) {
		app_tell(app, STYLE_MISTAKE, "the set is empty, and this is no LoRA");
		return;
	}
	app->copy.what = COPY_EXPORT;
	app->copy.format = format;
	app->copy.serial = request->serial;
	effects_send(out, request);
}

static void ask_model(struct app *app, enum copy_what what, struct effects *out)
{
	if (!app->models.cursor_id) {
		app_tell(app, STYLE_MISTAKE, "there is no model here to copy from");
		return;
	}
	struct request *request = ask_new(app, REQUEST_DETAILS);
	request->as.details.id = app->models.cursor_id;
	app->copy.what = what;
	app->copy.serial = request->serial;
	effects_send(out, request);
}

void copy_key(struct app *app, struct key key, struct effects *out)
{
	app->copy.is_waiting = false;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		if (key.ctrl || key.code != (uint32_t)letters[i].letter)
			continue;
		if (letters[i].what == COPY_EXPORT)
			ask_export(app, letters[i].format, out);
		else
			ask_model(app, letters[i].what, out);
	}
}

void copy_export(struct app *app, struct str word, struct effects *out)
{
	enum export_format format = word.len ? export_find(word) : EXPORT_A1111;
	struct bytes list = { 0 };
	for (enum export_format i = 0; i < EXPORT_COUNT; i++)
		bytes_printf(&list, "%s%s", i > 0 ? ", " : "", export_word(i));
	if (format == EXPORT_COUNT)
		app_tell(app, STYLE_MISTAKE, "export as %s", list.ptr);
	else
		ask_export(app, format, out);
	bytes_finish(&list);
}

static void write_model(const struct copy *copy, const struct event *event, struct bytes *text)
{
	const struct model *model = &event->as.details.model;
	if (!event->as.details.found)
		return;
	if (copy->what == COPY_PATH)
		bytes_append_str(text, event->as.details.entry.path);
	else if (copy->what == COPY_HASH)
		bytes_append_str(text, model->sha256.ptr ? model->sha256 : model->autov3);
	for (size_t i = 0; copy->what == COPY_TRIGGERS && i < model->n_triggers; i++) {
		bytes_append_str(text, i > 0 ? STR(", ") : STR(""));
		bytes_append_str(text, model->triggers[i]);
	}
}

/* @warning  out: the first thing that the other program will not do; or STR_NULL */
static void write_export(const struct app *app, const struct event *event, struct bytes *text,
			 struct arena *arena, struct str *warning)
{
	struct array warnings = ARRAY_OF(struct str);
	struct export_set set = event->as.composed.as;
	set.name = bytes_str(&app->tray.name);
	export_write(app->copy.format, &set, text, &warnings, arena);
	if (warnings.len > 0)
		*warning = *ARRAY_AT(&warnings, struct str, 0);
	array_finish(&warnings);
}

static const char *nothing_words(enum copy_what what)
{
	switch (what) {
	case COPY_PATH: return "the model is gone";
	case COPY_HASH: return "its hash is not known";
	case COPY_TRIGGERS: return "it has no triggers";
	case COPY_EXPORT: break;
	}
	return "there is nothing that could be written";
}

static void tell(struct app *app, struct arena *arena, struct str warning)
{
	struct str shown = app_clean(app, arena, str_trim(bytes_str(&app->copy.text)));
	if (!app->has_clipboard || !clipboard_fits(bytes_str(&app->copy.text)))
		app_tell(app, STYLE_WARNING, "%s: %.*s",
			 app->has_clipboard ? "not copied (too long, or control characters)"
					    : "this terminal has no clipboard",
			 STR_ARG(shown));
	else if (warning.ptr)
		app_tell(app, STYLE_WARNING, "copied %.*s (%.*s)", STR_ARG(shown),
			 STR_ARG(app_clean(app, arena, warning)));
	else if (app->in_tmux && !app->copy.told_tmux)
		app_tell(app, STYLE_NORMAL, "copied, if tmux has `set-clipboard on`: %.*s",
			 STR_ARG(shown));
	else
		app_tell(app, STYLE_NORMAL, "copied: %.*s", STR_ARG(shown));
	app->copy.told_tmux = true;
}

bool copy_take(struct app *app, const struct event *event, struct effects *out)
{
	struct copy *copy = &app->copy;
	struct arena arena = { 0 };
	struct str warning = STR_NULL;
	if (!copy->serial || event->serial != copy->serial)
		return false;
	copy->serial = 0;
	bytes_clear(&copy->text);
	if (event->type == EVENT_DETAILS)
		write_model(copy, event, &copy->text);
	else if (event->type == EVENT_COMPOSED)
		write_export(app, event, &copy->text, &arena, &warning);
	if (str_trim(bytes_str(&copy->text)).len == 0) {
		app_tell(app, STYLE_MISTAKE, "%s", nothing_words(copy->what));
	} else {
		out->copies = true;
		tell(app, &arena, warning);
	}
	arena_finish(&arena);
	return true;
}
