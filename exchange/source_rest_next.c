/* SPDX-License-Identifier: MIT */
#include "source_rest_next.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "source_fetch.h"

#define NUMBER_BYTES 24
#define VALUE_MAX_BYTES 2048

enum rest_rule {
	REST_ONE_PAGE,
	REST_LINK,
	REST_PAGE,
	REST_OFFSET,
	REST_POINTER,
};

static enum rest_rule
rest_rule(const struct source_run *run)
{
	const char *next = run->source->next;

	if (*next == '\0')
		return REST_ONE_PAGE;
	if (strcmp(next, "link") == 0)
		return REST_LINK;
	if (strcmp(next, "page") == 0)
		return REST_PAGE;
	if (strcmp(next, "offset") == 0)
		return REST_OFFSET;
	return REST_POINTER;
}

bool
rest_next_is_told_inside(const struct source_run *run)
{
	enum rest_rule rule = rest_rule(run);

	return rule == REST_ONE_PAGE || rule == REST_POINTER;
}

static int
rest_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* One byte of a query, as it is or percent-encoded; moves on. */
static int
rest_take_byte(const char **at)
{
	int high = **at == '%' ? rest_digit((*at)[1]) : -1;
	int low = high >= 0 ? rest_digit((*at)[2]) : -1;
	int byte = (unsigned char)**at;

	*at += low >= 0 ? 3 : 1;
	return low >= 0 ? high * 16 + low : byte;
}

/* A part of a query: `name=value`. */
struct rest_parameter {
	const char *start;
	const char *value;
	const char *end;
};

static bool
rest_is_parameter(const char *piece, const char *end, const char *name,
    struct rest_parameter *ret_parameter)
{
	const char *at = piece;

	while (at < end && *at != '=' && *name != '\0')
		if (rest_take_byte(&at) != (unsigned char)*name++)
			return false;
	if (at >= end || *at != '=' || *name != '\0')
		return false;
	*ret_parameter = (struct rest_parameter){piece, at + 1, end};
	return true;
}

static bool
rest_find_parameter(
    const char *url, const char *name, struct rest_parameter *ret_parameter)
{
	const char *at = url + strcspn(url, "?#");

	while (*at == '?' || *at == '&') {
		const char *end = at + 1 + strcspn(at + 1, "&#");

		if (rest_is_parameter(at + 1, end, name, ret_parameter))
			return true;
		at = end;
	}
	return false;
}

/* Appends `url` with that parameter in the place of those of the name. */
static enum extauth_err
rest_set_parameter(const char *url, const char *name, const char *value,
    struct buffer *changed)
{
	cleanup_buffer struct buffer rest = buffer_make(SOURCE_URL_MAX_BYTES);
	enum extauth_err err = buffer_append(&rest, url, strcspn(url, "#"));
	struct rest_parameter found;

	while (err == EXTAUTH_OK &&
	    rest_find_parameter(buffer_text(&rest), name, &found)) {
		size_t start = (size_t)(found.start - rest.bytes);
		size_t end = (size_t)(found.end - rest.bytes);

		/* with the & behind it, or the one or the ? before it */
		if (rest.bytes[end] == '&')
			end++;
		else
			start--;
		memmove(rest.bytes + start, rest.bytes + end,
		    rest.length - end + 1);
		rest.length -= end - start;
	}
	if (err == EXTAUTH_OK)
		err = buffer_append_text(changed, buffer_text(&rest));
	return err == EXTAUTH_OK ? source_url_query(changed, name, value) : err;
}

/* Appends the source's own URL with that number. */
static enum extauth_err
rest_set_number(const struct source_run *run, uint64_t number,
    struct buffer *url, struct extauth_error *error)
{
	cleanup_buffer struct buffer base = buffer_make(SOURCE_URL_MAX_BYTES);
	enum extauth_err err = source_url_base(run, &base, error);
	char text[NUMBER_BYTES];

