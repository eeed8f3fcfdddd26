// SPDX-License-Identifier: MIT
#include "core/organise/plan.h"

const char *plan_action_word(enum plan_action action)
{
	static const char *const words[PLAN_ACTION_COUNT] = {
		[PLAN_MOVE] = "move", [PLAN_COPY] = "copy", [PLAN_TRASH] = "trash",
		[PLAN_RESTORE] = "restore", [PLAN_LINK] = "link", [PLAN_EXTRACT] = "extract",
	};
	return words[action];
}
