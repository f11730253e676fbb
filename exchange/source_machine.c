/* SPDX-License-Identifier: MIT */
#include "source_machine.h"

#include <string.h>

#include "text.h"

enum extauth_err
source_step_end(
    struct source_step *ret_step, enum sync_end_kind kind, const char *state)
{
	char *copy = NULL;

	if (state != NULL && *state != '\0') {
		copy = strdup(state);
		if (copy == NULL)
			return EXTAUTH_NOMEM;
	}
	ret_step->kind = SOURCE_END;
	ret_step->end.kind = kind;
	ret_step->end.state = copy;
	return EXTAUTH_OK;
}

void
source_step_fail(struct source_step *ret_step, bool is_configuration,
    unsigned http_status, const char *reason)
{
	struct sync_end *end = &ret_step->end;

	ret_step->kind = SOURCE_END;
	end->kind = SYNC_FAILED;
	end->is_configuration = is_configuration;
	end->http_status = http_status;
	text_print(end->reason, sizeof(end->reason), "%s", reason);
}

void
source_step_user(struct source_step *ret_step, const struct sync_user *user)
{
	ret_step->kind = SOURCE_USER;
	ret_step->user = user;
}

void
source_step_group(struct source_step *ret_step, const struct sync_group *group)
{
	ret_step->kind = SOURCE_GROUP;
	ret_step->group = group;
}

void
source_step_total(struct source_step *ret_step, uint32_t total)
{
	ret_step->kind = SOURCE_TOTAL;
	ret_step->total = total;
}

void
source_step_wait(struct source_step *ret_step, uint32_t wait_ms)
{
	ret_step->kind = SOURCE_WAIT;
	step_wait(&ret_step->request, wait_ms);
}

void
source_step_clear(struct source_step *step)
{
	if (step == NULL)
		return;
	step_clear(&step->request);
	sync_end_clear(&step->end);
	*step = (struct source_step){0};
}
