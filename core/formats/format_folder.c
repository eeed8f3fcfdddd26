// SPDX-License-Identifier: MIT
#include "core/formats/component.h"
#include "core/formats/diffusers.h"

void format_read_folder(struct format_reader *reader, const struct folder *folder,
			struct arena *arena, struct reading *out)
{
	struct gather gather;
	gather_init(&gather, reader, folder, arena, out);
	if (!diffusers_read(&gather) && !component_read(&gather, STR(""), STR("")))
		reading_fail(out, arena, "E_NOT_FILE", "not a regular file");
	gather_finish(&gather);
}
