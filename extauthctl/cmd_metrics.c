/* SPDX-License-Identifier: MIT */
/* `metrics`: how things are, for Prometheus; on standard output, or as a file
 * for node_exporter's textfile collector.
 * Does not know: what is measured. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "metrics_gather.h"
#include "replace.h"
#include "settings.h"
#include "translate.h"

static enum extauth_err
file_write(
    const char *path, const struct buffer *text, struct extauth_error *error)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	cleanup_free char *directory = slash == NULL
	    ? strdup(".")
	    : strndup(path, slash == path ? 1 : (size_t)(slash - path));
	cleanup_fd int fd = -1;

	if (directory == NULL)
		return EXTAUTH_NOMEM;
	if (*name == '\0')
		return error_set(
		    error, EXTAUTH_INVALID, "%s: is no name of a file", path);
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set(error, EXTAUTH_SYSTEM, "%s: %s", directory,
		    error_of_number(errno));
	return replace_file(fd, name, 0644, text, error);
}

static enum ctl_exit
metrics_show(const char *path, const struct metrics *metrics)
{
	struct extauth_error error = {0};
	enum extauth_err err;

	if (path == NULL) {
		(void)fputs(buffer_text(&metrics->text), stdout);
		return CTL_DONE;
	}
	err = file_write(path, &metrics->text, &error);
	return err == EXTAUTH_OK ? CTL_DONE
				 : complain_about("metrics", err, &error);
}

static enum ctl_exit
metrics(const struct context *context, const struct arguments *arguments)
{
	cleanup_metrics struct metrics written = {
	    .text = buffer_make(METRICS_MAX_BYTES),
	    .errors = buffer_make(METRICS_MAX_BYTES),
	};
	cleanup_status_registry struct status_registry registry = {0};
	cleanup_config struct config config = {0};
	struct status_scene scene;
	struct extauth_error error = {0};

	if (!settings_need_root("metrics"))
		return CTL_CANNOT;
	status_scene_read(
	    context->config_path, &config, &registry, &error, &scene);
	metrics_gather(&scene, arguments_has(arguments, "online"), &written);
	return metrics_show(arguments_value(arguments, "output"), &written);
}

static const struct command_option options[] = {
    {"online", NULL,
	N_("connect to each provider for its certificate; no login")},
    {"output", "FILE", N_("replace FILE as a whole, 0644")},
    {NULL, NULL, NULL},
};

const struct command command_metrics = {
    .name = "metrics",
    .operands = "",
    .summary = N_("Shows how things are, for Prometheus."),
    .example = "extauthctl metrics --output "
	       "/var/lib/prometheus/node-exporter/extauth.prom",
    .notes = N_("What cannot be told is left out and named by "
		"extauth_metrics_error; exit status 0\nsays that the metrics "
		"were written. extauth-metrics.timer writes them every five\n"
		"minutes: systemctl enable --now extauth-metrics.timer"),
    .options = options,
    .run = metrics,
};
