/* SPDX-License-Identifier: MIT */
#include "nss_users.h"

#include <stdio.h>

void
users_name(char name[USERS_NAME_BYTES], uint32_t number)
{
	(void)snprintf(name, USERS_NAME_BYTES, "user%08u", number % 100000000);
}

unsigned
users_group_count(uint32_t number)
{
	if (number % 1000 == 10)
		return 10;
	return number % 1000 == 100 ? 100 : 0;
}

unsigned
users_group(uint32_t number, unsigned at)
{
	return (number / 1000 + at) % USERS_GROUPS;
}
