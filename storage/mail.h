// SPDX-License-Identifier: MIT
/**
 * What lies in the inboxes of the two threads behind the library: requests, and word of changes.
 */
#ifndef STORAGE_MAIL_H
#define STORAGE_MAIL_H

#include "core/base/array.h"
#include "storage/messages.h"

enum mail_type {
	MAIL_REQUEST,
	MAIL_CHANGED, /* the writer has committed: to the query thread */
	MAIL_STOP,    /* the last one */
};

struct mail {
	enum mail_type type;
	struct request *request; /* owned */
	bool is_shown;           /* a query whose first rows were sent already */
	size_t n_tried;          /* models that were loaded when they were looked for last */
	uint64_t n_heard;        /* changes of which the query thread had heard when it came */
	struct array ids;        /* uint32_t: models that are not as they were */
	bool everything;         /* too much to name, or roots changed */
};

struct mail *mail_create(enum mail_type type);
struct mail *mail_request(struct request *request);
void mail_destroy(struct mail *mail);
/** Takes the request out: it is the caller's now. */
struct request *mail_take_request(struct mail *mail);

#endif
