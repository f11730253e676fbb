/* SPDX-License-Identifier: MIT */
#include "pam_args.h"

#include <security/pam_modules.h>

#include <stddef.h>
#include <string.h>

#include "paths.h"

static const struct {
	const char *name;
	size_t offset;
} switches[] = {
    {"debug", offsetof(struct pam_args, debug)},
    {"use_first_pass", offsetof(struct pam_args, use_first_pass)},
    {"try_first_pass", offsetof(struct pam_args, try_first_pass)},
    {"forgot_password", offsetof(struct pam_args, forgot_password)},
    {"ignore_unknown_user", offsetof(struct pam_args, ignore_unknown_user)},
    {"ignore_authinfo_unavail",
	offsetof(struct pam_args, ignore_authinfo_unavail)},
};

static bool
read_switch(const char *option, struct pam_args *args)
{
	size_t number;

	for (number = 0; number < sizeof(switches) / sizeof(switches[0]);
	     number++) {
		if (strcmp(option, switches[number].name) != 0)
			continue;
		*(bool *)((char *)args + switches[number].offset) = true;
		return true;
	}
	return false;
}

static const char *
value_of(const char *option, const char *key)
{
	const size_t length = strlen(key);

	return strncmp(option, key, length) == 0 ? option + length : NULL;
}

static bool
read_value(const char *option, struct pam_args *args)
{
	const char *value = value_of(option, "config=");

	if (value != NULL) {
		/* A relative path would follow the host's directory. */
		if (value[0] != '/')
			return false;
		args->config_path = value;
		return true;
	}
	value = value_of(option, "provider=");
	if (value == NULL || value[0] == '\0')
		return false;
	args->provider = value;
	return true;
}

void
pam_args_read(int argc, const char **argv, struct pam_args *ret_args)
{
	struct pam_args args = {
	    .config_path = EXTAUTH_CONFIG_PATH, .provider = ""};
	int number;

	for (number = 0; number < argc; number++) {
		if (read_switch(argv[number], &args) ||
		    read_value(argv[number], &args))
			continue;
		if (args.mistake == NULL)
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
