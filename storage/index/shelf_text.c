// SPDX-License-Identifier: MIT
#include "storage/index/shelf_text.h"

#include "core/base/text.h"

void shelf_fold(struct bytes *out, struct str raw)
{
	size_t from = out->len;
	text_fold(out, raw);
	for (size_t i = from; i < out->len; i++) {
		if ((unsigned char)out->ptr[i] < ' ')
			out->ptr[i] = ' ';
	}
}

void shelf_text(struct bytes *out, struct str name, struct str path, const struct str *triggers,
		size_t n_triggers)
{
	struct str file = str_after_last(path, '/');
	shelf_fold(out, name);
	if (str_has_prefix(file, name) && file.len > name.len && file.ptr[name.len] == '.') {
		bytes_append_byte(out, SHELF_DOT);
		shelf_fold(out, str_slice(file, name.len + 1, file.len));
	} else if (!str_equal(file, name)) {
		bytes_append_byte(out, SHELF_ITEM);
		shelf_fold(out, file);
	}
	bytes_append_byte(out, SHELF_END);
	for (size_t i = 0; i < n_triggers; i++) {
		if (i > 0)
			bytes_append_byte(out, SHELF_ITEM);
		shelf_fold(out, triggers[i]);
	}
	if (n_triggers > 0)
		bytes_append_byte(out, SHELF_END);
}
