/* SPDX-License-Identifier: MIT */
/* Registers people: what is wished for is checked against configuration, host
 * and registry, completed, and put into the registry.
 * Does not know: where the wish came from. */
#ifndef EXTAUTHCTL_REGISTRAR_H
#define EXTAUTHCTL_REGISTRAR_H

#include "config.h"
#include "id_map.h"
#include "local.h"
#include "registry_write.h"

#define REGISTRAR_GROUPS_MAX 112
#define REGISTRAR_BACKUP_BYTES 256

/* {0} with change.lock_fd -1 is none. */
struct registrar {
	const struct config *config;
	struct registry_change change;
	struct registry_uid_rules rules;
	struct local_names passwd; /* who stands in /etc/passwd */
	struct local_names group;  /* what stands in /etc/group */
	struct id_map ids;         /* whose numbers other hosts told */
};

/* What is asked for; all borrowed. A text that is NULL was not given: then the
 * default holds, or what the user has already. */
struct registrar_wish {
	const char *name;
	const char *email;
	const char *gecos;
	const char *home;
	const char *shell;
	const char *external_id;
	const char *provider;
	const char *source;
	const char *not_after; /* as date_parse reads it */
	const char *groups[REGISTRAR_GROUPS_MAX];
	size_t group_count;
	bool has_groups;
	const uint32_t *gids; /* instead of groups: of those there are */
	size_t gid_count;
	bool has_gids;
	bool has_uid;
	uint32_t uid;
	bool has_state;
	bool is_disabled;
	bool is_held; /* and no sync is to enable him */
	bool has_linked;
	bool is_linked;
	bool may_change_email;
};

/* Tells whether there is no registry, and a purge of the package kept one; then
 * `ret_path` is the newest of these. */
bool registrar_find_backup(char ret_path[static REGISTRAR_BACKUP_BYTES]);

/* Takes the registry's lock and reads registry and host. `*ret_registrar` is
 * the caller's (registrar_end), written only on success. EXTAUTH_EXISTS where
 * there is none, but a kept one, whose uids a new one would give out again;
 * other errors as registry_change_begin and registry_uid_rules_load. */
EXTAUTH_CHECKED enum extauth_err registrar_begin(const struct config *config,
    struct registrar *ret_registrar, struct extauth_error *error);

/* The same without the lock, and so without touching a file: what is changed
 * can be looked at, and not committed. */
EXTAUTH_CHECKED enum extauth_err registrar_begin_rehearsal(
    const struct config *config, struct registrar *ret_registrar,
    struct extauth_error *error);

/* Registers a new user; groups that are not there yet are made. `*ret_uid` is
 * the uid given. EXTAUTH_INVALID, EXTAUTH_EXISTS, EXTAUTH_NOTFOUND with the
 * reason in `error`, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registrar_add(struct registrar *registrar,
    const struct registrar_wish *wish, uint32_t *ret_uid,
    struct extauth_error *error);

/* Changes the registered user of that name to what is wished. The uid cannot be
 * changed, nor the e-mail unless may_change_email: EXTAUTH_EXISTS.
 * `*ret_is_changed` tells whether anything was different. Else as
 * registrar_add. */
EXTAUTH_CHECKED enum extauth_err registrar_update(struct registrar *registrar,
    const struct registrar_wish *wish, bool *ret_is_changed,
    struct extauth_error *error);

/* Notes that `uid` was given out elsewhere and is never to be given out again.
 * `*ret_is_changed` is false if that was known. As registrar_add. */
EXTAUTH_CHECKED enum extauth_err registrar_bury(struct registrar *registrar,
    const char *name, uint32_t uid, bool *ret_is_changed,
    struct extauth_error *error);

/* Removes the user of that name. EXTAUTH_NOTFOUND with the reason in `error`,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err registrar_remove(
    struct registrar *registrar, const char *name, struct extauth_error *error);

/* Writes the registry and tells nscd. As registry_change_commit;
 * EXTAUTH_SYSTEM for a rehearsal. */
EXTAUTH_CHECKED enum extauth_err registrar_commit(
    struct registrar *registrar, struct extauth_error *error);

/* Gives all back. NULL and an ended one are allowed. */
void registrar_end(struct registrar *registrar);

#define cleanup_registrar __attribute__((cleanup(registrar_end)))

#endif
