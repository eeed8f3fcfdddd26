// SPDX-License-Identifier: MIT
#include "cli/interrupt.h"

#include <signal.h>

/* A handler reaches nothing but a file-scope flag; the terminal has its own for the same reason. */
static volatile sig_atomic_t has_come;

static void note(int number)
{
	has_come = number;
}

void interrupt_watch(void)
{
	struct sigaction action = { .sa_handler = note, .sa_flags = SA_RESTART | SA_RESETHAND };
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

bool interrupt_came(void)
{
	bool came = has_come != 0;
	has_come = 0;
	return came;
}
