// SPDX-License-Identifier: MIT
#include "storage/files/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/base/array.h"
#include "storage/files/archive_source.h"
#include "storage/scan/names.h"

enum {
	NAMED_MAX = 6, /* models named in the note; the rest is counted */
	NAME_BYTES_MAX = 100,
	SEVENZIP_HEAD_BYTES = 32,
};

struct archive_reader {
	locale_t locale; /* in which names are UTF-8 */
};

void archive_prepare_process(void)
{
	/* The zone that holds when none is set, but named: glibc looks again at one that is not. */
	setenv("TZ", ":/etc/localtime", 0);
	tzset();
}

struct archive_reader *archive_reader_create(void)
{
	struct archive_reader *reader = calloc(1, sizeof *reader);
	if (!reader)
		die_oom();
	reader->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return reader;
}

void archive_reader_destroy(struct archive_reader *reader)
{
	if (!reader)
		return;
	if (reader->locale)
		freelocale(reader->locale);
	free(reader);
}

locale_t archive_reader_locale(const struct archive_reader *reader)
{
	return reader->locale;
}

/** One file being listed. */
struct look {
	struct arena *arena;
	struct reading *out;
	struct archive_budget budget;
	struct bytes named; /* "a.safetensors (6 bytes), b.ckpt" */
	uint64_t n_members, n_models;
	uint64_t n_closed; /* archives in it that were not looked into */
	bool is_part;      /* there is more than was seen */
};

static void fail(struct look *look, const char *code, const char *what, const char *why)
{
	if (!look->out->error.code.ptr)
		reading_fail(look->out, look->arena, code, "%s%s", what, why);
}

/* What is told of one member. */

static bool is_drive(struct str path)
{
	return path.len > 1 && path.ptr[1] == ':' &&
	       ((path.ptr[0] >= 'a' && path.ptr[0] <= 'z') ||
		(path.ptr[0] >= 'A' && path.ptr[0] <= 'Z'));
}

static bool leads_out(struct str path)
{
	struct str part;
	while (str_next_part(&path, '/', &part)) {
		struct str inner;
		while (str_next_part(&part, '\\', &inner))
			if (str_equal(inner, STR("..")))
				return true;
	}
	return false;
}

/** Why nobody should take the member out as it is; NULL: there is nothing wrong with it. */
static const char *refusal(struct archive_entry *entry, struct str path)
{
	if (archive_entry_hardlink(entry) || archive_entry_filetype(entry) == AE_IFLNK)
		return "it is a link";
	if (archive_entry_filetype(entry) != AE_IFREG && archive_entry_filetype(entry) != AE_IFDIR)
		return "it is no regular file";
	if (path.len == 0)
		return "it has no name";
	if (path.ptr[0] == '/' || path.ptr[0] == '\\' || is_drive(path))
		return "its path is absolute";
	return leads_out(path) ? "its path leads out of the archive" : NULL;
}

/** False when it is refused. */
static bool check_member(struct look *look, struct archive_entry *entry, struct str path)
{
	const char *why = refusal(entry, path);
	bool is_first = !look->out->error.code.ptr;
	struct str name = reading_quote(path);
	if (is_first && why)
		reading_fail(look->out, look->arena, "E_AR_PATH", "refused member \"%.*s\": %s",
			     STR_ARG(name), why);
	else if (is_first && archive_entry_is_encrypted(entry) > 0)
		reading_fail(look->out, look->arena, "E_ZIP_CRYPT", "%.*s is encrypted",
			     STR_ARG(name));
	return !why;
}

static void count_model(struct look *look, struct archive_entry *entry, struct str path)
{
	if (look->n_models++ >= NAMED_MAX)
		return;
	struct str name = str_slice(path, 0, NAME_BYTES_MAX);
	bytes_printf(&look->named, "%s%.*s%s", look->n_models > 1 ? ", " : "", STR_ARG(name),
		     name.len < path.len ? "..." : "");
	if (archive_entry_size_is_set(entry))
		bytes_printf(&look->named, " (%" PRId64 " bytes)", archive_entry_size(entry));
}

/** What macOS puts beside each file of a zip. */
static bool is_shadow(struct str path)
{
	return str_has_prefix(path, STR("__MACOSX/"));
}

