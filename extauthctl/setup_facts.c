/* SPDX-License-Identifier: MIT */
#include "setup_facts.h"

#include <stdlib.h>
#include <string.h>

#include "setup_ask.h"
#include "setup_fact_table.h"
#include "translate.h"

#define TEXT_BYTES 16384
#define SECTION "provider " SETUP_PROVIDER

void
setup_facts_clear(struct setup_facts *facts)
{
	size_t index;

	if (facts == NULL)
		return;
	for (index = 0; index < SETUP_FACTS_MAX; index++)
		free(facts->values[index]);
	secret_clear(&facts->secret);
	*facts = (struct setup_facts){0};
}

/* A line of the file for each fact that is known, or a sample of one. */
static enum extauth_err
write_facts(
    const struct setup_facts *facts, bool has_samples, struct buffer *text)
{
	const struct setup_fact *fact;
	enum extauth_err err = EXTAUTH_OK;
	size_t index;

	for (index = 0; (fact = setup_fact_at(index)) != NULL; index++) {
		const char *value = facts->values[index];

		if (!setup_fact_is_of(fact, facts->type))
			continue;
		if (value == NULL && has_samples && !fact->is_optional)
			value = fact->sample;
		if (value != NULL && *value != '\0' && err == EXTAUTH_OK)
			err = buffer_append_format(
			    text, "%s = %s\n", fact->key, value);
	}
	if (err == EXTAUTH_OK && facts->has_secret)
		err = buffer_append_text(
		    text, "client_secret_file = " SETUP_SECRET "\n");
	return err;
}

static enum extauth_err
write_file(const struct setup_facts *facts, const char *services,
    bool has_samples, struct buffer *text)
{
	enum extauth_err err;

	err = buffer_append_text(text,
	    "# Written by `extauthctl setup`; `extauthctl unsetup` takes it "
	    "away.\n"
	    "# What you add goes into a file behind this one, as "
	    "60-own.conf: equal\n"
	    "# sections are one.\n\n"
	    "[extauth]\ndefault_provider = " SETUP_PROVIDER "\n");
	if (err == EXTAUTH_OK && services != NULL)
		err = buffer_append_format(text, "services = %s\n", services);
	if (err == EXTAUTH_OK)
		err = buffer_append_format(
		    text, "\n[" SECTION "]\ntype = %s\n", facts->type);
	return err == EXTAUTH_OK ? write_facts(facts, has_samples, text) : err;
}

enum extauth_err
setup_facts_write(
    const struct setup_facts *facts, const char *services, struct buffer *text)
{
	return write_file(facts, services, false, text);
}

/* Reads what is known so far as the configuration would be read, with samples
 * for the rest. */
static enum extauth_err
facts_check(const struct setup_asking *asking, const struct setup_facts *facts,
    struct extauth_error *error)
{
	cleanup_buffer struct buffer text = buffer_make(TEXT_BYTES);
	cleanup_config struct config config = {0};
	struct setup_facts known = *facts;
	enum extauth_err err;

	/* Without its secret, which comes last, it might be half a client. */
	known.has_secret =
	    facts->has_secret || setup_type_secret(facts->type) != SECRET_NONE;
	err = write_file(&known, NULL, true, &text);
	if (err == EXTAUTH_OK)
		err = config_parse(asking->path, buffer_text(&text),
		    text.length, &config, error);
	return err;
}

/* Takes the value if it is one line that the configuration would take. */
static enum extauth_err
fact_set(const struct setup_asking *asking, struct setup_facts *facts,
    size_t index, const char *value, struct extauth_error *error)
{
	const struct setup_fact *fact = setup_fact_at(index);
	char *before = facts->values[index];
	enum extauth_err err;

	if (strpbrk(value, "\r\n") != NULL)
		return error_set(error, EXTAUTH_CONFIG,
		    "--%s: must be one line", fact->option);
	facts->values[index] = strdup(value);
	if (facts->values[index] == NULL)
		die_of_memory();
	err = facts_check(asking, facts, error);
	if (err != EXTAUTH_OK) {
		free(facts->values[index]);
		facts->values[index] = before;
		return err;
	}
	free(before);
	return EXTAUTH_OK;
}

/* What the file before says, as long as the type is the same. */
static const char *
earlier_value(const struct setup_asking *asking,
    const struct setup_facts *facts, const char *key)
{
	const struct config_provider *provider;
	const struct ini_entry *entry;

	if (asking->earlier == NULL)
		return NULL;
	provider = config_find_provider(asking->earlier, SETUP_PROVIDER);
	if (provider == NULL || strcmp(provider->type, facts->type) != 0)
		return NULL;
	entry = config_origin(asking->earlier, SECTION, key, 0);
	return entry != NULL ? entry->value : NULL;
}

