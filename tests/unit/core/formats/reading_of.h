// SPDX-License-Identifier: MIT
/** Bytes read as a file, and what a test asks of the reading. */
#ifndef TESTS_UNIT_CORE_FORMATS_READING_OF_H
#define TESTS_UNIT_CORE_FORMATS_READING_OF_H

#include "core/base/array.h"
#include "core/formats/format.h"

struct read_file {
	struct arena arena;
	struct format_reader *reader;
	struct reading reading;
};

/** Reads from memory of the exact size, and from a descriptor: both must say the same. */
void read_file_open(struct read_file *file, const char *name, struct str bytes);
void read_file_close(struct read_file *file);

/** "E_PK_EOF W_PK_MORE": the error and the notes, without doubles. */
const char *read_file_codes(struct read_file *file);
/** "os.system sys.exit" */
const char *read_file_globals(struct read_file *file);
/** "a:F32[2,3] b:F16[]" */
const char *read_file_tensors(struct read_file *file);
/** "step=3 name=x" */
const char *read_file_metadata(struct read_file *file);

#endif
