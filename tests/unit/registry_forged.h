/* SPDX-License-Identifier: MIT */
/* A registry file in memory whose checksums are made to be right again,
 * whatever was changed: what is left to find it out are the rules of each
 * field.
 * Does not know: what is changed. */
#ifndef EXTAUTH_REGISTRY_FORGED_H
#define EXTAUTH_REGISTRY_FORGED_H

#include "registry_case.h"
#include "registry_format.h"

#define FORGED_BYTES_MAX 16384
#define FORGED_RECORDS_MAX 32

struct forged {
	char bytes[FORGED_BYTES_MAX];
	size_t length;
	uint64_t
	    places[FORGED_RECORDS_MAX]; /* of the records, before the change */
	uint32_t lengths[FORGED_RECORDS_MAX];
	size_t count;
};

/* Reads a file of the test's directory; writes it, with all checksums made
 * anew. */
void forged_take(struct forged *forged, const char *name);
void forged_give(struct forged *forged, const char *name);

/* Finds the first record of a kind; that of a uid or gid. */
char *forged_record(struct forged *forged, enum registry_kind kind);
char *forged_record_of(
    struct forged *forged, enum registry_kind kind, uint32_t id);

#endif
