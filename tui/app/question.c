// SPDX-License-Identifier: MIT
#include "tui/app/question.h"

#include <stdarg.h>
#include <stdio.h>

#include "tui/app/app.h"

void question_ask(struct app *app, void (*yes)(struct app *app, struct effects *out),
		  const char *format, ...)
{
	char line[1024];
	va_list args;
	va_start(args, format);
	int len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	bytes_clear(&app->question.text);
	if (len > 0)
		bytes_append_str(&app->question.text, str_from(line));
	bytes_append_str(&app->question.text, STR(" [y/N]"));
	app->question.yes = yes;
	app->dirty = true;
}

void question_key(struct app *app, struct key key, struct effects *out)
{
	void (*yes)(struct app * app, struct effects * out) = app->question.yes;
	app->question.yes = NULL;
	app->dirty = true;
	if (!key.ctrl && (key.code == 'y' || key.code == 'Y'))
		yes(app, out);
	else
		app_tell(app, STYLE_DIM, "left as it is");
}