static bool is_archive_name(struct str path)
{
	static const struct str extensions[] = {
		{ ".zip", 4 }, { ".7z", 3 }, { ".tar", 4 }, { ".tgz", 4 }, { ".tbz2", 5 },
		{ ".txz", 4 }, { ".gz", 3 }, { ".bz2", 4 }, { ".xz", 3 },  { ".zst", 4 },
	};
	struct name_rules rules = { extensions, sizeof extensions / sizeof *extensions, NULL, 0 };
	return name_is_model(&rules, path);
}

/* Archives and archives in them. */

static void list_members(struct look *look, struct archive *archive, struct str above,
			 unsigned depth);

/** Into a 7z nobody looks further: what stands before a member would have to be unpacked. */
static bool may_look_into(struct archive *archive, unsigned depth)
{
	int format = archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK;
	return depth < ARCHIVE_NESTED_MAX && format != ARCHIVE_FORMAT_7ZIP;
}

static void list_nested(struct look *look, struct archive *outer, struct str path, unsigned depth)
{
	struct archive_source source = { .budget = &look->budget, .outer = outer };
	char *why = NULL;
	struct archive *archive =
		may_look_into(outer, depth) ? archive_source_open(&source, &why) : NULL;
	free(why);
	if (!archive) {
		look->n_closed++;
		return;
	}
	list_members(look, archive, path, depth + 1);
	archive_source_close(&source);
}

static void take_member(struct look *look, struct archive *archive, struct archive_entry *entry,
			struct str above, unsigned depth)
{
	const char *text = archive_entry_pathname(entry);
	struct str own = str_from(text ? text : ""), path = own;
	if (depth)
		path = arena_strf(look->arena, "%.*s/%.*s", STR_ARG(above), STR_ARG(own));
	if (!check_member(look, entry, own) || archive_entry_filetype(entry) != AE_IFREG ||
	    is_shadow(own))
		return;
	struct name_rules usual = { 0 };
	if (name_is_model(&usual, own))
		count_model(look, entry, path);
	else if (is_archive_name(own))
		list_nested(look, archive, arena_str(look->arena, path), depth);
}

/** Would passing over it mean unpacking it, without an end in sight? */
static bool is_endless(struct archive *archive, struct archive_entry *entry, unsigned depth)
{
	int format = archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK;
	return depth && format == ARCHIVE_FORMAT_ZIP && !archive_entry_size_is_set(entry);
}

/** The list ended before the archive did. @why: libarchive's words */
static void tell_stop(struct look *look, const char *why)
{
	look->is_part = true;
	switch (look->budget.stop) {
	case STOP_ENOUGH: return;
	case STOP_BOMB:
		fail(look, "E_BOMB", "archive expands beyond 1000 times its size", "");
		return;
	case STOP_IO:
		fail(look, look->budget.err.code == ERROR_FORMAT ? "E_TRUNCATED" : "E_IO",
		     look->budget.err.text, "");
		return;
	case STOP_NONE: break;
	}
	if (strstr(why, "runcated"))
		fail(look, "E_TRUNCATED", "file is cut off: ", why);
	else
		fail(look, "E_AR_READ", "archive is damaged: ", why);
}

static void tell_bad_list(struct look *look, struct archive *archive, unsigned depth)
{
	const char *why = archive_error_string(archive);
	if (depth && look->budget.stop == STOP_NONE) {
		look->is_part = true; /* what is in it is no fault of the archive around */
		return;
	}
	if (archive_read_has_encrypted_entries(archive) > 0)
		fail(look, "E_ZIP_CRYPT", "the list of the archive is encrypted", "");
	tell_stop(look, why ? why : "no reason is given");
}

static void list_members(struct look *look, struct archive *archive, struct str above,
			 unsigned depth)
{
	struct archive_entry *entry;
	int result;
	while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK ||
	       result == ARCHIVE_WARN) {
		if (++look->n_members > ARCHIVE_MEMBERS_MAX) {
			look->is_part = true;
			fail(look, "E_AR_MANY", "archive lists more than 100000 members", "");
			return;
		}
		take_member(look, archive, entry, above, depth);
		if (look->budget.stop != STOP_NONE)
			break;
		if (is_endless(archive, entry, depth)) {
			look->is_part = true;
			return;
		}
	}
	if (result != ARCHIVE_EOF)
		tell_bad_list(look, archive, depth);
}

