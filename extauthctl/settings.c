/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <unistd.h>

static enum ctl_exit
load(const struct context *context, bool may_miss, struct config *ret_config)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	err = config_load(context->config_path, ret_config, &error);
	if (err == EXTAUTH_NOTFOUND && may_miss)
		err = config_parse(
		    context->config_path, "", 0, ret_config, &error);
	if (err == EXTAUTH_OK)
		return CTL_DONE;
	if (err == EXTAUTH_NOTFOUND) {
		complain("%s: no such file; every key has a default but a "
			 "provider: see extauth.conf(5)",
		    context->config_path);
		return CTL_CONFIG;
	}
	return complain_error(err, &error);
}

enum ctl_exit
settings_load(const struct context *context, struct config *ret_config)
{
	return load(context, false, ret_config);
}

enum ctl_exit
settings_load_or_defaults(
    const struct context *context, struct config *ret_config)
{
	return load(context, true, ret_config);
}

bool
settings_need_root(const char *what)
{
	if (geteuid() == 0)
		return true;
	complain("%s needs root; try again with sudo", what);
	return false;
}
