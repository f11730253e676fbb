/* SPDX-License-Identifier: MIT */
/* extauthctl, the administrator's command: finds the command and runs it.
 * Does not know: what any command does. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "ini.h"
#include "paths.h"
#include "translate.h"

#define NAME_BYTES 32

static const struct command *const commands[] = {
    &command_user_add,
    &command_user_show,
    &command_user_list,
    &command_user_enable,
    &command_user_disable,
    &command_user_unlock,
    &command_user_remove,
    &command_user_import,
    &command_user_export,
    &command_sync,
    &command_id_export,
    &command_id_import,
    &command_registry_upgrade,
    &command_registry_restore,
    &command_test_login,
    &command_forgot_password,
    &command_secret_set,
    &command_secret_list,
    &command_secret_remove,
    &command_config_show,
    &command_setup,
    &command_unsetup,
    &command_check,
    &command_status,
    &command_metrics,
    &command_support_bundle,
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void
help(void)
{
	size_t index;

	(void)printf("%s",
	    _("Logins checked by a web service: users, trials, checks."
	      "\n\nUsage: extauthctl [--config FILE] [--json] COMMAND "
	      "...\n\n"));
	for (index = 0; index < COMMAND_COUNT; index++) {
		char left[NAME_BYTES * 2];

		(void)snprintf(left, sizeof(left), "%s %s",
		    commands[index]->name, commands[index]->operands);
		(void)printf("  %-22s %s\n", left,
		    translate_text(commands[index]->summary));
	}
	(void)printf("%s",
	    _("\nEach takes --help. Exit status: 0 yes or done, 1 no, "
	      "2 could not tell,\n64 usage, 78 configuration.\n\n"
	      "Example:\n  extauthctl user add alice --email "
	      "alice@example.com\n"));
}

static const struct command *
command_find(const char *name)
{
	size_t index;

	for (index = 0; index < COMMAND_COUNT; index++)
		if (strcmp(commands[index]->name, name) == 0)
			return commands[index];
	return NULL;
}

/* A command has one word or two; two are tried first. */
static const struct command *
command_of_words(int argc, char **argv, int *ret_words)
{
	const struct command *command = NULL;
	char name[NAME_BYTES];

	if (argc > 1) {
		(void)snprintf(name, sizeof(name), "%s %s", argv[0], argv[1]);
		command = command_find(name);
		*ret_words = 2;
	}
	if (command == NULL) {
		command = command_find(argv[0]);
		*ret_words = 1;
	}
	return command;
}

static bool
is_first_word(const char *word)
{
	size_t length = strlen(word);
	size_t index;

	for (index = 0; index < COMMAND_COUNT; index++)
		if (strncmp(commands[index]->name, word, length) == 0 &&
		    commands[index]->name[length] == ' ')
			return true;
	return false;
}

static void
list_of_word(FILE *stream, const char *word)
{
	size_t length = strlen(word);
	size_t index;

	for (index = 0; index < COMMAND_COUNT; index++)
		if (strncmp(commands[index]->name, word, length) == 0)
			(void)fprintf(stream, "  %-22s %s\n",
			    commands[index]->name,
			    translate_text(commands[index]->summary));
}

static enum ctl_exit
unknown_command(int argc, char **argv)
{
	const char *names[COMMAND_COUNT + 1] = {0};
	char name[NAME_BYTES * 2];
	const char *nearest;
	size_t index;

	for (index = 0; index < COMMAND_COUNT; index++)
		names[index] = commands[index]->name;
	if (argc == 1 && is_first_word(argv[0])) {
		complain("%s what?", argv[0]);
		list_of_word(stderr, argv[0]);
		return CTL_USAGE;
	}
	(void)snprintf(name, sizeof(name), "%s%s%s", argv[0],
	    argc > 1 ? " " : "", argc > 1 ? argv[1] : "");
	nearest = ini_suggest(name, names);
	if (nearest == NULL)
		nearest = ini_suggest(argv[0], names);
	if (nearest != NULL)
		complain("unknown command \"%s\" (did you mean \"%s\"?)", name,
		    nearest);
	else
		complain("unknown command \"%s\"; see extauthctl --help", name);
	return CTL_USAGE;
}

static enum ctl_exit
dispatch(int argc, char **argv, struct context *context)
{
	struct arguments arguments;
	const struct command *command;
	int words = 0;

	command = command_of_words(argc, argv, &words);
	if (command == NULL && argc > 1 && strcmp(argv[1], "--help") == 0 &&
	    is_first_word(argv[0])) {
		list_of_word(stdout, argv[0]);
		return CTL_DONE;
	}
	if (command == NULL)
		return unknown_command(argc, argv);
	switch (arguments_parse(
	    command, argc - words + 1, argv + words - 1, context, &arguments)) {
	case PARSED_RUN:
		return command->run(context, &arguments);
	case PARSED_HELP:
		return CTL_DONE;
	case PARSED_WRONG:
		return CTL_USAGE;
	}
	return CTL_USAGE;
}

static bool
wants_colour(void)
{
	/* Read before anything else runs. NOLINTNEXTLINE(concurrency-*) */
	const char *no_colour = secure_getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) == 1 &&
	    (no_colour == NULL || no_colour[0] == '\0');
}

/* Output that did not reach its file is not a yes. */
static int
flush(enum ctl_exit status)
{
	if (fflush(stdout) != 0 || ferror(stdout) != 0) {
		complain("standard output cannot be written");
		return CTL_CANNOT;
	}
	return (int)status;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"json", no_argument, NULL, 'j'},
	    {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'V'},
	    {0},
	};
	struct context context = {.config_path = EXTAUTH_CONFIG_PATH};
	int chosen;

	translate_start();
	context.is_coloured = wants_colour();
	(void)umask(022);
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while ((chosen = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		if (chosen == 'c')
			context.config_path = optarg;
		if (chosen == 'j') {
			context.is_json = true;
			translate_stop();
		}
		if (chosen == 'h') {
			help();
			return flush(CTL_DONE);
		}
		if (chosen == 'V') {
			(void)printf("extauthctl %s\n", EXTAUTH_VERSION);
			return flush(CTL_DONE);
		}
		if (chosen == '?')
			return CTL_USAGE;
	}
	if (optind >= argc) {
		complain("which command? See extauthctl --help");
		return CTL_USAGE;
	}
	return flush(dispatch(argc - optind, argv + optind, &context));
}
