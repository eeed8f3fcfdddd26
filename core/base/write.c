// SPDX-License-Identifier: MIT
#include "core/base/write.h"

#include <errno.h>
#include <unistd.h>

bool write_all(int fd, struct str text)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.ptr, text.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = str_slice(text, (size_t)n, text.len);
	}
	return true;
}
