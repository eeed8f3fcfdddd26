// SPDX-License-Identifier: MIT
/**
 * The least any scanner must do: walk a folder, open every .safetensors, read its header, parse it.
 *
 * Strict enough to be fair (JSON grammar, escapes, number digits) and nothing more: no duplicate
 * check, no identification, no index. `floor FOLDER [THREADS] [read|parse|walk|mixed]`.
 *
 * "mixed" opens every file and reads what any reader of its container must: of safetensors the header,
 * which is parsed, of a zip its directory and its data.pkl, of ONNX all that is there, of anything else
 * the bytes in front of the first hole; the weights are holes. None of that is parsed.
 *
 * The system is asked to read no further than that: on a disk that reads megabytes ahead the floor would
 * be the slower for it, and no floor.
 */
#include <dirent.h>
#include <emmintrin.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 128 << 10, HEADER_MAX = 100000000, DEPTH_MAX = 8 };

enum { ZIP_TAIL = 65557, ZIP_END = 22, ZIP_ENTRY = 46, ZIP_LOCAL = 30 };

enum work { WORK_WALK, WORK_READ, WORK_PARSE, WORK_MIXED };

struct totals {
	uint64_t files, bytes, tensors, broken;
};

struct floor {
	char **paths;
	size_t n_paths, cap;
	atomic_size_t next;
	enum work work;
};

static struct floor state;

static int take(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)where;
	size_t len = strlen(path);
	bool is_safetensors = len > 12 && strcasecmp(path + len - 12, ".safetensors") == 0;
	if (type != FTW_F || (state.work != WORK_MIXED && !is_safetensors))
		return 0;
	if (state.n_paths == state.cap) {
		state.cap = state.cap ? state.cap * 2 : 4096;
		state.paths = realloc(state.paths, state.cap * sizeof *state.paths);
		if (!state.paths)
			exit(3);
	}
	state.paths[state.n_paths++] = strdup(path);
	return 0;
}

/* Just past the closing quote, or NULL. */
static const char *skip_string(const char *at, const char *end)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	for (;;) {
		while (at + 16 <= end) {
			__m128i v = _mm_loadu_si128((const __m128i *)(const void *)at);
			int stop = _mm_movemask_epi8(
				_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)));
			if (stop) {
				at += __builtin_ctz((unsigned)stop);
				break;
			}
			at += 16;
		}
		while (at < end && *at != '"' && *at != '\\')
			at++;
		if (at >= end)
			return NULL;
		if (*at == '"')
			return at + 1;
		at += 2;
	}
}

static bool parse(const char *at, const char *end, uint64_t *tensors)
{
	int depth = 0;
	uint64_t sum = 0;
	while (at < end) {
		char c = *at++;
		if (c == '"') {
			at = skip_string(at, end);
			if (!at)
				return false;
			if (depth == 1 && at < end && *at == ':')
				++*tensors;
		} else if (c >= '0' && c <= '9') {
			uint64_t number = (uint64_t)(c - '0');
			while (at < end && *at >= '0' && *at <= '9')
				number = number * 10 + (uint64_t)(*at++ - '0');
			sum += number;
		} else if (c == '{' || c == '[') {
			if (++depth > DEPTH_MAX)
				return false;
		} else if (c == '}' || c == ']') {
			depth--;
		} else if (c != ',' && c != ':' && c != ' ' && c != '\n') {
			return false;
		}
	}
	return depth == 0 && sum + 1 != 0;
}

/* What one thread reads into. */
struct room {
	char *bytes;
	size_t cap;
};

static void make_room(struct room *room, size_t n)
{
	if (room->cap >= n)
		return;
	room->cap = n * 2;
	room->bytes = realloc(room->bytes, room->cap);
	if (!room->bytes)
		exit(3);
}

static bool read_range(int fd, uint64_t at, uint64_t n, struct room *room, struct totals *totals)
{
	uint64_t got = 0;
	make_room(room, n);
	while (got < n) {
		ssize_t r = pread(fd, room->bytes + got, n - got < CHUNK ? n - got : CHUNK,
				  (off_t)(at + got));
		if (r <= 0)
			break;
		got += (uint64_t)r;
	}
	totals->bytes += got;
	return got == n;
}

/* Up to the first hole, or all that is no hole. */
static void read_stored(int fd, uint64_t size, bool reads_all, struct room *room,
			struct totals *totals)
{
	for (off_t at = 0, end; at >= 0 && (uint64_t)at < size; at = lseek(fd, end, SEEK_DATA)) {
		end = lseek(fd, at, SEEK_HOLE);
		if (end <= at ||
		    !read_range(fd, (uint64_t)at, (uint64_t)(end - at), room, totals) || !reads_all)
			return;
	}
}

static uint64_t little(const char *at, int n)
{
	uint64_t value = 0;
	while (n-- > 0)
		value = value << 8 | (unsigned char)at[n];
	return value;
}

