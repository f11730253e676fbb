/* SPDX-License-Identifier: MIT */
#include "oauth_rehearse.h"
#include "provider_oauth2_internal.h"

static enum extauth_err
oauth2_rehearse_discovery(const struct login *login, struct buffer *answer)
{
	const char *issuer = login->provider->issuer;

	return buffer_append_format(answer,
	    "{\"issuer\":\"%s\",\"token_endpoint\":\"%s/token\","
	    "\"userinfo_endpoint\":\"%s/userinfo\","
	    "\"device_authorization_endpoint\":\"%s/device\","
	    "\"introspection_endpoint\":\"%s/introspection\"}",
	    issuer, issuer, issuer, issuer, issuer);
}

enum extauth_err
oauth2_rehearse(const struct login *login, struct buffer *answer)
{
	switch ((enum oauth2_state)login->state) {
	case OAUTH2_DISCOVERY:
		return oauth2_rehearse_discovery(login, answer);
	case OAUTH2_TOKEN:
	case OAUTH2_DEVICE_POLL:
		return oauth_rehearse_tokens(login, answer);
	case OAUTH2_USERINFO:
	case OAUTH2_INTROSPECTION:
		return oauth_rehearse_claims(login, answer);
	case OAUTH2_DEVICE_AUTHORIZATION:
	case OAUTH2_DEVICE_PERSON:
		break;
	}
	return buffer_append_text(answer,
	    "{\"device_code\":\"TOKEN\",\"user_code\":\"WDJB-MJHT\","
	    "\"verification_uri\":\"https://localhost/device\","
	    "\"expires_in\":600,\"interval\":5}");
}
