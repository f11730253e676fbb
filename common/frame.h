/* SPDX-License-Identifier: MIT */
/* What a host and extauth-exchange say to each other: 4 bytes length (little
 * endian, of all that follows), 1 byte type, then fields of 1 byte tag, 4 bytes
 * length, bytes.
 * Does not know: what the fields mean to a provider. */
#ifndef EXTAUTH_FRAME_H
#define EXTAUTH_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

#define FRAME_VERSION 1
#define FRAME_MAX_BYTES 131072
#define FRAME_NONCE_BYTES 16

enum frame_type {
	FRAME_NONE = 0,
	FRAME_LOGIN,
	FRAME_FORGOT,
	FRAME_SYNC,
	FRAME_ANSWER,
	FRAME_PROBE,  /* TLS only: no request is sent */
	FRAME_CHANGE, /* of a password */
	FRAME_PROMPT = 65,
	FRAME_INFORM,
	FRAME_TRACE,
	FRAME_USER,
	FRAME_VERDICT,
	FRAME_END,
	FRAME_WAITING, /* TAG_FLAGS: 1 = for a person from now on, 0 = over */
	FRAME_GROUP,   /* as USER, of a SYNC */
	FRAME_TOTAL,   /* so many USER frames are to be expected */
};

enum frame_tag {
	TAG_VERSION = 1, /* u32 */
	TAG_NONCE,       /* 16 bytes, sent back in VERDICT */
	TAG_CONFIG_PATH,
	TAG_PROVIDER,
	TAG_REQUEST_ID,
	TAG_DEADLINE_MS,        /* u32, network time */
	TAG_PERSON_DEADLINE_MS, /* u32 */
	TAG_FLAGS,              /* u32, enum login_flags */
	TAG_UID,                /* u32 */
	TAG_USERNAME,
	TAG_EMAIL,
	TAG_EXTERNAL_ID,
	TAG_PASSWORD,
	TAG_SERVICE,
	TAG_TTY,
	TAG_RHOST,
	TAG_HOSTNAME,
	TAG_DEVICE_OS,
	TAG_DEVICE_NAME,
	TAG_DEVICE_IP,
	TAG_TEXT,         /* PROMPT, INFORM, TRACE, ANSWER */
	TAG_ECHO,         /* u32, PROMPT: 1 = shown while typed */
	TAG_VERDICT,      /* u32, verdict_to_wire */
	TAG_REASON,       /* for the log */
	TAG_MESSAGE,      /* for the person, sanitised */
	TAG_HTTP_STATUS,  /* u32 */
	TAG_TLS,          /* why TLS failed, as "expired 2026-11-20 cn=..." */
	TAG_NEW_PASSWORD, /* CHANGE */
	TAG_TOKEN,        /* VERDICT: for the session */
	TAG_STATE,        /* SYNC, END: opaque to the host */
	TAG_END,          /* u32, END: enum sync_end_kind */
	TAG_TOTAL,        /* u32, TOTAL */
	TAG_GECOS,
	TAG_HOME,
	TAG_SHELL,
	TAG_GROUPS,  /* USER: pairs of id and name, each with its NUL */
	TAG_GID,     /* u32, GROUP */
	TAG_NAME,    /* GROUP */
	TAG_MEMBERS, /* GROUP: ids of users, each with its NUL */
	TAG_PHRASES, /* where there are any: phrase_collect */
};

/* A frame being made or received; {0} is none. */
struct frame {
	enum frame_type type;
	struct buffer fields;
};

/* Makes an empty frame of `type`. Ended by frame_clear, which wipes. */
struct frame frame_make(enum frame_type type);
void frame_clear(struct frame *frame);

/* Each appends one field. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err frame_add(
    struct frame *frame, enum frame_tag tag, const void *bytes, size_t length);
EXTAUTH_CHECKED enum extauth_err frame_add_text(
    struct frame *frame, enum frame_tag tag, const char *text);
EXTAUTH_CHECKED enum extauth_err frame_add_number(
    struct frame *frame, enum frame_tag tag, uint32_t number);

/* Lends the first field with `tag`. EXTAUTH_NOTFOUND if there is none. */
EXTAUTH_CHECKED enum extauth_err frame_get(const struct frame *frame,
    enum frame_tag tag, const char **ret_bytes, size_t *ret_length);
/* Reads a number field. EXTAUTH_NOTFOUND, EXTAUTH_INVALID if not 4 bytes. */
EXTAUTH_CHECKED enum extauth_err frame_get_number(
    const struct frame *frame, enum frame_tag tag, uint32_t *ret_number);
/* Copies a text field into `text` of `size` bytes with a NUL; a field that is
 * missing gives "". EXTAUTH_TOOBIG, EXTAUTH_INVALID for a NUL inside. */
EXTAUTH_CHECKED enum extauth_err frame_get_text(
    const struct frame *frame, enum frame_tag tag, char *text, size_t size);

/* Reads one frame out of `bytes`. EXTAUTH_OK: `*ret_frame` is the caller's
 * (frame_clear) and `*ret_used` bytes belong to it. EXTAUTH_NOTFOUND: more
 * bytes are needed. EXTAUTH_INVALID: no frame, or a field stands twice; give
 * up. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err frame_decode(const char *bytes, size_t length,
    struct frame *ret_frame, size_t *ret_used);

/* Sends a whole frame on a stream socket until `deadline_ms` of
 * frame_clock_ms, without SIGPIPE. EXTAUTH_UNAVAILABLE: deadline;
 * EXTAUTH_SYSTEM: the peer is gone. */
EXTAUTH_CHECKED enum extauth_err frame_send(
    int fd, const struct frame *frame, int64_t deadline_ms);

/* Appends a frame as it is sent. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err frame_encode(
    const struct frame *frame, struct buffer *bytes);

/* Sends encoded frames, as frame_send. */
EXTAUTH_CHECKED enum extauth_err frame_send_bytes(
    int fd, const struct buffer *bytes, int64_t deadline_ms);

/* Receives one frame; `pending` keeps what came beyond it for the next call
 * (buffer_make(FRAME_MAX_BYTES * 2)). As frame_send; EXTAUTH_INVALID for what
 * is no frame; EXTAUTH_NOTFOUND for a hang-up between two frames. */
EXTAUTH_CHECKED enum extauth_err frame_receive(int fd, struct buffer *pending,
    int64_t deadline_ms, struct frame *ret_frame);

/* CLOCK_MONOTONIC in milliseconds. */
int64_t frame_clock_ms(void);

#define cleanup_frame __attribute__((cleanup(frame_clear)))

#endif
