/* SPDX-License-Identifier: MIT */
/* Fuzz targets of what a server may lead us to: URLs, header lines, base64url.
 * Does not know: transfers. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base64url.h"
#include "config.h"
#include "fuzz.h"
#include "fuzz_decode.h"
#include "fuzz_exchange.h"
#include "origin.h"
#include "response.h"

#define TEXT_BYTES 8400

/* A URL as libcurl would go to it. */
struct target {
	char *scheme;
	char *host;
	char *port;
	char *user;
};

static bool
target_read(const char *url, struct target *ret_target)
{
	CURLU *handle = curl_url();
	bool is_url;

	fuzz_require(handle != NULL, "memory");
	*ret_target = (struct target){0};
	is_url = curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(handle, CURLUPART_SCHEME, &ret_target->scheme, 0) ==
		CURLUE_OK &&
	    curl_url_get(handle, CURLUPART_HOST, &ret_target->host, 0) ==
		CURLUE_OK &&
	    curl_url_get(handle, CURLUPART_PORT, &ret_target->port,
		CURLU_DEFAULT_PORT) == CURLUE_OK;
	(void)curl_url_get(handle, CURLUPART_USER, &ret_target->user, 0);
	curl_url_cleanup(handle);
	return is_url;
}

static void
target_clear(struct target *target)
{
	curl_free(target->scheme);
	curl_free(target->host);
	curl_free(target->port);
	curl_free(target->user);
}

/* What we take for the same server is the same to who connects. */
static void
check_origin(const char *one, const char *other)
{
	struct target first;
	struct target second;
	bool is_url = target_read(one, &first);

	is_url = target_read(other, &second) && is_url;
	if (is_url && origin_is_same(one, other)) {
		fuzz_require(strcasecmp(first.host, second.host) == 0 &&
			strcmp(first.port, second.port) == 0 &&
			strcasecmp(first.scheme, second.scheme) == 0,
		    "another server");
		fuzz_require(first.user == NULL && second.user == NULL,
		    "a URL with a user");
	}
	target_clear(&first);
	target_clear(&second);
}

static void
check_configured(const char *url)
{
	cleanup_config struct config config = {0};
	struct extauth_error error = {{0}};
	struct target target;
	char text[TEXT_BYTES];
	bool is_url = target_read(url, &target);

	(void)snprintf(text, sizeof(text),
	    "[extauth]\ndefault_provider = main\n[provider main]\n"
	    "type = basic\nurl = %s\n",
	    url);
	if (strlen(url) < TEXT_BYTES - 128 && strchr(url, '\n') == NULL &&
	    strpbrk(url, "\r\t ") == NULL &&
	    config_parse("fuzz", text, strlen(text), &config, &error) ==
		EXTAUTH_OK &&
	    config_provider_base(&config.providers[0])[0] != '\0') {
		const char *base = config_provider_base(&config.providers[0]);

		fuzz_require(strcmp(base, url) == 0, "another URL");
		fuzz_require(!is_url ||
			(strcmp(target.scheme, "https") == 0 &&
			    target.user == NULL),
		    "a password goes in the clear");
		fuzz_require(
		    !is_url || origin_is_configured(&config.providers[0], url),
		    "a server that is not its own");
	}
	target_clear(&target);
}

void
fuzz_url(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	cleanup_free char *one = fuzz_copy_text(&input);
	cleanup_free char *other = fuzz_copy_text(&input);

	check_origin(one, other);
	check_origin("https://id.example.com/login", one);
	check_origin("https://127.0.0.1:8443/", one);
	check_origin("https://[::1]/", one);
	check_configured(one);
}

/* The target stood in the input, between '<' and '>'. */
static void
check_link(const char *link, const uint8_t *bytes, size_t length)
{
	cleanup_free char *wanted = malloc(strlen(link) + 3);

	fuzz_require(wanted != NULL, "memory");
	(void)snprintf(wanted, strlen(link) + 3, "<%s>", link);
	fuzz_require(memmem(bytes, length, wanted, strlen(wanted)) != NULL,
	    "a link that is not there");
}

void
fuzz_response(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = fuzz_begin(bytes, length);
	cleanup_response struct response response = {0};

	while (input.next < input.end) {
		const char *feed =
		    memchr(input.next, '\n', (size_t)(input.end - input.next));
		size_t size = (size_t)((feed != NULL ? feed + 1 : input.end) -
		    input.next);
		cleanup_free char *line = fuzz_copy_bytes(input.next, size);

		fuzz_require(
		    response_take_header(&response, line, size) == EXTAUTH_OK,
		    "memory");
		input.next += size;
	}
	fuzz_require(fuzz_is_shown(response.content_type) &&
		fuzz_is_shown(response.retry_after) &&
		fuzz_is_shown(response.date) &&
		fuzz_is_shown(response.rate_limit_reset) &&
		fuzz_is_shown(response.etag) &&
		fuzz_is_shown(response.last_modified),
	    "a field that cannot be shown");
	fuzz_require(response.etag[0] == '\0' ||
		memmem(bytes, length, response.etag, strlen(response.etag)) !=
		    NULL,
	    "an ETag that was not sent");
	if (response.link_next != NULL)
		check_link(response.link_next, bytes, length);
}

/* The same by the other alphabet, with its padding. */
static bool
decode_other(const char *letters, size_t length, struct fuzz_value *out)
{
	size_t padded = (length + 3) / 4 * 4;
	cleanup_free char *copy = malloc(padded + 1);
	size_t at;

	fuzz_require(copy != NULL, "memory");
	for (at = 0; at < padded; at++) {
		copy[at] = at < length ? letters[at] : '=';
		if (at < length && strchr("+/=", letters[at]) != NULL)
			return false;
		if (copy[at] == '-')
			copy[at] = '+';
		if (copy[at] == '_')
			copy[at] = '/';
	}
	return length % 4 != 1 && fuzz_decode_base64(copy, padded, out);
}

void
fuzz_base64url(const uint8_t *bytes, size_t length)
{
	cleanup_free char *text = fuzz_copy_bytes((const char *)bytes, length);
	cleanup_free char *room = malloc(length + 4);
	cleanup_buffer struct buffer decoded = buffer_make(65536);
	cleanup_buffer struct buffer encoded = buffer_make(65536);
	cleanup_buffer struct buffer again = buffer_make(65536);
	struct fuzz_value other = {.bytes = room};
	bool is_good = decode_other(text, length, &other);

	fuzz_require(
	    (base64url_decode(&decoded, text, length) == EXTAUTH_OK) == is_good,
	    "it is refused wrongly, or should be");
	if (is_good) {
		fuzz_require(decoded.length == other.length &&
			memcmp(buffer_text(&decoded), room, other.length) == 0,
		    "something else is read");
		fuzz_require(base64url_encode(&again, buffer_text(&decoded),
				 decoded.length) == EXTAUTH_OK &&
			again.length == length &&
			memcmp(buffer_text(&again), text, length) == 0,
		    "there is another form");
	}
	fuzz_require(
	    base64url_encode(&encoded, text, length) == EXTAUTH_OK, "room");
	buffer_clear(&decoded);
	fuzz_require(base64url_decode(&decoded, buffer_text(&encoded),
			 encoded.length) == EXTAUTH_OK &&
		decoded.length == length &&
		memcmp(buffer_text(&decoded), text, length) == 0,
	    "what is written is something else");
}
