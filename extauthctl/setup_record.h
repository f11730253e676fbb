/* SPDX-License-Identifier: MIT */
/* What setup did to this machine, kept so that unsetup takes back that and no
 * more: one entry for each step, written before the step is done.
 * Does not know: in what order steps make sense. */
#ifndef EXTAUTHCTL_SETUP_RECORD_H
#define EXTAUTHCTL_SETUP_RECORD_H

#include "document.h"
#include "setup_step.h"

/* {0} is none. */
struct setup_record {
	struct json_object *entries; /* oldest first */
};

/* Reads the record, which is empty if there is none. EXTAUTH_INVALID if it is
 * damaged, with the mend in `error`; EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err setup_record_load(
    struct setup_record *ret_record, struct extauth_error *error);

/* Writes it, for root alone; an empty one is no file. EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err setup_record_save(
    const struct setup_record *record, struct extauth_error *error);

/* Adds what the step is about to do. Where an entry for the same thing is there
 * it goes on from what that one found. EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err setup_record_note(struct setup_record *record,
    const struct setup_step *step, struct extauth_error *error);

/* The number of entries. */
size_t setup_record_count(const struct setup_record *record);

/* Takes entry number `index` out. */
void setup_record_drop(struct setup_record *record, size_t index);

/* Tells whether setup wrote a file of that path. */
bool setup_record_has_file(const struct setup_record *record, const char *path);

/* Tells whether setup wrote a file of that path, and with that text. */
bool setup_record_wrote(const struct setup_record *record, const char *path,
    const struct buffer *text);

/* What is to be done about an entry. */
enum setup_return {
	SETUP_RETURN_STEP = 0, /* the step takes it back */
	SETUP_RETURN_NOTHING,  /* it is as it was before setup */
	SETUP_RETURN_LEAVE,    /* it was changed by hand since */
};

/* Makes the step that takes entry number `index` back, the caller's
 * (setup_step_clear), whatever is to be done. */
enum setup_return setup_record_step(const struct setup_record *record,
    size_t index, struct setup_step *ret_step);

/* Frees it and leaves {0}. NULL is allowed. */
void setup_record_clear(struct setup_record *record);

#define cleanup_record __attribute__((cleanup(setup_record_clear)))

#endif
