/* SPDX-License-Identifier: MIT */
/* Functions named as those of the modules and of the libraries of the worker:
 * whoever calls one has taken somebody else's. */
#include <stdlib.h>

#define NOT_OURS(name)                                                         \
	void name(void);                                                       \
	__attribute__((visibility("default"))) void name(void)                 \
	{                                                                      \
		abort();                                                       \
	}

NOT_OURS(buffer_append)
NOT_OURS(buffer_make)
NOT_OURS(buffer_clear)
NOT_OURS(config_load)
NOT_OURS(config_find_provider)
NOT_OURS(error_set)
NOT_OURS(frame_receive)
NOT_OURS(frame_send)
NOT_OURS(frame_decode)
NOT_OURS(identity_check_password)
NOT_OURS(ini_read)
NOT_OURS(login_to_frame)
NOT_OURS(login_outcome_from_frame)
NOT_OURS(login_make_printable)
NOT_OURS(pam_account_examine)
NOT_OURS(pam_call_begin)
NOT_OURS(pam_login_make)
NOT_OURS(pam_sm_authenticate)
NOT_OURS(pam_sm_acct_mgmt)
NOT_OURS(pam_sm_chauthtok)
NOT_OURS(policy_provider)
NOT_OURS(registry_find)
NOT_OURS(registry_open)
NOT_OURS(secret_clear)
NOT_OURS(secret_set)
NOT_OURS(template_expand)
NOT_OURS(throttle_ask)
NOT_OURS(verdict_from_wire)
NOT_OURS(worker_run)
NOT_OURS(worker_process_start)
NOT_OURS(json_object_get)
NOT_OURS(json_object_put)
NOT_OURS(json_tokener_parse)
NOT_OURS(json_loads)
NOT_OURS(curl_easy_init)
NOT_OURS(curl_global_init)
NOT_OURS(SSL_new)
NOT_OURS(_nss_extauth_getpwnam_r)
NOT_OURS(_nss_extauth_initgroups_dyn)
