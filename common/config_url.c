/* SPDX-License-Identifier: MIT */
/* Which URLs an endpoint and a proxy may have. RFC 3986.
 * Does not know: placeholders, but that there are none in front of the path. */
#include <arpa/inet.h>
#include <string.h>

#include "config_internal.h"

#define HOST_MAX_BYTES 253

struct authority {
	char host[HOST_MAX_BYTES + 1]; /* without brackets */
	bool is_bracketed;
	bool has_port;
};

static enum extauth_err
url_check_bytes(const char *url, struct extauth_error *error)
{
	for (; *url != '\0'; url++) {
		unsigned char byte = (unsigned char)*url;

		if (byte <= 0x20 || byte >= 0x7f || byte == '\\')
			return error_set(error, EXTAUTH_CONFIG,
			    "blanks, backslashes and bytes beyond ASCII must "
			    "be percent-encoded");
		if (byte == '#')
			return error_set(error, EXTAUTH_CONFIG,
			    "a part behind # is never sent: remove it");
	}
	return EXTAUTH_OK;
}

/* A port is empty or 1 to 65535. */
static bool
url_is_port(const char *text, size_t length)
{
	unsigned port = 0;
	size_t index;

	if (length == 0 || length > 5)
		return false;
	for (index = 0; index < length; index++) {
		if (text[index] < '0' || text[index] > '9')
			return false;
		port = port * 10 + (unsigned)(text[index] - '0');
	}
	return port >= 1 && port <= 65535;
}

static bool
url_is_host(const struct authority *authority)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_";
	unsigned char address[16];

	if (authority->is_bracketed)
		return inet_pton(AF_INET6, authority->host, address) == 1;
	return authority->host[0] != '\0' && authority->host[0] != '.' &&
	    authority->host[0] != '-' &&
	    authority->host[strspn(authority->host, allowed)] == '\0';
}

/* Reads host and port from the `length` bytes behind "//". */
static enum extauth_err
url_read_authority(const char *text, size_t length,
    struct authority *ret_authority, struct extauth_error *error)
{
	struct authority authority = {0};
	const char *end = text + length;
	const char *host_end;

	if (memchr(text, '@', length) != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "must not hold a user or password in front of @");
	if (memchr(text, '{', length) != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "no placeholder can be part of host and port");
	authority.is_bracketed = length > 0 && *text == '[';
	if (authority.is_bracketed)
		text++;
	host_end = memchr(
	    text, authority.is_bracketed ? ']' : ':', (size_t)(end - text));
	if (host_end == NULL)
		host_end = end;
	if (host_end - text > HOST_MAX_BYTES)
		return error_set(error, EXTAUTH_CONFIG, "the host is too long");
	memcpy(authority.host, text, (size_t)(host_end - text));
	if (!url_is_host(&authority) ||
	    (authority.is_bracketed && host_end == end))
		return error_set(
		    error, EXTAUTH_CONFIG, "there is no valid host in it");
	if (authority.is_bracketed)
		host_end++;
	authority.has_port = host_end < end;
	if (authority.has_port &&
	    (*host_end != ':' ||
		!url_is_port(host_end + 1, (size_t)(end - host_end - 1))))
		return error_set(error, EXTAUTH_CONFIG,
		    "the port must be a number from 1 to 65535");
	*ret_authority = authority;
	return EXTAUTH_OK;
}

static bool
url_is_loopback(const struct authority *authority)
{
	unsigned char address[16];
	static const unsigned char one[16] = {[15] = 1};

	if (authority->is_bracketed)
		return inet_pton(AF_INET6, authority->host, address) == 1 &&
		    memcmp(address, one, sizeof(one)) == 0;
	if (strcmp(authority->host, "localhost") == 0)
		return true;
	return inet_pton(AF_INET, authority->host, address) == 1 &&
	    address[0] == 127;
}

/* Length of the scheme and "://", or 0 where it is neither of the two. */
static size_t
url_scheme_length(const char *url, bool *ret_is_http)
{
	*ret_is_http = strncmp(url, "http://", 7) == 0;
	if (*ret_is_http)
		return 7;
	return strncmp(url, "https://", 8) == 0 ? 8 : 0;
}

enum extauth_err
config_check_url(
    const char *url, bool insecure_http, struct extauth_error *error)
{
	struct authority authority = {0};
	bool is_http;
	size_t scheme = url_scheme_length(url, &is_http);
	enum extauth_err err;

	if (scheme == 0)
		return error_set(
		    error, EXTAUTH_CONFIG, "must begin with https://");
	err = url_check_bytes(url, error);
	if (err != EXTAUTH_OK)
		return err;
	url += scheme;
	err = url_read_authority(url, strcspn(url, "/?"), &authority, error);
	if (err != EXTAUTH_OK || !is_http)
		return err;
	if (!url_is_loopback(&authority))
		return error_set(error, EXTAUTH_CONFIG,
		    "http sends passwords in the clear: write https://");
	if (!insecure_http)
		return error_set(error, EXTAUTH_CONFIG,
		    "http to this machine itself needs insecure_http = yes");
	return EXTAUTH_OK;
}

enum extauth_err
config_check_proxy(const char *url, struct extauth_error *error)
{
	static const char form[] = N_("must be http://HOST:PORT or "
				      "https://HOST:PORT");
	struct authority authority = {0};
	bool is_http;
	size_t scheme = url_scheme_length(url, &is_http);
	enum extauth_err err;

	if (scheme == 0)
		return error_set(error, EXTAUTH_CONFIG, form);
	url += scheme;
	err = url_read_authority(url, strcspn(url, "/?#"), &authority, error);
	if (err != EXTAUTH_OK)
		return err;
	if (!authority.has_port || url[strcspn(url, "/?#")] != '\0')
		return error_set(error, EXTAUTH_CONFIG, form);
	return EXTAUTH_OK;
}
