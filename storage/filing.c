// SPDX-License-Identifier: MIT
#include "storage/filing.h"

#include <time.h>

#include "core/base/path.h"
#include "core/organise/template.h"

void filing_init(struct filing *filing, const struct row_reader *reader, struct str template)
{
	*filing = (struct filing){
		.reader = reader,
		.template = template,
		.has_author = template_has(template, TEMPLATE_AUTHOR),
		.has_tag = template_has(template, TEMPLATE_TAG),
	};
}

void filing_finish(struct filing *filing)
{
	arena_finish(&filing->scratch);
}

static struct str year_of(int64_t seconds, struct arena *arena)
{
	time_t time = (time_t)seconds;
	struct tm broken;
	return gmtime_r(&time, &broken) ? arena_strf(arena, "%d", broken.tm_year + 1900) : STR_NULL;
}

static struct str first_tag(const struct entry *entry)
{
	struct str first = STR_NULL;
	for (size_t i = 0; i < entry->n_tags; i++)
		if (!first.ptr || str_compare(entry->tags[i], first) < 0)
			first = entry->tags[i];
	return first;
}

static bool add_details(struct filing *filing, uint32_t id, struct template_values *values,
			struct error *err)
{
	struct model model;
	struct entry entry;
	if (!model_rows_read_details(filing->reader, id, &filing->scratch, &model, &entry, err))
		return err->code == ERROR_NONE; /* it went meanwhile: its file tells the plan */
	values->of[TEMPLATE_AUTHOR] = model.author;
	values->of[TEMPLATE_TAG] = first_tag(&entry);
	return true;
}

static void fill(struct filing *filing, const struct model_brief *brief,
		 struct template_values *values)
{
	const struct class *class = brief->class;
	struct str *of = values->of;
	bool is_adapter = class->kind == KIND_LORA;
	of[TEMPLATE_KIND] = str_from(kind_word(class->kind));
	of[TEMPLATE_ARCH] = class->architecture;
	of[TEMPLATE_BASE] = class->base_model;
	of[TEMPLATE_TYPE] = is_adapter ? str_from(adapter_word(class->adapter)) : STR_NULL;
	if (is_adapter && brief->rank_max > 0)
		of[TEMPLATE_RANK] = arena_strf(&filing->scratch, "%u", (unsigned)brief->rank_max);
	of[TEMPLATE_YEAR] = year_of(brief->modified_s, &filing->scratch);
	of[TEMPLATE_ROOT] = brief->root;
	of[TEMPLATE_NAME] = brief->name;
}

bool filing_target(struct filing *filing, uint32_t id, const struct model_brief *brief,
		   struct str root, struct arena *arena, struct str *out, struct error *err)
{
	struct template_values values = { 0 };
	arena_reset(&filing->scratch);
	fill(filing, brief, &values);
	if ((filing->has_author || filing->has_tag) && !add_details(filing, id, &values, err))
		return false;
	*out = path_join(arena, root, template_fill(filing->template, &values, &filing->scratch));
	return true;
}
