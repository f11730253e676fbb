/* SPDX-License-Identifier: MIT */
/* The checks of what is read, and what follows for keys that are not written.
 * Does not know: how a value is read. */
#ifndef EXTAUTH_CONFIG_CHECK_H
#define EXTAUTH_CONFIG_CHECK_H

#include "config_internal.h"

/* One provider or source that is being checked. Traits of the one say nothing
 * about the other: what looks at them is called for one kind alone. */
struct config_check {
	struct config *config;
	struct config_provider *provider; /* of a source: its access */
	struct config_source *source;     /* NULL: a provider is checked */
	const char *kind;                 /* "provider", "source" */
	void *filled;        /* the struct that keys of that kind fill */
	const char *section; /* "provider NAME", "source NAME" */
	unsigned traits;     /* enum config_trait, enum config_source_trait */
	struct extauth_error *error;
};

/* What is checked that has all of `traits` has `text` where `key` is not
 * written; a later row is the more exact one. {KEY} is that key's value, a
 * text. */
struct config_implied {
	unsigned traits;
	const char *key;
	const char *text;
};

/* One of `traits` makes the key needed. */
struct config_need {
	unsigned traits;
	const char *key;
	const char *reason;
};

/* Checks names of sections and keys, and that no single key is given twice in
 * one file. EXTAUTH_CONFIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_check_entries(
    const struct config *config, struct extauth_error *error);

/* One rule over a section that is being checked. */
typedef enum extauth_err (*config_rule_check)(const struct config_check *check);

/* Checks one rule after the other, up to the first that fails. */
EXTAUTH_CHECKED enum extauth_err config_check_rules(
    const struct config_check *check, const config_rule_check *rules,
    size_t count);

/* One rule over a section that is being checked. */
typedef enum extauth_err config_check_rule(const struct config_check *check);

/* Checks one rule after the other, up to the first that fails. */
EXTAUTH_CHECKED enum extauth_err config_check_rules(
    const struct config_check *check, config_check_rule *const *rules,
    size_t count);

/* Fills `error` for a key of the provider, as config_error_key; returns
 * EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_fail(
    const struct config_check *check, const char *key, const char *reason);

/* As config_check_fail, but adds the line to config->warnings and returns OK.
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_check_warn(
    const struct config_check *check, const char *key, const char *reason);

/* Fills `error` for a section that is named and not there, with the nearest one
 * of that kind; returns EXTAUTH_CONFIG. EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_no_section(const struct config *config,
    const char *kind, const char *name, struct extauth_error *error);

/* The text of a key where it is written, or NULL where its default holds. */
const char *config_check_written(
    const struct config_check *check, const char *key);

/* Tells whether a key is written with another value than its default. */
bool config_check_is_set(
    const struct config_check *check, const struct config_key *key);

/* Tells what a source whose keys are all set is: enum config_source_trait. */
unsigned config_source_traits(const struct config_source *source);

/* Tells what a provider whose keys are all set is: enum config_trait. */
unsigned config_traits(const struct config_provider *provider);

/* Checks that every key that is written is of use to this provider.
 * EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_keys(
    const struct config_check *check);

/* The same for a source. */
EXTAUTH_CHECKED enum extauth_err config_check_source_keys(
    const struct config_check *check);

/* Checks that every key of the kind that is written has one of the traits in
 * its rule; `names` are those of the traits by bit. EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_use(
    const struct config_check *check, const char *const *names, size_t count);

/* Gives the keys that are not written what the type and the other keys imply;
 * makes the paths of secrets absolute. EXTAUTH_CONFIG where `url` cannot be
 * what others are made of, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_imply(const struct config_check *check);

/* Gives the keys of `rows` that are not written what the rows say.
 * EXTAUTH_CONFIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_imply_rows(
    const struct config_check *check, const struct config_implied *rows,
    size_t count);

/* Puts the path of a secret in place of its name in `*member`, the value of
 * `key`. EXTAUTH_CONFIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_imply_secret(
    const struct config_check *check, const char *key, char **member);

/* Removes slashes at its end. */
void config_trim_url(char *url);

/* Checks that the keys without which there is no request are not empty.
 * EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_needs(
    const struct config_check *check);

/* The same for the keys of `rows`. EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_needed(
    const struct config_check *check, const struct config_need *rows,
    size_t count);

/* Checks every URL of the section's kind, now that it is known whether http is
 * allowed. EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_urls(
    const struct config_check *check);

/* Checks `url` where it is an address that paths are put behind: one literal
 * without a query; takes slashes off its end. An organisation's has no path.
 * EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_base(
    const struct config_check *check, bool is_organisation);

/* Checks proxy and certificates, and inherits organization_id.
 * EXTAUTH_CONFIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_check_access(
    const struct config_check *check);

/* Checks what types with a machine of their own demand, and the client of any.
 * EXTAUTH_CONFIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_check_demands(
    const struct config_check *check);

/* Gives rest its default body, and checks the requests of rest and basic.
 * EXTAUTH_CONFIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_check_request(
    const struct config_check *check);

/* Finishes a provider whose keys are all set (what its type implies, the
 * default body) and checks it as a whole. May add to config->warnings.
 * EXTAUTH_CONFIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_check_provider(struct config *config,
    struct config_provider *provider, struct extauth_error *error);

/* Gives the keys of a source that are not written what the type and the other
 * keys imply; makes the paths of secrets absolute. EXTAUTH_CONFIG,
 * EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_imply_source(
    const struct config_check *check);

/* Checks how a source is asked: address, headers, pages. EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_source_request(
    const struct config_check *check);

/* Checks how a source is known there: at most one way, and all of it.
 * EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_source_login(
    const struct config_check *check);

/* Checks what is taken of a source: attributes, groups, numbers.
 * EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_source_users(
    const struct config_check *check);

/* Finishes a source whose keys are all set (what its type implies, the paths of
 * secrets) and checks it as a whole. EXTAUTH_CONFIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_check_source(struct config *config,
    struct config_source *source, struct extauth_error *error);

/* Checks the name of a local group. EXTAUTH_CONFIG with the bare reason in
 * `error`. */
EXTAUTH_CHECKED enum extauth_err config_check_group_name(
    const char *name, struct extauth_error *error);

/* Checks one [group NAME], against those before it as well.
 * EXTAUTH_CONFIG. */
EXTAUTH_CHECKED enum extauth_err config_check_group(const struct config *config,
    const struct config_group *group, struct extauth_error *error);

/* Checks what concerns more than one section. EXTAUTH_CONFIG, EXTAUTH_NOMEM. */
EXTAUTH_CHECKED enum extauth_err config_check_references(
    const struct config *config, struct extauth_error *error);

#endif
