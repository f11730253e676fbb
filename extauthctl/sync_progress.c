/* SPDX-License-Identifier: MIT */
#include "sync_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "translate.h"

#define TERMINAL_STEP_MS 200
#define PLAIN_STEP_MS 10000

struct sync_progress
sync_progress_make(const char *source)
{
	int64_t now_ms = frame_clock_ms();

	return (struct sync_progress){
	    .source = source,
	    .start_ms = now_ms,
	    .shown_ms = now_ms,
	    .is_terminal = isatty(STDERR_FILENO) == 1,
	};
}

void
sync_progress_number(uint64_t number, char ret_text[32])
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, number);
	size_t at = 0;
	int i;

	for (i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			ret_text[at++] = ',';
		ret_text[at++] = digits[i];
	}
	ret_text[at] = '\0';
}

void
sync_progress_text(const struct sync_progress *progress, int64_t elapsed_ms,
    char ret_text[SYNC_PROGRESS_TEXT_BYTES])
{
	char count[32];
	char total[32];
	char rate[32];
	uint64_t rate_s = elapsed_ms > 0
	    ? (uint64_t)progress->count * 1000 / (uint64_t)elapsed_ms
	    : 0;

	sync_progress_number(progress->count, count);
	sync_progress_number(progress->total, total);
	sync_progress_number(rate_s, rate);
	if (progress->total <= progress->count || rate_s == 0)
		(void)snprintf(ret_text, SYNC_PROGRESS_TEXT_BYTES,
		    progress->total > 0 ? _("%s: %s of %s users, %s/s")
					: _("%s: %s%s users, %s/s"),
		    progress->source, count, progress->total > 0 ? total : "",
		    rate);
	else
		(void)snprintf(ret_text, SYNC_PROGRESS_TEXT_BYTES,
		    _("%s: %s of %s users, %s/s, %llu s left"),
		    progress->source, count, total, rate,
		    (unsigned long long)((progress->total - progress->count) /
			    rate_s +
			1));
}

void
sync_progress_total(struct sync_progress *progress, uint32_t total)
{
	progress->total = total;
}

static void
show(struct sync_progress *progress, int64_t now_ms)
{
	char text[SYNC_PROGRESS_TEXT_BYTES];

	sync_progress_text(progress, now_ms - progress->start_ms, text);
	if (progress->is_terminal)
		(void)fprintf(stderr, "\r%s\033[K", text);
	else
		(void)fprintf(stderr, "%s\n", text);
	(void)fflush(stderr);
	progress->shown_ms = now_ms;
	progress->is_shown = true;
}

void
sync_progress_step(struct sync_progress *progress)
{
	int64_t step_ms =
	    progress->is_terminal ? TERMINAL_STEP_MS : PLAIN_STEP_MS;
	int64_t now_ms = frame_clock_ms();

	progress->count++;
	if (now_ms - progress->shown_ms >= step_ms)
		show(progress, now_ms);
}

void
sync_progress_end(struct sync_progress *progress)
{
	if (progress->is_terminal && progress->is_shown)
		(void)fprintf(stderr, "\r\033[K");
	progress->is_shown = false;
}
