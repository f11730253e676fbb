/* SPDX-License-Identifier: MIT */
#include "phrase.h"

#include <string.h>

#include "unit.h"

static const char german[] =
    "That code is wrong. \nDieser Code ist falsch. \n"
    "Open %s and enter the code %s, then press Enter: \n"
    "Bitte %s öffnen und den Code %s eingeben: \n";

static void
append(const char *phrases, enum phrase phrase, const char *expected)
{
	cleanup_buffer struct buffer text = buffer_make(512);

	ck_assert_ok(phrase_append(&text, phrases, phrase, "URL", "CODE"));
	ck_assert_str_eq(buffer_text(&text), expected);
}

START_TEST(english_is_said_where_nothing_else_is_given)
{
	append(NULL, PHRASE_WRONG, "That code is wrong. ");
	append("", PHRASE_OPEN_AND_ENTER,
	    "Open URL and enter the code CODE, then press Enter: ");
	append(german, PHRASE_USED, "That code was used before. ");
	append(german, PHRASE_NOTHING, "");
}
END_TEST

START_TEST(given_words_take_the_place_of_english)
{
	append(german, PHRASE_WRONG, "Dieser Code ist falsch. ");
	append(german, PHRASE_OPEN_AND_ENTER,
	    "Bitte URL öffnen und den Code CODE eingeben: ");
}
END_TEST

START_TEST(words_that_would_hide_a_value_are_not_said)
{
	static const char *const bad[] = {
	    "Enter for a code by %s\nEingabe\n",
	    "Enter for a code by %s\n%s %s\n",
	    "Enter for a code by %s\n\n",
	    "Enter for a code by %s\n",
	    "Enter for a code by %s",
	    "\n\n\n",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		append(bad[i], PHRASE_ENTER_CODE, "Enter for a code by URL");
}
END_TEST

START_TEST(words_are_no_format_and_nor_are_values)
{
	cleanup_buffer struct buffer text = buffer_make(512);

	ck_assert_ok(
	    phrase_append(&text, "Enter for a code by %s\n%n%d %s %x%%\n",
		PHRASE_ENTER_CODE, "%s%n", "never"));
	ck_assert_str_eq(buffer_text(&text), "%n%d %s%n %x%%");
}
END_TEST

START_TEST(a_text_that_does_not_fit_is_an_error)
{
	cleanup_buffer struct buffer text = buffer_make(4);

	ck_assert_int_eq(phrase_append(&text, NULL, PHRASE_WRONG, NULL, NULL),
	    EXTAUTH_TOOBIG);
}
END_TEST

static const char *
shout(void *context, const char *text)
{
	const char *only = context;

	if (only != NULL && strcmp(only, text) != 0)
		return text;
	return strchr(text, '%') == NULL ? "LOUD" : text;
}

static const char *
two_lines(void *context, const char *text)
{
	(void)context;
	(void)text;
	return "two\nlines";
}

static const char *
long_one(void *context, const char *text)
{
	static char many[PHRASES_MAX_BYTES / 2];

	(void)text;
	memset(many, *(const char *)context, sizeof(many) - 1);
	return many;
}

START_TEST(only_what_is_translated_is_handed_on)
{
	char only[] = "That code is wrong. ";
	static char phrases[PHRASES_MAX_BYTES];
	char letter[] = "x";

	phrase_collect(shout, only, phrases);
	ck_assert_str_eq(phrases, "That code is wrong. \nLOUD\n");
	phrase_collect(shout, NULL, phrases);
	append(phrases, PHRASE_SENT, "LOUD");
	append(phrases, PHRASE_ENTER_CODE, "Enter for a code by URL");
	phrase_collect(two_lines, NULL, phrases);
	ck_assert_str_eq(phrases, "");
	phrase_collect(long_one, letter, phrases);
	ck_assert_uint_lt(strlen(phrases), sizeof(phrases));
	ck_assert_uint_gt(strlen(phrases), sizeof(phrases) / 2);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    english_is_said_where_nothing_else_is_given,
	    given_words_take_the_place_of_english,
	    words_that_would_hide_a_value_are_not_said,
	    words_are_no_format_and_nor_are_values,
	    a_text_that_does_not_fit_is_an_error,
	    only_what_is_translated_is_handed_on,
	    NULL,
	};

	return unit_run("phrase", tests);
}
