// SPDX-License-Identifier: MIT
/** Reads any bytes as the front of a picture. */
#include "core/formats/picture.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blob blob = blob_from_memory(data, size);
	struct picture picture;
	struct error err = { 0 };
	if (!picture_read(&blob, &picture, &err)) {
		if (!err.slug)
			abort();
	} else if (!picture.width || picture.width > PICTURE_SIDE_MAX || !picture.height ||
		   picture.height > PICTURE_SIDE_MAX ||
		   (uint64_t)picture.width * picture.height > PICTURE_PIXELS_MAX) {
		abort();
	}
	return 0;
}
