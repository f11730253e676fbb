/* SPDX-License-Identifier: MIT */
/* The users that the benchmark of the name service is about: who is number n,
 * and in which groups.
 * Does not know: name services. */
#ifndef EXTAUTH_NSS_USERS_H
#define EXTAUTH_NSS_USERS_H

#include <stdint.h>

#define USERS_NAME_BYTES 16
#define USERS_GROUPS 200
#define USERS_FIRST_UID UINT32_C(2000200001)
#define USERS_FIRST_GID UINT32_C(2100000000)

/* Writes the login name of user `number`, below a hundred million. */
void users_name(char name[USERS_NAME_BYTES], uint32_t number);

/* How many groups he is in: every thousandth user 10, the next one 100. */
unsigned users_group_count(uint32_t number);

/* The number of his group number `at`, below USERS_GROUPS. */
unsigned users_group(uint32_t number, unsigned at);

#endif
