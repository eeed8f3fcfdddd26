// SPDX-License-Identifier: MIT
/** Small zips, right and wrong. */
#ifndef TESTS_UNIT_CORE_FORMATS_ZIP_BUILD_H
#define TESTS_UNIT_CORE_FORMATS_ZIP_BUILD_H

#include "core/base/array.h"

struct zip_part {
	const char *name;
	struct str data;
	const char *local_name; /* NULL: as in the directory */
	unsigned flags, method; /* 8: is deflated here */
	uint32_t crc_flip;      /* makes the checksum wrong */
	uint64_t size_bytes;    /* claimed; 0: the true one */
	uint64_t at;            /* of the local header, claimed; 0: the true one */
	bool is_large;          /* its numbers stand in the zip64 field */
	size_t padding;         /* bytes in front of it */
};

struct zip_build {
	struct bytes bytes, directory;
	unsigned n;
};

struct zip_finish {
	unsigned n_more;              /* counted beside the true ones */
	int64_t directory_shift;      /* added to its claimed place */
	bool has_zip64, is_saturated; /* a zip64 record; needed or not */
	int64_t zip64_shift;          /* added to the place in it */
	const char *comment;
};

void zip_add(struct zip_build *zip, struct zip_part part);
void zip_close(struct zip_build *zip, struct zip_finish finish);
void zip_free(struct zip_build *zip);

#endif
