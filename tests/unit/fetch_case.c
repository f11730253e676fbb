/* SPDX-License-Identifier: MIT */
#include "fetch_case.h"

#include "unit.h"

struct pages {
	struct source_fetch fetch;
	unsigned nth;
};

struct fetch_case_wishes fetch_case_wishes;

static enum extauth_err
pages_go_on(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct pages *pages = run->memory;
	const char *url = fetch_case_wishes.urls[pages->nth];

	if (url == NULL)
		return source_step_end(ret_step, SYNC_COMPLETE, NULL);
	pages->nth++;
	return source_fetch_begin(run, &pages->fetch, url, ret_step, error);
}

static enum extauth_err
pages_start(struct source_run *run, struct source_step *ret_step,
    struct extauth_error *error)
{
	struct pages *pages = run->memory;

	pages->fetch.what = "users";
	pages->fetch.takes_any_body = fetch_case_wishes.takes_any_body;
	pages->fetch.takes_refusal = fetch_case_wishes.takes_refusal;
	pages->fetch.condition_header = "If-None-Match";
	pages->fetch.condition = fetch_case_wishes.condition;
	pages->fetch.more_header = fetch_case_wishes.more_header;
	return pages_go_on(run, ret_step, error);
}

static enum extauth_err
pages_next(struct source_run *run, const struct event *event,
    struct source_step *ret_step, struct extauth_error *error)
{
	struct pages *pages = run->memory;
	cleanup_answer struct answer answer = {0};
	enum extauth_err err;

	ck_assert(pages->fetch.is_under_way);
	err = source_fetch_take(run, &pages->fetch, event, &answer, ret_step);
	ck_assert(pages->fetch.is_under_way ==
	    (answer.response == NULL && ret_step->kind != SOURCE_END));
	if (err != EXTAUTH_OK || answer.response == NULL)
		return err;
	return pages_go_on(run, ret_step, error);
}

static void
pages_forget(void *memory)
{
	struct pages *pages = memory;

	source_fetch_clear(&pages->fetch);
}

static const struct source machine = {
    .name = "pages",
    .memory_bytes = sizeof(struct pages),
    .forget = pages_forget,
    .start = pages_start,
    .next = pages_next,
};

struct source_case *
fetch_case_make(const char *keys, const char *first, const char *second)
{
	fetch_case_wishes =
	    (struct fetch_case_wishes){.urls = {first, second, NULL}};
	return source_case_make(&machine, keys);
}
