/* SPDX-License-Identifier: MIT */
#include "table_stage.h"

#define CLIENT                                                                 \
	"client_id = CLIENT\n"                                                 \
	"client_secret_file = /etc/extauth/secrets/client\n"
#define OKTA "type = okta\nurl = https://ORG\n"
#define OKTA_TOKEN OKTA "okta_api = token\n" CLIENT
#define ENTRA                                                                  \
	"type = entra\nclient_id = CLIENT\n"                                   \
	"tenant = " TABLE_TENANT "\n"
#define PINGONE "type = pingone\nenvironment = E\n" CLIENT
#define PINGFEDERATE "type = pingfederate\nurl = https://AS:9031\n" CLIENT
#define APTIFY                                                                 \
	"type = aptify\nurl = https://API/services\nlogin_provider = Web\n"
#define OAUTH2                                                                 \
	"type = oauth2\ntoken_url = https://AS/token\n" CLIENT                 \
	"identity_external_id = /sub\n"
#define DEVICE                                                                 \
	"grant = device\n"                                                     \
	"device_authorization_url = https://AS/device_authorization\n"
#define AUTHN_BODIES "@(authn|error)_*"
#define TOKEN_BODIES "@(token|challenge)_*"
#define REST "type = rest\nurl = https://API/login\n"

