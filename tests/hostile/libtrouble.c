// SPDX-License-Identifier: MIT
/*
 * To be preloaded: a file that asks for it, in the bytes that are read of it, gets trouble. "trouble: crash"
 * kills the reader, "call" has it ask the system for what no reader may, "fail" is a disk that gives up,
 * "change" a program that writes to the file meanwhile.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int asks(const char *bytes, ssize_t len, const char *word)
{
	static const char begin[] = "trouble: ";
	for (ssize_t i = 0; i + (ssize_t)sizeof begin + 8 < len; i++)
		if (memcmp(bytes + i, begin, sizeof begin - 1) == 0 &&
		    memcmp(bytes + i + sizeof begin - 1, word, strlen(word)) == 0)
			return 1;
	return 0;
}

static void crash(void)
{
	volatile char *volatile nowhere = NULL;
	*nowhere = 1;
}

static void change(int fd)
{
	static long n;
	struct timespec times[2] = { { 0, UTIME_OMIT }, { 1000 + n++, 0 } };
	futimens(fd, times);
}

ssize_t pread64(int fd, void *to, size_t len, off_t at);

ssize_t pread64(int fd, void *to, size_t len, off_t at)
{
	static ssize_t (*call)(int, void *, size_t, off_t);
	if (!call)
		*(void **)&call = dlsym(RTLD_NEXT, "pread64");
	ssize_t got = call(fd, to, len, at);
	if (asks(to, got, "crash"))
		crash();
	if (asks(to, got, "call"))
		(void)getppid();
	if (asks(to, got, "change"))
		change(fd);
	if (!asks(to, got, "fail"))
		return got;
	errno = EIO;
	return -1;
}
