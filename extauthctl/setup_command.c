/* SPDX-License-Identifier: MIT */
#include "setup_command.h"

#include "program.h"

enum extauth_err
setup_command_run(const char *const *argv, struct buffer *output,
    int *ret_status, struct extauth_error *error)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char frontend[] = "DEBIAN_FRONTEND=noninteractive";
	static char locale[] = "LC_ALL=C";
	static char *const environment[] = {path, frontend, locale, NULL};
	static const struct program_way way = {
	    .environment = environment, .has_errors = true};

	return program_read(argv, &way, output, ret_status, error);
}
