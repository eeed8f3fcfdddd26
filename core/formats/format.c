// SPDX-License-Identifier: MIT
#include "core/formats/format.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/formats/reader.h"

struct format_reader *format_reader_create(void)
{
	struct format_reader *reader = calloc(1, sizeof *reader);
	if (!reader)
		die_oom();
	reader->layouts = layout_cache_create();
	return reader;
}

void format_reader_destroy(struct format_reader *reader)
{
	if (!reader)
		return;
	layout_cache_destroy(reader->layouts);
	arena_finish(&reader->room);
	free(reader);
}

bool format_fail(struct format_job *job, const char *code, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	reading_fail(job->out, job->arena, code, "%s", text);
	return false;
}

bool format_fail_read(struct format_job *job, const struct error *err)
{
	return format_fail(job, err->code == ERROR_FORMAT ? "E_TRUNCATED" : "E_IO", "%s",
			   err->text);
}

bool format_fail_memory(struct format_job *job, size_t len)
{
	return format_fail(job, "E_IO", "cannot read: no memory for a header of %zu bytes", len);
}

/* What the first bytes tell. */

static void tell_old_ggml(struct format_job *job)
{
	reading_fail(job->out, job->arena, "E_GG_OLD", "pre-GGUF format \"%s\"",
		     head_old_ggml_word(&job->head));
}

static void tell_web_page(struct format_job *job)
{
	reading_fail(job->out, job->arena, "E_NOT_MODEL",
		     "this is a web page, not a model (login needed when downloading?)");
}

static void tell_lfs(struct format_job *job)
{
	struct str rest = job->head.bytes, line;
	uint64_t size_bytes = 0;
	while (str_next_part(&rest, '\n', &line))
		if (str_cut_prefix(&line, STR("size ")) && str_to_u64(str_trim(line), &size_bytes))
			break;
	reading_fail(job->out, job->arena, "E_LFS",
		     "this is a Git LFS pointer; the real file (%" PRIu64
		     " bytes) was not downloaded",
		     size_bytes);
}

static void tell_partial(struct format_job *job)
{
	reading_note(job->out, job->arena, "W_PARTIAL", "download looks unfinished");
}

static void tell_wrapped(struct format_job *job)
{
	if (extension_is_model(job->head.extension))
		reading_note(job->out, job->arena, "W_WRAPPED",
			     "a compressed archive named as a "
			     "checkpoint (used to dodge scanners)");
}

static void tell_no_model(struct format_job *job)
{
	job->out->status = STATUS_UNSUPPORTED;
}

/** Its reader reads the pickles in it. */
static bool content_is_pickled(enum content content)
{
	return content == CONTENT_ZIP || content == CONTENT_TORCH_LEGACY ||
	       content == CONTENT_PICKLE || content == CONTENT_TAR;
}

/** Something may open it as a zip: by its name, or because bytes follow that are none of its own. */
static bool may_end_as_zip(const struct format_job *job, enum content content)
{
	return content != CONTENT_ZIP &&
	       (extension_is_torch(job->head.extension) || content == CONTENT_GGUF ||
		str_equal(job->out->error.code, STR("E_ST_TAIL")));
}

/* A new format is a row here and one in sniff.c. */
static const struct {
	enum content content;
	void (*read)(struct format_job *job);
	bool tells_misnamed;
} readers[] = {
	{ CONTENT_SAFETENSORS, safetensors_read, true },
	{ CONTENT_GGUF, gguf_read, true },
	{ CONTENT_ZIP, torch_zip_read, true },
	{ CONTENT_TORCH_LEGACY, torch_legacy_read, true },
	{ CONTENT_PICKLE, torch_legacy_read, true },
	{ CONTENT_TAR, torch_tar_read, true },
	{ CONTENT_ONNX, onnx_read, true },
	{ CONTENT_OLD_GGML, tell_old_ggml, false },
	{ CONTENT_SEVENZIP, tell_wrapped, false },
	{ CONTENT_COMPRESSED, tell_wrapped, false },
	{ CONTENT_WEB_PAGE, tell_web_page, false },
	{ CONTENT_LFS, tell_lfs, false },
	{ CONTENT_ZEROS, tell_partial, false },
	{ CONTENT_NUMPY, numpy_read, true },
	{ CONTENT_HDF5, tell_no_model, true },
	{ CONTENT_PICTURE, tell_no_model, true },
	{ CONTENT_TEXT, tell_no_model, true },
	{ CONTENT_UNKNOWN, tell_no_model, true },
};

