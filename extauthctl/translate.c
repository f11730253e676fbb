/* SPDX-License-Identifier: MIT */
#include "translate.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "paths.h"

#define DOMAIN "extauth"
#define ENCODING "UTF-8"

const char *
translate_text(const char *text)
{
	const char *translated;

	if (text[0] == '\0')
		return text;
	translated = gettext(text);
	/* What errno says is libc's. */
	return translated != text ? translated : dgettext("libc", text);
}

/* LC_CTYPE itself stays as it is: a Turkish one has letters of its own. */
static bool
is_utf8_wanted(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool is_utf8;

	if (locale == (locale_t)0)
		return false;
	is_utf8 = strcmp(nl_langinfo_l(CODESET, locale), ENCODING) == 0;
	freelocale(locale);
	return is_utf8;
}

void
translate_start(void)
{
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	if (!is_utf8_wanted() || setlocale(LC_MESSAGES, "") == NULL)
		return;
	(void)bindtextdomain(DOMAIN, EXTAUTH_LOCALE_DIRECTORY);
	(void)bind_textdomain_codeset(DOMAIN, ENCODING);
	(void)bind_textdomain_codeset("libc", ENCODING);
	(void)textdomain(DOMAIN);
	error_translate_by(translate_text);
}

void
translate_stop(void)
{
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	(void)setlocale(LC_MESSAGES, "C");
}

size_t
translate_columns(const char *text)
{
	size_t columns = 0;

	for (; *text != '\0'; text++)
		if (((unsigned char)*text & 0xc0) != 0x80)
			columns++;
	return columns;
}

void
translate_print_padded(const char *text, size_t columns)
{
	size_t taken = translate_columns(text);

	(void)printf(
	    "%s%*s", text, taken < columns ? (int)(columns - taken) : 0, "");
}
