// SPDX-License-Identifier: MIT
/**
 * The front of a picture: is it one, and how large would it be? Reads headers, never pixels, so that
 * nothing that would be shown unpacks to more memory than there is.
 *
 * Source: PNG (W3C, section 11.2.2), JPEG (ITU T.81, annex B), GIF89a, WebP (RFC 9649); the limits are
 * those of the bad-input facts, section 8.
 */
#ifndef CORE_FORMATS_PICTURE_H
#define CORE_FORMATS_PICTURE_H

#include "core/base/blob.h"
#include "core/base/str.h"

#define PICTURE_BYTES_MAX (64u << 20)
#define PICTURE_SIDE_MAX 32768u
#define PICTURE_PIXELS_MAX (1u << 28)
#define PICTURE_SEGMENTS_MAX \
	1024u /* of a JPEG, before its frame: profiles are cut into some dozen */

struct picture {
	uint32_t width, height;
};

/** One of the extensions whose pictures are looked at: ".png", ".jpg", in any case. */
bool picture_is_name(struct str name);

/**
 * @out  the size in pixels
 * @err  slug W_IMAGE: FORMAT when it is no whole header, whatever the name says; LIMIT when it is too
 *       large to be shown; SYSTEM when it cannot be read
 */
NODISCARD bool picture_read(const struct blob *blob, struct picture *out, struct error *err);

#endif
