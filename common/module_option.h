/* SPDX-License-Identifier: MIT */
/* The options that may stand behind pam_extauth.so: read by the module, and by
 * `extauthctl check` in /etc/pam.d.
 * Does not know: what an option does. */
#ifndef EXTAUTH_MODULE_OPTION_H
#define EXTAUTH_MODULE_OPTION_H

enum module_option {
	MODULE_OPTION_WRONG = 0, /* unknown, or its value cannot be one */
	MODULE_OPTION_CONFIG,    /* config=PATH, absolute */
	MODULE_OPTION_PROVIDER,  /* provider=NAME */
	MODULE_OPTION_DEBUG,
	MODULE_OPTION_USE_FIRST_PASS,
	MODULE_OPTION_TRY_FIRST_PASS,
	MODULE_OPTION_FORGOT_PASSWORD,
	MODULE_OPTION_IGNORE_UNKNOWN_USER,
	MODULE_OPTION_IGNORE_AUTHINFO_UNAVAIL,
};

/* Tells which option a word is. `*ret_value` is lent from it: what stands
 * behind the '=', or "". */
enum module_option module_option_read(const char *word, const char **ret_value);

#endif
