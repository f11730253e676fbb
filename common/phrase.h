/* SPDX-License-Identifier: MIT */
/* What extauth-exchange says to a person, and how a host whose person reads
 * another language hands it the words: the worker has no locale.
 * Does not know: languages, gettext. */
#ifndef EXTAUTH_PHRASE_H
#define EXTAUTH_PHRASE_H

#include "buffer.h"

#define PHRASES_MAX_BYTES 8192

enum phrase {
	PHRASE_NOTHING = 0,    /* "" */
	PHRASE_OPEN_AND_ENTER, /* URL, code */
	PHRASE_CHOOSE_NUMBER,  /* number */
	PHRASE_CODE_OKTA,
	PHRASE_CODE_GOOGLE,
	PHRASE_CODE_APP,
	PHRASE_CODE_TOKEN,
	PHRASE_CODE_PHONE,
	PHRASE_CODE_MESSAGE,
	PHRASE_CODE_CALL,
	PHRASE_CODE_EMAIL,
	PHRASE_ENTER_PHONE,
	PHRASE_ENTER_CODE, /* the word that is typed for it */
	PHRASE_OR,
	PHRASE_NONE_OF_THEM,
	PHRASE_WRONG,
	PHRASE_USED,
	PHRASE_TOO_OLD,
	PHRASE_SENT,
	PHRASE_COUNT,
};

/* Gives a text in the language of the person, or the same text. */
typedef const char *phrase_translate(void *context, const char *text);

/* Writes those texts that `translate` changes, each as a line in English and
 * the line in its place, into `phrases`; "" if there are none. */
void phrase_collect(phrase_translate *translate, void *context,
    char phrases[PHRASES_MAX_BYTES]);

/* Appends a text as `phrases` have it, else in English; NULL stands for "".
 * `first` and `second` take the places of its two %s, if it has any; what
 * `phrases` say is no format. EXTAUTH_TOOBIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err phrase_append(struct buffer *buffer,
    const char *phrases, enum phrase phrase, const char *first,
    const char *second);

#endif
