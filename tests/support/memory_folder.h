// SPDX-License-Identifier: MIT
/** A model folder made by hand, in memory. */
#ifndef TESTS_SUPPORT_MEMORY_FOLDER_H
#define TESTS_SUPPORT_MEMORY_FOLDER_H

#include "core/base/arena.h"
#include "core/base/folder.h"

enum { MEMORY_FOLDER_MAX = 64 };

struct memory_folder {
	struct arena arena;
	struct folder_file files[MEMORY_FOLDER_MAX];
	struct folder folder; /* sorted after each addition */
};

void memory_folder_finish(struct memory_folder *folder);
void memory_folder_add(struct memory_folder *folder, const char *path, struct str bytes);
void memory_folder_text(struct memory_folder *folder, const char *path, const char *text);

/** A safetensors file of F16 tensors: "name [2,3]; other []". */
void memory_folder_tensors(struct memory_folder *folder, const char *path, const char *tensors);

#endif
