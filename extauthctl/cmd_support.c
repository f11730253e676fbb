/* SPDX-License-Identifier: MIT */
/* `support-bundle`: an archive of what helps to find a fault, made so that it
 * can be given away.
 * Does not know: what of each part is harmless. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "document.h"
#include "number.h"
#include "paths.h"
#include "settings.h"
#include "support_report.h"
#include "support_tar.h"
#include "translate.h"

#define NAME_BYTES 128
#define LOG_LINES 500U
#define LOG_LINES_MAX 10000U

struct part {
	const char *name;
	struct json_object *(*make)(const struct support_scene *scene);
};

static const struct part parts[] = {
    {"versions.json", support_versions},
    {"check.json", support_check},
    {"status.json", support_status},
    {"configuration.json", support_configuration},
    {"nsswitch.json", support_nsswitch},
    {"pam.json", support_pam},
    {"sshd.json", support_sshd},
    {"units.json", support_units},
    {"files.json", support_files},
    {"log.json", support_log},
};

#define PART_COUNT (sizeof(parts) / sizeof(*parts))

/* One bundle under way. */
struct bundle {
	int fd;
	const char *path;
	char folder[NAME_BYTES / 2];
	int64_t now_s;
};

static enum extauth_err
part_add(const struct bundle *bundle, const char *name,
    struct json_object *document, struct extauth_error *error)
{
	char path[NAME_BYTES];
	enum extauth_err err;

	(void)snprintf(path, sizeof(path), "%s/%s", bundle->folder, name);
	err = support_tar_add(bundle->fd, path,
	    document_render(document,
		JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE),
	    bundle->now_s);
	return err == EXTAUTH_OK
	    ? err
	    : error_set(error, err, "%s: %s", bundle->path,
		  err == EXTAUTH_SYSTEM ? error_of_number(errno)
					: error_name(err));
}

static struct json_object *
manifest_made(const struct support_scene *scene)
{
	struct json_object *object = document_object();
	struct json_object *files = document_array();
	size_t at;

	document_text(object, "what",
	    "extauthctl support-bundle of version " EXTAUTH_VERSION
	    ": only what is known to be harmless. Names and e-mails of people "
	    "and addresses are made up, the same within this bundle; names of "
	    "providers, sources and PAM services, and hosts and paths of "
	    "URLs, are real. Of secrets there are names, sizes and modes.");
	for (at = 0; at < PART_COUNT; at++)
		document_push_text(files, parts[at].name);
	document_put(object, "files", files);
	document_put(
	    object, "left_out", json_object_get(scene->scrub->left_out));
	document_number(
	    object, "people", (int64_t)scene->scrub->counts[SCRUB_USER]);
	document_number(
	    object, "addresses", (int64_t)scene->scrub->counts[SCRUB_ADDRESS]);
	return object;
}

static enum extauth_err
bundle_write(const struct bundle *bundle, const struct support_scene *scene,
    struct extauth_error *error)
{
	cleanup_document struct json_object *manifest = NULL;
	enum extauth_err err = EXTAUTH_OK;
	size_t at;

	for (at = 0; at < PART_COUNT && err == EXTAUTH_OK; at++) {
		cleanup_document struct json_object *part =
		    parts[at].make(scene);

		err = part_add(bundle, parts[at].name, part, error);
	}
	if (err != EXTAUTH_OK)
		return err;
	manifest = manifest_made(scene);
	err = part_add(bundle, "MANIFEST.json", manifest, error);
	if (err == EXTAUTH_OK &&
	    (support_tar_end(bundle->fd) != EXTAUTH_OK ||
		fsync(bundle->fd) != 0))
		err = error_set(error, EXTAUTH_SYSTEM, "%s: %s", bundle->path,
		    error_of_number(errno));
	return err;
}

