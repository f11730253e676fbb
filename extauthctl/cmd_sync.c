/* SPDX-License-Identifier: MIT */
/* `sync`: brings the registry up to what the directories say.
 * Does not know: how one source is synced. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "identity.h"
#include "number.h"
#include "paths.h"
#include "settings.h"
#include "sync_source.h"

struct sync_all {
	const struct context *context;
	const struct arguments *arguments;
	struct sync_order order; /* but for source and json */
	struct json_object *sources;
};

static enum ctl_exit
order_read(struct sync_all *all)
{
	const struct arguments *arguments = all->arguments;
	const char *accepted = arguments_value(arguments, "accept-removals");
	struct sync_order *order = &all->order;
	struct extauth_error error = {0};

	order->email = arguments_value(arguments, "user");
	order->worker = arguments_value(arguments, "worker");
	if (order->worker == NULL)
		order->worker = EXTAUTH_EXCHANGE_PATH;
	order->is_rehearsal = arguments_has(arguments, "dry-run");
	order->is_whole = arguments_has(arguments, "full");
	order->is_traced = arguments_has(arguments, "trace");
	order->has_differences =
	    order->is_rehearsal || arguments_has(arguments, "verbose");
	if (accepted != NULL && !number_parse(accepted, &order->accepted)) {
		complain("sync: --accept-removals: a number of users, not %s",
		    accepted);
		return CTL_USAGE;
	}
	if (order->email == NULL ||
	    identity_check_email(order->email, &error) == EXTAUTH_OK)
		return CTL_DONE;
	complain("sync: --user %s: %s", order->email, error.text);
	return CTL_USAGE;
}

static enum ctl_exit
one_sync(struct sync_all *all, const struct config_source *source)
{
	struct sync_order order = all->order;
	enum ctl_exit status;

	order.source = source;
	if (all->context->is_json) {
		order.json = document_object();
		document_text(order.json, "source", source->name);
		document_push(all->sources, order.json);
	}
	status = sync_source(&order);
	if (order.json != NULL)
		document_number(order.json, "status", (int64_t)status);
	return status;
}

static enum ctl_exit
worse(enum ctl_exit one, enum ctl_exit other)
{
	return one > other ? one : other;
}

/* One person is looked for until a source has him: that the others have not is
 * no fault. */
static enum ctl_exit
person_sync(struct sync_all *all)
{
	const struct config *config = all->order.config;
	enum ctl_exit worst = CTL_NO;
	size_t i;

	for (i = 0; i < config->source_count; i++) {
		enum ctl_exit status = one_sync(all, &config->sources[i]);

		if (status == CTL_DONE)
			return CTL_DONE;
		worst = worse(worst, status);
	}
	return worst;
}

static enum ctl_exit
named_sync(struct sync_all *all)
{
	const struct arguments *arguments = all->arguments;
	enum ctl_exit worst = CTL_DONE;
	size_t i;

	for (i = 0; i < arguments->operand_count; i++) {
		const struct config_source *source = config_find_source(
		    all->order.config, arguments->operands[i]);

		if (source == NULL)
			complain("sync: there is no [source %s]",
			    arguments->operands[i]);
		worst = worse(
		    worst, source != NULL ? one_sync(all, source) : CTL_CONFIG);
	}
	return worst;
}

static enum ctl_exit
all_sync(struct sync_all *all)
{
	const struct config *config = all->order.config;
	enum ctl_exit worst = CTL_DONE;
	size_t i;

	if (all->arguments->operand_count > 0)
		return named_sync(all);
	if (config->source_count == 0) {
		complain("sync: there is no [source NAME] in %s; see "
			 "extauth-sources(7)",
		    all->context->config_path);
		return CTL_CONFIG;
	}
	if (all->order.email != NULL)
		return person_sync(all);
	for (i = 0; i < config->source_count; i++)
		worst = worse(worst, one_sync(all, &config->sources[i]));
	return worst;
}

static enum ctl_exit
sync_command(const struct context *context, const struct arguments *arguments)
{
	cleanup_document struct json_object *report = document_object();
	cleanup_config struct config config = {0};
	cleanup_free char *path = NULL;
	struct sync_all all = {.context = context,
	    .arguments = arguments,
	    .sources = document_array()};
	enum ctl_exit status;

	/* What is kept of a failure is read by monitoring, whoever ran this. */
	error_translate_by(NULL);
	document_put(report, "sources", all.sources);
	status = order_read(&all);
	if (status != CTL_DONE)
		return status;
	if (!settings_need_root("sync"))
		return CTL_CANNOT;
	status = settings_load(context, &config);
	if (status != CTL_DONE)
		return status;
	/* The worker starts in another directory. */
	path = realpath(context->config_path, NULL);
	if (path == NULL) {
		complain(
		    "%s: %s", context->config_path, error_of_number(errno));
		return CTL_CANNOT;
	}
	all.order.config = &config;
	all.order.config_path = path;
	status = all_sync(&all);
	if (context->is_json)
		document_print_json(report);
	return status;
}

const struct command command_sync = {
    .name = "sync",
    .operands = "[SOURCE ...]",
    .summary = N_("Makes the registry what the directories say."),
    .example = "extauthctl sync corp --dry-run",
    .notes = N_(
	"Reads each [source NAME] of the configuration, or those named, one "
	"after the\n"
	"other. Who is new is registered, who is no longer there is disabled\n"
	"(when_gone). Who may not be registered is refused with the reason, "
	"and does\n"
	"not stop the others. A directory that cannot be read to its end "
	"changes\n"
	"nothing. So does a sync that would disable or remove more than\n"
	"max_removal_percent of a source's users. --user registers one person "
	"at once,\n"
	"of the first source that has him. Exit status: 0 done, 1 stopped by\n"
	"max_removal_percent, or --user not found or refused, 2 a directory or "
	"the\n"
	"registry is out of reach, 78 configuration."),
    .options =
	(const struct command_option[]){
	    {"dry-run", NULL, N_("show the differences; write nothing")},
	    {"full", NULL, N_("read all, not only what changed")},
	    {"user", "EMAIL", N_("this person alone")},
	    {"accept-removals", "N",
		N_("let up to N be disabled or removed, this time")},
	    {"verbose", NULL, N_("one line for each difference")},
	    {"trace", NULL, N_("show each request, without secrets")},
	    {"worker", "SOCKET",
		N_("let the service there speak to directories")},
	    {NULL, NULL, NULL},
	},
    .operand_max = 64,
    .run = sync_command,
};
