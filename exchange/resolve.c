/* SPDX-License-Identifier: MIT */
#include "resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

static bool
resolve_is_address(const char *host)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST};
	struct addrinfo *found = NULL;

	if (host[0] == '[')
		return true;
	if (getaddrinfo(host, NULL, &hints, &found) != 0)
		return false;
	freeaddrinfo(found);
	return true;
}

static enum extauth_err
resolve_append(struct buffer *entry, const struct addrinfo *address, bool first)
{
	bool is_ipv6 = address->ai_family == AF_INET6;
	char text[NI_MAXHOST];

	if (getnameinfo(address->ai_addr, address->ai_addrlen, text,
		sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
		return EXTAUTH_OK;
	return buffer_append_format(entry, "%s%s%s%s", first ? "" : ",",
	    is_ipv6 ? "[" : "", text, is_ipv6 ? "]" : "");
}

static enum extauth_err
resolve_fail(int code, const char *host, struct extauth_error *error)
{
	switch (code) {
	case EAI_MEMORY:
		return EXTAUTH_NOMEM;
	case EAI_AGAIN:
		return error_set(error, EXTAUTH_UNAVAILABLE,
		    "name server out of reach for %s", host);
	default:
		return error_set(
		    error, EXTAUTH_UNAVAILABLE, "name not found: %s", host);
	}
}

enum extauth_err
resolve_host(const char *host, const char *port, struct buffer *entry,
    struct extauth_error *error)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	const struct addrinfo *address;
	enum extauth_err err;
	int code;

	if (resolve_is_address(host))
		return EXTAUTH_OK;
	code = getaddrinfo(host, NULL, &hints, &found);
	if (code != 0)
		return resolve_fail(code, host, error);
	err = buffer_append_text(entry, host);
	if (err == EXTAUTH_OK)
		err = buffer_append_format(entry, ":%s:", port);
	for (address = found; address != NULL && err == EXTAUTH_OK;
	     address = address->ai_next)
		err = resolve_append(entry, address, address == found);
	freeaddrinfo(found);
	return err;
}
