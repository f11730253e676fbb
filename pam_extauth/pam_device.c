/* SPDX-License-Identifier: MIT */
#include "pam_device.h"

void
pam_device_collect(const struct pam_call *call,
    const struct config_general *general, struct device *ret_device)
{
	const struct device_source source = {
	    .rhost = pam_call_item(call, PAM_RHOST),
	    .tty = pam_call_item(call, PAM_TTY),
	    .ssh_connection = pam_getenv(call->pamh, "SSH_CONNECTION"),
	    .device_os = general->device_os,
	    .local_device_ip = general->local_device_ip,
	};

	device_describe(&source, ret_device);
}
