/* SPDX-License-Identifier: MIT */
/* What suites about hosts in odd states have in common.
 * Does not know: which state the host is in. */
#ifndef EXTAUTH_TESTS_HOST_CHECK_H
#define EXTAUTH_TESTS_HOST_CHECK_H

/* The `prepare` of suite_run_served: the real worker and service. */
void host_check_prepare(void);

/* Asserts that a wrong and a right password get their verdict, with one request
 * each, and that the host is afterwards as it was before. */
void host_check_login(void);

#endif
