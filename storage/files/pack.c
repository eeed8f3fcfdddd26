// SPDX-License-Identifier: MIT
#include "storage/files/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "storage/files/pack_files.h"

enum { BLOCK_BYTES = 1 << 20 };

static const char *const endings[PACK_FORMAT_COUNT] = {
	[PACK_TAR_ZST] = ".tar.zst",
	[PACK_ZIP] = ".zip",
};

enum pack_format pack_format_of(struct str path)
{
	struct str name = str_after_last(path, '/');
	for (enum pack_format i = 0; i < PACK_FORMAT_COUNT; i++)
		if (name.len > strlen(endings[i]) &&
		    str_has_suffix_nocase(name, str_from(endings[i])))
			return i;
	return PACK_FORMAT_COUNT;
}

/** An archive being written. */
struct packing {
	struct pack *pack;
	struct archive *archive;
	char *buffer;
	uint64_t n_read; /* bytes, for the watch */
	struct error *err;
};

static bool goes_on(struct packing *packing, size_t n)
{
	const struct place_watch *watch = &packing->pack->watch;
	packing->n_read += n;
	return !watch->go_on || watch->go_on(watch->context, packing->n_read) ||
	       error_set(packing->err, ERROR_CANCELLED, NULL, "stopped");
}

static bool fail_archive(struct packing *packing)
{
	return error_system(packing->err, archive_errno(packing->archive), "%.*s",
			    STR_ARG(packing->pack->target));
}

/* Reads it to its end: into the hash, and into the archive when `writes`. */
static bool run_through(struct packing *packing, int fd, bool writes, struct sha256 *sha,
			uint64_t *size_bytes)
{
	for (*size_bytes = 0;;) {
		ssize_t n = read(fd, packing->buffer, BLOCK_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_system(packing->err, errno, "reading");
		if (n == 0)
			return true;
		sha256_add(sha, packing->buffer, (size_t)n);
		if (writes && archive_write_data(packing->archive, packing->buffer, (size_t)n) != n)
			return archive_errno(packing->archive)
				       ? fail_archive(packing)
				       : error_set(packing->err, ERROR_CHANGED, NULL,
						   "it grew meanwhile");
		*size_bytes += (uint64_t)n;
		if (!goes_on(packing, (size_t)n))
			return false;
	}
}

static bool hash_through(struct packing *packing, int fd, bool writes, char hex[SHA256_HEX + 1],
			 uint64_t *size_bytes)
{
	struct sha256 *sha = sha256_create();
	bool ok = run_through(packing, fd, writes, sha, size_bytes);
	sha256_hex(sha, hex);
	return ok;
}

static bool hash_file(struct packing *packing, const struct pack_file *file,
		      struct manifest_file *out)
{
	char hex[SHA256_HEX + 1];
	struct stat state;
	int fd = pack_file_open(packing->pack, file, &state, packing->err);
	if (fd < 0)
		return false;
	bool ok = hash_through(packing, fd, false, hex, &out->size_bytes);
	close(fd);
	out->path = file->member;
	out->sha256 = arena_str(packing->pack->arena, str_from(hex));
	return ok || error_context(packing->err, "%.*s", STR_ARG(file->path));
}

static bool begin_member(struct packing *packing, struct str name, uint64_t size_bytes,
			 struct timespec time)
{
	struct archive_entry *entry = archive_entry_new();
	struct arena scratch = { 0 };
	if (!entry)
		die_oom();
	archive_entry_set_pathname_utf8(entry, arena_cstr(&scratch, name));
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)size_bytes);
	archive_entry_set_mtime(entry, time.tv_sec, time.tv_nsec);
	bool ok = archive_write_header(packing->archive, entry) == ARCHIVE_OK ||
		  fail_archive(packing);
	archive_entry_free(entry);
	arena_finish(&scratch);
	return ok;
}

static bool add_manifest(struct packing *packing)
{
	struct bytes text = { 0 };
	struct timespec now = { 0 };
	clock_gettime(CLOCK_REALTIME, &now);
	manifest_write(&packing->pack->manifest, &text);
	bytes_append_byte(&text, '\n');
	bool ok =
		begin_member(packing, STR(MANIFEST_NAME), text.len, now) &&
		(archive_write_data(packing->archive, text.ptr, text.len) == (la_ssize_t)text.len ||
		 fail_archive(packing));
	bytes_finish(&text);
	return ok;
}

static bool add_file(struct packing *packing, const struct pack_file *file,
		     const struct manifest_file *told)
{
	char hex[SHA256_HEX + 1] = "";
	struct stat state;
	uint64_t size_bytes = 0;
	int fd = pack_file_open(packing->pack, file, &state, packing->err);
	if (fd < 0)
		return false;
	bool ok = begin_member(packing, file->member, told->size_bytes, state.st_mtim) &&
		  hash_through(packing, fd, true, hex, &size_bytes);
	close(fd);
	if (ok && (size_bytes != told->size_bytes || !str_equal(told->sha256, str_from(hex))))
		ok = error_set(packing->err, ERROR_CHANGED, NULL, "it changed while it was packed");
	return ok || error_context(packing->err, "%.*s", STR_ARG(file->path));
}

