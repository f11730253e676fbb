/* SPDX-License-Identifier: MIT */
#include "pam_result.h"

#include <security/pam_modules.h>

#include <syslog.h>

int
pam_result_of_verdict(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ACCEPTED:
		return PAM_SUCCESS;
	case VERDICT_REJECTED:
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
	case VERDICT_DENIED_BY_POLICY:
		return PAM_AUTH_ERR;
	case VERDICT_THROTTLED:
		return PAM_MAXTRIES;
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		return PAM_AUTHINFO_UNAVAIL;
	}
	return PAM_SYSTEM_ERR;
}

int
pam_result_login(enum pam_decision decision, enum verdict verdict)
{
	switch (decision) {
	case DECISION_VERDICT:
		return pam_result_of_verdict(verdict);
	case DECISION_NOT_OURS:
	case DECISION_LOCAL_BROKEN:
	case DECISION_LOCAL_CLASH:
	case DECISION_UNKNOWN:
		return PAM_USER_UNKNOWN;
	case DECISION_NAME_CLASH:
	case DECISION_DISABLED:
	case DECISION_PAST_DATE:
	case DECISION_NOT_ALLOWED:
	case DECISION_BAD_PASSWORD:
	case DECISION_BAD_NEW_PASSWORD:
	case DECISION_PAUSED:
	case DECISION_REPEATED:
	case DECISION_NO_PASSWORD:
		return PAM_AUTH_ERR;
	case DECISION_CONFIG:
		return PAM_SERVICE_ERR;
	case DECISION_NO_REGISTRY:
	case DECISION_NOT_ROOT:
	case DECISION_TIMEOUT:
		return PAM_AUTHINFO_UNAVAIL;
	case DECISION_NO_MEMORY:
		return PAM_BUF_ERR;
	case DECISION_FAULT:
	case DECISION_ALLOWED:
		return PAM_SYSTEM_ERR;
	}
	return PAM_SYSTEM_ERR;
}

int
pam_result_account(enum pam_decision decision)
{
	switch (decision) {
	case DECISION_ALLOWED:
		return PAM_SUCCESS;
	case DECISION_NOT_OURS:
	case DECISION_LOCAL_BROKEN:
	case DECISION_LOCAL_CLASH:
	case DECISION_UNKNOWN:
		return PAM_USER_UNKNOWN;
	case DECISION_DISABLED:
	case DECISION_PAST_DATE:
		return PAM_ACCT_EXPIRED;
	case DECISION_NAME_CLASH:
	case DECISION_NOT_ALLOWED:
		return PAM_PERM_DENIED;
	case DECISION_CONFIG:
		return PAM_SERVICE_ERR;
	case DECISION_NO_REGISTRY:
		return PAM_AUTHINFO_UNAVAIL;
	case DECISION_NO_MEMORY:
		return PAM_BUF_ERR;
	case DECISION_FAULT:
	case DECISION_BAD_PASSWORD:
	case DECISION_BAD_NEW_PASSWORD:
	case DECISION_PAUSED:
	case DECISION_REPEATED:
	case DECISION_NO_PASSWORD:
	case DECISION_NOT_ROOT:
	case DECISION_TIMEOUT:
	case DECISION_VERDICT:
		return PAM_SYSTEM_ERR;
	}
	return PAM_SYSTEM_ERR;
}

int
pam_result_password(enum pam_decision decision)
{
	switch (decision) {
	case DECISION_NOT_OURS:
	case DECISION_LOCAL_BROKEN:
	case DECISION_LOCAL_CLASH:
	case DECISION_UNKNOWN:
		return PAM_USER_UNKNOWN;
	case DECISION_NO_REGISTRY:
	case DECISION_TIMEOUT:
		return PAM_TRY_AGAIN;
	case DECISION_CONFIG:
		return PAM_SERVICE_ERR;
	case DECISION_NO_MEMORY:
		return PAM_BUF_ERR;
	case DECISION_FAULT:
	case DECISION_NAME_CLASH:
	case DECISION_DISABLED:
	case DECISION_PAST_DATE:
	case DECISION_NOT_ALLOWED:
	case DECISION_BAD_PASSWORD:
	case DECISION_BAD_NEW_PASSWORD:
	case DECISION_PAUSED:
	case DECISION_REPEATED:
	case DECISION_NO_PASSWORD:
	case DECISION_NOT_ROOT:
	case DECISION_VERDICT:
	case DECISION_ALLOWED:
		return PAM_PERM_DENIED;
	}
	return PAM_SYSTEM_ERR;
}

static int
result_of_changed(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ACCEPTED:
		return PAM_SUCCESS;
	case VERDICT_REJECTED:
		return PAM_AUTH_ERR;
	case VERDICT_DENIED_BY_POLICY:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		return PAM_AUTHTOK_ERR;
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
		return PAM_PERM_DENIED;
	case VERDICT_THROTTLED:
		return PAM_MAXTRIES;
	}
	return PAM_SYSTEM_ERR;
}

