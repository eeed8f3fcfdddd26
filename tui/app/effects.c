// SPDX-License-Identifier: MIT
#include "tui/app/effects.h"

void effects_init(struct effects *effects)
{
	*effects = (struct effects){ .requests = ARRAY_OF(struct request *) };
}

void effects_finish(struct effects *effects)
{
	for (size_t i = 0; i < effects->requests.len; i++)
		request_destroy(*ARRAY_AT(&effects->requests, struct request *, i));
	array_finish(&effects->requests);
	arena_finish(&effects->arena);
}

void effects_send(struct effects *effects, struct request *request)
{
	*ARRAY_PUSH(&effects->requests, struct request *) = request;
}
