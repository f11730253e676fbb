/* SPDX-License-Identifier: MIT */
/* One reading of a directory as a host and extauth-exchange tell each other of
 * it: SYNC from the host; TOTAL, USER, GROUP and at last END from the worker.
 * Does not know: directories, the registry. */
#ifndef EXTAUTH_SYNC_H
#define EXTAUTH_SYNC_H

#include "login.h"

#define SYNC_STATE_MAX_BYTES 8192
/* Texts of one frame, so that it stays below FRAME_MAX_BYTES. */
#define SYNC_TEXTS_MAX_BYTES 98304

/* What is to be read. {0} is nothing. Too big for the stack. */
struct sync_job {
	char config_path[PATH_MAX];
	char source[IDENTITY_TEXT_MAX_BYTES + 1];
	char request_id[LOGIN_REQUEST_ID_BYTES + 1];
	char
	    email[IDENTITY_TEXT_MAX_BYTES + 1]; /* this person alone, "": all */
	char
	    state[SYNC_STATE_MAX_BYTES + 1]; /* of the last END, "": all anew */
	uint32_t flags;                      /* LOGIN_TRACE */
	uint32_t deadline_ms;
};

/* A list of texts, one behind the other, each with its NUL. {0} is empty. */
struct sync_texts {
	struct buffer bytes; /* buffer_make(SYNC_TEXTS_MAX_BYTES) */
	size_t count;
};

/* One person of the directory. Texts are printable, "" where it has none; what
 * they may be is not checked here but by the registrar. */
struct sync_user {
	char id[IDENTITY_TEXT_MAX_BYTES + 1]; /* that never changes */
	char email[IDENTITY_TEXT_MAX_BYTES + 1];
	char name[IDENTITY_TEXT_MAX_BYTES + 1]; /* as the directory has it */
	char gecos[IDENTITY_TEXT_MAX_BYTES + 1];
	char home[IDENTITY_TEXT_MAX_BYTES + 1];
	char shell[IDENTITY_TEXT_MAX_BYTES + 1];
	bool has_uid;
	uint32_t uid;
	bool is_disabled;
	bool is_gone;             /* CHANGES alone: no longer there; id only */
	struct sync_texts groups; /* in turn id and name, either may be "" */
};

/* A group of the directory, and some of its members; one that has many is told
 * in several frames of the same id. */
struct sync_group {
	char id[IDENTITY_TEXT_MAX_BYTES + 1];
	char name[IDENTITY_TEXT_MAX_BYTES + 1];
	bool has_gid;
	uint32_t gid;
	struct sync_texts members; /* ids of users, each not empty */
};

/* How a reading ended. {0} is a failure: nothing of it may be used. */
enum sync_end_kind {
	SYNC_FAILED = 0,
	SYNC_COMPLETE,  /* who was not named is gone */
	SYNC_CHANGES,   /* who was not named is as before; groups are whole */
	SYNC_UNCHANGED, /* nobody was named, all is as before */
	SYNC_ONE,       /* the person asked for was named, or is not there */
};

struct sync_end {
	enum sync_end_kind kind;
	bool is_configuration; /* FAILED: trying again is of no use */
	uint32_t http_status;  /* 0 = no answer */
	char reason[LOGIN_MESSAGE_MAX_BYTES + 1]; /* printable, for FAILED */
	char tls[LOGIN_MESSAGE_MAX_BYTES + 1];
	char *state; /* owned, for the next SYNC; NULL: none */
};

/* Appends one text. EXTAUTH_TOOBIG when the list is full, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err sync_texts_add(
    struct sync_texts *texts, const char *text);

/* Lends the text behind `before`, the first for NULL; NULL at the end. */
const char *sync_texts_next(const struct sync_texts *texts, const char *before);

/* Each writes one frame (`*ret_frame` is the caller's, frame_clear), or reads
 * one. Reading checks every length, makes texts printable, and takes nothing
 * but what is described above: EXTAUTH_INVALID. EXTAUTH_TOOBIG, EXTAUTH_NOMEM.
 * The END is believed with this nonce only. What was read is the caller's. */
EXTAUTH_CHECKED enum extauth_err sync_job_to_frame(const struct sync_job *job,
    const char nonce[FRAME_NONCE_BYTES], struct frame *ret_frame);
EXTAUTH_CHECKED enum extauth_err sync_job_from_frame(const struct frame *frame,
    struct sync_job *ret_job, char ret_nonce[FRAME_NONCE_BYTES]);
EXTAUTH_CHECKED enum extauth_err sync_user_to_frame(
    const struct sync_user *user, struct frame *ret_frame);
EXTAUTH_CHECKED enum extauth_err sync_user_from_frame(
    const struct frame *frame, struct sync_user *ret_user);
EXTAUTH_CHECKED enum extauth_err sync_group_to_frame(
    const struct sync_group *group, struct frame *ret_frame);
EXTAUTH_CHECKED enum extauth_err sync_group_from_frame(
    const struct frame *frame, struct sync_group *ret_group);
EXTAUTH_CHECKED enum extauth_err sync_total_to_frame(
    uint32_t total, struct frame *ret_frame);
EXTAUTH_CHECKED enum extauth_err sync_total_from_frame(
    const struct frame *frame, uint32_t *ret_total);
EXTAUTH_CHECKED enum extauth_err sync_end_to_frame(const struct sync_end *end,
    const char nonce[FRAME_NONCE_BYTES], struct frame *ret_frame);
EXTAUTH_CHECKED enum extauth_err sync_end_from_frame(const struct frame *frame,
    const char nonce[FRAME_NONCE_BYTES], struct sync_end *ret_end);

/* Each frees what it holds and leaves {0}. NULL is allowed. */
void sync_user_clear(struct sync_user *user);
void sync_group_clear(struct sync_group *group);
void sync_end_clear(struct sync_end *end);

#define cleanup_sync_user __attribute__((cleanup(sync_user_clear)))
#define cleanup_sync_group __attribute__((cleanup(sync_group_clear)))
#define cleanup_sync_end __attribute__((cleanup(sync_end_clear)))

#endif
