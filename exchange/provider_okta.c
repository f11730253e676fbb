/* SPDX-License-Identifier: MIT */
#include "provider_okta.h"

#include "oauth_rehearse.h"
#include "provider_okta_internal.h"

/* What takes the event that a state waits for. */
struct okta_turn {
	enum okta_state state;
	enum event_kind kind;
	enum extauth_err (*take)(struct login *login, const struct event *event,
	    struct step *ret_step, struct extauth_error *error);
};

static const struct okta_turn okta_turns[] = {
    {OKTA_AUTHN_SENT, EVENT_RESPONSE, okta_authn_take},
    {OKTA_MENU_SHOWN, EVENT_ANSWER, okta_menu_take},
    {OKTA_CODE_ASKED, EVENT_ANSWER, okta_factor_take_code},
    {OKTA_CODE_SENT, EVENT_RESPONSE, okta_factor_take_verified},
    {OKTA_CHALLENGE_SENT, EVENT_RESPONSE, okta_factor_take_challenged},
    {OKTA_NUMBER_SHOWN, EVENT_ANSWER, okta_factor_poll},
    {OKTA_WAITING, EVENT_WAITED, okta_factor_poll},
    {OKTA_POLL_SENT, EVENT_RESPONSE, okta_authn_take},
    {OKTA_CANCEL_SENT, EVENT_RESPONSE, okta_cancelled},
    {OKTA_CANCEL_SENT, EVENT_FAILED, okta_cancelled},
    {OKTA_TOKEN_SENT, EVENT_RESPONSE, okta_token_take},
    {OKTA_OTP_ASKED, EVENT_ANSWER, okta_direct_take_choice},
    {OKTA_OTP_SENT, EVENT_RESPONSE, okta_direct_take_otp},
    {OKTA_PUSH_SENT, EVENT_RESPONSE, okta_direct_take_push},
    {OKTA_PUSH_NUMBER_SHOWN, EVENT_ANSWER, okta_direct_poll},
    {OKTA_PUSH_WAITING, EVENT_WAITED, okta_direct_poll},
    {OKTA_PUSH_POLL_SENT, EVENT_RESPONSE, okta_direct_take_poll},
};

static enum extauth_err
okta_start(
    struct login *login, struct step *ret_step, struct extauth_error *error)
{
	return login->provider->okta_api == CONFIG_OKTA_TOKEN
	    ? okta_token_start(login, ret_step, error)
	    : okta_authn_step(login, ret_step, error);
}

/* What no state waits for is a request that failed. */
static enum extauth_err
okta_next(struct login *login, const struct event *event, struct step *ret_step,
    struct extauth_error *error)
{
	size_t at;

	for (at = 0; at < sizeof(okta_turns) / sizeof(*okta_turns); at++)
		if (okta_turns[at].state == login->state &&
		    okta_turns[at].kind == event->kind)
			return okta_turns[at].take(
			    login, event, ret_step, error);
	ret_step->kind = STEP_VERDICT;
	machine_outcome_from_failure(&event->failure, &ret_step->outcome);
	return EXTAUTH_OK;
}

static enum extauth_err
okta_rehearse(const struct login *login, struct buffer *answer)
{
	return login->provider->okta_api == CONFIG_OKTA_TOKEN
	    ? oauth_rehearse_tokens(login, answer)
	    : okta_rehearse_state(login, "SUCCESS", answer);
}

const struct provider *
provider_okta(void)
{
	static const struct provider machine = {
	    .name = "okta",
	    .memory_bytes = sizeof(struct okta_memory),
	    .forget = okta_forget,
	    .rehearse = okta_rehearse,
	    .start = okta_start,
	    .next = okta_next,
	};

	return &machine;
}
