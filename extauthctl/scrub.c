/* SPDX-License-Identifier: MIT */
#include "scrub.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "message.h"

#define URL_MAX_BYTES ((size_t)8192)
#define HOST_BYTES 256
/* Words of a path are shorter; keys and ids are not. */
#define WORD_MAX_BYTES 24

static const char *const kind_names[SCRUB_KINDS] = {
    [SCRUB_USER] = "user", [SCRUB_ADDRESS] = "ip", [SCRUB_GROUP] = "group"};

/* A person goes by the login name. */
static const char *
canonical(const struct scrub *scrub, enum scrub_kind kind, const char *text)
{
	const struct registry_user *user = NULL;

	if (kind == SCRUB_USER && strchr(text, '@') != NULL)
		user = registry_contents_find_email(scrub->registry, text);
	return user != NULL ? user->name : text;
}

static size_t
number_of(struct scrub *scrub, enum scrub_kind kind, const char *text)
{
	char **more;
	size_t at;

	for (at = 0; at < scrub->counts[kind]; at++)
		if (strcmp(scrub->names[kind][at], text) == 0)
			return at + 1;
	more = reallocarray(scrub->names[kind], at + 1, sizeof(*more));
	if (more == NULL)
		die_of_memory();
	scrub->names[kind] = more;
	more[at] = strdup(text);
	if (more[at] == NULL)
		die_of_memory();
	return ++scrub->counts[kind];
}

void
scrub_name(struct scrub *scrub, enum scrub_kind kind, const char *text,
    char ret_name[SCRUB_NAME_BYTES])
{
	if (*text == '\0' || strcmp(text, "-") == 0)
		(void)snprintf(ret_name, SCRUB_NAME_BYTES, "-");
	else
		(void)snprintf(ret_name, SCRUB_NAME_BYTES, "%s-%zu",
		    kind_names[kind],
		    number_of(scrub, kind, canonical(scrub, kind, text)));
}

void
scrub_leave_out(struct scrub *scrub, const char *what)
{
	struct json_object *before = NULL;
	int64_t count = 0;

	if (json_object_object_get_ex(scrub->left_out, what, &before))
		count = json_object_get_int64(before);
	document_number(scrub->left_out, what, count + 1);
}

bool
scrub_is_plain(const char *text, size_t most, const char *others)
{
	size_t length = 0;

	for (; *text != '\0'; text++, length++) {
		bool is_letter = (*text >= 'a' && *text <= 'z') ||
		    (*text >= 'A' && *text <= 'Z');
		bool is_digit = *text >= '0' && *text <= '9';

		if (!is_letter && !is_digit && strchr(others, *text) == NULL)
			return false;
	}
	return length > 0 && length <= most;
}

static void
append(struct buffer *buffer, const char *bytes, size_t length)
{
	if (buffer_append(buffer, bytes, length) != EXTAUTH_OK)
		die_of_memory();
}

static void
host_append(struct scrub *scrub, struct buffer *out, const char *host)
{
	char name[SCRUB_NAME_BYTES];
	struct in6_addr bytes;
	bool is_address =
	    host[0] == '[' || inet_pton(AF_INET, host, &bytes) == 1;

	if (is_address && strcmp(host, "127.0.0.1") != 0 &&
	    strcmp(host, "[::1]") != 0) {
		scrub_name(scrub, SCRUB_ADDRESS, host, name);
		append(out, name, strlen(name));
	} else {
		append(out, host, strlen(host));
	}
}

/* `text` is what stands between "://" and the path. */
static void
authority_append(
    struct scrub *scrub, struct buffer *out, const char *text, size_t length)
{
	const char *user = memrchr(text, '@', length);
	const char *end = text + length;
	char host[HOST_BYTES] = "";
	const char *port;
	size_t bytes;

	if (user != NULL)
		scrub_leave_out(scrub, "user of a URL");
	if (user != NULL)
		text = user + 1;
	bytes = (size_t)(end - text);
	port = *text == '[' ? memchr(text, ']', bytes) : text;
	port = port != NULL ? memchr(port, ':', (size_t)(end - port)) : NULL;
	(void)snprintf(host, sizeof(host), "%.*s",
	    (int)(port != NULL ? port - text : end - text), text);
	host_append(scrub, out, host);
	if (port != NULL)
		append(out, port, (size_t)(end - port));
}

/* 0 if none stands there. That of a pointer has slashes. */
static size_t
placeholder_length(const char *text)
{
	const char *end = strstr(text, "}}");

	return strncmp(text, "{{", 2) == 0 && end != NULL
	    ? (size_t)(end - text) + strlen("}}")
	    : 0;
}

/* A short word, or one placeholder: an e-mail, a parameter, or what stands
 * beside a placeholder is neither. */
static bool
is_harmless_word(const char *word, size_t length)
{
	char copy[WORD_MAX_BYTES + 1];

	if (strncmp(word, "{{", 2) == 0)
		return length == placeholder_length(word);
	if (length > WORD_MAX_BYTES)
		return false;
	memcpy(copy, word, length);
	copy[length] = '\0';
	return length == 0 || scrub_is_plain(copy, WORD_MAX_BYTES, "._~+-");
}

static void
path_append(struct scrub *scrub, struct buffer *out, const char *path)
{
	while (*path == '/') {
		size_t length = placeholder_length(path + 1);

		length += strcspn(path + 1 + length, "/?#");
		append(out, path, 1);
		if (!is_harmless_word(path + 1, length)) {
			scrub_leave_out(scrub, "part of a URL's path");
			append(out, "***", 3);
		} else {
			append(out, path + 1, length);
		}
		path += length + 1;
	}
	if (*path != '\0')
		scrub_leave_out(scrub, "query of a URL");
}

void
scrub_url_add(struct scrub *scrub, struct json_object *object, const char *key,
    const char *url)
{
	cleanup_buffer struct buffer out = buffer_make(URL_MAX_BYTES * 2);
	const char *rest = strstr(url, "://");
	size_t length;

	if (rest == NULL || strlen(url) > URL_MAX_BYTES ||
	    (strncmp(url, "https:", 6) != 0 && strncmp(url, "http:", 5) != 0)) {
		scrub_leave_out(scrub, "value of a key");
		document_text(object, key, "(set)");
		return;
	}
	rest += strlen("://");
	append(&out, url, (size_t)(rest - url));
	length = strcspn(rest, "/?#");
	authority_append(scrub, &out, rest, length);
	path_append(scrub, &out, rest + length);
	document_text(object, key, buffer_text(&out));
}

void
scrub_clear(struct scrub *scrub)
{
	size_t kind;

	for (kind = 0; kind < SCRUB_KINDS; kind++) {
		while (scrub->counts[kind] > 0)
			free(scrub->names[kind][--scrub->counts[kind]]);
		free(scrub->names[kind]);
		scrub->names[kind] = NULL;
	}
}
