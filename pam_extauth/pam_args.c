/* SPDX-License-Identifier: MIT */
#include "pam_args.h"

#include <security/pam_modules.h>

#include <stddef.h>

#include "module_option.h"
#include "paths.h"

/* False for an option that is wrong. */
static bool
read_option(const char *word, struct pam_args *args)
{
	const char *value = "";

	switch (module_option_read(word, &value)) {
	case MODULE_OPTION_CONFIG:
		args->config_path = value;
		return true;
	case MODULE_OPTION_PROVIDER:
		args->provider = value;
		return true;
	case MODULE_OPTION_DEBUG:
		args->debug = true;
		return true;
	case MODULE_OPTION_USE_FIRST_PASS:
		args->use_first_pass = true;
		return true;
	case MODULE_OPTION_TRY_FIRST_PASS:
		args->try_first_pass = true;
		return true;
	case MODULE_OPTION_FORGOT_PASSWORD:
		args->forgot_password = true;
		return true;
	case MODULE_OPTION_IGNORE_UNKNOWN_USER:
		args->ignore_unknown_user = true;
		return true;
	case MODULE_OPTION_IGNORE_AUTHINFO_UNAVAIL:
		args->ignore_authinfo_unavail = true;
		return true;
	case MODULE_OPTION_WRONG:
		break;
	}
	return false;
}

void
pam_args_read(int argc, const char **argv, struct pam_args *ret_args)
{
	struct pam_args args = {
	    .config_path = EXTAUTH_CONFIG_PATH, .provider = ""};
	int number;

	for (number = 0; number < argc; number++) {
		if (!read_option(argv[number], &args) && args.mistake == NULL)
			args.mistake = argv[number];
	}
	*ret_args = args;
}

int
pam_args_apply(const struct pam_args *args, int code)
{
	if (code == PAM_USER_UNKNOWN && args->ignore_unknown_user)
		return PAM_IGNORE;
	if (code == PAM_AUTHINFO_UNAVAIL && args->ignore_authinfo_unavail)
		return PAM_IGNORE;
	return code;
}
