/* SPDX-License-Identifier: MIT */
/* A second reader of what a worker says, which only judges whether it may be a
 * grant.
 * Does not know: the reader of common/. */
#ifndef EXTAUTH_TESTS_FRAME_JUDGE_H
#define EXTAUTH_TESTS_FRAME_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

/* What was said to which host. */
struct frame_dialog {
	const char *bytes;
	size_t length;
	const char *nonce; /* 16 bytes; NULL: the worker cannot know it */
	bool is_change;    /* of a password: no prompt, no token */
};

/* Tells whether it is a conversation by the rules that ends in one complete
 * grant with this nonce, and in nothing more. */
bool frame_judge_may_grant(const struct frame_dialog *dialog);

/* Tells whether a terminal shows every byte of it and obeys none but the end of
 * a line. */
bool frame_judge_is_showable(const char *text);

#endif
