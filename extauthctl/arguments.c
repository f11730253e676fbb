/* SPDX-License-Identifier: MIT */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "translate.h"

enum {
	OPTION_HELP = 1000,
	OPTION_CONFIG,
	OPTION_JSON,
};

static const struct option common_options[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"json", no_argument, NULL, OPTION_JSON},
};

#define WRONG_BYTES 512
#define COMMON_COUNT (sizeof(common_options) / sizeof(common_options[0]))

void
command_help(const struct command *command)
{
	const struct command_option *option = command->options;

	(void)printf(_("%s\n\nUsage: extauthctl %s%s%s [OPTION]...\n\n"),
	    translate_text(command->summary), command->name,
	    command->operands[0] != '\0' ? " " : "", command->operands);
	for (; option != NULL && option->name != NULL; option++) {
		char left[48];

		(void)snprintf(left, sizeof(left), "--%s%s%s", option->name,
		    option->value != NULL ? " " : "",
		    option->value != NULL ? option->value : "");
		(void)printf(
		    "  %-22s %s\n", left, translate_text(option->help));
	}
	(void)printf("  %-22s %s\n  %-22s %s\n  %-22s %s\n", "--config FILE",
	    _("another configuration file"), "--json",
	    _("one JSON document, where there is something to show"), "--help",
	    _("this text"));
	if (command->notes != NULL)
		(void)printf("\n%s\n", translate_text(command->notes));
	(void)printf(_("\nExample:\n  %s\n"), command->example);
}

static size_t
options_fill(const struct command *command, struct option *options)
{
	size_t count = 0;
	const struct command_option *option = command->options;

	for (; option != NULL && option->name != NULL; option++) {
		options[count] = (struct option){option->name,
		    option->value != NULL ? required_argument : no_argument,
		    NULL, (int)count};
		count++;
	}
	memcpy(options + count, common_options, sizeof(common_options));
	options[count + COMMON_COUNT] = (struct option){0};
	return count;
}

static bool
argument_take(const struct command *command, int chosen,
    struct context *context, struct arguments *arguments)
{
	if (chosen == OPTION_CONFIG) {
		context->config_path = optarg;
		return true;
	}
	if (chosen == OPTION_JSON) {
		context->is_json = true;
		translate_stop();
		return true;
	}
	if (arguments->given_count >= ARGUMENTS_MAX)
		return false;
	arguments->given[arguments->given_count++] = (struct argument){
	    &command->options[chosen], optarg != NULL ? optarg : ""};
	return true;
}

static enum parsed EXTAUTH_PRINTF(2, 3)
    wrong(const struct command *command, const char *format, ...)
{
	char what[WRONG_BYTES];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(what, sizeof(what), translate_text(format), arguments);
	va_end(arguments);
	complain("%s: %s\n  usage: extauthctl %s %s [OPTION]...; see "
		 "extauthctl %s --help",
	    command->name, what, command->name, command->operands,
	    command->name);
	return PARSED_WRONG;
}

static enum parsed
operands_check(const struct command *command, const struct arguments *arguments)
{
	if (arguments->operand_count < command->operand_min)
		return wrong(command, "missing: %s", command->operands);
	if (arguments->operand_count > command->operand_max)
		return wrong(command, "one word too many: %s",
		    arguments->operands[command->operand_max]);
	return PARSED_RUN;
}

enum parsed
arguments_parse(const struct command *command, int argc, char **argv,
    struct context *context, struct arguments *ret_arguments)
{
	struct option options[ARGUMENTS_MAX];
	struct arguments arguments = {0};
	int chosen;

	(void)options_fill(command, options);
	optind = 0;
	opterr = 0;
	/* One thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
	while ((chosen = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (chosen == OPTION_HELP) {
			command_help(command);
			return PARSED_HELP;
		}
		if (chosen == '?')
			return wrong(
			    command, "unknown option %s", argv[optind - 1]);
		if (chosen == ':')
			return wrong(
			    command, "value missing for %s", argv[optind - 1]);
		if (!argument_take(command, chosen, context, &arguments))
			return wrong(command, "too many options");
	}
	arguments.operands = argv + optind;
	arguments.operand_count = (size_t)(argc - optind);
	*ret_arguments = arguments;
	return operands_check(command, &arguments);
}

const char *
arguments_nth(const struct arguments *arguments, const char *name, size_t nth)
{
	size_t index;

	for (index = 0; index < arguments->given_count; index++) {
		const struct argument *given = &arguments->given[index];

		if (strcmp(given->option->name, name) == 0 && nth-- == 0)
			return given->value;
	}
	return NULL;
}

const char *
arguments_value(const struct arguments *arguments, const char *name)
{
	const char *value = NULL;
	const char *next;
	size_t nth = 0;

	while ((next = arguments_nth(arguments, name, nth)) != NULL) {
		value = next;
		nth++;
	}
	return value;
}

bool
arguments_has(const struct arguments *arguments, const char *name)
{
	return arguments_nth(arguments, name, 0) != NULL;
}
