/* SPDX-License-Identifier: MIT */
/* How far a reading is, on standard error: one line that changes on a terminal,
 * else now and then a plain one.
 * Does not know: what is read. */
#ifndef EXTAUTHCTL_SYNC_PROGRESS_H
#define EXTAUTHCTL_SYNC_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYNC_PROGRESS_TEXT_BYTES 192

struct sync_progress {
	const char *source;
	uint32_t total; /* 0 = not known */
	uint32_t count;
	int64_t start_ms;
	int64_t shown_ms;
	bool is_terminal;
	bool is_shown;
};

/* Starts the clock. `source` is borrowed. */
struct sync_progress sync_progress_make(const char *source);

/* Notes how many there will be. */
void sync_progress_total(struct sync_progress *progress, uint32_t total);

/* Notes one more, and shows it if it is time to. */
void sync_progress_step(struct sync_progress *progress);

/* Takes the changing line away. */
void sync_progress_end(struct sync_progress *progress);

/* Writes what is shown after `elapsed_ms`. */
void sync_progress_text(const struct sync_progress *progress,
    int64_t elapsed_ms, char ret_text[SYNC_PROGRESS_TEXT_BYTES]);

/* Writes a number with commas. */
void sync_progress_number(uint64_t number, char ret_text[32]);

#endif
