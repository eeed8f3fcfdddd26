// SPDX-License-Identifier: MIT
/**
 * Containers of samples: how tensors, or odd bytes, become a file.
 *
 * One row of a table each; a container without a writer is well-formed and not ours yet.
 */
#ifndef CORE_SAMPLES_CONTAINER_H
#define CORE_SAMPLES_CONTAINER_H

#include "core/base/array.h"
#include "core/samples/sample.h"
#include "core/samples/spec.h"

struct container_input {
	const struct spec *entry;
	const struct key_source *keys;
	struct arena *arena;
};

/**
 * Appends the bytes that exist at the front to `head` and says what else the file is.
 *
 * @file  out: `what`, `target`, `pieces`, `size_bytes`; path and head are the caller's
 * @err   UNSUPPORTED: a container of which this version writes none; FORMAT
 */
NODISCARD bool container_make(const struct container_input *input, struct bytes *head,
			      struct sample_file *file, struct error *err);

/** Rows (struct key_row, sorted afterwards) as safetensors, with the entry's metadata. */
void container_safetensors(const struct container_input *input, struct array *rows,
			   struct bytes *head, struct sample_file *file);

/**
 * GGUF, for the table of containers. An entry has `kv` (values of plain JSON, or {"u64": 5} to name a
 * type), `quant` (the type of matrices), `keep` (a pattern: names that are not quantised), `fold`
 * (as ComfyUI-GGUF stores U-Nets), `gguf_version`.
 */
NODISCARD bool container_gguf(const struct container_input *input, struct bytes *head,
			      struct sample_file *file, struct error *err);

/** ONNX, likewise. `beside`: the file that has the bytes; `numbered`: linear layers lose their names. */
NODISCARD bool container_onnx(const struct container_input *input, struct bytes *head,
			      struct sample_file *file, struct error *err);

/**
 * PyTorch's files, for the table of containers. An entry has `object` (how the tensors are nested:
 * `ordered`, `dict`, `state_dict`, `nested`, `embedding`, `hypernetwork`) and `extra` (what stands
 * beside them); a zip also `root`, and `modern` for what PyTorch 2 adds.
 */
NODISCARD bool container_torch_zip(const struct container_input *input, struct bytes *head,
				   struct sample_file *file, struct error *err);
NODISCARD bool container_torch_legacy(const struct container_input *input, struct bytes *head,
				      struct sample_file *file, struct error *err);

#endif
