/* SPDX-License-Identifier: MIT */
/* What a command of extauthctl is: words, options and operands, from which
 * parsing and --help follow; and the list of all of them.
 * Does not know: what the commands do. */
#ifndef EXTAUTHCTL_COMMAND_H
#define EXTAUTHCTL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

#define ARGUMENTS_MAX 64

/* Options that every command takes. */
struct context {
	const char *config_path;
	bool is_json;
	bool is_coloured;
};

struct command_option {
	const char *name;
	const char *value; /* what --help calls the value; NULL: a flag */
	const char *help;
};

struct argument {
	const struct command_option *option;
	const char *value; /* "" of a flag */
};

/* What was given; texts are those of argv. */
struct arguments {
	struct argument given[ARGUMENTS_MAX];
	size_t given_count;
	char **operands;
	size_t operand_count;
};

struct command {
	const char *name;     /* one word or two: "user add" */
	const char *operands; /* "NAME", or "" */
	const char *summary;
	const char *example;
	const char *notes; /* more lines for --help, or NULL */
	const struct command_option *options; /* ends with {NULL}; or NULL */
	size_t operand_min;
	size_t operand_max;
	enum ctl_exit (*run)(
	    const struct context *context, const struct arguments *arguments);
};

/* What came of parsing. */
enum parsed {
	PARSED_RUN = 0,
	PARSED_HELP, /* help was asked for and printed */
	PARSED_WRONG /* a message was written */
};

/* Reads the words behind the command's name by getopt_long(3). `argv[0]` is
 * overwritten. */
enum parsed arguments_parse(const struct command *command, int argc,
    char **argv, struct context *context, struct arguments *ret_arguments);

/* Lends value number `nth` of option `name`, or NULL if it was not given so
 * often. */
const char *arguments_nth(
    const struct arguments *arguments, const char *name, size_t nth);

/* Lends the last value of option `name`, or NULL. */
const char *arguments_value(
    const struct arguments *arguments, const char *name);

/* Tells whether flag `name` was given. */
bool arguments_has(const struct arguments *arguments, const char *name);

/* Prints what --help prints for one command. */
void command_help(const struct command *command);

extern const struct command command_user_add;
extern const struct command command_user_show;
extern const struct command command_user_list;
extern const struct command command_user_enable;
extern const struct command command_user_disable;
extern const struct command command_user_unlock;
extern const struct command command_user_remove;
extern const struct command command_user_import;
extern const struct command command_user_export;
extern const struct command command_sync;
extern const struct command command_registry_upgrade;
extern const struct command command_registry_restore;
extern const struct command command_test_login;
extern const struct command command_forgot_password;
extern const struct command command_secret_set;
extern const struct command command_secret_list;
extern const struct command command_secret_remove;
extern const struct command command_config_show;
extern const struct command command_setup;
extern const struct command command_unsetup;
extern const struct command command_check;
extern const struct command command_id_export;
extern const struct command command_id_import;
extern const struct command command_status;
extern const struct command command_metrics;
extern const struct command command_support_bundle;

#endif
