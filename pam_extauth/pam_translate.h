/* SPDX-License-Identifier: MIT */
/* What a person reads at a login, in his language. What is logged stays
 * English. gettext(3).
 * Does not know: any text. */
#ifndef EXTAUTH_PAM_TRANSLATE_H
#define EXTAUTH_PAM_TRANSLATE_H

#include "login.h"
#include "pam_call.h"

/* Lends a text as the person reads it: in the language of the host, and in the
 * one of the key `language` where the host has none; in English where there is
 * no catalogue of it or the terminal does not take UTF-8. The locale of the
 * host, and of its threads, is afterwards as it was. */
const char *pam_translate(const struct pam_call *call, const char *text)
    EXTAUTH_FORMAT_OF(2);

/* Hands the worker what it may say to the person. */
void pam_translate_phrases(
    const struct pam_call *call, struct login_facts *facts);

#endif