static enum ctl_exit
fact_ask(
    const struct setup_asking *asking, struct setup_facts *facts, size_t index)
{
	const struct setup_fact *fact = setup_fact_at(index);
	const char *earlier = earlier_value(asking, facts, fact->key);

	for (;;) {
		cleanup_free char *answer = NULL;
		struct extauth_error error = {0};
		enum extauth_err err;

		err =
		    setup_ask_line(_(fact->question), earlier, &answer, &error);
		if (err != EXTAUTH_OK)
			return complain_about("setup", err, &error);
		if (*answer == '\0' && !fact->is_optional)
			continue;
		err = fact_set(asking, facts, index, answer, &error);
		if (err == EXTAUTH_OK)
			return CTL_DONE;
		complain("%s", error.text);
	}
}

static enum ctl_exit
fact_find(
    const struct setup_asking *asking, struct setup_facts *facts, size_t index)
{
	const struct setup_fact *fact = setup_fact_at(index);
	const char *given = arguments_value(asking->arguments, fact->option);
	struct extauth_error error = {0};
	enum extauth_err err;

	if (!setup_fact_is_of(fact, facts->type)) {
		if (given == NULL || setup_fact_is_shared(fact, facts->type))
			return CTL_DONE;
		complain("setup: --%s: of no use with --type %s", fact->option,
		    facts->type);
		return CTL_USAGE;
	}
	if (given == NULL && asking->is_person && !fact->is_rare)
		return fact_ask(asking, facts, index);
	if (given == NULL)
		given = earlier_value(asking, facts, fact->key);
	if (given == NULL && fact->is_optional)
		return CTL_DONE;
	if (given == NULL || (*given == '\0' && !fact->is_optional)) {
		complain("setup: --%s is missing: %s", fact->option,
		    _(fact->question));
		return CTL_USAGE;
	}
	err = fact_set(asking, facts, index, given, &error);
	return err == EXTAUTH_OK ? CTL_DONE : complain_error(err, &error);
}

static enum ctl_exit
type_set(struct setup_facts *facts, const char *word)
{
	facts->type = setup_type_find(word);
	if (facts->type != NULL)
		return CTL_DONE;
	complain("setup: --type: \"%s\": must be one of %s", word,
	    setup_type_names());
	return CTL_USAGE;
}

static enum ctl_exit
type_ask(const char *usual, struct setup_facts *facts)
{
	setup_type_list();
	for (;;) {
		cleanup_free char *answer = NULL;
		struct extauth_error error = {0};
		enum extauth_err err =
		    setup_ask_line(_("Type"), usual, &answer, &error);

		if (err != EXTAUTH_OK)
			return complain_about("setup", err, &error);
		if (*answer != '\0' && type_set(facts, answer) == CTL_DONE)
			return CTL_DONE;
	}
}

static enum ctl_exit
type_find(const struct setup_asking *asking, struct setup_facts *facts)
{
	const char *given = arguments_value(asking->arguments, "type");
	const struct config_provider *earlier = asking->earlier != NULL
	    ? config_find_provider(asking->earlier, SETUP_PROVIDER)
	    : NULL;
	const char *usual = earlier != NULL ? earlier->type : NULL;

	if (given != NULL)
		return type_set(facts, given);
	if (asking->is_person)
		return type_ask(usual, facts);
	if (usual != NULL)
		return type_set(facts, usual);
	complain("setup: --type is missing: one of %s", setup_type_names());
	return CTL_USAGE;
}

enum ctl_exit
setup_facts_ask(const struct setup_asking *asking, struct setup_facts *facts)
{
	enum ctl_exit status = type_find(asking, facts);
	size_t index;

	for (index = 0; status == CTL_DONE && setup_fact_at(index) != NULL;
	     index++)
		status = fact_find(asking, facts, index);
	if (status == CTL_DONE)
		status = setup_secret_ask(asking, facts);
	return status;
}

const struct ini_entry *
setup_facts_conflict(const struct config *config, const char *path)
{
	size_t index;

	for (index = 0; index < config->ini.count; index++) {
		const struct ini_entry *entry = &config->ini.entries[index];

		if (entry->key == NULL || strcmp(entry->path, path) == 0)
			continue;
		if (strcmp(entry->section, "extauth") == 0 &&
		    strcmp(entry->key, "default_provider") == 0 &&
		    entry->value[0] != '\0')
			return entry;
		if (strcmp(entry->section, SECTION) == 0 &&
		    setup_fact_is_key(entry->key))
			return entry;
	}
	return NULL;
}
