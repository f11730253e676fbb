/* SPDX-License-Identifier: MIT */
#include "provider.h"

#include <string.h>

#include "provider_forgot.h"
#include "provider_rest.h"

const struct provider *
provider_find(const char *type, enum frame_type job)
{
	bool is_rest = strcmp(type, "rest") == 0 || strcmp(type, "basic") == 0;

	if (!is_rest)
		return NULL;
	return job == FRAME_FORGOT ? provider_forgot() : provider_rest();
}
