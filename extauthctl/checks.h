/* SPDX-License-Identifier: MIT */
/* The parts of `check`: each looks at one thing and adds what it finds.
 * Does not know: how findings are shown. */
#ifndef EXTAUTHCTL_CHECKS_H
#define EXTAUTHCTL_CHECKS_H

#include "config.h"
#include "finding.h"

/* Literals that should be secrets, secrets and files that are named and not
 * there, or not as the worker wants them; warnings, services. */
void check_config(const struct config *config, struct findings *findings);

/* Modes and owners of the configuration and of the registry's files, and
 * whether both of these are whole and of one generation; groups of services
 * that are not there. `config` may be NULL. */
void check_registry(const struct config *config, struct findings *findings);

/* The worker's program and its user. */
void check_worker(struct findings *findings);

/* /etc/nsswitch.conf: passwd and group name extauth, behind files. */
void check_nsswitch(struct findings *findings);

/* Tells whether both lines of /etc/nsswitch.conf name extauth. */
bool check_nsswitch_is_set(void);

/* /etc/pam.d: `required` on our line, auth without account, unknown options,
 * services without a section. `config` may be NULL. pam.conf(5). */
void check_pam(const struct config *config, struct findings *findings);

/* /etc/ssh/sshd_config with its Includes. `config` may be NULL.
 * sshd_config(5). */
void check_sshd(const struct config *config, struct findings *findings);

/* TLS of each provider, and one attempt that must be refused: as a made-up
 * user, or as the registered user `as` if that is not NULL. Returns CTL_DONE,
 * or CTL_NO if `as` is not registered. */
enum ctl_exit check_online(
    const struct config *config, const char *as, struct findings *findings);

/* All of these that `check` with such arguments makes. As check_online. */
enum ctl_exit check_all(const struct context *context,
    const struct arguments *arguments, struct findings *findings);

#endif
