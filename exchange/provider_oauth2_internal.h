/* SPDX-License-Identifier: MIT */
/* What the files of provider_oauth2 share.
 * Does not know: anybody else. */
#ifndef EXTAUTH_PROVIDER_OAUTH2_INTERNAL_H
#define EXTAUTH_PROVIDER_OAUTH2_INTERNAL_H

#include "oauth.h"

/* What the machine waits for. */
enum oauth2_state {
	OAUTH2_DISCOVERY = 0,
	OAUTH2_TOKEN,
	OAUTH2_USERINFO,
	OAUTH2_INTROSPECTION,
	OAUTH2_DEVICE_AUTHORIZATION,
	OAUTH2_DEVICE_PERSON, /* or the time between two polls */
	OAUTH2_DEVICE_POLL,
};

enum oauth2_endpoint {
	OAUTH2_TOKEN_URL = 0,
	OAUTH2_USERINFO_URL,
	OAUTH2_INTROSPECTION_URL,
	OAUTH2_DEVICE_URL,
	OAUTH2_ENDPOINT_COUNT
};

/* A code that a person is to approve. {0} is none. */
struct oauth2_device {
	struct secret code;
	uint32_t interval_s;
	uint32_t left_s; /* what of its life is not waited for */
};

/* login->memory. */
struct oauth2_memory {
	/* As configured, with the URLs that were discovered. */
	struct config_provider provider;
	char *found[OAUTH2_ENDPOINT_COUNT];
	struct oauth_tokens tokens;
	struct oauth2_device device;
};

/* Lends the login with the discovered URLs in its provider. */
struct login oauth2_login(const struct login *login);

/* Makes the first request of the grant. Errors are as in oauth_draft's users,
 * here and below. */
EXTAUTH_CHECKED enum extauth_err oauth2_begin_grant(
    struct login *login, struct step *ret_step, struct extauth_error *error);

/* Takes the answer to a grant: asks whose the tokens are, or ends. */
EXTAUTH_CHECKED enum extauth_err oauth2_take_tokens(struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error);

/* Tells whether an endpoint is missing that discovery may find. */
bool oauth2_needs_discovery(const struct login *login);

/* Asks for the endpoints, and takes them. OpenID Connect Discovery 4. */
EXTAUTH_CHECKED enum extauth_err oauth2_begin_discovery(
    struct login *login, struct step *ret_step, struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err oauth2_take_discovery(struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error);

/* The device grant: asks for a code, shows it, and asks what became of it. The
 * last is for an answer that did not come. RFC 8628 3. */
EXTAUTH_CHECKED enum extauth_err oauth2_begin_device(
    struct login *login, struct step *ret_step, struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err oauth2_take_device(struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err oauth2_poll(
    struct login *login, struct step *ret_step, struct extauth_error *error);
EXTAUTH_CHECKED enum extauth_err oauth2_take_poll(struct login *login,
    const struct answer *answer, struct step *ret_step,
    struct extauth_error *error);
void oauth2_take_lost_poll(struct login *login, struct step *ret_step);

/* Writes what a server would answer to the request that was made last. */
EXTAUTH_CHECKED enum extauth_err oauth2_rehearse(
    const struct login *login, struct buffer *answer);

#endif
