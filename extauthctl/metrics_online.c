/* SPDX-License-Identifier: MIT */
#include "metrics_online.h"

#include <stdio.h>
#include <string.h>

#include "date.h"
#include "trial.h"

#define DAY_SECONDS 86400

/* Nobody is asked about; the facts need a name. */
static const struct registry_user nobody = {.name = "extauth-check",
    .gecos = "",
    .home = "/",
    .shell = "",
    .email = "extauth-check@example.invalid",
    .external_id = "",
    .provider = "",
    .source = ""};

/* `text` begins with "valid until YYYY-MM-DD", or with "expired YYYY-MM-DD". */
static int64_t
end_read(const char *text)
{
	static const char *const starts[] = {"valid until ", "expired "};
	char date[11] = "";
	int64_t end_s = 0;
	size_t at;

	for (at = 0; at < sizeof(starts) / sizeof(*starts); at++)
		if (strncmp(text, starts[at], strlen(starts[at])) == 0)
			(void)snprintf(date, sizeof(date), "%.10s",
			    text + strlen(starts[at]));
	if (date[0] == '\0')
		return 0;
	if (date_parse(date, &end_s, NULL) != EXTAUTH_OK)
		return 0;
	return end_s - DAY_SECONDS + 1;
}

static enum extauth_err
probe_run(const struct config *config, const struct config_provider *provider,
    struct login_outcome *ret_outcome)
{
	cleanup_document struct json_object *traces = document_array();
	const struct trial_place place = {.service = "extauthctl"};
	struct trial_task task = {
	    .type = FRAME_PROBE, .traces = traces, .is_unattended = true};
	cleanup_free struct login_facts *facts = NULL;
	struct extauth_error error = {0};
	enum extauth_err err =
	    trial_make_facts(config, &nobody, &place, &facts, &error);

	if (err != EXTAUTH_OK)
		return err;
	(void)snprintf(
	    facts->provider, sizeof(facts->provider), "%s", provider->name);
	task.facts = facts;
	return trial_run(&task, ret_outcome, &error);
}

void
metrics_online_probe(const struct config *config,
    const struct config_provider *provider, struct metrics_online *ret_online)
{
	cleanup_outcome struct login_outcome outcome = {0};

	*ret_online = (struct metrics_online){0};
	if (probe_run(config, provider, &outcome) != EXTAUTH_OK)
		return;
	ret_online->is_reachable = outcome.verdict != VERDICT_UNAVAILABLE &&
	    outcome.verdict != VERDICT_MISCONFIGURED;
	ret_online->server_end_s = end_read(outcome.tls);
}
