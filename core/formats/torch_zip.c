// SPDX-License-Identifier: MIT
#include "core/formats/numpy.h"
#include "core/formats/pickle_try.h"
#include "core/formats/state_dict.h"
#include "core/formats/zip_member.h"

enum {
	SMALL_MEMBER_MAX = 64,
	FRONT_MAX = 128 << 10, /* inflated: the header of an array, the front of a pickle */
};

static const struct str main_name = { "data.pkl", 8 };

struct torch_zip {
	struct format_job *job;
	struct zip zip;
	struct pickle_budget budget;
	struct pickle_findings findings;
	const struct zip_entry *main; /* data.pkl; NULL: none */
	struct str root;              /* before its name: "archive/" */
	struct torch_place *places;   /* by entry */
	struct map by_key;            /* those that the main pickle may name as storages */
};

/* Names: PyTorch finds its members whatever the case of their letters. */

/** What the loader takes for the folder that all members are in: that of the first one. */
static struct str folder_of_first(const struct zip_directory *directory)
{
	struct str name = directory->n_entries ? directory->entries[0].name : STR("");
	ptrdiff_t slash = str_find_byte(name, '/');
	return str_slice(name, 0, (size_t)(slash + 1));
}

static const struct zip_entry *find_entry(const struct torch_zip *torch, struct str name)
{
	const struct zip_directory *directory = &torch->zip.directory;
	for (size_t i = 0; i < directory->n_entries; i++) {
		struct str rest = directory->entries[i].name;
		if (rest.len == torch->root.len + name.len && str_has_suffix_nocase(rest, name) &&
		    str_equal_nocase(str_slice(rest, 0, torch->root.len), torch->root))
			return &directory->entries[i];
	}
	return NULL;
}

/** Where the loader looks for it; failing that, anywhere. */
static void find_main(struct torch_zip *torch)
{
	const struct zip_directory *directory = &torch->zip.directory;
	torch->root = folder_of_first(directory);
	torch->main = find_entry(torch, main_name);
	for (size_t i = 0; !torch->main && i < directory->n_entries; i++) {
		struct str name = directory->entries[i].name;
		size_t root_len = name.len - (name.len < main_name.len ? 0 : main_name.len);
		if (!str_has_suffix_nocase(name, main_name) ||
		    (root_len && name.ptr[root_len - 1] != '/'))
			continue;
		torch->main = &directory->entries[i];
		torch->root = str_slice(name, 0, root_len);
	}
}

static bool find_places(struct torch_zip *torch)
{
	const struct zip_directory *directory = &torch->zip.directory;
	struct arena *room = &torch->job->reader->room;
	size_t bytes = (directory->n_entries + 1) * sizeof *torch->places;
	torch->places = arena_try(room, bytes);
	if (!torch->places)
		return format_fail_memory(torch->job, bytes);
	map_init(&torch->by_key, room, directory->n_entries);
	for (size_t i = 0; i < directory->n_entries; i++) {
		const struct zip_entry *entry = &directory->entries[i];
		struct str key = entry->name;
		torch->places[i] = (struct torch_place){ entry->at, entry->size_bytes, false };
		if (str_cut_prefix(&key, torch->root) && str_cut_prefix(&key, STR("data/")))
			*map_place(&torch->by_key, key) = &torch->places[i];
	}
	return true;
}

static void mark_named(struct torch_zip *torch, const struct pickle *pickle)
{
	struct torch_storage storage;
	size_t n = pickle_heap_count(&pickle->heap);
	for (uint32_t value = 1; value < n; value++) {
		struct torch_place *place = torch_storage_parse(pickle, value, &storage)
						    ? map_find(&torch->by_key, storage.key)
						    : NULL;
		if (place)
			place->is_named = true;
	}
}

/* The main pickle. */

/** Reads its first pickle and the tensors that it names. */
static bool read_pickle(struct torch_zip *torch, const struct blob *member, struct pickle *pickle,
			const struct map *places)
{
	if (!pickle_open(pickle, member, 0, member->size_bytes, &torch->job->reader->room,
			 &torch->budget, &torch->findings))
		return false;
	pickle_read(pickle);
	pickle_read_nested(pickle, 1);
	if (pickle->end == PICKLE_WHOLE)
		state_dict_read(torch->job, pickle, places);
	return true;
}

