/* SPDX-License-Identifier: MIT */
/* What PAM knows about the place from which a person logs in.
 * Does not know: how the placeholders are made of it (common/device). */
#ifndef EXTAUTH_PAM_DEVICE_H
#define EXTAUTH_PAM_DEVICE_H

#include "config.h"
#include "device.h"
#include "pam_call.h"

/* Describes the device from PAM_RHOST, PAM_TTY, SSH_CONNECTION of the PAM
 * environment and the configuration. Never fails. */
void pam_device_collect(const struct pam_call *call,
    const struct config_general *general, struct device *ret_device);

#endif
