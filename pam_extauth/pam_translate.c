/* SPDX-License-Identifier: MIT */
#include "pam_translate.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <string.h>

#include "paths.h"

#define DOMAIN "extauth"
#define ENCODING "UTF-8"

/* Of this thread. That of a service which never asked for one is C; C.UTF-8
 * says how letters are written, not which language they are in. */
static bool
host_has_language(void)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): glibc's is safe */
	const char *name = nl_langinfo(_NL_LOCALE_NAME(LC_MESSAGES));

	return strcmp(name, "POSIX") != 0 &&
	    (name[0] != 'C' || (name[1] != '\0' && name[1] != '.'));
}

/* What is looked up stays with libc, which keeps it as long as the process
 * lives: the module may be unloaded. In a program that runs as another than who
 * started it libc obeys neither LOCPATH nor a LANGUAGE with a slash in it, so
 * that the catalogue is one of the system's. */
static const char *
look_up(const char *text)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): glibc's is safe */
	if (strcmp(nl_langinfo(CODESET), ENCODING) != 0)
		return text;
	(void)bindtextdomain(DOMAIN, EXTAUTH_LOCALE_DIRECTORY);
	(void)bind_textdomain_codeset(DOMAIN, ENCODING);
	return dgettext(DOMAIN, text);
}

const char *
pam_translate(const struct pam_call *call, const char *text)
{
	locale_t wanted;
	locale_t before;

	if (text[0] == '\0')
		return text;
	if (host_has_language())
		return look_up(text);
	if (call->language[0] == '\0')
		return text;
	wanted = newlocale(
	    LC_MESSAGES_MASK | LC_CTYPE_MASK, call->language, (locale_t)0);
	if (wanted == (locale_t)0)
		return text;
	before = uselocale(wanted);
	text = look_up(text);
	(void)uselocale(before);
	freelocale(wanted);
	return text;
}

static const char *
translate(void *context, const char *text)
{
	return pam_translate(context, text);
}

void
pam_translate_phrases(const struct pam_call *call, struct login_facts *facts)
{
	struct pam_call copy = *call;

	phrase_collect(translate, &copy, facts->phrases);
}
