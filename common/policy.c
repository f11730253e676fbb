/* SPDX-License-Identifier: MIT */
#include "policy.h"

#include <string.h>

#include "identity.h"

const char *
policy_name(enum policy_answer answer)
{
	switch (answer) {
	case POLICY_REFUSED:
		return "service_not_allowed";
	case POLICY_ALLOWED:
		return "allowed";
	case POLICY_DISABLED:
		return "disabled";
	case POLICY_PAST_DATE:
		return "past_not_after";
	}
	return "service_not_allowed";
}

static bool
list_names(const struct config_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->items[i], name) == 0)
			return true;
	return false;
}

bool
policy_admits_service(const struct config *config, const char *service)
{
	const struct config_list *services = &config->general.services;

	if (services->count == 0)
		return true;
	if (strcmp(service, "sudo-i") == 0)
		service = "sudo";
	return list_names(services, service) ||
	    (strcmp(service, "su-l") == 0 && list_names(services, "su"));
}

/* The primary group of a linked user is the business of /etc/group. */
static bool
user_is_in(const struct registry_user *user, uint32_t gid)
{
	size_t i;

	if (!user->is_linked && user->gid == gid)
		return true;
	for (i = 0; i < user->gid_count; i++)
		if (user->gids[i] == gid)
			return true;
	return false;
}

/* Tells whether the user is in a group of the registry. A group that is not
 * there has no members. */
static enum extauth_err
group_holds(
    const struct policy_question *question, const char *group, bool *ret_holds)
{
	cleanup_room struct registry_room room = {0};
	struct registry_group found;
	enum extauth_err err;

	err =
	    registry_find_group_name(question->registry, group, &room, &found);
	if (err != EXTAUTH_OK && err != EXTAUTH_NOTFOUND)
		return err == EXTAUTH_NOMEM ? err : EXTAUTH_UNAVAILABLE;
	*ret_holds = err == EXTAUTH_OK && user_is_in(question->user, found.gid);
	return EXTAUTH_OK;
}

static enum extauth_err
service_decide(const struct policy_question *question,
    const struct config_service *service, enum policy_answer *ret_answer)
{
	bool holds = (service->allow_users.count == 0 &&
			 service->allow_groups.count == 0) ||
	    list_names(&service->allow_users, question->user->name);
	size_t i;

	for (i = 0; i < service->allow_groups.count && !holds; i++) {
		enum extauth_err err = group_holds(
		    question, service->allow_groups.items[i], &holds);

		if (err != EXTAUTH_OK)
			return err;
	}
	*ret_answer = holds ? POLICY_ALLOWED : POLICY_REFUSED;
	return EXTAUTH_OK;
}

/* The user's service manager, which asks for no password: where it names this
 * service, a program is after something else. */
static bool
is_behind_login(const struct policy_question *question)
{
	return question->is_account_step &&
	    strcmp(question->service, "systemd-user") == 0;
}

enum extauth_err
policy_account(
    const struct policy_question *question, enum policy_answer *ret_answer)
{
	const struct registry_user *user = question->user;
	const struct config_service *service;

	*ret_answer = POLICY_REFUSED;
	if (user->is_disabled) {
		*ret_answer = POLICY_DISABLED;
		return EXTAUTH_OK;
	}
	if (user->not_after != 0 && question->now > user->not_after) {
		*ret_answer = POLICY_PAST_DATE;
		return EXTAUTH_OK;
	}
	if (!policy_admits_service(question->config, question->service) &&
	    !is_behind_login(question))
		return EXTAUTH_OK;
	service = config_find_service(question->config, question->service);
	if (service == NULL) {
		*ret_answer = POLICY_ALLOWED;
		return EXTAUTH_OK;
	}
	return service_decide(question, service, ret_answer);
}

static bool
provider_serves(const struct config_provider *provider, const char *domain)
{
	size_t i;

	for (i = 0; i < provider->domains.count; i++)
		if (identity_equal(provider->domains.items[i], domain))
			return true;
	return false;
}

/* Lends the name of the provider that claims the domain, or "". */
static const char *
provider_of_domain(const struct config *config, const char *domain)
{
	size_t i;

	for (i = 0; i < config->provider_count && *domain != '\0'; i++)
		if (provider_serves(&config->providers[i], domain))
			return config->providers[i].name;
	return "";
}

/* Lends the first name that is set, and the word for where it is set. */
static const char *
provider_choose(const struct policy_question *question, const char **ret_why)
{
	const struct config *config = question->config;
	const struct config_service *service =
	    config_find_service(config, question->service);
	const struct {
		const char *name;
		const char *why;
	} choices[] = {
	    {question->forced_provider, "option"},
	    {service != NULL ? service->provider : "", "service"},
	    {question->user->provider, "user"},
	    {provider_of_domain(config, identity_domain(question->user->email)),
		"domain"},
	    {config->general.default_provider, "default"},
	};
	size_t i;

	for (i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		if (choices[i].name != NULL && *choices[i].name != '\0') {
			*ret_why = choices[i].why;
			return choices[i].name;
		}
	}
	return NULL;
}

enum extauth_err
policy_provider(const struct policy_question *question,
    const struct config_provider **ret_provider, const char **ret_why,
    struct extauth_error *error)
{
	const char *domain = identity_domain(question->user->email);
	const struct config_provider *provider;
	const char *why = "";
	const char *name = provider_choose(question, &why);

	if (name == NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "no provider is set for %s, and there is no "
		    "default_provider",
		    question->user->name);
	provider = config_find_provider(question->config, name);
	if (provider == NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "provider %s (set by %s) is not configured", name, why);
	if (provider->domains.count > 0 && !provider->any_domain &&
	    !provider_serves(provider, domain))
		return error_set(error, EXTAUTH_CONFIG,
		    "provider %s (set by %s) does not serve the domain \"%s\"",
		    name, why, domain);
	*ret_provider = provider;
	*ret_why = why;
	return EXTAUTH_OK;
}
