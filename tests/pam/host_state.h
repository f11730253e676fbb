/* SPDX-License-Identifier: MIT */
/* All of a process that a login may not change, as one text.
 * Does not know: PAM. */
#ifndef EXTAUTH_TESTS_HOST_STATE_H
#define EXTAUTH_TESTS_HOST_STATE_H

#define HOST_STATE_BYTES (512 * 1024)

struct host_state {
	char text[HOST_STATE_BYTES];
};

/* Reads descriptors with their flags, the calling thread's signal mask,
 * pending signals and dispositions, umask, directory, locale, environment,
 * timers, limits, ids, threads and children. Opens no descriptor itself. A
 * child that has ended and was not waited for is told from one that runs. A
 * pending SIGCHLD does not count: the kernel sends one for every child that
 * ends. */
void host_state_read(struct host_state *ret_state);

/* The first line in which two states differ, as it stands in the second; NULL
 * if they are the same. Static. */
const char *host_state_change(
    const struct host_state *before, const struct host_state *after);

/* Each brings the host into a state that a login may meet and must leave: all
 * signals blocked; one, which restarts no system call, every five
 * milliseconds. */
void host_state_block_signals(void);
void host_state_interrupt_often(void);

/* Starts a thread that waits for every child, so that its status is gone. */
void host_state_reap_children(void);

#endif