/* Never in place of a file, and never through a link. */
static enum extauth_err
bundle_open(struct bundle *bundle, struct extauth_error *error)
{
	bundle->fd = open(bundle->path,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (bundle->fd >= 0 && fchmod(bundle->fd, 0600) == 0)
		return EXTAUTH_OK;
	if (errno == EEXIST)
		return error_set(error, EXTAUTH_EXISTS,
		    "%s is there already and stays as it is", bundle->path);
	return error_set(error, EXTAUTH_SYSTEM, "%s: %s", bundle->path,
	    error_of_number(errno));
}

static enum extauth_err
bundle_make(struct bundle *bundle, const struct support_scene *scene,
    struct extauth_error *error)
{
	enum extauth_err err = bundle_open(bundle, error);

	if (err != EXTAUTH_OK)
		return err;
	err = bundle_write(bundle, scene, error);
	(void)close(bundle->fd);
	if (err != EXTAUTH_OK)
		(void)unlink(bundle->path);
	return err;
}

static void
report(const struct context *context, const struct bundle *bundle,
    const struct support_scene *scene)
{
	cleanup_document struct json_object *manifest = manifest_made(scene);
	size_t at;

	if (context->is_json) {
		document_text(manifest, "bundle", bundle->path);
		document_print_json(manifest);
		return;
	}
	(void)printf(
	    _("%s holds, in folder %s:\n"), bundle->path, bundle->folder);
	(void)puts("  MANIFEST.json");
	for (at = 0; at < PART_COUNT; at++)
		(void)printf("  %s\n", parts[at].name);
	(void)puts(
	    _("Look into it before you send it: tar -xOf it shows all."));
}

static enum ctl_exit
bundle_of(const struct context *context, struct support_scene *scene,
    const char *path)
{
	struct bundle bundle = {.fd = -1, .now_s = scene->status.now_s};
	time_t now = (time_t)bundle.now_s;
	char own_path[NAME_BYTES];
	struct extauth_error error = {0};
	struct tm parts_of_now = {0};
	enum extauth_err err;

	(void)gmtime_r(&now, &parts_of_now);
	(void)strftime(bundle.folder, sizeof(bundle.folder),
	    "extauth-support-%Y%m%d-%H%M%S", &parts_of_now);
	(void)snprintf(own_path, sizeof(own_path), "%s.tar", bundle.folder);
	bundle.path = path != NULL ? path : own_path;
	err = bundle_make(&bundle, scene, &error);
	if (err != EXTAUTH_OK)
		return complain_about("support-bundle", err, &error);
	report(context, &bundle, scene);
	return CTL_DONE;
}

static enum ctl_exit
support(const struct context *context, const struct arguments *arguments)
{
	cleanup_document struct json_object *left_out = NULL;
	cleanup_status_registry struct status_registry registry = {0};
	cleanup_config struct config config = {0};
	const char *lines = arguments_value(arguments, "lines");
	struct extauth_error error = {0};
	struct scrub scrub = {.registry = &registry.contents};
	struct support_scene scene = {
	    .context = context, .scrub = &scrub, .log_lines = LOG_LINES};
	enum ctl_exit status;

	if (!settings_need_root("support-bundle"))
		return CTL_CANNOT;
	if (lines != NULL &&
	    (!number_parse(lines, &scene.log_lines) ||
		scene.log_lines > LOG_LINES_MAX)) {
		complain("--lines is a number up to %u", LOG_LINES_MAX);
		return CTL_USAGE;
	}
	left_out = document_object();
	scrub.left_out = left_out;
	status_scene_read(
	    context->config_path, &config, &registry, &error, &scene.status);
	status =
	    bundle_of(context, &scene, arguments_value(arguments, "output"));
	scrub_clear(&scrub);
	return status;
}

static const struct command_option options[] = {
    {"output", "FILE", N_("write it there; the default is a new file here")},
    {"lines", "N", N_("so many log lines at most (500)")},
    {NULL, NULL, NULL},
};

const struct command command_support_bundle = {
    .name = "support-bundle",
    .operands = "",
    .summary = N_("Packs what a supporter needs, without secrets or names."),
    .example = "extauthctl support-bundle",
    .notes = N_("A tar file, 0600, in the working directory. Only what is "
		"known to be harmless goes\nin: people and addresses get "
		"made-up names, secrets are there by name and size.\nLook "
		"into it before you send it."),
    .options = options,
    .run = support,
};