	(void)snprintf(text, sizeof(text), "%" PRIu64, number);
	return err == EXTAUTH_OK ? rest_set_parameter(buffer_text(&base),
				       run->source->next_parameter, text, url)
				 : err;
}

/* The number that the administrator wrote into the URL. */
static bool
rest_written_number(const char *url, const char *name, uint64_t *ret_number)
{
	struct rest_parameter found;
	uint64_t number = 0;
	const char *digit;

	if (!rest_find_parameter(url, name, &found) ||
	    found.end == found.value || found.end - found.value > 9)
		return false;
	for (digit = found.value; digit < found.end; digit++) {
		if (*digit < '0' || *digit > '9')
			return false;
		number = number * 10 + (uint64_t)(*digit - '0');
	}
	*ret_number = number;
	return true;
}

enum extauth_err
rest_next_first(const struct source_run *run, struct rest_count *count,
    struct buffer *url, struct extauth_error *error)
{
	enum rest_rule rule = rest_rule(run);
	enum extauth_err err = source_url_base(run, url, error);

	if (err != EXTAUTH_OK || (rule != REST_PAGE && rule != REST_OFFSET) ||
	    rest_written_number(
		buffer_text(url), run->source->next_parameter, &count->number))
		return err;
	count->number = rule == REST_PAGE ? 1 : 0;
	buffer_clear(url);
	return rest_set_number(run, count->number, url, error);
}

static enum extauth_err
rest_count_on(const struct source_run *run, const struct rest_page *page,
    struct rest_count *count, struct buffer *url, struct extauth_error *error)
{
	if (page->count == 0 ||
	    (run->source->page_size > 0 && page->count < count->first_count))
		return EXTAUTH_OK;
	count->number += rest_rule(run) == REST_PAGE ? 1 : page->count;
	return rest_set_number(run, count->number, url, error);
}

/* Missing, null, false, or "". */
static bool
rest_is_end(const struct json *json, const char *pointer)
{
	const struct condition is_there = {.pointer = (char[]){""}};
	struct json value = json_lend(json, pointer);
	char text[2];

	return !json_condition_holds(&value, &is_there) ||
	    (json_copy_text(&value, "", text, sizeof(text)) && text[0] == '\0');
}

static enum extauth_err
rest_follow(const struct source_run *run, const struct rest_page *page,
    struct buffer *url, struct extauth_error *error)
{
	const char *pointer = run->source->next;
	const char *parameter = run->source->next_parameter;
	cleanup_buffer struct buffer base = buffer_make(SOURCE_URL_MAX_BYTES);
	char value[VALUE_MAX_BYTES];
	const char *target = json_string(page->json, pointer);
	enum extauth_err err;

	if (rest_is_end(page->json, pointer))
		return EXTAUTH_OK;
	if (*parameter == '\0' && target != NULL)
		return buffer_append_text(url, target);
	if (*parameter == '\0' ||
	    !json_copy_id(page->json, pointer, value, sizeof(value)))
		return error_set(error, EXTAUTH_INVALID,
		    "%s: what is there is no next page", pointer);
	err = source_url_base(run, &base, error);
	return err == EXTAUTH_OK
	    ? rest_set_parameter(buffer_text(&base), parameter, value, url)
	    : err;
}

enum extauth_err
rest_next_url(const struct source_run *run, const struct rest_page *page,
    struct rest_count *count, struct buffer *url, struct extauth_error *error)
{
	if (count->pages++ == 0)
		count->first_count = page->count;
	switch (rest_rule(run)) {
	case REST_ONE_PAGE:
		return EXTAUTH_OK;
	case REST_LINK:
		return page->response->link_next != NULL
		    ? buffer_append_text(url, page->response->link_next)
		    : EXTAUTH_OK;
	case REST_PAGE:
	case REST_OFFSET:
		return rest_count_on(run, page, count, url, error);
	case REST_POINTER:
		return rest_follow(run, page, url, error);
	}
	return EXTAUTH_OK;
}