int
pam_result_change(enum pam_decision decision, enum verdict verdict)
{
	switch (decision) {
	case DECISION_VERDICT:
		return result_of_changed(verdict);
	case DECISION_BAD_PASSWORD:
	case DECISION_REPEATED:
		return PAM_AUTH_ERR;
	case DECISION_PAUSED:
		return PAM_MAXTRIES;
	case DECISION_BAD_NEW_PASSWORD:
	case DECISION_TIMEOUT:
		return PAM_AUTHTOK_ERR;
	case DECISION_NOT_OURS:
	case DECISION_LOCAL_BROKEN:
	case DECISION_LOCAL_CLASH:
	case DECISION_UNKNOWN:
	case DECISION_NO_REGISTRY:
	case DECISION_CONFIG:
	case DECISION_NO_MEMORY:
	case DECISION_NAME_CLASH:
	case DECISION_DISABLED:
	case DECISION_PAST_DATE:
	case DECISION_NOT_ALLOWED:
	case DECISION_NO_PASSWORD:
	case DECISION_NOT_ROOT:
		return pam_result_password(decision);
	case DECISION_FAULT:
	case DECISION_ALLOWED:
		return PAM_SYSTEM_ERR;
	}
	return PAM_SYSTEM_ERR;
}

const char *
pam_result_name(enum pam_decision decision, enum verdict verdict)
{
	switch (decision) {
	case DECISION_FAULT:
		return "fault";
	case DECISION_NOT_OURS:
		return "not_ours";
	case DECISION_LOCAL_BROKEN:
	case DECISION_CONFIG:
		return "bad_configuration";
	case DECISION_LOCAL_CLASH:
	case DECISION_NAME_CLASH:
		return "name_clash";
	case DECISION_UNKNOWN:
		return "unknown";
	case DECISION_DISABLED:
		return "disabled";
	case DECISION_PAST_DATE:
		return "past_not_after";
	case DECISION_NOT_ALLOWED:
		return "service_not_allowed";
	case DECISION_BAD_PASSWORD:
		return "password_refused";
	case DECISION_BAD_NEW_PASSWORD:
		return "new_password_refused";
	case DECISION_PAUSED:
		return "throttled_locally";
	case DECISION_REPEATED:
		return "repeated";
	case DECISION_NO_PASSWORD:
		return "no_password";
	case DECISION_NO_REGISTRY:
		return "registry_unavailable";
	case DECISION_NOT_ROOT:
		return "not_root";
	case DECISION_TIMEOUT:
		return "unavailable";
	case DECISION_NO_MEMORY:
		return "no_memory";
	case DECISION_VERDICT:
		return verdict_name(verdict);
	case DECISION_ALLOWED:
		return "allowed";
	}
	return "fault";
}

bool
pam_result_is_at_once(enum pam_decision decision)
{
	switch (decision) {
	case DECISION_FAULT:
	case DECISION_NOT_OURS:
	case DECISION_LOCAL_BROKEN:
	case DECISION_LOCAL_CLASH:
	case DECISION_NO_PASSWORD:
	case DECISION_CONFIG:
	case DECISION_NO_REGISTRY:
	case DECISION_NOT_ROOT:
	case DECISION_NO_MEMORY:
		return true;
	case DECISION_UNKNOWN:
	case DECISION_NAME_CLASH:
	case DECISION_DISABLED:
	case DECISION_PAST_DATE:
	case DECISION_NOT_ALLOWED:
	case DECISION_BAD_PASSWORD:
	case DECISION_BAD_NEW_PASSWORD:
	case DECISION_PAUSED:
	case DECISION_REPEATED:
	case DECISION_TIMEOUT:
	case DECISION_VERDICT:
	case DECISION_ALLOWED:
		return false;
	}
	return true;
}

int
pam_result_priority(enum pam_decision decision)
{
	switch (decision) {
	case DECISION_NOT_OURS:
		return LOG_DEBUG;
	case DECISION_FAULT:
	case DECISION_LOCAL_BROKEN:
	case DECISION_CONFIG:
	case DECISION_NO_REGISTRY:
	case DECISION_NOT_ROOT:
	case DECISION_NO_MEMORY:
		return LOG_ERR;
	case DECISION_TIMEOUT:
		return LOG_WARNING;
	case DECISION_LOCAL_CLASH:
	case DECISION_UNKNOWN:
	case DECISION_NAME_CLASH:
	case DECISION_DISABLED:
	case DECISION_PAST_DATE:
	case DECISION_NOT_ALLOWED:
	case DECISION_BAD_PASSWORD:
	case DECISION_BAD_NEW_PASSWORD:
	case DECISION_PAUSED:
	case DECISION_REPEATED:
	case DECISION_NO_PASSWORD:
	case DECISION_VERDICT:
	case DECISION_ALLOWED:
		return LOG_NOTICE;
	}
	return LOG_ERR;
}
