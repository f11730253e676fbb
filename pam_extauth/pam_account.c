/* SPDX-License-Identifier: MIT */
#include "pam_account.h"

#include <security/pam_modutil.h>

#include <string.h>
#include <time.h>

#include "passwd_entry.h"
#include "paths.h"

struct pam_account
pam_account_make(void)
{
	const struct pam_account account = {.registry.fd = -1};

	return account;
}

void
pam_account_clear(struct pam_account *account)
{
	config_clear(&account->config);
	registry_close(&account->registry);
	registry_room_clear(&account->room);
	*account = pam_account_make();
}

struct policy_question
pam_account_question(
    const struct pam_call *call, const struct pam_account *account)
{
	const struct policy_question question = {
	    .config = &account->config,
	    .registry = &account->registry,
	    .user = &account->user,
	    .service = call->service,
	    .forced_provider = call->args.provider,
	    .now = time(NULL),
	    .is_account_step = call->is_account_step,
	};

	return question;
}

static bool
can_be_ours(const char *name)
{
	return identity_is_short_name(name) || identity_is_email_name(name);
}

/* EXTAUTH_NOTFOUND only for a registry that was read and has no such name. */
static enum extauth_err
find_user(const struct pam_call *call, struct pam_account *account)
{
	const char *path =
	    call->is_root ? EXTAUTH_REGISTRY_PATH : EXTAUTH_NSS_PATH;
	enum extauth_err err =
	    registry_open(path, &account->registry, &account->error);

	if (err == EXTAUTH_NOMEM)
		return err;
	if (err == EXTAUTH_NOTFOUND)
		return error_set(&account->error, EXTAUTH_UNAVAILABLE,
		    "there is no %s", path);
	if (err != EXTAUTH_OK)
		return EXTAUTH_UNAVAILABLE;
	err = registry_find_name(
	    &account->registry, account->name, &account->room, &account->user);
	account->is_registered = err == EXTAUTH_OK;
	if (err == EXTAUTH_OK || err == EXTAUTH_NOTFOUND ||
	    err == EXTAUTH_NOMEM)
		return err;
	return error_set(&account->error, EXTAUTH_UNAVAILABLE,
	    "%s cannot be read: %s", path, error_name(err));
}

static enum extauth_err
load_settings(const struct pam_call *call, struct pam_account *account)
{
	const char *path = call->args.config_path;
	enum extauth_err err;

	if (call->args.mistake != NULL)
		return error_set(&account->error, EXTAUTH_CONFIG,
		    "unknown module option %s", call->args.mistake);
	err = config_load(path, &account->config, &account->error);
	if (err == EXTAUTH_NOTFOUND)
		return error_set(
		    &account->error, EXTAUTH_CONFIG, "there is no %s", path);
	return err;
}

/* The account that NSS gives must be the registered one. */
static bool
is_same_account(const struct pam_call *call, struct pam_account *account)
{
	const struct passwd *entry =
	    pam_modutil_getpwnam(call->pamh, account->name);

	if (entry == NULL) {
		(void)error_set(&account->error, EXTAUTH_INVALID,
		    "getpwnam finds no such account; is extauth in "
		    "/etc/nsswitch.conf?");
		return false;
	}
	if (strcmp(entry->pw_name, account->name) == 0 &&
	    entry->pw_uid == account->user.uid)
		return true;
	(void)error_set(&account->error, EXTAUTH_INVALID,
	    "getpwnam gives %s with uid %u, the registry uid %u",
	    entry->pw_name, entry->pw_uid, account->user.uid);
	return false;
}

static enum pam_decision
decide_policy(const struct pam_call *call, struct pam_account *account)
{
	const struct policy_question question =
	    pam_account_question(call, account);
	enum policy_answer answer = POLICY_REFUSED;
	const enum extauth_err err = policy_account(&question, &answer);

	if (err == EXTAUTH_NOMEM)
		return DECISION_NO_MEMORY;
	if (err != EXTAUTH_OK) {
		(void)error_set(&account->error, err,
		    "the groups cannot be read: %s", error_name(err));
		return DECISION_NO_REGISTRY;
	}
	switch (answer) {
	case POLICY_ALLOWED:
		return DECISION_ALLOWED;
	case POLICY_DISABLED:
		return DECISION_DISABLED;
	case POLICY_PAST_DATE:
		return DECISION_PAST_DATE;
	case POLICY_REFUSED:
		return DECISION_NOT_ALLOWED;
	}
	return DECISION_FAULT;
}

