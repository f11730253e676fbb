/* SPDX-License-Identifier: MIT */
/* malloc and its like, of which one fails when it is told to. Linked into the
 * host of the sweep, and a library for /etc/ld.so.preload and LD_PRELOAD.
 * Does not know: who allocates. */
#ifndef EXTAUTH_TESTS_FAULTS_ALLOC_H
#define EXTAUTH_TESTS_FAULTS_ALLOC_H

#include "control.h"

/* In a program into which it is linked: it is the host, and this its control. */
void alloc_begin(struct control *control);

/* Writes down what was allocated while armed and is not free. */
void alloc_count_live(void);

#endif
