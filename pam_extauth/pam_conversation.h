/* SPDX-License-Identifier: MIT */
/* What is asked of the person and told to him, through the PAM conversation of
 * the host.
 * Does not know: what an answer is for. */
#ifndef EXTAUTH_PAM_CONVERSATION_H
#define EXTAUTH_PAM_CONVERSATION_H

#include "pam_call.h"
#include "secret.h"

/* Lends PAM_USER; libpam asks for it only where the service gave none. Returns
 * a PAM code. pam_get_user(3). */
int pam_conversation_user(const struct pam_call *call, const char **ret_user);

/* Takes the password as `use_first_pass` and `try_first_pass` say, and copies
 * it into `*password`, which is empty for one that is too long to be one.
 * Returns a PAM code. PAM_AUTHTOK stays as libpam has it.
 * pam_get_authtok(3). */
int pam_conversation_password(
    const struct pam_call *call, struct secret *password);

/* Takes the password that is to be changed, which is empty if it is too long
 * to be one. Returns a PAM code. pam_get_authtok(3) of PAM_OLDAUTHTOK. */
int pam_conversation_old_password(
    const struct pam_call *call, struct secret *password);

/* Takes the new password, asked for twice unless an earlier module has it
 * already; else as above. PAM_TRY_AGAIN if the two differ.
 * pam_get_authtok_verify(3). */
int pam_conversation_new_password(
    const struct pam_call *call, struct secret *password);

/* Asks one question; the answer comes into `*answer` and its other copy is
 * wiped. `style` is PAM_PROMPT_ECHO_ON or _OFF. Returns a PAM code. */
int pam_conversation_ask(const struct pam_call *call, int style,
    const char *text, struct secret *answer);

/* Shows a text, unless it is NULL or empty or PAM_SILENT is set; whether the
 * host could show it does not matter. `style` is PAM_TEXT_INFO or
 * PAM_ERROR_MSG. Control bytes but the newline become '?'. */
void pam_conversation_tell(
    const struct pam_call *call, int style, const char *text);

#endif
