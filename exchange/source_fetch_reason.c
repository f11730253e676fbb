/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "source_fetch_internal.h"
#include "text.h"

#define NAME_BYTES 64

/* What a status means that is no page. The first row that fits counts. */
struct fetch_rule {
	unsigned from;
	unsigned to;
	enum fetch_fate fate;
	const char *meaning; /* "" where the server may say more */
};

static const struct fetch_rule fetch_rules[] = {
    {300, 399, FETCH_REFUSED, "a redirect, which is not followed"},
    {401, 401, FETCH_REFUSED, "the token or the password is refused"},
    {403, 403, FETCH_REFUSED, "the token or the user may not read this"},
    {404, 405, FETCH_REFUSED, "the URL is wrong"},
    {406, 406, FETCH_REFUSED, "the URL is wrong"},
    {407, 408, FETCH_AGAIN, ""},
    {415, 415, FETCH_REFUSED, "the URL is wrong"},
    {425, 425, FETCH_AGAIN, ""},
    {429, 429, FETCH_AGAIN, "too many requests"},
    {400, 499, FETCH_REFUSED, ""},
    {501, 501, FETCH_REFUSED, ""},
    {500, 599, FETCH_AGAIN, ""},
};

static const struct fetch_rule *
fetch_find_rule(unsigned status)
{
	static const struct fetch_rule strange = {
	    .fate = FETCH_BROKEN, .meaning = ""};
	size_t at;

	for (at = 0; at < sizeof(fetch_rules) / sizeof(*fetch_rules); at++)
		if (status >= fetch_rules[at].from &&
		    status <= fetch_rules[at].to)
			return &fetch_rules[at];
	return &strange;
}

enum fetch_fate
source_fetch_fate(unsigned status)
{
	return fetch_find_rule(status)->fate;
}

/* Where servers write in words what they did not like. */
static const char *const fetch_told[] = {
    "/detail",
    "/errorSummary",
    "/error/message",
    "/details/0/message",
    "/message",
    "/error_description",
};

static bool
fetch_repeats(const char *text, const struct secret *secret)
{
	return secret->length > 0 &&
	    strstr(text, secret_reveal(secret)) != NULL;
}

/* What servers write freely may repeat who asks, about whom, and where. */
static bool
fetch_may_be_told(const struct source_run *run,
    const struct source_fetch *fetch, const char *text)
{
	const struct template_values *values = run->login->values;
	size_t at;

	if (*text == '\0' || strchr(text, '@') != NULL ||
	    strstr(text, "://") != NULL || strchr(text, '?') != NULL ||
	    fetch_repeats(text, &fetch->token) ||
	    fetch_repeats(text, run->login->api_token) ||
	    fetch_repeats(text, run->login->client_secret))
		return false;
	for (at = 0; at < values->named_count; at++)
		if (values->named[at].value.length > 0 &&
		    strstr(text, values->named[at].value.bytes) != NULL)
			return false;
	return true;
}

static const char *
fetch_words(const struct source_run *run, const struct source_fetch *fetch,
    const struct answer *answer)
{
	size_t at;

	for (at = 0; at < sizeof(fetch_told) / sizeof(*fetch_told); at++) {
		const char *text = answer_text(answer, fetch_told[at]);

		if (fetch_may_be_told(run, fetch, text))
			return text;
	}
	return "";
}

/* "page 3 of users". */
static void
fetch_name(const struct source_fetch *fetch, char text[NAME_BYTES])
{
	if (fetch->is_asking_token)
		text_print(text, NAME_BYTES, "token");
	else if (fetch->what != NULL)
		text_print(text, NAME_BYTES, "page %u of %s", fetch->page,
		    fetch->what);
	else
		text_print(text, NAME_BYTES, "page %u", fetch->page);
}

void
source_fetch_fail(const struct source_fetch *fetch, bool is_configuration,
    unsigned status, const char *reason, struct source_step *ret_step)
{
	char text[SOURCE_FETCH_REASON_BYTES];
	char name[NAME_BYTES];

	fetch_name(fetch, name);
	text_print(text, sizeof(text), "%s: %s", name, reason);
	source_step_fail(ret_step, is_configuration, status, text);
}

void
source_fetch_explain(const struct source_run *run,
    const struct source_fetch *fetch, const struct answer *answer,
    char text[SOURCE_FETCH_REASON_BYTES])
{
	const struct fetch_rule *rule = fetch_find_rule(answer->status);
	const char *words = rule->meaning;

	if (answer->status == 200)
		words = strncmp(answer->response->content_type, "text/html",
			    strlen("text/html")) == 0
		    ? "an HTML page and not JSON"
		    : "the answer is not JSON, or not whole";
	else if (*words == '\0')
		words = fetch_words(run, fetch, answer);
	text_print(text, SOURCE_FETCH_REASON_BYTES, "status %u%s%s",
	    answer->status, *words != '\0' ? ": " : "", words);
}

void
source_fetch_refuse(const struct source_run *run,
    const struct source_fetch *fetch, const struct answer *answer,
    struct source_step *ret_step)
{
	char reason[SOURCE_FETCH_REASON_BYTES];

	source_fetch_explain(run, fetch, answer, reason);
	source_fetch_fail(fetch, true, answer->status, reason, ret_step);
}

void
source_fetch_reject(const struct source_fetch *fetch, const char *reason,
    struct source_step *ret_step)
{
	source_fetch_fail(fetch, false, 200, reason, ret_step);
}
