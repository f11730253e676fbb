/* SPDX-License-Identifier: MIT */
/* Thousands of names that are made to deceive, judged by the grammar alone and
 * in every locale the same. EXTAUTH_SEED (1) is the seed; EXTAUTH_LOCALES names
 * more locales, with blanks between, that must be there.
 * Does not know: who is registered. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "unit.h"

#define GENERATED 8000
#define NAMES_MIN 5000
#define LONG_BYTES 4096
#define PIECES_MAX 5
#define NAME_BYTES (PIECES_MAX * LONG_BYTES + 1)
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static char long_piece[LONG_BYTES + 1];

/* Of another alphabet, turned around, combined, unseen, and what a program
 * reads as something else. */
static const char *const pieces[] = {"alice", "ali", "bob", "root", "sudo",
    "systemd-", "www-data", "_", "-", "-f ", "--", "../", "/", ":", "0x0", "0",
    "42", "+", "@", ".", "..", "example.com", "EXAMPLE.com", "@example.com",
    "Alice", "I", "i", "ALI", "\u0130", "\u0131", "i\u0307", "\u0259", "\u018f",
    "\u0430", "\u03b1", "\u212a", "\uff41", "\u3042", "\uff21", "a\u0301",
    "\u00e9", "\u00df", "\xe2\x80\xae", "\xe2\x80\xad", "\u200b", "\ufeff",
    "\u00a0", " ", "\t", "\n", "\r", "\x7f", "\x1b[2J", "\xff", "\xc3",
    "\xc0\xaf", "%s", "%n", "$(id)", "`id`", ";", "|", "\\", "'", "\"", "#",
    "*", "~", "$", "{{USEREMAIL}}", long_piece};

static char *names[GENERATED];
static size_t name_count;

static uint32_t
next_number(uint64_t *state, uint32_t limit)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33) % limit;
}

static int
compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static void
make_names(void)
{
	const char *seed = getenv("EXTAUTH_SEED");
	uint64_t state = seed != NULL ? strtoull(seed, NULL, 10) : 1;
	static char name[NAME_BYTES];
	size_t at;

	memset(long_piece, 'a', LONG_BYTES);
	for (at = 0; at < GENERATED; at++) {
		uint32_t left = next_number(&state, PIECES_MAX) + 1;

		name[0] = '\0';
		for (; left > 0; left--)
			strncat(name,
			    pieces[next_number(
				&state, sizeof(pieces) / sizeof(pieces[0]))],
			    LONG_BYTES);
		names[at] = strdup(name);
		if (names[at] == NULL)
			abort();
	}
	qsort(names, GENERATED, sizeof(names[0]), compare);
	for (at = 0; at < GENERATED; at++)
		if (at == 0 || strcmp(names[at], names[name_count - 1]) != 0)
			names[name_count++] = names[at];
		else
			free(names[at]);
}

static bool
consists_of(const char *text, size_t length, const char *bytes)
{
	return strspn(text, bytes) >= length;
}

/* The grammar once more, in the words of the C library. */
static bool
is_short(const char *name)
{
	const size_t length = strlen(name);

	return length >= 1 && length <= 32 &&
	    consists_of(name, length, LOWER DIGITS "_-") &&
	    strchr(DIGITS "-", name[0]) == NULL;
}

/* Between dots: none is empty, too long, or begins or ends with a hyphen. */
static bool
are_labels(const char *domain)
{
	char framed[300];
	const char *at;

	(void)snprintf(framed, sizeof(framed), ".%s.", domain);
	if (strstr(framed, "..") != NULL || strstr(framed, ".-") != NULL ||
	    strstr(framed, "-.") != NULL)
		return false;
	for (at = framed; *at != '\0'; at += strcspn(at, ".") + 1)
		if (strcspn(at, ".") > 63)
			return false;
	return true;
}

