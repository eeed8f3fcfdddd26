// SPDX-License-Identifier: MIT
/**
 * The numbered migrations of both databases, embedded by the build: element i leads from version i
 * to version i + 1.
 */
#ifndef STORAGE_INDEX_SCHEMA_H
#define STORAGE_INDEX_SCHEMA_H

extern const char *const index_schema[];
extern const int index_schema_version;
extern const char *const user_schema[];
extern const int user_schema_version;

#endif