static void read_main(struct torch_zip *torch)
{
	const struct zip_entry *entry = torch->main;
	struct blob member;
	struct pickle pickle;
	if (entry->size_bytes > ZIP_MEMBER_MAX || entry->packed_bytes > ZIP_MEMBER_MAX) {
		reading_fail(torch->job->out, torch->job->arena, "E_PK_LIMIT",
			     "pickle exceeds the limit of 256 MiB");
		return;
	}
	if (!zip_member_open(&torch->zip, entry, UINT64_MAX, &torch->job->reader->room, &member))
		return;
	zip_member_check_crc(torch->job, entry, &member);
	if (!read_pickle(torch, &member, &pickle, &torch->by_key))
		return;
	unsigned more = pickle_try_all(&member, pickle.source.at, member.size_bytes, &torch->budget,
				       &torch->findings);
	if (more)
		reading_note(torch->job->out, torch->job->arena, "W_PK_MORE",
			     "%u further pickles follow; all were checked", more);
	mark_named(torch, &pickle);
}

/** A machine of the other byte order wrote it, or one that this program does not know. */
static void check_byte_order(struct torch_zip *torch)
{
	const struct zip_entry *entry = find_entry(torch, STR("byteorder"));
	struct blob member;
	char text[SMALL_MEMBER_MAX];
	struct error err;
	if (!entry ||
	    !zip_member_open(&torch->zip, entry, sizeof text, &torch->job->reader->room, &member))
		return;
	size_t len = member.size_bytes < sizeof text ? (size_t)member.size_bytes : sizeof text;
	if (blob_read_at(&member, 0, text, len, &err) &&
	    !str_equal(str_trim((struct str){ text, len }), STR("little")))
		reading_note(torch->job->out, torch->job->arena, "W_PT_ENDIAN",
			     "saved on a big-endian machine");
}

/* The other members. */

static bool promises_pickle(struct str name)
{
	static const struct str suffixes[] = {
		{ ".pkl", 4 }, { ".pickle", 7 }, { ".joblib", 7 }, { ".dat", 4 }, { ".data", 5 },
	};
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
		if (str_has_suffix_nocase(name, suffixes[i]))
			return true;
	return false;
}

static void scan_member(struct torch_zip *torch, const struct blob *member,
			enum pickle_promise promise)
{
	uint64_t at = 0, end = member->size_bytes;
	if (numpy_scan(member, at, end, &torch->budget, &torch->findings))
		return;
	if (pickle_try(member, &at, end, promise, &torch->budget, &torch->findings))
		pickle_try_all(member, at, end, &torch->budget, &torch->findings);
}

/** A member that nothing promises to be a pickle is inflated as far as one is recognised. */
static void scan_entry(struct torch_zip *torch, const struct zip_entry *entry)
{
	struct arena arena = { 0 };
	struct blob member;
	bool is_promised = promises_pickle(entry->name);
	torch->zip.is_quiet = !is_promised;
	bool is_open = zip_member_open(&torch->zip, entry, is_promised ? UINT64_MAX : FRONT_MAX,
				       &arena, &member);
	if (is_open && !is_promised && entry->method == ZIP_DEFLATED &&
	    pickle_has_magic(&member, 0, member.size_bytes))
		is_open = zip_member_open(&torch->zip, entry, UINT64_MAX, &arena, &member);
	if (is_open)
		scan_member(torch, &member, is_promised ? PROMISE_NAME : PROMISE_NONE);
	torch->zip.is_quiet = false;
	arena_finish(&arena);
}

/** Storages of the main pickle's tensors are weights, and never unpickled. */
static void scan_others(struct torch_zip *torch)
{
	const struct zip_directory *directory = &torch->zip.directory;
	for (size_t i = 0; i < directory->n_entries; i++) {
		const struct zip_entry *entry = &directory->entries[i];
		bool is_weights = torch->places[i].is_named && !promises_pickle(entry->name);
		if (entry != torch->main && entry->size_bytes && !is_weights)
			scan_entry(torch, entry);
	}
}

static bool is_program(const struct torch_zip *torch)
{
	const struct zip_directory *directory = &torch->zip.directory;
	for (size_t i = 0; i < directory->n_entries; i++) {
		struct str name = directory->entries[i].name;
		if (str_cut_prefix(&name, torch->root) &&
		    (str_equal(name, STR("constants.pkl")) || str_has_prefix(name, STR("code/"))))
			return true;
	}
	return false;
}

