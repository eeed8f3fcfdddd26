// SPDX-License-Identifier: MIT
#include "storage/scan/settled.h"

#include <time.h>

#include "core/base/error.h"

int64_t settled_now_ns(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_REALTIME, &now))
		BUG("no clock");
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool is_younger(const struct file_state *state, int64_t age_ns, int64_t now_ns)
{
	return state->mtime_ns <= now_ns && state->mtime_ns > now_ns - age_ns;
}

bool settled_not(const struct file_state *state, int64_t now_ns)
{
	return is_younger(state, SETTLED_AFTER_NS, now_ns);
}

bool settled_not_whole(const struct model *model, const struct file_state *state, int64_t now_ns)
{
	bool has_changed = model->error.code.ptr && str_equal(model->error.code, STR("E_CHANGED"));
	return has_changed || (model->status == STATUS_PARTIAL &&
			       is_younger(state, SETTLED_PART_AFTER_NS, now_ns));
}