static enum extauth_err
find_in_nss(const char *name)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_user user;
	const enum extauth_err err =
	    registry_open(EXTAUTH_NSS_PATH, &registry, NULL);

	if (err != EXTAUTH_OK)
		return err;
	return registry_find_name(&registry, name, &room, &user);
}

/* Not in the registry. A name that our own nss file answers has lost its
 * record, and nobody can say whether it was disabled. A name that another
 * service of NSS answers is that service's, and a broken extauth has no say
 * about anybody it does not know. */
static enum pam_decision
decide_stranger(const struct pam_call *call, struct pam_account *account)
{
	enum extauth_err err;

	if (!call->is_root)
		return DECISION_NOT_OURS;
	err = find_in_nss(account->name);
	if (err == EXTAUTH_NOMEM)
		return DECISION_NO_MEMORY;
	if (err == EXTAUTH_OK) {
		(void)error_set(&account->error, EXTAUTH_UNAVAILABLE,
		    "%s has the name, %s has not", EXTAUTH_NSS_PATH,
		    EXTAUTH_REGISTRY_PATH);
		return DECISION_NO_REGISTRY;
	}
	if (load_settings(call, account) != EXTAUTH_OK ||
	    pam_modutil_getpwnam(call->pamh, account->name) != NULL)
		return DECISION_NOT_OURS;
	return DECISION_UNKNOWN;
}

static enum pam_decision
decide_remote(const struct pam_call *call, struct pam_account *account)
{
	enum extauth_err err = find_user(call, account);

	if (err == EXTAUTH_NOTFOUND)
		return decide_stranger(call, account);
	if (err == EXTAUTH_NOMEM)
		return DECISION_NO_MEMORY;
	if (err != EXTAUTH_OK)
		return DECISION_NO_REGISTRY;
	err = load_settings(call, account);
	if (err == EXTAUTH_NOMEM)
		return DECISION_NO_MEMORY;
	if (err != EXTAUTH_OK)
		return DECISION_CONFIG;
	if (!is_same_account(call, account))
		return DECISION_NAME_CLASH;
	return decide_policy(call, account);
}

/* /etc/passwd has the name: only a registry that can be read and links it makes
 * it a matter of ours. */
static enum pam_decision
decide_local(
    const struct pam_call *call, uint32_t uid, struct pam_account *account)
{
	enum pam_decision decision;

	account->is_local = true;
	if (find_user(call, account) != EXTAUTH_OK)
		return DECISION_NOT_OURS;
	if (!account->user.is_linked || account->user.uid != uid) {
		(void)error_set(&account->error, EXTAUTH_INVALID,
		    "%s has the name with uid %u, the registry %s uid %u",
		    PASSWD_ENTRY_PATH, uid,
		    account->user.is_linked ? "links" : "has its own with",
		    account->user.uid);
		return DECISION_LOCAL_CLASH;
	}
	if (load_settings(call, account) != EXTAUTH_OK)
		return DECISION_LOCAL_BROKEN;
	if (!is_same_account(call, account))
		return DECISION_LOCAL_CLASH;
	decision = decide_policy(call, account);
	return decision == DECISION_NO_REGISTRY ? DECISION_LOCAL_BROKEN
						: decision;
}

enum pam_decision
pam_account_examine(
    const struct pam_call *call, const char *name, struct pam_account *account)
{
	cleanup_passwd_entry struct passwd_entry entry = {0};
	enum extauth_err err;

	if (!can_be_ours(name) || strlen(name) >= sizeof(account->name))
		return DECISION_NOT_OURS;
	/* A copy: the conversation may change PAM_USER under us. */
	memcpy(account->name, name, strlen(name) + 1);
	err =
	    passwd_entry_find(PASSWD_ENTRY_PATH, name, &entry, &account->error);
	if (err == EXTAUTH_NOTFOUND)
		return decide_remote(call, account);
	if (err == EXTAUTH_OK)
		return entry.fields.pw_uid == 0
		    ? DECISION_NOT_OURS
		    : decide_local(call, entry.fields.pw_uid, account);
	if (strcmp(name, "root") == 0)
		return DECISION_NOT_OURS;
	return err == EXTAUTH_NOMEM ? DECISION_NO_MEMORY : DECISION_NO_REGISTRY;
}
