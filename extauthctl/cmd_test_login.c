/* SPDX-License-Identifier: MIT */
/* `test-login`: takes the way of a real login, and tells each step of it.
 * Does not know: PAM; the local throttle neither stops it nor counts it. */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "identity.h"
#include "policy.h"
#include "settings.h"
#include "terminal.h"
#include "translate.h"
#include "trial.h"

#define DEFAULT_SERVICE "extauthctl"
#define LABEL_COLUMNS 10

/* What is known of the trial while it goes on. */
struct test {
	const struct context *context;
	const struct arguments *arguments;
	const struct config *config;
	const struct registry_user *user;
	const struct config_provider *provider;
	struct json_object *report;
	struct json_object *traces; /* NULL: print them */
};

static void
label_print(const char *key, const char *text)
{
	translate_print_padded(translate_text(key), LABEL_COLUMNS);
	(void)printf(" %s\n", text);
}

static void
say(const struct test *test, const char *key, const char *text)
{
	document_text(test->report, key, text);
	if (!test->context->is_json)
		label_print(key, text);
}

static enum ctl_exit
refuse(const struct test *test, const char *reason, const char *mend)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), "%s%s%s", reason,
	    mend[0] != '\0' ? "; " : "", mend);
	say(test, "verdict", _("refused before anything is sent"));
	say(test, "reason", text);
	return CTL_NO;
}

/* A name that NSS does not know yet is only told: the trial comes before the
 * change of nsswitch.conf in every sensible set-up. */
static enum ctl_exit
check_account(const struct test *test)
{
	const struct passwd *entry;
	char text[256];

	errno = 0;
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	entry = getpwnam(test->user->name);
	if (entry == NULL) {
		say(test, "account",
		    _("getpwnam does not know the name: a real login would be "
		      "refused; nsswitch.conf needs extauth"));
		return CTL_DONE;
	}
	(void)snprintf(text, sizeof(text), _("%.60s, uid %u, known to NSS"),
	    test->user->name, test->user->uid);
	if (entry->pw_uid == test->user->uid &&
	    strcmp(entry->pw_name, test->user->name) == 0) {
		say(test, "account", text);
		return CTL_DONE;
	}
	(void)snprintf(text, sizeof(text),
	    _("name_clash: getpwnam gives uid %u, the registry has %u"),
	    entry->pw_uid, test->user->uid);
	return refuse(test, text, _("another account has that name"));
}

static enum ctl_exit
check_policy(struct test *test, const struct policy_question *question)
{
	enum policy_answer answer = POLICY_REFUSED;
	struct extauth_error error = {0};
	const char *why = "";
	enum extauth_err err;
	char text[512];

	err = policy_account(question, &answer);
	if (err != EXTAUTH_OK)
		return complain_about("policy", err, &error);
	if (answer != POLICY_ALLOWED)
		return refuse(test, policy_name(answer),
		    _("a real login would be refused as well"));
	err = policy_provider(question, &test->provider, &why, &error);
	if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	(void)snprintf(text, sizeof(text), _("%s (%s), chosen by: %s"),
	    test->provider->name, test->provider->type, why);
	document_text(test->report, "provider", test->provider->name);
	document_text(test->report, "provider_chosen_by", why);
	if (!test->context->is_json)
		label_print("provider", text);
	return CTL_DONE;
}

static enum ctl_exit
ask_password(bool is_dry_run, struct secret *ret_password)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	if (is_dry_run) {
		err = secret_set(ret_password, "dry-run", 7);
	} else {
		if (terminal_is_person())
			complain("a refusal counts at the provider as one "
				 "wrong password");
		err = terminal_read_line(
		    _("Password: "), false, ret_password, &error);
	}
	if (err == EXTAUTH_OK)
		err = identity_check_password(
		    secret_reveal(ret_password), ret_password->length, &error);
	return err == EXTAUTH_OK ? CTL_DONE
				 : complain_about("password", err, &error);
}

/* That one came, and what becomes of it; never a byte of it. */
static void
token_say(const struct test *test, const struct secret *token)
{
	const char *name = test->provider->export_token;
	char text[160];

	if (token->length == 0)
		return;
	(void)snprintf(text, sizeof(text),
	    _("%zu bytes, for %.100s of a session"), token->length,
	    name[0] != '\0' ? name : _("nothing"));
	say(test, "token", text);
}

static void
outcome_say(const struct test *test, const struct login_outcome *outcome)
{
	char text[128];

	say(test, "verdict", verdict_name(outcome->verdict));
	if (outcome->reason[0] != '\0')
		say(test, "reason", outcome->reason);
	if (outcome->message[0] != '\0')
		say(test, "message", outcome->message);
	if (outcome->tls[0] != '\0')
		say(test, "tls", outcome->tls);
	token_say(test, &outcome->token);
	document_number(test->report, "http_status", outcome->http_status);
	document_number(test->report, "milliseconds", outcome->duration_ms);
	if (test->context->is_json)
		return;
	if (outcome->http_status > 0)
		(void)printf(
		    "%-*s %u\n", LABEL_COLUMNS, "http", outcome->http_status);
	(void)snprintf(text, sizeof(text), _("%u ms from start of the worker"),
	    outcome->duration_ms);
	label_print(N_("time"), text);
}

