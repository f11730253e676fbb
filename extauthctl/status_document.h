/* SPDX-License-Identifier: MIT */
/* How things are, as one JSON document for programs: every key is always there,
 * and null where it cannot be told. extauthctl(8) names the keys.
 * Does not know: what a person reads. */
#ifndef EXTAUTHCTL_STATUS_DOCUMENT_H
#define EXTAUTHCTL_STATUS_DOCUMENT_H

#include "document.h"
#include "status_registry.h"

/* What a status is told of. */
struct status_scene {
	const struct config *config; /* NULL: it is broken */
	const char *config_error;
	const struct status_registry *registry;
	int64_t now_s;
};

/* Reads the configuration and the registry that there are; both are the
 * caller's, and with `error` lent to the scene. */
void status_scene_read(const char *config_path, struct config *config,
    struct status_registry *registry, struct extauth_error *error,
    struct status_scene *ret_scene);

/* Makes the document, the caller's (document_clear). */
struct json_object *status_document(const struct status_scene *scene);

/* Adds a time as RFC 3339 writes it, in UTC; 0 is null. */
void status_time_add(
    struct json_object *object, const char *key, int64_t seconds);

#endif
