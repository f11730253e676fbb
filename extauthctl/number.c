/* SPDX-License-Identifier: MIT */
#include "number.h"

#include <string.h>

bool
number_parse(const char *text, uint32_t *ret_number)
{
	uint64_t number = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		number = number * 10 + (uint64_t)(*text - '0');
		if (number > UINT32_MAX)
			return false;
	}
	*ret_number = (uint32_t)number;
	return true;
}

int
number_compare(const void *one, const void *other)
{
	uint32_t first;
	uint32_t second;

	memcpy(&first, one, sizeof(first));
	memcpy(&second, other, sizeof(second));
	return (first > second) - (first < second);
}
