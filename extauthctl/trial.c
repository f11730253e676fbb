/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "settings.h"
#include "terminal.h"
#include "translate.h"

enum ctl_exit
trial_find_user(const char *name, struct trial_user *ret_user)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	if (!settings_need_root(_("reading the registry")))
		return CTL_CANNOT;
	err = registry_open(EXTAUTH_REGISTRY_PATH, &ret_user->registry, &error);
	if (err == EXTAUTH_NOTFOUND) {
		complain("nobody is registered yet; see extauthctl user add "
			 "--help");
		return CTL_NO;
	}
	if (err == EXTAUTH_OK)
		err = registry_find_name(&ret_user->registry, name,
		    &ret_user->room, &ret_user->user);
	if (err == EXTAUTH_NOTFOUND)
		err = registry_find_email(&ret_user->registry, name,
		    &ret_user->room, &ret_user->user);
	if (err == EXTAUTH_NOTFOUND) {
		complain("%s: not registered; see extauthctl user list", name);
		return CTL_NO;
	}
	return err == EXTAUTH_OK ? CTL_DONE
				 : complain_about("registry", err, &error);
}

void
trial_user_clear(struct trial_user *user)
{
	if (user == NULL)
		return;
	registry_room_clear(&user->room);
	registry_close(&user->registry);
}

static bool
copy(char *to, size_t size, const char *text)
{
	int length = snprintf(to, size, "%s", text);

	return length >= 0 && (size_t)length < size;
}

static const char *
phrase_of(void *context, const char *text)
{
	(void)context;
	return translate_text(text);
}

enum extauth_err
trial_make_facts(const struct config *config, const struct registry_user *user,
    const struct trial_place *place, struct login_facts **ret_facts,
    struct extauth_error *error)
{
	/* Too large for a stack frame. */
	cleanup_free struct login_facts *facts = calloc(1, sizeof(*facts));
	struct device_source source = {
	    .rhost = place->rhost,
	    .tty = place->tty,
	    .device_os = config->general.device_os,
	    .local_device_ip = config->general.local_device_ip,
	};

	if (facts == NULL)
		return EXTAUTH_NOMEM;
	facts->uid = user->uid;
	facts->login_deadline_ms = config->general.login_deadline_ms;
	facts->person_deadline_ms = config->general.person_deadline_ms;
	/* The worker starts in another directory. */
	if (realpath(config->path, facts->config_path) == NULL)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", config->path,
		    error_of_number(errno));
	if (!copy(facts->username, sizeof(facts->username), user->name) ||
	    !copy(facts->email, sizeof(facts->email), user->email) ||
	    !copy(facts->external_id, sizeof(facts->external_id),
		user->external_id) ||
	    !copy(facts->service, sizeof(facts->service), place->service))
		return error_set(
		    error, EXTAUTH_TOOBIG, "a name is too long to be sent");
	phrase_collect(phrase_of, NULL, facts->phrases);
	login_make_request_id(facts);
	device_describe(&source, &facts->device);
	*ret_facts = facts;
	facts = NULL;
	return EXTAUTH_OK;
}

static enum extauth_err
on_prompt(void *context, const char *text, bool echo, struct secret *ret_answer)
{
	struct extauth_error error = {0};

	(void)context;
	return terminal_read_line(text, echo, ret_answer, &error);
}

static void
on_inform(void *context, const char *text)
{
	(void)context;
	(void)fprintf(stderr, "%s\n", text);
}

static void
on_trace(void *context, const char *text)
{
	struct json_object *traces = context;

	if (traces != NULL) {
		document_push_text(traces, text);
		return;
	}
	(void)printf("  | ");
	for (; *text != '\0'; text++) {
		(void)putchar(*text);
		if (*text == '\n' && text[1] != '\0')
			(void)printf("  | ");
	}
	(void)putchar('\n');
	(void)fflush(stdout);
}

enum extauth_err
trial_run(const struct trial_task *task, struct login_outcome *ret_outcome,
    struct extauth_error *error)
{
	struct worker_host host = {
	    .context = task->traces,
	    .prompt = task->is_unattended ? NULL : on_prompt,
	    .inform = task->is_unattended ? NULL : on_inform,
	    .trace = on_trace,
	};
	struct worker_job job = {
	    .program = EXTAUTH_EXCHANGE_PATH,
	    .type = task->type,
	    .facts = task->facts,
	    .password = task->password,
	    .host = &host,
	};
	enum extauth_err err = worker_run(&job, ret_outcome, error);

	if (err != EXTAUTH_OK && error->text[0] == '\0')
		return error_set(error, err, "worker: %s", error_name(err));
	return err;
}

enum ctl_exit
trial_exit(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_ACCEPTED:
		return CTL_DONE;
	case VERDICT_REJECTED:
	case VERDICT_EXPIRED:
	case VERDICT_LOCKED:
	case VERDICT_SECOND_FACTOR_NEEDED:
	case VERDICT_DENIED_BY_POLICY:
		return CTL_NO;
	case VERDICT_THROTTLED:
	case VERDICT_UNAVAILABLE:
	case VERDICT_MISCONFIGURED:
		return CTL_CANNOT;
	}
	return CTL_CANNOT;
}
