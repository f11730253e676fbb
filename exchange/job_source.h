/* SPDX-License-Identifier: MIT */
/* The job of reading a directory.
 * Does not know: command lines, people who log in. */
#ifndef EXTAUTH_JOB_SOURCE_H
#define EXTAUTH_JOB_SOURCE_H

#include "dialog.h"

/* As job_run for a SYNC: tells whom the directory has, and the END; what goes
 * wrong is an END too, and never one that may be used. */
EXTAUTH_CHECKED enum extauth_err job_source_run(
    struct dialog *dialog, const struct dialog_job *told);

#endif
