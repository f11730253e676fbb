/* SPDX-License-Identifier: MIT */
/* Loads the configuration for a command, and says what is wrong with it.
 * Does not know: what the command wants from it. */
#ifndef EXTAUTHCTL_SETTINGS_H
#define EXTAUTHCTL_SETTINGS_H

#include "command.h"
#include "config.h"

/* Loads the configuration that the context names. On failure a message was
 * written and what is returned is not CTL_DONE. */
enum ctl_exit settings_load(
    const struct context *context, struct config *ret_config);

/* As settings_load, but a file that is not there gives the defaults. */
enum ctl_exit settings_load_or_defaults(
    const struct context *context, struct config *ret_config);

/* Tells whether we are root; writes a message if not. */
bool settings_need_root(const char *what);

#endif
