/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checks.h"
#include "local.h"
#include "paths.h"
#include "registry.h"

static void
check_mode(const char *path, mode_t wanted, struct findings *findings)
{
	struct stat status;
	char mend[512];

	(void)snprintf(mend, sizeof(mend), "chown root:root %s; chmod %04o %s",
	    path, wanted, path);
	if (stat(path, &status) != 0)
		return;
	if (status.st_uid != 0 || (status.st_mode & 07777) != wanted)
		finding_add(findings, FINDING_WARNING, "mode", mend,
		    "%s: owner %u, mode %04o; it should be root, %04o", path,
		    status.st_uid, status.st_mode & 07777, wanted);
}

/* Opens and reads a file whole; `*ret_registry` stays closed on failure. */
static enum extauth_err
check_file(
    const char *path, struct registry *ret_registry, struct findings *findings)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	err = registry_open(path, ret_registry, &error);
	if (err == EXTAUTH_OK)
		err = registry_verify(ret_registry, &error);
	if (err == EXTAUTH_OK || err == EXTAUTH_NOTFOUND)
		return err;
	finding_add(findings, FINDING_ERROR, "registry",
	    "restore the file; or move both away, and extauthctl user import "
	    "an export",
	    "%s", error.text[0] != '\0' ? error.text : error_name(err));
	return err;
}

/* A name that is no group lets nobody in. */
static void
check_group(const struct registry *registry,
    const struct config_service *service, const char *name,
    struct findings *findings)
{
	cleanup_room struct registry_room room = {0};
	struct registry_group group;

	if (registry_find_group_name(registry, name, &room, &group) ==
	    EXTAUTH_NOTFOUND)
		finding_add(findings, FINDING_WARNING, "service_group",
		    "a [group NAME] and extauthctl sync; or user add --group",
		    "[service %s] allow_groups: there is no group %s: nobody "
		    "is in it",
		    service->name, name);
}

static void
check_service_groups(const struct config *config,
    const struct registry *registry, struct findings *findings)
{
	size_t index;
	size_t nth;

	for (index = 0; index < config->service_count; index++) {
		const struct config_service *service = &config->services[index];

		for (nth = 0; nth < service->allow_groups.count; nth++)
			check_group(registry, service,
			    service->allow_groups.items[nth], findings);
	}
}

void
check_registry(const struct config *config, struct findings *findings)
{
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_registry struct registry nss = {.fd = -1};
	enum extauth_err registry_err;
	enum extauth_err nss_err;

	check_mode(EXTAUTH_REGISTRY_DIRECTORY, 0755, findings);
	check_mode(EXTAUTH_REGISTRY_PATH, 0600, findings);
	check_mode(EXTAUTH_NSS_PATH, 0644, findings);
	registry_err = check_file(EXTAUTH_REGISTRY_PATH, &registry, findings);
	nss_err = check_file(EXTAUTH_NSS_PATH, &nss, findings);
	if (registry_err == EXTAUTH_NOTFOUND && nss_err == EXTAUTH_NOTFOUND)
		finding_add(findings, FINDING_NOTE, "registry_empty",
		    "extauthctl user add NAME --email EMAIL",
		    "nobody is registered yet");
	else if ((registry_err == EXTAUTH_NOTFOUND) !=
	    (nss_err == EXTAUTH_NOTFOUND))
		finding_add(findings, FINDING_ERROR, "registry",
		    "restore the file that is missing, or import an export",
		    "%s: only one of registry and nss is there",
		    EXTAUTH_REGISTRY_DIRECTORY);
	if (registry_err == EXTAUTH_OK && nss_err == EXTAUTH_OK &&
	    registry.generation != nss.generation)
		finding_add(findings, FINDING_ERROR, "registry_generation",
		    "any change writes both anew: extauthctl user disable and "
		    "enable somebody",
		    "registry is generation %llu, nss is %llu",
		    (unsigned long long)registry.generation,
		    (unsigned long long)nss.generation);
	if (config != NULL && registry_err == EXTAUTH_OK)
		check_service_groups(config, &registry, findings);
}

void
check_worker(struct findings *findings)
{
	struct extauth_error error = {0};
	struct local_user user;

	if (access(EXTAUTH_EXCHANGE_PATH, X_OK) != 0)
		finding_add(findings, FINDING_ERROR, "worker",
		    "install extauth again",
		    "%s: %s: no registered user can log in",
		    EXTAUTH_EXCHANGE_PATH, error_of_number(errno));
	if (local_find_user(EXTAUTH_WORKER_USER, &user, &error) != EXTAUTH_OK)
		finding_add(findings, FINDING_ERROR, "worker_user",
		    "adduser --system --group --no-create-home "
		    "--home /nonexistent " EXTAUTH_WORKER_USER,
		    "%s: no registered user can log in", error.text);
	else if (user.uid == 0)
		finding_add(findings, FINDING_ERROR, "worker_user",
		    "give it a uid of its own", "user %s has uid 0",
		    EXTAUTH_WORKER_USER);
}
