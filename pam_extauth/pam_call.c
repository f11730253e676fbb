/* SPDX-License-Identifier: MIT */
#include "pam_call.h"

#include <security/pam_ext.h>

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <syslog.h>
#include <unistd.h>

void
pam_call_begin(pam_handle_t *pamh, int flags, int argc, const char **argv,
    struct pam_call *ret_call)
{
	struct pam_call call = {.pamh = pamh, .language = ""};

	call.service = pam_call_item(&call, PAM_SERVICE);
	call.is_silent = ((unsigned)flags & PAM_SILENT) != 0;
	call.is_root = geteuid() == 0;
	pam_args_read(argc, argv, &call.args);
	*ret_call = call;
}

const char *
pam_call_item(const struct pam_call *call, int item)
{
	const void *text = NULL;

	if (pam_get_item(call->pamh, item, &text) != PAM_SUCCESS ||
	    text == NULL)
		return "";
	return text;
}

void
pam_call_debug(const struct pam_call *call, const char *format, ...)
{
	va_list arguments;

	if (!call->args.debug)
		return;
	va_start(arguments, format);
	pam_vsyslog(call->pamh, LOG_DEBUG, format, arguments);
	va_end(arguments);
}

void
pam_call_restore_errno(const int *host_errno)
{
	errno = *host_errno;
}
