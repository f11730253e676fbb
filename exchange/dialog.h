/* SPDX-License-Identifier: MIT */
/* The worker's side of the dialog with its host.
 * Does not know: providers, HTTP. */
#ifndef EXTAUTH_DIALOG_H
#define EXTAUTH_DIALOG_H

#include <stdint.h>

#include "sync.h"

/* {0} but for `fd` is the beginning. */
struct dialog {
	int fd;
	char nonce[FRAME_NONCE_BYTES];
	struct buffer pending;
	int64_t deadline_ms;      /* of frame_clock_ms: for the network */
	int64_t person_left_ms;   /* what the person may still take */
	int64_t waiting_since_ms; /* 0: nobody is waited for */
	struct buffer gathered;   /* SYNC: frames that are to be sent */
};

/* The job that the host gave. */
struct dialog_job {
	enum frame_type type; /* _LOGIN, _FORGOT, _PROBE, _CHANGE or _SYNC */
	struct sync_job sync; /* SYNC, and no more */
	struct login_facts facts;
	struct secret password;
	struct secret new_password; /* CHANGE */
};

/* Receives the first frame and starts the clock. `*ret_job` is the caller's
 * (dialog_job_clear). EXTAUTH_INVALID for what is no job, else as
 * frame_receive. */
EXTAUTH_CHECKED enum extauth_err dialog_receive_job(
    struct dialog *dialog, struct dialog_job *ret_job);

/* Asks the person and waits for the answer, which is the caller's. The time
 * counts for the person, not for the network. EXTAUTH_UNAVAILABLE when it is
 * over, EXTAUTH_SYSTEM after a hang-up, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err dialog_ask(struct dialog *dialog,
    const char *text, bool echo, struct secret *ret_answer);

/* Wipes the passwords of a job. NULL is allowed. */
void dialog_job_clear(struct dialog_job *job);

/* Waits for something that a person does elsewhere. From now on all time is the
 * person's, also that of requests in between, and the host is told so, until
 * dialog_end_wait. Errors as in dialog_ask. */
EXTAUTH_CHECKED enum extauth_err dialog_wait(
    struct dialog *dialog, uint32_t wait_ms);

/* Sleeps, but for a hang-up of the host: EXTAUTH_SYSTEM. */
EXTAUTH_CHECKED enum extauth_err dialog_sleep(
    const struct dialog *dialog, uint32_t sleep_ms);

/* Ends the person's time, if it runs. As frame_send. */
EXTAUTH_CHECKED enum extauth_err dialog_end_wait(struct dialog *dialog);

/* By when a request must have ended: of frame_clock_ms. */
int64_t dialog_deadline_ms(const struct dialog *dialog);

/* Shows a text: INFORM to the person, TRACE to the administrator. As
 * frame_send. */
EXTAUTH_CHECKED enum extauth_err dialog_show(
    const struct dialog *dialog, enum frame_type type, const char *text);

/* Sends the VERDICT: the last word. As frame_send. */
EXTAUTH_CHECKED enum extauth_err dialog_end(
    const struct dialog *dialog, const struct login_outcome *outcome);

/* Sets the alarm that ends this process two seconds after the time is over,
 * whatever it hangs in. */
void dialog_set_alarm(const struct dialog *dialog, int64_t extra_ms);

#endif
