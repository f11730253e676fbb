/* SPDX-License-Identifier: MIT */
/* A local file that answers a source's machine as a server would.
 * Does not know: what is in it. */
#ifndef EXTAUTH_JOB_FILE_H
#define EXTAUTH_JOB_FILE_H

#include "machine.h"

/* Answers a request with status 200 and the file's bytes, or with 304 where its
 * If-None-Match names the file as it is: inode, size and time of change. A file
 * that changes meanwhile is EVENT_FAILED. `*ret_event` is the caller's
 * (event_clear). EXTAUTH_NOMEM. fstat(2). */
EXTAUTH_CHECKED enum extauth_err job_file_answer(
    int fd, const struct request *request, struct event *ret_event);

#endif
