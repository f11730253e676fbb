/* SPDX-License-Identifier: MIT */
/* `registry upgrade`: writes both files anew in the newest format.
 * Does not know: how a format looks. */
#include <stdio.h>

#include "command.h"
#include "document.h"
#include "registrar.h"
#include "registry_format.h"
#include "settings.h"
#include "translate.h"

static void
report(const struct context *context, uint32_t before)
{
	cleanup_document struct json_object *document = document_object();

	document_number(document, "format", REGISTRY_VERSION);
	document_number(document, "format_before", before);
	if (context->is_json)
		document_print_json(document);
	else if (before == REGISTRY_VERSION)
		(void)printf(_("has format %u already\n"), REGISTRY_VERSION);
	else
		(void)printf(
		    _("format %u, before %u\n"), REGISTRY_VERSION, before);
}

static enum ctl_exit
registry_upgrade(
    const struct context *context, const struct arguments *arguments)
{
	cleanup_registrar struct registrar registrar = {
	    .change = REGISTRY_CHANGE_NONE};
	struct registry_contents *contents = &registrar.change.contents;
	cleanup_config struct config config = {0};
	struct extauth_error error = {0};
	enum ctl_exit status;
	enum extauth_err err;
	uint32_t before;

	(void)arguments;
	if (!settings_need_root("registry upgrade"))
		return CTL_CANNOT;
	status = settings_load_or_defaults(context, &config);
	if (status != CTL_DONE)
		return status;
	err = registrar_begin(&config, &registrar, &error);
	if (err != EXTAUTH_OK)
		return complain_about("registry upgrade", err, &error);
	if (contents->generation == 0) {
		complain("registry upgrade: nobody is registered yet");
		return CTL_NO;
	}
	before = contents->version;
	contents->version = REGISTRY_VERSION;
	if (before != REGISTRY_VERSION)
		err = registrar_commit(&registrar, &error);
	if (err != EXTAUTH_OK)
		return complain_about("registry upgrade", err, &error);
	report(context, before);
	return CTL_DONE;
}

const struct command command_registry_upgrade = {
    .name = "registry upgrade",
    .operands = "",
    .summary = N_("Writes the registry in the newest format."),
    .example = "extauthctl registry upgrade",
    .notes =
	N_("Every other change keeps the format that the registry has, so "
	   "that programs which\nwere started before an upgrade of extauth "
	   "can still read it. Do this when none\nof them runs any more."),
    .run = registry_upgrade,
};