/* Whoever pipes a password in may have piped more, and must say so. */
static uint32_t
flags_of(const struct test *test, bool is_dry_run)
{
	uint32_t flags = LOGIN_TRACE;

	if (is_dry_run)
		flags |= LOGIN_DRY_RUN;
	if (is_dry_run || terminal_is_person() ||
	    arguments_has(test->arguments, "second-factor"))
		flags |= LOGIN_CAN_ASK | LOGIN_CAN_WAIT;
	return flags;
}

static enum ctl_exit
send_login(const struct test *test, const struct trial_place *place)
{
	cleanup_secret struct secret password = {0};
	const bool is_dry_run = arguments_has(test->arguments, "dry-run");
	const bool has_password =
	    config_provider_wants_password(test->provider);
	struct extauth_error error = {0};
	struct trial_task task = {
	    .type = FRAME_LOGIN,
	    .password = has_password ? &password : NULL,
	    .traces = test->traces,
	};
	cleanup_outcome struct login_outcome outcome = {0};
	cleanup_free struct login_facts *facts = NULL;
	enum ctl_exit status = CTL_DONE;
	enum extauth_err err;

	if (has_password)
		status = ask_password(is_dry_run, &password);
	if (status != CTL_DONE)
		return status;
	err = trial_make_facts(test->config, test->user, place, &facts, &error);
	if (err != EXTAUTH_OK)
		return complain_error(err, &error);
	(void)snprintf(facts->provider, sizeof(facts->provider), "%s",
	    test->provider->name);
	facts->flags = flags_of(test, is_dry_run);
	task.facts = facts;
	err = trial_run(&task, &outcome, &error);
	if (err != EXTAUTH_OK) {
		say(test, "verdict", "unavailable");
		say(test, "reason", error.text);
		return CTL_CANNOT;
	}
	if (is_dry_run && outcome.verdict != VERDICT_MISCONFIGURED) {
		say(test, "verdict", _("none: a dry run sends nothing"));
		return CTL_DONE;
	}
	outcome_say(test, &outcome);
	return trial_exit(outcome.verdict);
}

/* Where the services are listed, one that is no login would be refused. */
static const char *
default_service(const struct config *config)
{
	if (policy_admits_service(config, DEFAULT_SERVICE))
		return DEFAULT_SERVICE;
	return config->general.services.items[0];
}

static enum ctl_exit
steps(struct test *test, const struct registry *registry)
{
	const char *service = arguments_value(test->arguments, "service");
	struct trial_place place = {
	    .service =
		service != NULL ? service : default_service(test->config),
	    .rhost = arguments_value(test->arguments, "rhost"),
	    .tty = arguments_value(test->arguments, "tty"),
	};
	struct policy_question question = {
	    .config = test->config,
	    .registry = registry,
	    .user = test->user,
	    .service = place.service,
	    .forced_provider = arguments_value(test->arguments, "provider"),
	    .now = (int64_t)time(NULL),
	};
	enum ctl_exit status;

	say(test, "user", test->user->name);
	say(test, "email", test->user->email);
	say(test, "service", place.service);
	status = check_account(test);
	if (status == CTL_DONE)
		status = check_policy(test, &question);
	if (status != CTL_DONE)
		return status;
	return test->provider != NULL ? send_login(test, &place) : CTL_CANNOT;
}

static enum ctl_exit
test_login(const struct context *context, const struct arguments *arguments)
{
	cleanup_trial_user struct trial_user found = {.registry.fd = -1};
	cleanup_document struct json_object *report = NULL;
	cleanup_config struct config config = {0};
	struct test test = {.context = context, .arguments = arguments};
	enum ctl_exit status;

	status = settings_load(context, &config);
	if (status == CTL_DONE)
		status = trial_find_user(arguments->operands[0], &found);
	if (status != CTL_DONE)
		return status;
	report = document_object();
	test.config = &config;
	test.user = &found.user;
	test.report = report;
	if (context->is_json) {
		test.traces = document_array();
		document_put(report, "trace", test.traces);
	}
	status = steps(&test, &found.registry);
	if (context->is_json)
		document_print_json(report);
	return status;
}

const struct command command_test_login = {
    .name = "test-login",
    .operands = "NAME",
    .summary = N_("Tries a login, and tells each step of it."),
    .example = "extauthctl test-login alice --service sshd --rhost 192.0.2.7",
    .notes = N_(
	"The password is asked for without echo, or is the first line of "
	"standard input.\nA real request is sent, by the same worker as at a "
	"login. A refusal counts at the\nprovider as one wrong password; the "
	"local throttle neither stops nor counts it.\nA second factor is tried "
	"on "
	"a terminal; with --second-factor the answers are the\nfurther lines "
	"of "
	"standard input. A provider with grant = device is asked without a\n"
	"password.\nExit status: 0 accepted "
	"(or dry run done), 1 refused, 2 could not tell."),
    .options =
	(const struct command_option[]){
	    {"service", "NAME",
		N_("PAM service; default: extauthctl, or the first of "
		   "services")},
	    {"rhost", "HOST", N_("remote host; default: a local login")},
	    {"tty", "TTY", N_("terminal, as tty1")},
	    {"provider", "NAME", N_("as the PAM option provider=")},
	    {"second-factor", NULL, N_("try one, without a terminal too")},
	    {"dry-run", NULL, N_("build and show the requests; send nothing")},
	    {NULL, NULL, NULL},
	},
    .operand_min = 1,
    .operand_max = 1,
    .run = test_login,
};
