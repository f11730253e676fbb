/* SPDX-License-Identifier: MIT */
/* Where an allocation or a system call failed, and where the process then
 * crashed.
 * Does not know: faults. */
#ifndef EXTAUTH_TESTS_FAULTS_TRACE_H
#define EXTAUTH_TESTS_FAULTS_TRACE_H

#include "control.h"

/* From now on the place is written down when a signal ends the process, and
 * that of a system call at which CONTROL_TRACE_SIGNAL comes. */
void trace_begin(struct control *control);

/* Writes down who calls, innermost first: OBJECT+OFFSET, one a line. */
void trace_write(char *ret_text);

#endif