/* The directory, and from it the pickle. Zips of 4 GiB keep their place in another record. */
static void read_zip(int fd, uint64_t size, struct room *room, struct totals *totals)
{
	uint64_t tail = size < ZIP_TAIL ? size : ZIP_TAIL, at = tail < ZIP_END ? 0 : tail - ZIP_END;
	if (!read_range(fd, size - tail, tail, room, totals))
		return;
	while (at > 0 && memcmp(room->bytes + at, "PK\5\6", 4) != 0)
		at--;
	uint64_t n = little(room->bytes + at + 12, 4), end = size - tail + at;
	while (at > 0 && memcmp(room->bytes + at, "PK\6\6", 4) != 0)
		at--;
	if (at > 0) {
		n = little(room->bytes + at + 40, 8);
		end = size - tail + at;
	}
	if (n > end || !read_range(fd, end - n, n, room, totals))
		return;
	for (uint64_t i = 0; i + ZIP_ENTRY < n;) {
		const char *entry = room->bytes + i;
		uint64_t name = little(entry + 28, 2);
		if (name >= 8 && i + ZIP_ENTRY + name <= n &&
		    memcmp(entry + ZIP_ENTRY + name - 8, "data.pkl", 8) == 0) {
			uint64_t from = little(entry + 42, 4), len = little(entry + 20, 4);
			(void)read_range(fd, from + ZIP_LOCAL + name, len, room, totals);
			return;
		}
		i += ZIP_ENTRY + name + little(entry + 30, 2) + little(entry + 32, 2);
	}
}

static bool has_suffix(const char *path, const char *suffix)
{
	size_t len = strlen(path), n = strlen(suffix);
	return len > n && strcasecmp(path + len - n, suffix) == 0;
}

static void read_any(const char *path, struct room *room, struct totals *totals)
{
	char magic[4] = "";
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	totals->files++;
	if (fd < 0 || fstat(fd, &st) != 0) {
		totals->broken++;
		return;
	}
	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	if (pread(fd, magic, sizeof magic, 0) == sizeof magic && memcmp(magic, "PK\3\4", 4) == 0)
		read_zip(fd, (uint64_t)st.st_size, room, totals);
	else
		read_stored(fd, (uint64_t)st.st_size, has_suffix(path, ".onnx"), room, totals);
	close(fd);
}

static void read_one(const char *path, char **buffer, size_t *cap, struct totals *totals)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t n = 0;
	struct stat st;
	totals->files++;
	if (fd >= 0)
		posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	if (fd < 0 || fstat(fd, &st) != 0 || pread(fd, &n, 8, 0) != 8 || n > HEADER_MAX ||
	    n + 8 > (uint64_t)st.st_size) {
		totals->broken++;
		if (fd >= 0)
			close(fd);
		return;
	}
	if (*cap < n) {
		*cap = n * 2;
		*buffer = realloc(*buffer, *cap);
		if (!*buffer)
			exit(3);
	}
	for (uint64_t got = 0; got < n;) {
		ssize_t r = pread(fd, *buffer + got, n - got < CHUNK ? n - got : CHUNK,
				  (off_t)(8 + got));
		if (r <= 0)
			break;
		got += (uint64_t)r;
	}
	close(fd);
	totals->bytes += n;
	if (state.work != WORK_READ && !parse(*buffer, *buffer + n, &totals->tensors))
		totals->broken++;
}

static void *worker(void *out)
{
	struct totals *totals = out;
	char *buffer = NULL;
	size_t cap = 0;
	struct room room = { 0 };
	for (size_t i; (i = atomic_fetch_add(&state.next, 1)) < state.n_paths;) {
		if (state.work == WORK_MIXED && !has_suffix(state.paths[i], ".safetensors"))
			read_any(state.paths[i], &room, totals);
		else
			read_one(state.paths[i], &buffer, &cap, totals);
	}
	free(room.bytes);
	free(buffer);
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned n_threads = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1;
	const char *work = argc > 3 ? argv[3] : "parse";
	struct totals totals[64] = { 0 }, all = { 0 };
	pthread_t threads[64];

	if (argc < 2 || n_threads < 1 || n_threads > 64) {
		fprintf(stderr, "usage: floor FOLDER [THREADS] [walk|read|parse|mixed]\n");
		return 2;
	}
	state.work = strcmp(work, "walk") == 0    ? WORK_WALK
		     : strcmp(work, "read") == 0  ? WORK_READ
		     : strcmp(work, "mixed") == 0 ? WORK_MIXED
						  : WORK_PARSE;
	nftw(argv[1], take, 64, FTW_PHYS);
	for (unsigned i = 0; state.work != WORK_WALK && i < n_threads; i++)
		if (pthread_create(&threads[i], NULL, worker, &totals[i]) != 0)
			return 3;
	for (unsigned i = 0; state.work != WORK_WALK && i < n_threads; i++) {
		pthread_join(threads[i], NULL);
		all.files += totals[i].files;
		all.bytes += totals[i].bytes;
		all.tensors += totals[i].tensors;
		all.broken += totals[i].broken;
	}
	printf("%zu paths, %llu headers, %llu bytes, %llu tensors, %llu broken\n", state.n_paths,
	       (unsigned long long)all.files, (unsigned long long)all.bytes,
	       (unsigned long long)all.tensors, (unsigned long long)all.broken);
	return 0;
}