/** TorchScript: it runs in an interpreter of its own, of which the pickles say nothing. */
static void check_program(struct torch_zip *torch)
{
	if (!is_program(torch))
		return;
	torch->findings.is_ambiguous = true;
	reading_note(torch->job->out, torch->job->arena, "V_MODULE",
		     "a TorchScript program, not a weight dictionary");
}

/** No model by itself. What lies in an archive is listed by those who take models out of it. */
static void tell_no_main(struct torch_zip *torch)
{
	struct format_job *job = torch->job;
	bool is_arrays = str_equal(job->head.extension, STR("npz"));
	job->out->format = is_arrays ? FORMAT_UNKNOWN : FORMAT_ARCHIVE;
	torch->findings.is_ambiguous |= !is_arrays;
	if (!extension_is_torch(job->head.extension))
		return;
	job->out->format = FORMAT_TORCH_ZIP;
	if (!job->out->error.code.ptr)
		reading_fail(job->out, job->arena, "E_PT_NOPKL",
			     "zip has no data.pkl: not a torch checkpoint");
}

static void read_zip(struct torch_zip *torch)
{
	struct format_job *job = torch->job;
	find_main(torch);
	if (!find_places(torch))
		return;
	if (torch->main) {
		read_main(torch);
		check_byte_order(torch);
		check_program(torch);
	}
	scan_others(torch);
	if (!torch->main)
		tell_no_main(torch);
	if (torch->zip.directory.ambiguity) {
		torch->findings.is_ambiguous = true;
		reading_note(job->out, job->arena, "W_ZIP_AMBIG",
			     "zip can be read in two ways (%s); treated as unsafe",
			     torch->zip.directory.ambiguity);
	}
	pickle_findings_tell(&torch->findings, job->out, job->arena);
}

/** A download that stopped has no directory yet, but PyTorch puts the pickle first. */
static void read_first(struct torch_zip *torch)
{
	struct format_job *job = torch->job;
	struct blob member;
	struct pickle pickle;
	torch->findings.is_ambiguous = true; /* what is still to come is not known */
	if (zip_member_open_first(job, main_name, &member) &&
	    read_pickle(torch, &member, &pickle, NULL))
		pickle_findings_tell(&torch->findings, job->out, job->arena);
}

void torch_zip_read(struct format_job *job)
{
	struct torch_zip torch = { .job = job, .budget = pickle_budget_whole() };
	torch.zip.job = job;
	torch.zip.budget = &torch.budget;
	pickle_findings_init(&torch.findings, &job->reader->room);
	if (zip_directory_read(job, &job->reader->room, &torch.zip.directory))
		read_zip(&torch);
	else if (extension_is_torch(job->head.extension))
		read_first(&torch);
	else
		job->out->format = FORMAT_ARCHIVE;
}

static void join_behind(struct format_job *job, const struct reading *behind)
{
	struct reading *out = job->out;
	struct str *globals =
		ARENA_NEW_N(job->arena, struct str, out->n_globals + behind->n_globals + 1);
	size_t n = 0;
	for (size_t i = 0; i < out->n_globals; i++)
		globals[n++] = out->globals[i];
	for (size_t i = 0; i < behind->n_globals; i++)
		globals[n++] = behind->globals[i];
	for (size_t i = 0; i < behind->n_notes; i++) {
		const struct note *note = &behind->notes[i];
		if (str_has_prefix(note->code, STR("V_")) ||
		    str_equal(note->code, STR("W_ZIP_AMBIG")))
			reading_note(out, job->arena, note->code.ptr, "%.*s",
				     STR_ARG(note->message));
	}
	out->globals = globals;
	out->n_globals = n;
	if (out->safety != SAFETY_RUNS_CODE)
		out->safety = behind->safety;
}

void torch_zip_behind_read(struct format_job *job)
{
	struct reading behind = { .safety = SAFETY_CANNOT_TELL };
	struct format_job second = *job;
	second.out = &behind;
	struct torch_zip torch = { .job = &second, .budget = pickle_budget_whole() };
	torch.zip.job = &second;
	torch.zip.budget = &torch.budget;
	pickle_findings_init(&torch.findings, &job->reader->room);
	if (!zip_directory_read(&second, &job->reader->room, &torch.zip.directory) ||
	    !torch.zip.directory.n_entries)
		return;
	torch.zip.directory.ambiguity = "it lies behind something else";
	read_zip(&torch);
	join_behind(job, &behind);
}
