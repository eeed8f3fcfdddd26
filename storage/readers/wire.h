// SPDX-License-Identifier: MIT
/**
 * What the program and its reader processes say to each other.
 *
 * A request names models and is followed by their descriptors; there is one reply a model, in the
 * same order. A reader has looked at bytes of strangers: its replies are believed as little.
 */
#ifndef STORAGE_READERS_WIRE_H
#define STORAGE_READERS_WIRE_H

#include "core/knowledge/knowledge.h"
#include "storage/scan/opened.h"

#define WIRE_MODELS_MAX 16u              /* of one request */
#define WIRE_REPLY_BYTES_MAX (64u << 20) /* a model is a thousandth of that */

/** Stands before the packed bytes of both; they are of one machine, so it is sent as it is. */
struct wire_head {
	uint32_t body_bytes;
	uint32_t n_descriptors; /* of a reply: 0 */
};

/** Appends a request, head and all. @fds  int: its descriptors in the order they are to be sent */
void wire_put_request(const struct opened *const *opened, size_t n, struct bytes *out,
		      struct array *fds);
/**
 * @fds    those that came with it; those of a model are in its `files` and `sidecars`
 * @arena  owns what the list holds; texts borrow from `body`
 * @err    FORMAT
 */
NODISCARD bool wire_take_request(struct str body, const int *fds, size_t n_fds, struct arena *arena,
				 struct opened **out, size_t *n, struct error *err);

/** Appends a reply, head and all. */
void wire_put_reply(const struct flat *flat, struct bytes *out);
/**
 * Reads what follows the head of a reply.
 *
 * @knowledge  ids that are not in it make the reply a lie
 * @arena      owns what `flat` and `model` point to
 * @err        FORMAT
 */
NODISCARD bool wire_take_reply(struct str body, const struct knowledge *knowledge,
			       struct arena *arena, struct flat *flat, struct model *model,
			       struct error *err);

#endif
