/* SPDX-License-Identifier: MIT */
#include "source_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hash.h"

#define DIGITS 16
#define DECIMAL 10

/* Each text is hashed under the sum so far, so that no two that stand beside
 * each other can be taken for one. */
static void
state_add(uint64_t *sum, const void *bytes, size_t length)
{
	const uint64_t key[2] = {*sum, length};

	*sum = hash_bytes(key, bytes, length);
}

static void
state_add_text(uint64_t *sum, const char *text)
{
	if (text == NULL)
		text = "";
	state_add(sum, text, strlen(text));
}

static void
state_add_number(uint64_t *sum, uint32_t number)
{
	char text[DIGITS];

	(void)snprintf(text, sizeof(text), "%" PRIu32, number);
	state_add_text(sum, text);
}

static void
state_add_list(uint64_t *sum, const struct config_list *list)
{
	size_t at;

	state_add_number(sum, (uint32_t)list->count);
	for (at = 0; at < list->count; at++)
		state_add_text(sum, list->items[at]);
}

static void
state_add_conditions(uint64_t *sum, const struct config_conditions *list)
{
	size_t at;

	state_add_number(sum, (uint32_t)list->count);
	for (at = 0; at < list->count; at++) {
		const struct condition *condition = &list->items[at];

		state_add_text(sum, condition->pointer);
		state_add_number(sum, (uint32_t)condition->comparison);
		state_add_text(sum, condition->literal);
	}
}

static void
state_add_url(uint64_t *sum, const struct template *url)
{
	size_t at;

	state_add_number(sum, (uint32_t)url->part_count);
	for (at = 0; at < url->part_count; at++) {
		const struct template_part *part = &url->parts[at];

		if (!part->is_literal)
			state_add_number(sum, (uint32_t)part->placeholder);
		state_add_text(sum, part->text);
	}
}

static void
state_add_access(uint64_t *sum, const struct config_source *source)
{
	const char *const texts[] = {
	    source->type,
	    source->access.tenant,
	    source->access.environment,
	    source->access.region,
	    source->access.client_id,
	    source->username,
	    source->file,
	};
	size_t at;

	state_add_url(sum, &source->access.url);
	for (at = 0; at < sizeof(texts) / sizeof(*texts); at++)
		state_add_text(sum, texts[at]);
}

static void
state_add_reading(uint64_t *sum, const struct config_source *source)
{
	const char *const texts[] = {
	    source->filter,
	    source->users,
	    source->next,
	    source->next_parameter,
	    source->user_id,
	    source->user_email,
	    source->user_name,
	    source->user_gecos,
	    source->user_uid,
	    source->user_home,
	    source->user_shell,
	    source->user_groups,
	    source->group_gid,
	    source->group_prefix,
	    source->posix_schema,
	};
	size_t at;

	for (at = 0; at < sizeof(texts) / sizeof(*texts); at++)
		state_add_text(sum, texts[at]);
	state_add_number(sum, source->uid_base);
	state_add_number(sum, (uint32_t)source->paging);
	state_add_conditions(sum, &source->disabled_if);
	state_add_conditions(sum, &source->skip_if);
	state_add_list(sum, &source->domains);
	state_add_list(sum, &source->only_groups);
}

static void
state_add_groups(uint64_t *sum, const struct source_run *run)
{
	size_t at;

	for (at = 0; at < run->config->group_count; at++) {
		const struct config_group *group = &run->config->groups[at];

		state_add_text(sum, group->name);
		state_add_text(sum, group->source);
		state_add_list(sum, &group->remote);
		state_add_number(sum, group->gid);
	}
}

uint64_t
source_state_fingerprint(const struct source_run *run)
{
	uint64_t sum = 0;

	state_add_access(&sum, run->source);
	state_add_reading(&sum, run->source);
	state_add_groups(&sum, run);
	return sum;
}

enum extauth_err
source_state_begin(
    const struct source_run *run, char kind, struct buffer *state)
{
	return buffer_append_format(
	    state, "%c%016" PRIx64 " ", kind, source_state_fingerprint(run));
}

const char *
source_state_lend(const struct source_run *run, char kind)
{
	const char *state = run->job->state;
	char begin[1 + DIGITS + 2];

	(void)snprintf(begin, sizeof(begin), "%c%016" PRIx64 " ", kind,
	    source_state_fingerprint(run));
	if (strncmp(state, begin, strlen(begin)) != 0)
		return NULL;
	return state + strlen(begin);
}

enum extauth_err
source_state_begin_dated(const struct source_run *run, char kind,
    int64_t whole_s, struct buffer *state)
{
	enum extauth_err err = source_state_begin(run, kind, state);

	if (err == EXTAUTH_OK)
		err = buffer_append_format(state, "%" PRId64 " ", whole_s);
	return err;
}

/* The texts of states come from a file, so digits are counted. */
static const char *
state_read_seconds(const char *text, int64_t *seconds)
{
	size_t digits = strspn(text, "0123456789");
	size_t at;

	if (digits == 0 || digits > DIGITS || text[digits] != ' ')
		return NULL;
	*seconds = 0;
	for (at = 0; at < digits; at++)
		*seconds = *seconds * DECIMAL + (text[at] - '0');
	return text + digits + 1;
}

const char *
source_state_lend_dated(const struct source_run *run, char kind,
    int64_t max_age_s, int64_t *ret_whole_s)
{
	const char *rest = source_state_lend(run, kind);
	int64_t whole_s;

	rest = rest != NULL ? state_read_seconds(rest, &whole_s) : NULL;
	if (rest == NULL || whole_s > run->login->now_s ||
	    run->login->now_s - whole_s >= max_age_s)
		return NULL;
	*ret_whole_s = whole_s;
	return rest;
}
