// SPDX-License-Identifier: MIT
#include "storage/readers/passing.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

union room {
	struct cmsghdr header; /* aligns it */
	char bytes[CMSG_SPACE(PASSING_DESCRIPTORS_MAX * sizeof(int))];
};

static void put_descriptors(struct msghdr *message, union room *room, const int *fds, size_t n_fds)
{
	message->msg_control = room->bytes;
	message->msg_controllen = CMSG_SPACE(n_fds * sizeof *fds);
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	*header = (struct cmsghdr){
		.cmsg_len = CMSG_LEN(n_fds * sizeof *fds),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	};
	memcpy(CMSG_DATA(header), fds, n_fds * sizeof *fds);
}

ssize_t passing_send(int to, const void *bytes, size_t len, const int *fds, size_t n_fds)
{
	union room room = { .bytes = { 0 } };
	struct iovec piece = { (void *)(uintptr_t)bytes, len };
	struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };
	ssize_t sent;
	if (n_fds)
		put_descriptors(&message, &room, fds, n_fds);
	do
		sent = sendmsg(to, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent;
}

static void take_descriptors(struct msghdr *message, struct array *fds)
{
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR(message, header)) {
		size_t n = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++)
			memcpy(ARRAY_PUSH(fds, int), CMSG_DATA(header) + i * sizeof(int),
			       sizeof(int));
	}
}

ssize_t passing_receive(int from, void *bytes, size_t len, struct array *fds)
{
	union room room;
	struct iovec piece = { bytes, len };
	struct msghdr message = {
		.msg_iov = &piece,
		.msg_iovlen = 1,
		.msg_control = room.bytes,
		.msg_controllen = sizeof room.bytes,
	};
	ssize_t got;
	do
		got = recvmsg(from, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	take_descriptors(&message, fds);
	if (!(message.msg_flags & MSG_CTRUNC))
		return got;
	errno = EMFILE;
	return -1;
}
