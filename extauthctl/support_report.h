/* SPDX-License-Identifier: MIT */
/* The parts of a support bundle, each one document made of what is known to be
 * harmless.
 * Does not know: how they are packed. */
#ifndef EXTAUTHCTL_SUPPORT_REPORT_H
#define EXTAUTHCTL_SUPPORT_REPORT_H

#include "command.h"
#include "scrub.h"
#include "status_document.h"

/* What the parts are made of. */
struct support_scene {
	const struct context *context;
	struct status_scene status;
	struct scrub *scrub;
	uint32_t log_lines; /* so many at most */
};

/* Each makes its document, the caller's. */
struct json_object *support_versions(const struct support_scene *scene);
struct json_object *support_check(const struct support_scene *scene);
struct json_object *support_status(const struct support_scene *scene);
struct json_object *support_configuration(const struct support_scene *scene);
struct json_object *support_nsswitch(const struct support_scene *scene);
struct json_object *support_pam(const struct support_scene *scene);
struct json_object *support_sshd(const struct support_scene *scene);
struct json_object *support_units(const struct support_scene *scene);
struct json_object *support_files(const struct support_scene *scene);
struct json_object *support_log(const struct support_scene *scene);

#endif
