/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "checks.h"
#include "date.h"
#include "identity.h"
#include "policy.h"
#include "translate.h"
#include "trial.h"

#define DAYS_LEAST 14
#define DAY_SECONDS 86400
#define DATE_LENGTH 10
#define FALLBACK_DOMAIN "example.invalid"
#define PASSWORD_BYTES 24

/* One provider under check. */
struct probe {
	const struct config *config;
	const struct config_provider *provider;
	const struct registry_user *user; /* real or made up */
	struct findings *findings;
};

static enum extauth_err
run(const struct probe *probe, enum frame_type type,
    const struct secret *password, struct login_outcome *ret_outcome,
    struct extauth_error *error)
{
	struct trial_place place = {.service = "extauthctl"};
	struct trial_task task = {
	    .type = type, .password = password, .is_unattended = true};
	cleanup_free struct login_facts *facts = NULL;
	enum extauth_err err;

	err =
	    trial_make_facts(probe->config, probe->user, &place, &facts, error);
	if (err != EXTAUTH_OK)
		return err;
	(void)snprintf(facts->provider, sizeof(facts->provider), "%s",
	    probe->provider->name);
	if (!config_provider_wants_password(probe->provider))
		facts->flags = LOGIN_CAN_ASK | LOGIN_CAN_WAIT;
	task.facts = facts;
	return trial_run(&task, ret_outcome, error);
}

/* `text` holds "valid until YYYY-MM-DD" where it tells of a certificate. */
static void
judge_days(const struct probe *probe, bool is_server, const char *text)
{
	static const char until[] = "valid until ";
	const char *at = strstr(text, until);
	struct extauth_error ignored = {0};
	char date[DATE_LENGTH + 1] = "";
	int64_t end = 0;
	long long days;

	if (at == NULL)
		return;
	(void)snprintf(date, sizeof(date), "%s", at + strlen(until));
	if (date_parse(date, &end, &ignored) != EXTAUTH_OK)
		return;
	days = (long long)((end - (int64_t)time(NULL)) / DAY_SECONDS);
	finding_add(probe->findings,
	    days < DAYS_LEAST ? FINDING_WARNING : FINDING_NOTE,
	    "certificate_days", days < DAYS_LEAST ? "renew it" : "",
	    is_server ? "provider %s: the server certificate is good for %lld "
			"days, until %s"
		      : "provider %s: the client certificate is good for %lld "
			"days, until %s",
	    probe->provider->name, days, date);
}

static bool
begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* What to do about a server that cannot be spoken to. */
static const char *
mend_of(const struct login_outcome *outcome)
{
	if (outcome->verdict == VERDICT_MISCONFIGURED)
		return "";
	if (outcome->tls[0] == '\0')
		return N_(
		    "look at the address, and into "
		    "extauth-troubleshooting(7), \"The provider is down\"");
	if (begins(outcome->tls, "wrong-host"))
		return N_("write a host that the certificate names");
	if (begins(outcome->tls, "expired") ||
	    begins(outcome->tls, "not-yet-valid"))
		return N_("renew it at the provider, or set the clock right");
	return N_("ca_file names an authority of your own; "
		  "extauth-troubleshooting(7), \"The certificate expired\"");
}

/* Tells whether there is anybody to ask. */
static bool
check_tls(const struct probe *probe)
{
	cleanup_outcome struct login_outcome outcome = {0};
	struct extauth_error error = {0};
	const char *name = probe->provider->name;

	if (run(probe, FRAME_PROBE, NULL, &outcome, &error) != EXTAUTH_OK) {
		finding_add(probe->findings, FINDING_ERROR, "unavailable", "",
		    "provider %s: %s", name, error.text);
		return false;
	}
	if (outcome.verdict == VERDICT_UNAVAILABLE ||
	    outcome.verdict == VERDICT_MISCONFIGURED) {
		finding_add(probe->findings, FINDING_ERROR,
		    outcome.tls[0] != '\0' ? "tls" : "unavailable",
		    mend_of(&outcome), "provider %s: %s%s%s", name,
		    outcome.reason, outcome.tls[0] != '\0' ? ": " : "",
		    outcome.tls);
		return false;
	}
	judge_days(probe, true, outcome.tls);
	judge_days(probe, false, outcome.reason);
	return true;
}

static enum extauth_err
password_make(struct secret *ret_password)
{
	char text[PASSWORD_BYTES + 1];
	enum extauth_err err;
	size_t index;

	for (index = 0; index < PASSWORD_BYTES; index++)
		text[index] = (char)('a' + arc4random_uniform(26));
	text[PASSWORD_BYTES] = '\0';
	err = secret_set(ret_password, text, PASSWORD_BYTES);
	explicit_bzero(text, sizeof(text));
	return err;
}