/* Weights hardly shrink: zip stores them, zstd takes its quick way. */
static bool choose_format(struct archive *archive, enum pack_format format)
{
	if (format == PACK_ZIP)
		return archive_write_set_format_zip(archive) == ARCHIVE_OK &&
		       archive_write_zip_set_compression_store(archive) == ARCHIVE_OK;
	return archive_write_set_format_pax_restricted(archive) == ARCHIVE_OK &&
	       archive_write_add_filter_zstd(archive) == ARCHIVE_OK &&
	       archive_write_set_filter_option(archive, "zstd", "compression-level", "1") ==
		       ARCHIVE_OK;
}

static bool write_members(struct packing *packing, int fd, const struct array *files)
{
	const struct manifest *manifest = &packing->pack->manifest;
	bool ok = (choose_format(packing->archive, pack_format_of(packing->pack->target)) &&
		   archive_write_open_fd(packing->archive, fd) == ARCHIVE_OK) ||
		  fail_archive(packing);
	ok = ok && add_manifest(packing);
	for (size_t i = 0; ok && i < files->len; i++)
		ok = add_file(packing, ARRAY_AT(files, struct pack_file, i), &manifest->files[i]);
	return ok && (archive_write_close(packing->archive) == ARCHIVE_OK || fail_archive(packing));
}

/* Names are UTF-8 in the archive, whatever the locale is. */
static bool write_archive(struct packing *packing, int fd, const struct array *files)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
	packing->archive = archive_write_new();
	if (!packing->archive)
		die_oom();
	bool ok = write_members(packing, fd, files);
	archive_write_free(packing->archive);
	if (utf8) {
		uselocale(before);
		freelocale(utf8);
	}
	return ok;
}

static bool hash_files(struct packing *packing, const struct array *files)
{
	struct manifest_file *told =
		ARENA_NEW_N(packing->pack->arena, struct manifest_file, files->len + 1);
	bool ok = true;
	for (size_t i = 0; ok && i < files->len; i++)
		ok = hash_file(packing, ARRAY_AT(files, struct pack_file, i), &told[i]);
	packing->pack->manifest.files = told;
	packing->pack->manifest.n_files = files->len;
	return ok;
}

/* Names that fall together in an archive are told before gigabytes are read. */
static bool check_names(struct packing *packing, const struct array *files)
{
	struct manifest manifest = packing->pack->manifest, again;
	struct arena scratch = { 0 };
	struct bytes text = { 0 };
	struct manifest_file *told = ARENA_NEW_N(&scratch, struct manifest_file, files->len + 1);
	char zeros[SHA256_HEX + 1];
	snprintf(zeros, sizeof zeros, "%0*d", SHA256_HEX, 0);
	for (size_t i = 0; i < files->len; i++)
		told[i] = (struct manifest_file){
			.path = ARRAY_AT(files, struct pack_file, i)->member,
			.sha256 = str_from(zeros),
		};
	manifest.files = told;
	manifest.n_files = files->len;
	manifest_write(&manifest, &text);
	bool ok = manifest_read(bytes_str(&text), &scratch, &again, packing->err);
	bytes_finish(&text);
	arena_finish(&scratch);
	return ok;
}

/* A part of an archive is of no use to anybody. */
static bool write_part(struct packing *packing, int folder, const char *part, const char *name,
		       const struct array *files)
{
	struct error *err = packing->err, ignored;
	int fd = openat(folder, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return error_system(err, errno, "%.*s", STR_ARG(packing->pack->target));
	bool ok = write_archive(packing, fd, files) &&
		  (fsync(fd) == 0 || error_system(err, errno, "%s", part));
	if (close(fd) != 0 && ok)
		ok = error_system(err, errno, "%s", part);
	ok = ok && place_rename(folder, part, folder, name, err);
	if (!ok)
		place_unlink(folder, part, &ignored);
	return ok && (fsync(folder) == 0 || error_system(err, errno, "%s", name));
}

static bool write_target(struct packing *packing, const struct array *files)
{
	struct arena scratch = { 0 };
	struct str target = packing->pack->target;
	const char *name = arena_cstr(&scratch, str_after_last(target, '/'));
	struct str above = str_slice(target, 0, target.len - strlen(name));
	const char *path = above.len > 0 ? arena_cstr(&scratch, above) : ".";
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = folder >= 0 || error_system(packing->err, errno, "%s", path);
	if (ok && faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		ok = error_set(packing->err, ERROR_USAGE, NULL, "%.*s: it is there already",
			       STR_ARG(target));
	ok = ok && check_names(packing, files) && hash_files(packing, files) &&
	     write_part(packing, folder,
			arena_printf(&scratch, ".%s.part-%ld", name, (long)getpid()), name, files);
	if (folder >= 0)
		close(folder);
	arena_finish(&scratch);
	return ok;
}

bool pack_write(struct pack *pack, struct error *err)
{
	if (pack_format_of(pack->target) == PACK_FORMAT_COUNT)
		return error_set(err, ERROR_USAGE, NULL,
				 "%.*s: an archive ends in .tar.zst or .zip",
				 STR_ARG(pack->target));
	struct packing packing = { .pack = pack, .buffer = malloc(BLOCK_BYTES), .err = err };
	struct array files = ARRAY_OF(struct pack_file);
	if (!packing.buffer)
		die_oom();
	bool ok = pack_files_list(pack, &files, err) && write_target(&packing, &files);
	array_finish(&files);
	free(packing.buffer);
	return ok;
}
