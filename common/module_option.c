/* SPDX-License-Identifier: MIT */
#include "module_option.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A name that ends in '=' has a value. */
static const struct known_option {
	const char *name;
	enum module_option option;
} known_options[] = {
    {"config=", MODULE_OPTION_CONFIG},
    {"provider=", MODULE_OPTION_PROVIDER},
    {"debug", MODULE_OPTION_DEBUG},
    {"use_first_pass", MODULE_OPTION_USE_FIRST_PASS},
    {"try_first_pass", MODULE_OPTION_TRY_FIRST_PASS},
    {"forgot_password", MODULE_OPTION_FORGOT_PASSWORD},
    {"ignore_unknown_user", MODULE_OPTION_IGNORE_UNKNOWN_USER},
    {"ignore_authinfo_unavail", MODULE_OPTION_IGNORE_AUTHINFO_UNAVAIL},
};

/* A relative path would follow the host's directory. */
static bool
is_right_value(enum module_option option, const char *value)
{
	if (option == MODULE_OPTION_CONFIG)
		return value[0] == '/';
	return option != MODULE_OPTION_PROVIDER || value[0] != '\0';
}

static bool
is_named(const char *name, const char *word)
{
	size_t length = strlen(name);

	return name[length - 1] == '=' ? strncmp(word, name, length) == 0
				       : strcmp(word, name) == 0;
}

enum module_option
module_option_read(const char *word, const char **ret_value)
{
	size_t number;

	*ret_value = "";
	for (number = 0;
	     number < sizeof(known_options) / sizeof(known_options[0]);
	     number++) {
		const struct known_option *known = &known_options[number];
		const char *value = word + strlen(known->name);

		if (!is_named(known->name, word))
			continue;
		if (!is_right_value(known->option, value))
			return MODULE_OPTION_WRONG;
		*ret_value = value;
		return known->option;
	}
	return MODULE_OPTION_WRONG;
}
