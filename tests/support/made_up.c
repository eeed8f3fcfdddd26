// SPDX-License-Identifier: MIT
#include "tests/support/made_up.h"

#include <string.h>

#include "storage/mail.h"
#include "storage/user/subjects.h"
#include "storage/user/tags.h"
#include "tests/support/sample_disk.h"

static void must(bool ok, const struct error *err)
{
	if (!ok)
		BUG("%s", err->text);
}

static void add_architecture(struct knowledge *knowledge, const char *id)
{
	struct architecture *architecture =
		ARRAY_PUSH(&knowledge->architectures, struct architecture);
	architecture->id = architecture->name = architecture->foundation = str_from(id);
}

static void add_base(struct knowledge *knowledge, const char *id, const char *parent,
		     const char *architecture)
{
	struct base_model *base = ARRAY_PUSH(&knowledge->base_models, struct base_model);
	base->id = base->name = str_from(id);
	base->parent = str_from(parent);
	base->architecture = str_from(architecture);
	base->edge_is_heavy = strcmp(id, "pony") == 0;
}

struct knowledge *made_up_knowledge(void)
{
	struct knowledge *knowledge = knowledge_create();
	struct error err;
	static const char *const architectures[] = { "sd1", "sdxl", "flux1", "chroma" };
	for (size_t i = 0; i < 4; i++)
		add_architecture(knowledge, architectures[i]);
	add_base(knowledge, "sd1", NULL, "sd1");
	add_base(knowledge, "sdxl", NULL, "sdxl");
	add_base(knowledge, "photo", "sdxl", "sdxl");
	add_base(knowledge, "pony", "sdxl", "sdxl");
	add_base(knowledge, "autism", "pony", "sdxl");
	add_base(knowledge, "flux1", NULL, "flux1");
	add_base(knowledge, "chroma", "flux1", "chroma");
	ARRAY_PUSH(&knowledge->variants, struct variant)->id = STR("inpaint");
	must(knowledge_finish(knowledge, &err), &err);
	return knowledge;
}

void made_up_begin(struct made_up *made_up)
{
	*made_up = (struct made_up){ 0 };
	made_up->dir = sample_disk_make(&made_up->arena);
	made_up->knowledge = made_up_knowledge();
	made_up->options = (struct library_options){
		.data_dir = made_up->dir,
		.knowledge = made_up->knowledge,
		.mode = LIBRARY_WRITE,
		.n_workers = 1,
	};
	made_up_open(made_up);
}

void made_up_open(struct made_up *made_up)
{
	struct error err;
	made_up->events = queue_create(1024, false);
	made_up->readers = queue_create(1024, false);
	store_init(&made_up->store, &made_up->options, made_up->events, made_up->readers);
	must(store_open(&made_up->store, &err), &err);
	made_up->is_open = true;
}

void made_up_close(struct made_up *made_up)
{
	struct event *event;
	struct mail *mail;
	if (!made_up->is_open)
		return;
	store_close(&made_up->store);
	while ((event = queue_receive_timeout(made_up->events, 0)))
		event_destroy(event);
	while ((mail = queue_receive_timeout(made_up->readers, 0)))
		mail_destroy(mail);
	queue_destroy(made_up->events);
	queue_destroy(made_up->readers);
	made_up->is_open = false;
}

void made_up_end(struct made_up *made_up)
{
	made_up_close(made_up);
	knowledge_destroy(made_up->knowledge);
	sample_disk_remove(made_up->dir);
	arena_finish(&made_up->arena);
}

static struct str stem(struct str path)
{
	struct str file = str_slice(path, (size_t)(str_rfind_byte(path, '/') + 1), path.len);
	ptrdiff_t dot = str_rfind_byte(file, '.');
	return dot > 0 ? str_slice(file, 0, (size_t)dot) : file;
}

static void fill(const struct made_up *made_up, const struct made_up_model *from,
		 struct arena *arena, struct model *model)
{
	struct str *triggers = ARENA_NEW_N(arena, struct str, 16), rest = str_from(from->triggers);
	const struct base_model *base =
		from->base ? knowledge_base(made_up->knowledge, str_from(from->base)) : NULL;
	*model = (struct model){
		.name = stem(str_from(from->path)),
		.format = FORMAT_SAFETENSORS,
		.status = from->status,
		.kind = from->kind,
		.base_model = str_from(from->base),
		.triggers = triggers,
		.architecture = base ? base->architecture : STR_NULL,
		.lineage_known = base != NULL,
		.confidence = CONFIDENCE_LIKELY,
		.size_bytes = from->size_bytes,
		.n_tensors = 1,
		.parameters = -1,
		.trained_on.name = str_from(from->trained),
	};
	while (rest.len > 0 && str_next_part(&rest, ',', &triggers[model->n_triggers]))
		model->n_triggers++;
	if (from->kind == KIND_LORA)
		model->adapter = (struct adapter_summary){ .type = ADAPTER_LORA,
							   .rank_min = from->rank,
							   .rank_max = from->rank };
}

uint32_t made_up_store(struct made_up *made_up, const struct made_up_model *model)
{
	struct error err;
	struct bytes flat = { 0 };
	struct arena arena = { 0 };
	struct store *store = &made_up->store;
	struct correction none = { 0 };
	struct finding finding = {
		.type = model->is_gone ? FINDING_GONE : FINDING_MODEL,
		.id = model->id,
		.root_id = 1,
		.path = str_from(model->path),
		.state = { 1, model->size_bytes, 1000000000, 1 },
	};
	fill(made_up, model, &arena, &finding.model);
	model_encode(&finding.model, &flat);
	finding.flat.model = bytes_str(&flat);
	must(store_begin(store, &err), &err);
	must(models_store(&store->models, &finding, &none, 1000, &store->changed, &err), &err);
	bytes_finish(&flat);
	arena_finish(&arena);
	return *ARRAY_AT(&store->changed, uint32_t, store->changed.len - 1);
}

void made_up_commit(struct made_up *made_up)
{
	struct error err;
	must(store_commit(&made_up->store, &err), &err);
}

void made_up_root(struct made_up *made_up, const char *path)
{
	struct error err;
	bool added;
	must(roots_add(made_up->store.user, str_from(path), STR_NULL, 1, &added, &err), &err);
}

void made_up_tag(struct made_up *made_up, const char *path, const char *tag)
{
	struct error err;
	int64_t subject;
	bool changed;
	struct subject_place place = { .root_id = 1,
				       .path = str_from(path),
				       .root_path = STR("/nowhere") };
	must(subject_place(made_up->store.user, &place, &subject, &err), &err);
	must(tag_add(made_up->store.user, subject, str_from(tag), &changed, &err), &err);
}
