// SPDX-License-Identifier: MIT
#include "storage/mail.h"

#include <stdlib.h>

struct mail *mail_create(enum mail_type type)
{
	struct mail *mail = calloc(1, sizeof *mail);
	if (!mail)
		die_oom();
	mail->type = type;
	mail->ids = ARRAY_OF(uint32_t);
	return mail;
}

struct mail *mail_request(struct request *request)
{
	struct mail *mail = mail_create(MAIL_REQUEST);
	mail->request = request;
	return mail;
}

void mail_destroy(struct mail *mail)
{
	if (!mail)
		return;
	request_destroy(mail->request);
	array_finish(&mail->ids);
	free(mail);
}

struct request *mail_take_request(struct mail *mail)
{
	struct request *request = mail->request;
	mail->request = NULL;
	return request;
}
