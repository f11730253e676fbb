/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <string.h>

#include "source_csv.h"
#include "source_entra.h"
#include "source_okta.h"
#include "source_pingone.h"
#include "source_rest.h"
#include "source_scim.h"

const struct source *
source_find(const struct config_source *source)
{
	static const struct source *const machines[] = {
	    &source_scim,
	    &source_okta,
	    &source_entra,
	    &source_pingone,
	    &source_rest,
	    &source_csv,
	    NULL,
	};
	size_t at;

	for (at = 0; machines[at] != NULL; at++)
		if (strcmp(machines[at]->name, source->type) == 0)
			return machines[at];
	return NULL;
}