/* The reason tells how far it came: a provider that looks people up first has
 * no password to check for somebody made up. */
static void
note_refusal(const struct probe *probe, const struct login_outcome *outcome)
{
	const char *name = probe->provider->name;

	if (config_provider_wants_password(probe->provider))
		finding_add(probe->findings, FINDING_NOTE, "refused", "",
		    "provider %s refuses %s with a random password, as it "
		    "should (http %u: %s)",
		    name, probe->user->email, outcome->http_status,
		    outcome->reason);
	else
		finding_add(probe->findings, FINDING_NOTE, "refused", "",
		    "provider %s lets nobody in who does not sign in there: %s",
		    name, outcome->reason);
}

static void
judge_answer(const struct probe *probe, const struct login_outcome *outcome)
{
	const char *name = probe->provider->name;

	switch (outcome->verdict) {
	case VERDICT_ACCEPTED:
		finding_add(probe->findings, FINDING_ERROR, "accepts_everybody",
		    "ask the right URL, or say by accept_if what a yes is",
		    "provider %s: %s with a random password was accepted: the "
		    "endpoint answers yes to everybody",
		    name, probe->user->email);
		return;
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
	case VERDICT_THROTTLED:
		finding_add(probe->findings, FINDING_ERROR,
		    verdict_name(outcome->verdict),
		    "extauthctl test-login NAME --dry-run shows the request",
		    "provider %s: http %u: %s%s%s", name, outcome->http_status,
		    outcome->reason, outcome->tls[0] != '\0' ? ": " : "",
		    outcome->tls);
		return;
	case VERDICT_REJECTED:
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
	case VERDICT_DENIED_BY_POLICY:
		note_refusal(probe, outcome);
		return;
	}
}

/* A login by device has no password, and begins at the provider whoever it is
 * for; since nobody is asked, it ends there. */
static void
check_answer(const struct probe *probe)
{
	const bool has_password =
	    config_provider_wants_password(probe->provider);
	cleanup_secret struct secret password = {0};
	cleanup_outcome struct login_outcome outcome = {0};
	struct extauth_error error = {0};

	if (has_password && password_make(&password) != EXTAUTH_OK)
		die_of_memory();
	if (run(probe, FRAME_LOGIN, has_password ? &password : NULL, &outcome,
		&error) != EXTAUTH_OK)
		finding_add(probe->findings, FINDING_ERROR, "unavailable", "",
		    "provider %s: %s", probe->provider->name, error.text);
	else
		judge_answer(probe, &outcome);
}

static void
check_provider(const struct probe *probe, const struct registry_user *real)
{
	const struct config_provider *provider = probe->provider;
	char name[IDENTITY_NAME_MAX_BYTES + 1];
	char email[IDENTITY_EMAIL_MAX_BYTES + 1];
	struct registry_user user = {.name = name,
	    .email = email,
	    .external_id = "",
	    .uid = probe->config->general.uid_range_last};
	struct probe made_up = *probe;

	(void)snprintf(name, sizeof(name), "extauth-check-%08x", arc4random());
	(void)snprintf(email, sizeof(email), "%s@%s", name,
	    provider->domains.count > 0 ? provider->domains.items[0]
					: FALLBACK_DOMAIN);
	made_up.user = real != NULL ? real : &user;
	if (check_tls(&made_up))
		check_answer(&made_up);
}

/* Whom the attempt is made for, and with which provider. */
static enum ctl_exit
real_find(const struct config *config, const char *name,
    struct trial_user *found, const struct config_provider **ret_provider)
{
	struct policy_question question = {.config = config,
	    .registry = &found->registry,
	    .user = &found->user,
	    .service = "extauthctl"};
	struct extauth_error error = {0};
	enum ctl_exit status = trial_find_user(name, found);
	const char *why = "";
	enum extauth_err err;

	if (status != CTL_DONE)
		return status;
	question.now = (int64_t)time(NULL);
	err = policy_provider(&question, ret_provider, &why, &error);
	if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	complain("one wrong password of %s will count at %s", found->user.name,
	    (*ret_provider)->name);
	return CTL_DONE;
}

enum ctl_exit
check_online(
    const struct config *config, const char *as, struct findings *findings)
{
	cleanup_trial_user struct trial_user found = {.registry.fd = -1};
	const struct config_provider *real = NULL;
	enum ctl_exit status;
	size_t index;

	if (as != NULL) {
		status = real_find(config, as, &found, &real);
		if (status != CTL_DONE)
			return status;
	}
	for (index = 0; index < config->provider_count; index++) {
		const struct config_provider *provider =
		    &config->providers[index];
		struct probe probe = {config, provider, NULL, findings};

		check_provider(&probe,
		    real != NULL && provider == real ? &found.user : NULL);
	}
	return CTL_DONE;
}
