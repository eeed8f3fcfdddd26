// SPDX-License-Identifier: MIT
/* ComfyUI's workflow, schema 0.4: what its editor opens. A link is
   [id, from node, from slot, to node, to slot, type]. */
#include "core/sets/export_part.h"

enum { NODE_WIDTH = 315, NODE_STEP = 380, NODE_HEIGHT = 126 };
enum { SLOT_MODEL, SLOT_CLIP, SLOTS };

static const char *const slot_types[SLOTS] = { "MODEL", "CLIP" };

/* A node of the chain: where its inputs come from, and whether it gives each type on. */
struct node {
	const struct export_lora *lora; /* NULL: the loader of the checkpoint */
	bool model_only;
	unsigned link_in[SLOTS]; /* 0: none */
	unsigned link_out[SLOTS];
};

struct link {
	unsigned id, from, to, slot;
};

struct graph {
	const struct export_job *job;
	struct json_writer json;
	struct export_loader loader;
	struct node *nodes;
	size_t n;
	struct array links; /* struct link */
};

static bool gives(const struct graph *graph, size_t i, int slot)
{
	const struct node *node = &graph->nodes[i];
	return slot == SLOT_MODEL || (node->lora ? !node->model_only : graph->loader.has_clip);
}

static void connect_node(struct graph *graph, size_t i, int slot)
{
	struct node *node = &graph->nodes[i];
	if (!node->lora || (slot == SLOT_CLIP && node->model_only))
		return;
	for (size_t from = i; from-- > 0;) {
		if (!gives(graph, from, slot))
			continue;
		struct link *link = ARRAY_PUSH(&graph->links, struct link);
		*link = (struct link){ (unsigned)graph->links.len, (unsigned)from, (unsigned)i,
				       (unsigned)slot };
		node->link_in[slot] = graph->nodes[from].link_out[slot] = link->id;
		return;
	}
}

static void build(struct graph *graph)
{
	const struct export_set *set = graph->job->set;
	graph->nodes = ARENA_NEW_N(graph->job->arena, struct node, set->n_loras + 1);
	graph->n = set->has_checkpoint ? 1 : 0;
	if (!set->has_checkpoint)
		export_warn(graph->job,
			    "the set has no checkpoint: connect the first node yourself");
	bool has_clip = graph->loader.has_clip || !set->has_checkpoint;
	for (size_t i = 0; i < set->n_loras; i++) {
		struct node *node = &graph->nodes[graph->n++];
		node->lora = &set->loras[i];
		node->model_only = export_is_model_only(graph->job, node->lora, has_clip);
	}
	for (size_t i = 0; i < graph->n; i++)
		for (int slot = 0; slot < SLOTS; slot++)
			connect_node(graph, i, slot);
}

static void write_pair(struct json_writer *json, const char *key, uint64_t a, uint64_t b)
{
	json_array(json, key);
	json_u64_value(json, NULL, a);
	json_u64_value(json, NULL, b);
	json_array_end(json);
}

static void write_input(struct json_writer *json, const struct node *node, int slot)
{
	json_object(json, NULL);
	json_string(json, "name", slot == SLOT_MODEL ? STR("model") : STR("clip"));
	json_string(json, "type", str_from(slot_types[slot]));
	if (node->link_in[slot])
		json_u64_value(json, "link", node->link_in[slot]);
	else
		json_null(json, "link");
	json_object_end(json);
}

static void write_output(struct json_writer *json, const char *type, unsigned link, unsigned index)
{
	json_object(json, NULL);
	json_string(json, "name", str_from(type));
	json_string(json, "type", str_from(type));
	if (link) {
		json_array(json, "links");
		json_u64_value(json, NULL, link);
		json_array_end(json);
	} else {
		json_null(json, "links");
	}
	json_u64_value(json, "slot_index", index);
	json_object_end(json);
}

static void write_widgets(struct graph *graph, const struct node *node)
{
	struct json_writer *json = &graph->json;
	json_array(json, "widgets_values");
	json_string(json, NULL,
		    export_listed(graph->job,
				  node->lora ? &node->lora->model : &graph->job->set->checkpoint));
	if (!node->lora && graph->loader.has_weight_dtype)
		json_string(json, NULL, STR("default"));
	if (node->lora)
		json_double_value(json, NULL, node->lora->weight);
	if (node->lora && !node->model_only)
		json_double_value(json, NULL, export_weight_te(node->lora));
	json_array_end(json);
}

static void write_slots(struct graph *graph, size_t i)
{
	struct json_writer *json = &graph->json;
	const struct node *node = &graph->nodes[i];
	json_array(json, "inputs");
	for (int slot = 0; slot < SLOTS; slot++)
		if (node->lora && gives(graph, i, slot))
			write_input(json, node, slot);
	json_array_end(json);
	json_array(json, "outputs");
	for (int slot = 0; slot < SLOTS; slot++)
		if (gives(graph, i, slot))
			write_output(json, slot_types[slot], node->link_out[slot], (unsigned)slot);
	if (!node->lora && graph->loader.has_clip)
		write_output(json, "VAE", 0, SLOTS);
	json_array_end(json);
}

static void write_node(struct graph *graph, size_t i)
{
	struct json_writer *json = &graph->json;
	const struct node *node = &graph->nodes[i];
	const char *type = !node->lora        ? graph->loader.node
			   : node->model_only ? "LoraLoaderModelOnly"
					      : "LoraLoader";
	json_object(json, NULL);
	json_u64_value(json, "id", i + 1);
	json_string(json, "type", str_from(type));
	write_pair(json, "pos", i * NODE_STEP, 0);
	write_pair(json, "size", NODE_WIDTH, NODE_HEIGHT);
	json_object(json, "flags");
	json_object_end(json);
	json_u64_value(json, "order", i);
	json_u64_value(json, "mode", 0);
	write_slots(graph, i);
	json_object(json, "properties");
	json_string(json, "Node name for S&R", str_from(type));
	json_object_end(json);
	write_widgets(graph, node);
	json_object_end(json);
}

static void write_links(struct graph *graph)
{
	struct json_writer *json = &graph->json;
	json_array(json, "links");
	for (size_t i = 0; i < graph->links.len; i++) {
		const struct link *link = ARRAY_AT(&graph->links, struct link, i);
		json_array(json, NULL);
		json_u64_value(json, NULL, link->id);
		json_u64_value(json, NULL, link->from + 1);
		json_u64_value(json, NULL, link->slot);
		json_u64_value(json, NULL, link->to + 1);
		json_u64_value(json, NULL, link->slot);
		json_string(json, NULL, str_from(slot_types[link->slot]));
		json_array_end(json);
	}
	json_array_end(json);
}

static void write_empty(struct json_writer *json, const char *key)
{
	json_object(json, key);
	json_object_end(json);
}

void export_comfyui_workflow(const struct export_job *job)
{
	struct graph graph = { .job = job,
			       .json = json_writer(job->out),
			       .loader = export_loader_of(job),
			       .links = ARRAY_OF(struct link) };
	struct json_writer *json = &graph.json;
	build(&graph);
	json_object(json, NULL);
	json_u64_value(json, "last_node_id", graph.n);
	json_u64_value(json, "last_link_id", graph.links.len);
	json_array(json, "nodes");
	for (size_t i = 0; i < graph.n; i++)
		write_node(&graph, i);
	json_array_end(json);
	write_links(&graph);
	json_array(json, "groups");
	json_array_end(json);
	write_empty(json, "config");
	write_empty(json, "extra");
	json_double_value(json, "version", 0.4);
	json_object_end(json);
	array_finish(&graph.links);
}
