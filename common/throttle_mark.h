/* SPDX-License-Identifier: MIT */
/* What is remembered of the passwords that were sent for one user.
 * Does not know: the file that it stands in, and its lock. */
#ifndef EXTAUTH_THROTTLE_MARK_H
#define EXTAUTH_THROTTLE_MARK_H

#include "throttle.h"

#define THROTTLE_MARK_MAGIC 0x325448545558450aU
#define THROTTLE_TRIES_MAX 64

/* A password that was sent. */
struct throttle_try {
	int64_t time_ms;
	uint32_t ticket; /* 0 = refused, else the answer is still to come */
	uint32_t zero;
};

/* The tries of one user; the oldest comes first. */
struct throttle_mark {
	uint64_t magic;
	struct throttle_try tries[THROTTLE_TRIES_MAX];
	int64_t paused_since_ms; /* 0 = not paused */
	uint64_t key[2];
	uint32_t count;
	uint32_t password_hash;
	int64_t password_ms; /* when it was refused; 0 = none is kept */
};

/* Tells whether a time that was read has been: none is before the clock began,
 * or still to come. What passes is subtracted without overflow. */
bool throttle_mark_is_past(int64_t time_ms, int64_t now_ms);

/* Tells whether a mark that was read can be one of now. */
bool throttle_mark_is_sound(const struct throttle_mark *mark, int64_t now_ms);

/* Tells how much of the pause is left. */
int64_t throttle_mark_pause_left(const struct throttle_mark *mark,
    const struct throttle_limits *limits, int64_t now_ms);

/* Drops the tries that count no more: those before the window, and all once the
 * pause that they led to is over. */
void throttle_mark_age(struct throttle_mark *mark,
    const struct throttle_limits *limits, int64_t now_ms);

/* Counts the tries that were refused; the others are open. */
uint32_t throttle_mark_refusals(const struct throttle_mark *mark);

/* Gives the number of tries after which no more is sent. */
uint32_t throttle_mark_most(const struct throttle_limits *limits);

/* Tells whether it is the password that was refused within five seconds. */
bool throttle_mark_repeats(const struct throttle_mark *mark,
    const struct secret *password, int64_t now_ms);

/* Adds a try, in the place of the oldest where there is no room. */
void throttle_mark_add(
    struct throttle_mark *mark, uint32_t ticket, int64_t now_ms);

/* Gives the place of an open try, or the count if it is gone. */
uint32_t throttle_mark_find(const struct throttle_mark *mark, uint32_t ticket);

/* Drops `count` tries from `first` on. */
void throttle_mark_drop(
    struct throttle_mark *mark, uint32_t first, uint32_t count);

/* Turns the open try into a refusal, or adds one. */
void throttle_mark_refuse(struct throttle_mark *mark,
    const struct throttle_limits *limits, uint32_t ticket, int64_t now_ms);

/* Keeps the hash of the password that was refused, or none for NULL. */
void throttle_mark_keep_password(
    struct throttle_mark *mark, const struct secret *password, int64_t now_ms);

#endif
