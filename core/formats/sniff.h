// SPDX-License-Identifier: MIT
/**
 * What a file is by its first bytes, whatever its name says.
 *
 * The order is that of the bad-input facts, section 0: what could be read in two ways is what the
 * loaders would take it for.
 */
#ifndef CORE_FORMATS_SNIFF_H
#define CORE_FORMATS_SNIFF_H

#include "core/formats/format.h"

#define SNIFF_BYTES 4096u /* looked at: one block */

enum content {
	CONTENT_UNKNOWN,
	CONTENT_ZIP,
	CONTENT_SEVENZIP,
	CONTENT_GGUF,
	CONTENT_TORCH_LEGACY,
	CONTENT_PICKLE,
	CONTENT_TAR,
	CONTENT_NUMPY,
	CONTENT_COMPRESSED,
	CONTENT_OLD_GGML,
	CONTENT_SAFETENSORS,
	CONTENT_ONNX,
	CONTENT_WEB_PAGE,
	CONTENT_LFS,
	CONTENT_HDF5,
	CONTENT_PICTURE,
	CONTENT_ZEROS,
	CONTENT_TEXT,
	CONTENT_COUNT
};

/** The front of a file. */
struct head {
	struct str bytes;     /* the first SNIFF_BYTES, or all there is */
	uint64_t size_bytes;  /* of the whole file */
	struct str extension; /* lower case, without the dot and a downloader's suffix */
};

enum content sniff(const struct head *head);

/** In words: "a zip archive". */
const char *content_words(enum content content);
/** The format it gives, even when it is not read further. */
enum format content_format(enum content content);
/** Does the extension promise this, or nothing at all? */
bool content_fits_extension(enum content content, struct str extension);
/** Is it one of the extensions under which models travel? */
bool extension_is_model(struct str extension);
/** Is it one that PyTorch writes? */
bool extension_is_torch(struct str extension);

/** The length that a safetensors file begins with; 0 when there are no 8 bytes. */
uint64_t head_safetensors_length(const struct head *head);

/** Which of the formats before GGUF: "ggjt"; NULL when it is none. */
const char *head_old_ggml_word(const struct head *head);

#endif
