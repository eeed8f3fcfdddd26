// SPDX-License-Identifier: MIT
#include "core/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool error_set(struct error *err, enum error_code code, const char *slug, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	err->code = code;
	err->sys = 0;
	err->slug = slug;
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	return false;
}

bool error_system(struct error *err, int sys_errno, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	err->code = ERROR_SYSTEM;
	err->sys = sys_errno;
	err->slug = "E_IO";
	int len = vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	const char *why = strerrordesc_np(sys_errno);
	if (len >= 0 && (size_t)len < sizeof err->text)
		snprintf(err->text + len, sizeof err->text - (size_t)len, "%s%s",
			 len > 0 ? ": " : "", why ? why : "unknown error");
	return false;
}

bool error_context(struct error *err, const char *format, ...)
{
	char old[sizeof err->text];
	memcpy(old, err->text, sizeof old);
	va_list args;
	va_start(args, format);
	int len = vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	if (len >= 0 && (size_t)len < sizeof err->text)
		snprintf(err->text + len, sizeof err->text - (size_t)len, ": %s", old);
	return false;
}

void error_bug(const char *file, int line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "lorarium: bug at %s:%d: ", file, line);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

void die_oom(void)
{
	fputs("lorarium: out of memory\n", stderr);
	exit(3);
}