/* The file itself. */

static uint64_t le64(const unsigned char *bytes)
{
	uint64_t number = 0;
	for (int i = 8; i-- > 0;)
		number = number << 8 | bytes[i];
	return number;
}

/** A 7z has its list at its end, and says at its start where that is. */
static bool is_sevenzip_cut(const struct blob *blob, uint64_t *whole)
{
	unsigned char head[SEVENZIP_HEAD_BYTES];
	struct error err;
	if (!blob_read_at(blob, 0, head, sizeof head, &err) ||
	    memcmp(head, "7z\xbc\xaf\x27\x1c", 6) != 0)
		return false;
	uint64_t offset = le64(head + 12), len = le64(head + 20);
	if (offset > INT64_MAX || len > INT64_MAX)
		return false;
	*whole = SEVENZIP_HEAD_BYTES + offset + len;
	return *whole > blob->size_bytes;
}

static void tell_models(struct look *look)
{
	struct bytes more = { 0 };
	if (look->n_models > NAMED_MAX)
		bytes_printf(&more, " and %" PRIu64 " more", look->n_models - NAMED_MAX);
	if (look->n_closed)
		bytes_printf(&more, "; %" PRIu64 " archives in it were not looked into",
			     look->n_closed);
	if (look->is_part)
		bytes_printf(&more, "; not read to the end");
	struct str named = bytes_str(&look->named), rest = bytes_str(&more);
	if (look->n_models)
		reading_note(look->out, look->arena, "W_AR_MODELS",
			     "holds %" PRIu64 " model%s: %.*s%.*s", look->n_models,
			     look->n_models > 1 ? "s" : "", STR_ARG(named), STR_ARG(rest));
	else
		reading_note(look->out, look->arena, "W_AR_MODELS", "holds no models%.*s",
			     STR_ARG(rest));
	bytes_finish(&more);
}

static bool starts(const struct blob *blob, struct str magic)
{
	char head[4];
	struct error err;
	return magic.len <= sizeof head && blob_read_at(blob, 0, head, magic.len, &err) &&
	       memcmp(head, magic.ptr, magic.len) == 0;
}

/** Compressed, but no archive: one file, of which no name is known. */
static bool is_single(const struct blob *blob, const char *why)
{
	return strstr(why, "Unrecognized archive format") &&
	       (starts(blob, STR("\x1f\x8b")) || starts(blob, STR("BZh")) ||
		starts(blob, STR("\xfd"
				 "7zX")) ||
		starts(blob, STR("\x28\xb5\x2f\xfd")));
}

static void tell_closed(struct look *look, const struct blob *blob, const char *why)
{
	if (look->budget.stop == STOP_NONE && is_single(blob, why)) {
		look->out->status = STATUS_UNSUPPORTED;
		reading_note(look->out, look->arena, "W_AR_MODELS",
			     "one compressed file, no archive: not looked into");
	} else if (look->budget.stop == STOP_NONE && starts(blob, STR("PK"))) {
		fail(look, "E_ZIP_END", "zip directory is missing (cut off?)", "");
	} else {
		tell_stop(look, why);
	}
}

static void list_file(struct look *look, const struct blob *blob)
{
	struct archive_source source = { .budget = &look->budget, .blob = blob };
	char *why;
	struct archive *archive = archive_source_open(&source, &why);
	if (archive) {
		list_members(look, archive, STR(""), 0);
		archive_source_close(&source);
		tell_models(look);
	} else {
		tell_closed(look, blob, why);
	}
	free(why);
}

void archive_list_models(struct archive_reader *reader, const struct blob *blob,
			 struct arena *arena, struct reading *out)
{
	struct look look = { .arena = arena, .out = out };
	uint64_t whole;
	if (out->format != FORMAT_ARCHIVE || out->status != STATUS_OK)
		return;
	if (is_sevenzip_cut(blob, &whole)) {
		reading_fail(out, arena, "E_TRUNCATED",
			     "file is cut off: %" PRIu64 " of %" PRIu64 " bytes present",
			     blob->size_bytes, whole);
		return;
	}
	locale_t before = reader->locale ? uselocale(reader->locale) : (locale_t)0;
	list_file(&look, blob);
	if (before)
		uselocale(before);
	bytes_finish(&look.named);
}