static const struct table_stage stages[] = {
    {
	.name = "okta.authn",
	.keys = OKTA,
	.external_id = "00u1",
	.good = "okta/authn_success.200.json",
	.bodies = AUTHN_BODIES,
    },
    {
	.name = "okta.trusted",
	.keys = OKTA "api_token_file = /etc/extauth/secrets/okta\n",
	.external_id = "00u1",
	.good = "okta/authn_success.200.json",
	.bodies = AUTHN_BODIES,
    },
    {
	.name = "okta.verify",
	.keys = OKTA,
	.external_id = "00u1",
	.script = {"okta/authn_mfa_required.200.json", ">123456"},
	.good = "okta/authn_success.200.json",
	.bodies = AUTHN_BODIES,
    },
    {
	.name = "okta.push",
	.keys = OKTA,
	.external_id = "00u1",
	.script = {"okta/authn_mfa_required.200.json", ">"},
	.good = "okta/authn_success.200.json",
	.bodies = AUTHN_BODIES,
    },
    {
	.name = "okta.poll",
	.keys = OKTA,
	.external_id = "00u1",
	.script = {"okta/authn_mfa_required.200.json", ">",
	    "okta/authn_mfa_challenge_waiting.200.json"},
	.good = "okta/authn_success.200.json",
	.bodies = AUTHN_BODIES,
    },
    {
	.name = "okta.send",
	.keys = OKTA,
	.external_id = "00u1",
	.script = {"okta/authn_mfa_required_sms.200.json", ">sms"},
	.good = "okta/authn_mfa_challenge_sms.200.json",
	.bodies = AUTHN_BODIES,
    },
    {
	.name = "okta.skip",
	.keys = OKTA,
	.external_id = "00u1",
	.script = {"okta/authn_password_warn.200.json"},
	.good = "okta/authn_success.200.json",
	.bodies = AUTHN_BODIES,
    },
    {
	.name = "okta.token",
	.keys = OKTA_TOKEN,
	.external_id = "00u1",
	.issuer = "https://ORG",
	.good = "okta/token_tokens.200.json",
	.bodies = TOKEN_BODIES,
    },
    {
	.name = "okta.otp",
	.keys = OKTA_TOKEN,
	.external_id = "00u1",
	.issuer = "https://ORG",
	.script = {"okta/token_mfa_required.403.json", ">123456"},
	.good = "okta/token_tokens.200.json",
	.bodies = TOKEN_BODIES,
    },
    {
	.name = "okta.challenge",
	.keys = OKTA_TOKEN,
	.external_id = "00u1",
	.issuer = "https://ORG",
	.script = {"okta/token_mfa_required.403.json", ">"},
	.good = "okta/challenge_push.200.json",
	.bodies = TOKEN_BODIES,
    },
    {
	.name = "okta.direct_poll",
	.keys = OKTA_TOKEN,
	.external_id = "00u1",
	.issuer = "https://ORG",
	.script = {"okta/token_mfa_required.403.json", ">",
	    "okta/challenge_push.200.json"},
	.good = "okta/token_tokens.200.json",
	.bodies = TOKEN_BODIES,
    },
    {
	.name = "entra.token",
	.keys = ENTRA,
	.external_id = "U",
	.issuer = "https://login.microsoftonline.com/" TABLE_TENANT "/v2.0",
	.good = "entra/tokens.200.json",
	.bodies = "*",
    },
    {
	.name = "pingone.token",
	.keys = PINGONE,
	.external_id = "U",
	.good = "pingone/token.200.json",
	.bodies = "*",
    },
    {
	.name = "pingone.lookup",
	.keys = PINGONE,
	.external_id = "U",
	.script = {"pingone/token.200.json"},
	.good = "pingone/users_one.200.json",
	.bodies = "*",
    },
    {
	.name = "pingone.check",
	.keys = PINGONE,
	.external_id = "U",
	.script = {"pingone/token.200.json", "pingone/users_one.200.json"},
	.good = "pingone/check_ok.200.json",
	.bodies = "*",
    },
    {
	.name = "pingfederate.token",
	.keys = PINGFEDERATE,
	.external_id = TABLE_EMAIL,
	.issuer = "https://AS:9031",
	.good = "pingfederate/tokens_id_token.200.json",
	.bodies = "*",
    },
    {
	.name = "pingfederate.userinfo",
	.keys = PINGFEDERATE,
	.external_id = "",
	.script = {"pingfederate/tokens.200.json"},
	.good = "pingfederate/userinfo.200.json",
	.bodies = "*",
    },
    {
	.name = "aptify.login",
	.keys = APTIFY,
	.external_id = "1",
	.good = "aptify/good.200.json",
	.bodies = "*",
    },
    {
	.name = "aptify.information",
	.keys = APTIFY,
	.external_id = "1",
	.script = {"aptify/good.200.json"},
	.good = "aptify/user_information.200.json",
	.bodies = "*",
    },
    {
	.name = "aptify.logout",
	.keys = APTIFY,
	.external_id = "1",
	.script = {"aptify/good.200.json", "aptify/user_information.200.json"},
	.good = "aptify/logout.200.json",
	.bodies = "*",
    },
    {
	.name = "oauth2.token",
	.keys = OAUTH2 "issuer = https://AS\n",
	.external_id = "248289761001",
	.issuer = "https://AS",
	.good = "oauth2/tokens.200.json",
	.bodies = "*",
    },
    {
	.name = "oauth2.discovery",
	.keys = "type = oauth2\nissuer = https://AS\n" CLIENT,
	.external_id = "",
	.good = "oauth2/discovery.200.json",
	.bodies = "*",
    },
    {
	.name = "oauth2.userinfo",
	.keys = OAUTH2 "userinfo_url = https://AS/userinfo\n",
	.external_id = "248289761001",
	.script = {"oauth2/tokens_without_id_token.200.json"},
	.good = "oauth2/userinfo.200.json",
	.bodies = "*",
    },
    {
	.name = "oauth2.introspection",
	.keys = OAUTH2 "introspection_url = https://AS/introspect\n",
	.external_id = "248289761001",
	.script = {"oauth2/tokens_without_id_token.200.json"},
	.good = "oauth2/introspection_active.200.json",
	.bodies = "*",
    },
    {
	.name = "oauth2.device",
	.keys = OAUTH2 DEVICE "issuer = https://AS\n",
	.external_id = "248289761001",
	.good = "oauth2/device.200.json",
	.bodies = "*",
    },
    {
	.name = "oauth2.poll",
	.keys = OAUTH2 DEVICE "issuer = https://AS\n",
	.external_id = "248289761001",
	.issuer = "https://AS",
	.script = {"oauth2/device.200.json", ">"},
	.good = "oauth2/tokens.200.json",
	.bodies = "*",
    },
    {
	.name = "rest.connection",
	.keys = REST "connection = oauth2_client_credentials\n"
		     "token_url = https://AS/token\n" CLIENT,
	.external_id = "",
	.good = "pingone/token.200.json",
	.bodies = "*",
    },
    {
	.name = "rest.identity",
	.keys = REST "identity = /email\nidentity_external_id = /sub\n",
	.external_id = "248289761001",
	.good = "oauth2/userinfo.200.json",
	.bodies = "*",
    },
    {.name = NULL},
};

const struct table_stage *
table_stages(void)
{
	return stages;
}
