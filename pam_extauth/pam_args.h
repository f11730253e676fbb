/* SPDX-License-Identifier: MIT */
/* The options that stand behind pam_extauth.so on a PAM line.
 * Does not know: the configuration that they override. */
#ifndef EXTAUTH_PAM_ARGS_H
#define EXTAUTH_PAM_ARGS_H

#include <stdbool.h>

/* Texts are lent from the argument list. */
struct pam_args {
	const char *config_path;
	const char *provider; /* "" if none is forced */
	const char *mistake;  /* the first option that is wrong, or NULL */
	bool debug;
	bool use_first_pass;
	bool try_first_pass;
	bool forgot_password;
	bool ignore_unknown_user;
	bool ignore_authinfo_unavail;
};

/* Reads all options; one that is wrong is noted and the rest still count, so
 * that a misspelt option does not switch off the two that ignore. */
void pam_args_read(int argc, const char **argv, struct pam_args *ret_args);

/* Turns a PAM code into PAM_IGNORE where one of the two options says so, and
 * hands every other code back as it is. */
int pam_args_apply(const struct pam_args *args, int code);

#endif
