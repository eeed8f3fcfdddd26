// SPDX-License-Identifier: MIT
/**
 * storage/library.h over a fake library, for the loop and the terminal.
 */
#ifndef TESTS_SUPPORT_FAKE_MAILBOX_H
#define TESTS_SUPPORT_FAKE_MAILBOX_H

#include "storage/library.h"
#include "tests/support/fake_library.h"

struct library *fake_mailbox_open(const char *world);
const struct knowledge *fake_mailbox_knowledge(const struct library *library);

#endif
