/* SPDX-License-Identifier: MIT */
/* Every call of PAM and those of NSS, on one transaction. */
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include "odd_host.h"
#include "place.h"

#define NOT_FOUND 100
#define OTHER 101
#define BUFFER_BYTES 2048

static int
log_in(struct host *host, const char *user, const char *password)
{
	host->password = password;
	host->hidden_prompts = 0;
	host->shown[0] = '\0';
	if (pam_set_item(host->pamh, PAM_USER, user) != PAM_SUCCESS)
		return OTHER;
	return pam_authenticate(host->pamh, 0);
}

static int
log_in_wrongly(struct host *host)
{
	return log_in(host, "alice", "wrong");
}

static int
log_in_disabled(struct host *host)
{
	return log_in(host, "dora", "secret");
}

static int
log_in_unknown(struct host *host)
{
	return log_in(host, "nosuchuser", "secret");
}

static int
log_in_rightly(struct host *host)
{
	return log_in(host, "alice", "secret");
}

static int
ask_account(struct host *host)
{
	return pam_acct_mgmt(host->pamh, 0);
}

static int
ask_disabled_account(struct host *host)
{
	int code;

	if (pam_set_item(host->pamh, PAM_USER, "dora") != PAM_SUCCESS)
		return OTHER;
	code = pam_acct_mgmt(host->pamh, 0);
	return pam_set_item(host->pamh, PAM_USER, "alice") == PAM_SUCCESS
	    ? code
	    : OTHER;
}

static int
set_credentials(struct host *host)
{
	return pam_setcred(host->pamh, PAM_ESTABLISH_CRED);
}

static int
open_session(struct host *host)
{
	return pam_open_session(host->pamh, 0);
}

static int
close_session(struct host *host)
{
	return pam_close_session(host->pamh, 0);
}

static int
change_password(struct host *host)
{
	host->shown[0] = '\0';
	return pam_chauthtok(host->pamh, 0);
}

/* The code of NSS: 0 and a result, 0 and none, or an error. */
static int
code_of(int number, const void *result, bool is_right)
{
	if (number != 0)
		return PAM_AUTHINFO_UNAVAIL;
	if (result == NULL)
		return NOT_FOUND;
	return is_right ? PAM_SUCCESS : OTHER;
}

static int
find_user(const char *name)
{
	struct passwd entry;
	struct passwd *found = NULL;
	char buffer[BUFFER_BYTES];
	const int number =
	    getpwnam_r(name, &entry, buffer, sizeof(buffer), &found);

	return code_of(
	    number, found, found != NULL && entry.pw_uid == PLACE_ALICE_UID);
}

static int
find_name(struct host *host)
{
	(void)host;
	return find_user("alice");
}

static int
find_no_name(struct host *host)
{
	(void)host;
	return find_user("nosuchuser");
}

static int
find_uid(struct host *host)
{
	struct passwd entry;
	struct passwd *found = NULL;
	char buffer[BUFFER_BYTES];
	const int number =
	    getpwuid_r(PLACE_ALICE_UID, &entry, buffer, sizeof(buffer), &found);

	(void)host;
	return code_of(number, found,
	    found != NULL && strcmp(entry.pw_name, "alice") == 0);
}

static int
find_group(struct host *host)
{
	struct group entry;
	struct group *found = NULL;
	char buffer[BUFFER_BYTES];
	const int number =
	    getgrnam_r("alice", &entry, buffer, sizeof(buffer), &found);

	(void)host;
	return code_of(
	    number, found, found != NULL && entry.gr_gid == PLACE_ALICE_UID);
}

static int
find_groups(struct host *host)
{
	gid_t groups[64];
	int count = 64;

	(void)host;
	return getgrouplist("alice", PLACE_ALICE_UID, groups, &count) >= 1 &&
		groups[0] == PLACE_ALICE_UID
	    ? PAM_SUCCESS
	    : OTHER;
}

const struct odd_call odd_calls[] = {
    {"getpwnam", find_name, PAM_SUCCESS, false},
    {"getpwnam of nobody", find_no_name, NOT_FOUND, false},
    {"getpwuid", find_uid, PAM_SUCCESS, false},
    {"getgrnam", find_group, PAM_SUCCESS, false},
    {"initgroups", find_groups, PAM_SUCCESS, false},
    {"authenticate, wrong", log_in_wrongly, PAM_AUTH_ERR, true},
    {"authenticate, disabled", log_in_disabled, PAM_AUTH_ERR, true},
    {"authenticate, unknown", log_in_unknown, PAM_USER_UNKNOWN, true},
    {"authenticate, right", log_in_rightly, PAM_SUCCESS, true},
    {"account", ask_account, PAM_SUCCESS, true},
    {"account, disabled", ask_disabled_account, PAM_ACCT_EXPIRED, true},
    {"setcred", set_credentials, PAM_SUCCESS, true},
    {"open_session", open_session, PAM_SUCCESS, true},
    {"close_session", close_session, PAM_SUCCESS, true},
    {"chauthtok", change_password, PAM_PERM_DENIED, true},
    {NULL, NULL, 0, false},
};

bool
odd_is_unable(int code)
{
	return code == PAM_AUTHINFO_UNAVAIL || code == PAM_SYSTEM_ERR ||
	    code == PAM_SERVICE_ERR || code == PAM_USER_UNKNOWN ||
	    code == PAM_BUF_ERR || code == PAM_TRY_AGAIN ||
	    code == PAM_PERM_DENIED || code == NOT_FOUND;
}
