/* SPDX-License-Identifier: MIT */
/* One job of the worker, from the configuration to the outcome, in the order in
 * which rights are given up.
 * Does not know: command lines. */
#ifndef EXTAUTH_JOB_H
#define EXTAUTH_JOB_H

#include "dialog.h"

/* Carries out the job that the host at the other end of `dialog` told, and
 * sends the VERDICT, of a SYNC the END; what goes wrong is a verdict too, and
 * never ACCEPTED. As dialog_end. Call it once in a process: afterwards the
 * process can do nothing else. */
EXTAUTH_CHECKED enum extauth_err job_run(
    struct dialog *dialog, const struct dialog_job *told);

#endif
