/* SPDX-License-Identifier: MIT */
#include "origin.h"

#include <string.h>

#define HTTP_PORT 80
#define HTTPS_PORT 443
#define PORT_MAX 65535

/* Scheme, host and port of a URL; the host is lent from it. */
struct origin {
	bool is_https;
	const char *host;
	size_t host_length;
	unsigned port;
};

static char
origin_fold(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		byte = (char)(byte - 'A' + 'a');
	return byte;
}

static bool
origin_has_prefix(const char *text, const char *prefix)
{
	for (; *prefix != '\0'; text++, prefix++)
		if (origin_fold(*text) != *prefix)
			return false;
	return true;
}

/* Reads ":PORT" up to `end`; nothing leaves the scheme's own port. */
static bool
origin_read_port(const char *text, const char *end, unsigned *port)
{
	unsigned number = 0;

	if (text == end)
		return true;
	if (*text++ != ':' || text == end)
		return false;
	for (; text < end; text++) {
		if (*text < '0' || *text > '9')
			return false;
		number = number * 10 + (unsigned)(*text - '0');
		if (number > PORT_MAX)
			return false;
	}
	*port = number;
	return number > 0;
}

/* Bytes that two readers of URLs may take differently have no place in one. */
static bool
origin_is_plain(const char *url)
{
	for (; *url != '\0'; url++)
		if ((unsigned char)*url <= 0x20 ||
		    (unsigned char)*url >= 0x7f || *url == '\\')
			return false;
	return true;
}

static bool
origin_read(const char *url, struct origin *ret_origin)
{
	struct origin origin = {.is_https = origin_has_prefix(url, "https://")};
	const char *end;
	const char *host_end;

	if (!origin_is_plain(url) ||
	    (!origin.is_https && !origin_has_prefix(url, "http://")))
		return false;
	origin.host = url + (origin.is_https ? 8 : 7);
	origin.port = origin.is_https ? HTTPS_PORT : HTTP_PORT;
	end = origin.host + strcspn(origin.host, "/?#");
	if (memchr(origin.host, '@', (size_t)(end - origin.host)) != NULL)
		return false;
	host_end = origin.host[0] == '['
	    ? memchr(origin.host, ']', (size_t)(end - origin.host))
	    : memchr(origin.host, ':', (size_t)(end - origin.host));
	if (host_end == NULL)
		host_end = end;
	else if (*host_end == ']')
		host_end++;
	origin.host_length = (size_t)(host_end - origin.host);
	if (origin.host_length == 0 ||
	    !origin_read_port(host_end, end, &origin.port))
		return false;
	*ret_origin = origin;
	return true;
}

bool
origin_is_same(const char *one, const char *other)
{
	struct origin first;
	struct origin second;
	size_t at;

	if (!origin_read(one, &first) || !origin_read(other, &second) ||
	    first.is_https != second.is_https || first.port != second.port ||
	    first.host_length != second.host_length)
		return false;
	for (at = 0; at < first.host_length; at++)
		if (origin_fold(first.host[at]) != origin_fold(second.host[at]))
			return false;
	return true;
}

/* No placeholder stands in front of the path, so the first part names the
 * host. */
static const char *
origin_of_template(const struct template *url)
{
	return url->part_count > 0 && url->parts[0].is_literal
	    ? url->parts[0].text
	    : "";
}

static size_t
origin_add(const char *urls[ORIGINS_MAX], size_t count, const char *url)
{
	size_t at;

	if (url == NULL || *url == '\0' || count == ORIGINS_MAX)
		return count;
	for (at = 0; at < count; at++)
		if (origin_is_same(urls[at], url))
			return count;
	urls[count] = url;
	return count + 1;
}

/* In the order in which a login asks them. */
static size_t
origin_list_all(
    const struct config_provider *provider, const char *urls[ORIGINS_MAX])
{
	const char *const all[] = {
	    origin_of_template(&provider->connection_url),
	    provider->issuer,
	    provider->device_authorization_url,
	    provider->token_url,
	    origin_of_template(&provider->url),
	    provider->userinfo_url,
	    provider->introspection_url,
	    provider->auth_url,
	};
	size_t count = 0;
	size_t at;

	for (at = 0; at < sizeof(all) / sizeof(*all); at++)
		count = origin_add(urls, count, all[at]);
	return count;
}

bool
origin_is_configured(const struct config_provider *provider, const char *url)
{
	const char *urls[ORIGINS_MAX];
	size_t count = origin_list_all(provider, urls);
	size_t at;

	for (at = 0; at < count; at++)
		if (origin_is_same(urls[at], url))
			return true;
	return false;
}

size_t
origin_list(const struct config_provider *provider, enum frame_type job,
    const char *ret_urls[ORIGINS_MAX])
{
	const char *forgot = origin_of_template(&provider->forgot_password_url);

	if (job == FRAME_FORGOT && *forgot != '\0')
		return origin_add(ret_urls, 0, forgot);
	return origin_list_all(provider, ret_urls);
}
