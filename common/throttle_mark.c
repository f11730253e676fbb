/* SPDX-License-Identifier: MIT */
#include "throttle_mark.h"

#include <string.h>
#include <sys/random.h>

#include "hash.h"

#define REPEAT_MS 5000

bool
throttle_mark_is_past(int64_t time_ms, int64_t now_ms)
{
	return time_ms >= 0 && time_ms <= now_ms;
}

bool
throttle_mark_is_sound(const struct throttle_mark *mark, int64_t now_ms)
{
	uint32_t i;

	if (mark->magic != THROTTLE_MARK_MAGIC ||
	    mark->count > THROTTLE_TRIES_MAX ||
	    !throttle_mark_is_past(mark->paused_since_ms, now_ms) ||
	    !throttle_mark_is_past(mark->password_ms, now_ms))
		return false;
	for (i = 0; i < mark->count; i++)
		if (!throttle_mark_is_past(mark->tries[i].time_ms, now_ms))
			return false;
	return true;
}

int64_t
throttle_mark_pause_left(const struct throttle_mark *mark,
    const struct throttle_limits *limits, int64_t now_ms)
{
	int64_t end_ms = mark->paused_since_ms + limits->failure_pause_ms;

	if (limits->max_failures == 0 || mark->paused_since_ms == 0)
		return 0;
	return end_ms > now_ms ? end_ms - now_ms : 0;
}

void
throttle_mark_drop(struct throttle_mark *mark, uint32_t first, uint32_t count)
{
	mark->count -= count;
	memmove(mark->tries + first, mark->tries + first + count,
	    (mark->count - first) * sizeof(mark->tries[0]));
}

void
throttle_mark_age(struct throttle_mark *mark,
    const struct throttle_limits *limits, int64_t now_ms)
{
	int64_t since_ms = now_ms - limits->failure_window_ms;
	uint32_t old = 0;

	if (throttle_mark_pause_left(mark, limits, now_ms) > 0)
		return;
	if (mark->paused_since_ms != 0)
		mark->count = 0;
	mark->paused_since_ms = 0;
	while (old < mark->count && mark->tries[old].time_ms < since_ms)
		old++;
	throttle_mark_drop(mark, 0, old);
}

uint32_t
throttle_mark_refusals(const struct throttle_mark *mark)
{
	uint32_t refusals = 0;
	uint32_t i;

	for (i = 0; i < mark->count; i++)
		refusals += mark->tries[i].ticket == 0;
	return refusals;
}

uint32_t
throttle_mark_most(const struct throttle_limits *limits)
{
	return limits->max_failures < THROTTLE_TRIES_MAX ? limits->max_failures
							 : THROTTLE_TRIES_MAX;
}

static uint32_t
password_hash(const struct throttle_mark *mark, const struct secret *password)
{
	return (uint32_t)hash_bytes(
		   mark->key, secret_reveal(password), password->length) &
	    0xffff;
}

bool
throttle_mark_repeats(const struct throttle_mark *mark,
    const struct secret *password, int64_t now_ms)
{
	return password != NULL && mark->password_ms > 0 &&
	    now_ms - mark->password_ms < REPEAT_MS &&
	    password_hash(mark, password) == mark->password_hash;
}

void
throttle_mark_add(struct throttle_mark *mark, uint32_t ticket, int64_t now_ms)
{
	if (mark->count == THROTTLE_TRIES_MAX)
		throttle_mark_drop(mark, 0, 1);
	mark->tries[mark->count++] =
	    (struct throttle_try){.time_ms = now_ms, .ticket = ticket};
}

uint32_t
throttle_mark_find(const struct throttle_mark *mark, uint32_t ticket)
{
	uint32_t i = 0;

	while (
	    i < mark->count && (ticket == 0 || mark->tries[i].ticket != ticket))
		i++;
	return i;
}

void
throttle_mark_refuse(struct throttle_mark *mark,
    const struct throttle_limits *limits, uint32_t ticket, int64_t now_ms)
{
	uint32_t most = throttle_mark_most(limits);
	uint32_t place = throttle_mark_find(mark, ticket);

	if (place < mark->count)
		mark->tries[place].ticket = 0;
	else
		throttle_mark_add(mark, 0, now_ms);
	if (most > 0 && throttle_mark_refusals(mark) >= most &&
	    mark->paused_since_ms == 0)
		mark->paused_since_ms = now_ms;
}

void
throttle_mark_keep_password(
    struct throttle_mark *mark, const struct secret *password, int64_t now_ms)
{
	mark->password_ms = 0;
	mark->password_hash = 0;
	if (password == NULL ||
	    getrandom(mark->key, sizeof(mark->key), GRND_NONBLOCK) !=
		(ssize_t)sizeof(mark->key))
		return;
	mark->password_ms = now_ms;
	mark->password_hash = password_hash(mark, password);
}