static bool
is_email(const char *name)
{
	const size_t length = strcspn(name, "@");
	const char *domain = name + length + 1;
	const char *last = strrchr(name, '.');

	return length >= 1 && length <= 64 && strlen(name) <= 254 &&
	    name[length] == '@' && strchr("+-.", name[0]) == NULL &&
	    consists_of(name, length, LOWER DIGITS "_+-.") &&
	    name[length - 1] != '.' &&
	    (strstr(name, "..") == NULL || strstr(name, "..") > domain) &&
	    consists_of(domain, strlen(domain), LOWER DIGITS "-.") &&
	    last > domain && last[1 + strspn(last + 1, DIGITS)] != '\0' &&
	    are_labels(domain);
}

/* What identity says of a name, and what it makes of it. */
struct answer {
	bool is_short;
	bool is_email;
	bool is_taken;
	bool is_taken_as_email;
	bool is_its_fold;
	char folded[NAME_BYTES];
};

static void
ask(const char *name, struct answer *ret_answer)
{
	memset(ret_answer, 0, sizeof(*ret_answer));
	ret_answer->is_short = identity_is_short_name(name);
	ret_answer->is_email = identity_is_email_name(name);
	ret_answer->is_taken =
	    identity_check_name(name, false, NULL) == EXTAUTH_OK;
	ret_answer->is_taken_as_email =
	    identity_check_name(name, true, NULL) == EXTAUTH_OK;
	memcpy(ret_answer->folded, name, strlen(name) + 1);
	identity_fold(ret_answer->folded);
	ret_answer->is_its_fold = identity_equal(name, ret_answer->folded);
}

START_TEST(hostile_name_is_taken_by_the_grammar_alone)
{
	static struct answer answer;
	size_t taken = 0;
	size_t at;

	ck_assert_uint_ge(name_count, NAMES_MIN);
	for (at = 0; at < name_count; at++) {
		ask(names[at], &answer);
		ck_assert_msg(
		    answer.is_short == is_short(names[at]), "%s", names[at]);
		ck_assert_msg(
		    answer.is_email == is_email(names[at]), "%s", names[at]);
		ck_assert(!answer.is_taken || answer.is_short);
		ck_assert(!answer.is_taken_as_email || answer.is_short ||
		    answer.is_email);
		ck_assert(answer.is_its_fold);
		ck_assert_uint_eq(strlen(answer.folded), strlen(names[at]));
		taken += answer.is_taken || answer.is_taken_as_email;
	}
	ck_assert_uint_gt(taken, 0);
	ck_assert_uint_lt(taken, name_count / 10);
}
END_TEST

static void
check_locale(const char *locale)
{
	static struct answer here;
	static struct answer there;
	size_t at;

	for (at = 0; at < name_count; at++) {
		ck_assert_ptr_nonnull(setlocale(LC_ALL, "C"));
		ask(names[at], &here);
		ck_assert_msg(
		    setlocale(LC_ALL, locale) != NULL, "no %s", locale);
		ask(names[at], &there);
		ck_assert_msg(memcmp(&here, &there, sizeof(here)) == 0,
		    "%s in %s", names[at], locale);
	}
	ck_assert(identity_equal("TITLE", "title"));
	ck_assert(!identity_equal("T\u0130TLE", "title"));
	ck_assert(!identity_equal("TITLE", "t\u0131tle"));
}

START_TEST(hostile_name_is_judged_the_same_in_every_locale)
{
	const char *more = getenv("EXTAUTH_LOCALES");
	char *locales = NULL;
	char *rest;
	char *locale;

	ck_assert_int_gt(
	    asprintf(&locales, "C.UTF-8 %s", more != NULL ? more : ""), 0);
	for (locale = strtok_r(locales, " ", &rest); locale != NULL;
	     locale = strtok_r(NULL, " ", &rest))
		check_locale(locale);
	free(locales);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    hostile_name_is_taken_by_the_grammar_alone,
	    hostile_name_is_judged_the_same_in_every_locale,
	    NULL,
	};

	make_names();
	return unit_run("identity_hostile", tests);
}