static void read_content(struct format_job *job, enum content content)
{
	struct str extension = job->head.extension;
	size_t i = 0;
	while (readers[i].content != content)
		i++;
	job->out->format = content_format(content);
	readers[i].read(job);
	if (extension_is_torch(extension) && !content_is_pickled(content))
		torch_disguise_read(job);
	if (may_end_as_zip(job, content))
		torch_zip_behind_read(job);
	bool is_told = job->out->error.code.ptr || job->out->n_notes > 0;
	if (readers[i].tells_misnamed && !content_fits_extension(content, extension))
		reading_note(job->out, job->arena, "W_MISNAMED", "named .%.*s but contains %s",
			     STR_ARG(extension), content_words(content));
	else if (job->out->status == STATUS_UNSUPPORTED && !is_told)
		reading_note(job->out, job->arena, "W_MISNAMED", "this is %s, not a model",
			     content_words(content));
}

/** What the name promises when the content says nothing of itself. */
static enum content promised(const struct head *head, enum content content)
{
	bool is_safetensors = str_equal(head->extension, STR("safetensors")) ||
			      str_equal(head->extension, STR("sft"));
	bool is_text = content == CONTENT_TEXT;
	if (content != CONTENT_UNKNOWN && !is_text)
		return content;
	if (is_safetensors && (!is_text || head->size_bytes < 8))
		return CONTENT_SAFETENSORS;
	/* The loader tries a pickle last; protocol 0 has no magic, and looks like text. */
	bool is_pickle = extension_is_torch(head->extension) ||
			 str_is_listed("pickle joblib", head->extension) ||
			 torch_is_whole_pickle(head);
	return is_pickle ? CONTENT_PICKLE : content;
}

/* The name. */

static struct str name_extension(struct str name)
{
	ptrdiff_t dot = str_rfind_byte(name, '.');
	return dot < 0 ? STR("") : str_slice(name, (size_t)dot + 1, name.len);
}

static bool is_unfinished(struct str *name)
{
	static const struct str suffixes[] = {
		{ ".part", 5 },    { ".crdownload", 11 }, { ".download", 9 },
		{ ".partial", 8 }, { ".incomplete", 11 },
	};
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t len = suffixes[i].len;
		if (name->len > len &&
		    str_equal_nocase(str_slice(*name, name->len - len, name->len), suffixes[i])) {
			name->len -= len;
			return true;
		}
	}
	return false;
}

static struct str lower_extension(struct format_reader *reader, struct str name)
{
	struct str extension = name_extension(name);
	if (extension.len > EXTENSION_MAX)
		return STR("");
	for (size_t i = 0; i < extension.len; i++) {
		char c = extension.ptr[i];
		reader->extension[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	return (struct str){ reader->extension, extension.len };
}

static bool load_front(struct format_job *job)
{
	uint64_t size_bytes = job->blob->size_bytes;
	job->front_len = size_bytes < FRONT_BYTES ? (size_t)size_bytes : FRONT_BYTES;
	struct error err;
	if (job->front_len == FRONT_BYTES)
		blob_reads_little(job->blob);
	if (!blob_read_at(job->blob, 0, job->reader->front, job->front_len, &err)) {
		format_fail_read(job, &err);
		return false;
	}
	struct str front = { job->reader->front, job->front_len };
	job->head.bytes = str_slice(front, 0, SNIFF_BYTES);
	return true;
}

void format_read(struct format_reader *reader, const struct blob *blob, struct str name,
		 struct arena *arena, struct reading *out)
{
	*out = (struct reading){ .safety = SAFETY_CANNOT_TELL, .size_bytes = blob->size_bytes };
	arena_reset(&reader->room);
	struct format_job job = { .reader = reader, .blob = blob, .arena = arena, .out = out };
	bool is_part = is_unfinished(&name);
	job.head.extension = lower_extension(reader, name);
	job.head.size_bytes = blob->size_bytes;
	if (blob->size_bytes == 0)
		reading_fail(out, arena, "E_EMPTY", "file is empty");
	else if (load_front(&job))
		read_content(&job, promised(&job.head, sniff(&job.head)));
	if (is_part)
		reading_note(out, arena, "W_PARTIAL", "download looks unfinished");
}
