/* SPDX-License-Identifier: MIT */
/* What the tests of Okta's machines share: answers in Okta's form, and a person
 * at the keyboard.
 * Does not know: which machine is tested. */
#ifndef EXTAUTH_OKTA_CASE_H
#define EXTAUTH_OKTA_CASE_H

#include "machine_case.h"

#define ORG "https://org.okta.com"
#define AUTHN "type = okta\nurl = " ORG "\n"
#define TOKEN_API AUTHN "okta_api = token\nclient_id = extauth\n"

#define TOKEN_URL ORG "/oauth2/v1/token"

#define CLAIMS(name)                                                           \
	"{\"iss\":\"" ORG "\",\"aud\":\"extauth\",\"exp\":1767229200,"         \
	"\"sub\":\"00u1\",\"preferred_username\":\"" name "\"}"
#define FAILED(error, description)                                             \
	"{\"error\":\"" error "\",\"error_description\":\"" description "\"}"
#define MFA_TOKEN                                                              \
	"{\"error\":\"mfa_required\",\"error_description\":\"x\","             \
	"\"mfa_token\":\"MFA-TOKEN\"}"

#define USER(id, login)                                                        \
	"\"user\":{\"id\":\"" id "\",\"profile\":{\"login\":\"" login "\"}}"
#define ALICE USER("00u1", "alice@example.com")
#define MALLORY USER("00u9", "mallory@example.com")

/* `embedded` and `rest` may be empty; `rest` begins with a comma. */
#define STATE(status, embedded, rest)                                          \
	"{\"stateToken\":\"STATE-TOKEN\",\"status\":\"" status                 \
	"\",\"_embedded\":{" embedded "}" rest "}"
#define SUCCESS(user)                                                          \
	"{\"status\":\"SUCCESS\",\"sessionToken\":\"SESSION-TOKEN\","          \
	"\"_embedded\":{" user "}}"
#define ERROR(code)                                                            \
	"{\"errorCode\":\"" code "\",\"errorSummary\":\"of alice@example.com"  \
	"\",\"errorCauses\":[]}"

#define VERIFY(id) ORG "/api/v1/authn/factors/" id "/verify"
#define LINKED(type, provider, href)                                           \
	"{\"factorType\":\"" type "\",\"provider\":\"" provider                \
	"\",\"_links\":{\"verify\":{\"href\":\"" href "\"}}}"
#define FACTOR(id, type) LINKED(type, "OKTA", VERIFY(id))
#define TOTP FACTOR("ost1", "token:software:totp")
#define GOOGLE LINKED("token:software:totp", "GOOGLE", VERIFY("goo1"))
#define PUSH FACTOR("opf1", "push")
#define SMS FACTOR("sms1", "sms")
#define CALL FACTOR("clf1", "call")
#define MFA(factors)                                                           \
	STATE("MFA_REQUIRED", ALICE ",\"factors\":[" factors "]", "")
#define RESULT(result)                                                         \
	STATE("MFA_CHALLENGE", ALICE, ",\"factorResult\":\"" result "\"")

/* As machine_case_make, but without an API token. */
struct machine_case *okta_case_make(
    const struct provider *machine, const char *keys);

/* A login at okta_api = authn whose password was answered with `body`, by a
 * host that can do what `flags` say. */
struct machine_case *okta_case_answered(uint32_t flags, const char *body);

/* The same at okta_api = token. */
struct machine_case *okta_case_token_answered(
    uint32_t flags, unsigned status, const char *body);

/* The person types a line. */
void okta_case_type(struct machine_case *it, const char *line);

/* Each fails the test unless that is the step. The last is a wait, which then
 * is over. */
void okta_case_expect_prompt(const struct machine_case *it, const char *text);
void okta_case_expect_request(
    const struct machine_case *it, const char *url, const char *body);
void okta_case_wait(struct machine_case *it, uint32_t wait_ms);

/* Ends the case after checking its verdict. */
void okta_case_end(
    struct machine_case *it, enum verdict verdict, const char *reason);

#endif
