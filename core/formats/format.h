// SPDX-License-Identifier: MIT
/**
 * What a model file says of itself, whatever its container: sniff, call one reader, report.
 *
 * Never fails: a broken file is a reading with a status and an error in it.
 */
#ifndef CORE_FORMATS_FORMAT_H
#define CORE_FORMATS_FORMAT_H

#include "core/base/arena.h"
#include "core/base/blob.h"
#include "core/base/folder.h"
#include "core/formats/tensor_table.h"

enum format {
	FORMAT_UNKNOWN,
	FORMAT_SAFETENSORS,
	FORMAT_TORCH_ZIP,
	FORMAT_TORCH_LEGACY,
	FORMAT_TORCH_TAR,
	FORMAT_PICKLE,
	FORMAT_GGUF,
	FORMAT_DIFFUSERS,
	FORMAT_ONNX,
	FORMAT_ARCHIVE,
	FORMAT_COUNT
};

enum status {
	STATUS_OK,
	STATUS_PARTIAL,
	STATUS_UNSUPPORTED,
	STATUS_UNREADABLE,
	STATUS_DAMAGED,
	STATUS_COUNT
};

enum safety { SAFETY_DATA_ONLY, SAFETY_RUNS_CODE, SAFETY_CANNOT_TELL, SAFETY_COUNT };

const char *format_word(enum format format); /* "torch-zip": contract.md */
const char *status_word(enum status status);
const char *safety_word(enum safety safety);
enum format format_find(struct str word); /* FORMAT_COUNT when there is none */
enum status status_find(struct str word); /* STATUS_COUNT */
enum safety safety_find(struct str word); /* SAFETY_COUNT */

/** One of the codes of the bad-input table with its sentence. */
struct note {
	struct str code;    /* "E_ST_DUP", "W_MISNAMED"; ptr NULL: none */
	struct str message; /* raw: may quote names from the file */
};

/** The status a code gives: contract.md, "status". W_ and V_ codes give OK unless listed there. */
enum status status_of_code(struct str code);

struct metadata_pair {
	struct str key, value; /* unescaped; value cut at METADATA_VALUE_MAX */
};

#define METADATA_VALUE_MAX (1u << 20)

struct metadata {
	const struct metadata_pair *pairs;
	size_t n_pairs;
};

/** The value, or STR_NULL. The empty text and "None" are returned as they are. */
struct str metadata_find(const struct metadata *metadata, struct str key);

#define NOTES_MAX 16

struct reading {
	enum format format;
	enum status status;
	enum safety safety;
	struct note error;            /* code.ptr NULL: read to the end */
	struct note notes[NOTES_MAX]; /* W_ and V_ codes */
	size_t n_notes;
	bool has_table;            /* also true for a file whose data is cut off */
	struct tensor_table table; /* owned by the reader when `layout_id` is not 0 */
	struct metadata metadata;
	struct metadata config;    /* of a folder: keys "unet/config.json:_class_name" */
	const struct str *globals; /* what loading a pickle would import or call: "posix.system" */
	size_t n_globals;
	uint64_t size_bytes;
	uint32_t layout_id; /* same reader and same id: same names, types, shapes; 0: unknown */
};

/** A name from the file, cut so that a message stays a line. */
struct str reading_quote(struct str name);

void reading_note(struct reading *reading, struct arena *arena, const char *code,
		  const char *format, ...) PRINTF(4, 5);
/** Sets the error and the status that goes with its code. */
void reading_fail(struct reading *reading, struct arena *arena, const char *code,
		  const char *format, ...) PRINTF(4, 5);

/**
 * A reader keeps a buffer and the layouts it has seen: files of one trainer share every byte of
 * their header but the metadata, and need not be parsed twice. One thread each.
 */
struct format_reader;

struct format_reader *format_reader_create(void);
void format_reader_destroy(struct format_reader *reader);

/**
 * Reads what `blob` says of itself: the first bytes, then one header, never the tensors.
 *
 * @reader  its cached tables live until the next call evicts them, so: use `out` before reading on
 * @name    file name, only for W_MISNAMED and for what its extension promises (E_ST_SHORT)
 * @arena   owns everything in `out` but a cached table
 */
void format_read(struct format_reader *reader, const struct blob *blob, struct str name,
		 struct arena *arena, struct reading *out);

/**
 * Reads a model that is several files: a diffusers folder, one of its components, a sharded set.
 *
 * @folder  its files: weights, JSONs, and any Python; of a sharded set its parts and its index
 * @arena   owns everything in `out`
 */
void format_read_folder(struct format_reader *reader, const struct folder *folder,
			struct arena *arena, struct reading *out);

#endif
