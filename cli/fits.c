// SPDX-License-Identifier: MIT
#include "cli/fits.h"

/* Models judged at a time: enough that asking costs little, few enough to be held in memory. */
enum { CHUNK = 1024 };

bool fits_open(struct fits *fits, struct cli *cli, struct str one, bool is_lora, struct error *err)
{
	*fits = (struct fits){ .is_lora = is_lora };
	if (!pick_model(cli, one, &fits->one, err) || !cli_library(cli, LIBRARY_READ, err))
		return false;
	fits->cli = cli;
	tensors_open(&fits->tensors, cli, is_lora ? NULL : &fits->one);
	fits->layout = fits->tensors.binder.layout;
	if (is_lora &&
	    !(fits->one.is_file && tensors_find(&fits->tensors, &fits->one, &fits->layout)))
		fits->layout = STR_NULL;
	return true;
}

void fits_close(struct fits *fits)
{
	if (fits->cli)
		tensors_close(&fits->tensors);
}

/* A file is told with all that a verdict goes by; a model of the library by its id. */
static void fill_party(struct fits *fits, struct arena *arena, struct fit_party *party)
{
	struct tensor_table *table = ARENA_NEW(arena, struct tensor_table);
	if (!fits->one.is_file) {
		party->id = fits->one.entry.id;
		return;
	}
	party->side = fit_side_of(&fits->one.model); /* which lives as long as the program */
	if (fits->layout.ptr && tensors_read(&fits->tensors, fits->layout, arena, table))
		party->table = table;
}

static struct event *ask(struct fits *fits, const uint32_t *ids, size_t n, bool is_brief,
			 struct error *err)
{
	struct request *request = request_create(REQUEST_FITS);
	request->as.fits.ids = ids; /* which wait for the answer too */
	request->as.fits.n = n;
	request->as.fits.is_lora = fits->is_lora;
	request->as.fits.is_brief = is_brief;
	fill_party(fits, &request->arena, &request->as.fits.one);
	return cli_ask(fits->cli, request, err);
}

bool fits_each(struct fits *fits, const uint32_t *ids, size_t n, bool is_brief, fits_line_fn take,
	       void *context, struct error *err)
{
	for (size_t at = 0; at < n; at += CHUNK) {
		struct event *event =
			ask(fits, ids + at, n - at < CHUNK ? n - at : CHUNK, is_brief, err);
		if (!event)
			return false;
		for (size_t i = 0; i < event->as.fits.n; i++)
			if (event->as.fits.lines[i].id)
				take(context, &event->as.fits.lines[i]);
		event_destroy(event);
	}
	return true;
}
