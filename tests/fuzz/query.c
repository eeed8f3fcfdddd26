// SPDX-License-Identifier: MIT
/** The query language on any bytes: a tree, or a mistake with a column inside the text. */
#include <stdlib.h>

#include "core/query/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(const struct query_node *node)
{
	return node ? 1 + count(node->left) + count(node->right) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	arena_init(&arena);
	struct knowledge *knowledge = knowledge_create();
	struct query_mistake mistake;
	const struct query_node *tree = query_parse((struct str){ (const char *)data, size },
						    knowledge, 1767225600, &arena, &mistake);
	if (tree ? mistake.column != 0 || count(tree) > 2 * size + 1
		 : mistake.column == 0 || mistake.column > size + 1 || mistake.text[0] == '\0')
		abort();
	knowledge_destroy(knowledge);
	arena_finish(&arena);
	return 0;
}
