/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include <stdlib.h>
#include <string.h>

enum extauth_err
secret_set(struct secret *secret, const char *bytes, size_t length)
{
	char *copy;

	secret_clear(secret);
	if (length > SECRET_MAX_BYTES)
		return EXTAUTH_TOOBIG;
	copy = malloc(length + 1);
	if (copy == NULL)
		return EXTAUTH_NOMEM;
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	secret->hidden = copy;
	secret->length = length;
	return EXTAUTH_OK;
}

const char *
secret_reveal(const struct secret *secret)
{
	return secret->hidden != NULL ? secret->hidden : "";
}

bool
secret_equals(const struct secret *one, const struct secret *other)
{
	const char *first = secret_reveal(one);
	const char *second = secret_reveal(other);
	unsigned char difference = 0;
	size_t at;

	if (one->length != other->length)
		return false;
	for (at = 0; at < one->length; at++)
		difference |= (unsigned char)(first[at] ^ second[at]);
	return difference == 0;
}

void
secret_clear(struct secret *secret)
{
	if (secret == NULL)
		return;
	if (secret->hidden != NULL)
		explicit_bzero(secret->hidden, secret->length);
	free(secret->hidden);
	*secret = (struct secret){0};
}
