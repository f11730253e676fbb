/* SPDX-License-Identifier: MIT */
#include "sync_people.h"

#include <stdlib.h>
#include <string.h>

#include "registry_contents.h"

static const char *
id_text(const void *holder, uint32_t position)
{
	const struct sync_people *people = holder;

	return people->persons[position].texts;
}

static const char *
email_text(const void *holder, uint32_t position)
{
	const struct sync_people *people = holder;

	return sync_person_text(&people->persons[position], SYNC_PERSON_EMAIL);
}

void
sync_people_begin(struct sync_people *ret_people, const struct config *config,
    const struct config_source *source)
{
	*ret_people = (struct sync_people){
	    .source = source,
	    .has_groups = config_source_has_groups(config, source),
	    .by_id = sync_index_make(ret_people, id_text),
	    .by_email = sync_index_make(ret_people, email_text),
	};
	ret_people->by_email.ignores_case = true;
	sync_groups_begin(&ret_people->groups, config, source);
}

void
sync_people_clear(struct sync_people *people)
{
	if (people == NULL)
		return;
	sync_groups_clear(&people->groups);
	sync_arena_clear(&people->arena);
	sync_index_clear(&people->by_id);
	sync_index_clear(&people->by_email);
	free(people->persons);
	free(people->links);
	*people = (struct sync_people){0};
}

void
sync_person_read(
    const struct sync_person *person, struct sync_person_texts *ret_texts)
{
	const char *text = person->texts;
	size_t i;

	for (i = 0; i < SYNC_PERSON_TEXT_COUNT; i++) {
		ret_texts->of[i] = text;
		text += strlen(text) + 1;
	}
}

const char *
sync_person_text(const struct sync_person *person, enum sync_person_text which)
{
	const char *text = person->texts;
	size_t i;

	for (i = 0; i < (size_t)which; i++)
		text += strlen(text) + 1;
	return text;
}

/* Keeps the texts of a person, who may have an id alone. */
static enum extauth_err
texts_keep(struct sync_people *people, const struct sync_person_texts *texts,
    struct sync_person *person)
{
	size_t bytes = 0;
	char *kept;
	size_t i;
	enum extauth_err err;

	for (i = 0; i < SYNC_PERSON_TEXT_COUNT; i++)
		bytes += strlen(texts->of[i]) + 1;
	err = sync_arena_take_bytes(&people->arena, bytes, &kept);
	if (err != EXTAUTH_OK)
		return err;
	person->texts = kept;
	for (i = 0; i < SYNC_PERSON_TEXT_COUNT; i++) {
		size_t length = strlen(texts->of[i]) + 1;

		kept = (char *)memcpy(kept, texts->of[i], length) + length;
	}
	return EXTAUTH_OK;
}

static enum extauth_err
person_add(struct sync_people *people, const char *id, uint32_t *ret_position)
{
	struct sync_person_texts texts = {{id, "", "", "", "", ""}};
	struct sync_person person = {0};
	void *persons = people->persons;
	enum extauth_err err;

	if (people->count >= SYNC_PEOPLE_MAX)
		return EXTAUTH_TOOBIG;
	err = registry_array_reserve(
	    &persons, people->count, &people->capacity, sizeof(person));
	people->persons = persons;
	if (err == EXTAUTH_OK)
		err = texts_keep(people, &texts, &person);
	if (err == EXTAUTH_OK)
		err = sync_index_put(
		    &people->by_id, person.texts, (uint32_t)people->count);
	if (err != EXTAUTH_OK)
		return err;
	people->persons[people->count] = person;
	*ret_position = (uint32_t)people->count++;
	return EXTAUTH_OK;
}

static enum extauth_err
person_find_or_add(
    struct sync_people *people, const char *id, uint32_t *ret_position)
{
	*ret_position = sync_index_find(&people->by_id, id);
	if (*ret_position != SYNC_INDEX_NONE)
		return EXTAUTH_OK;
	return person_add(people, id, ret_position);
}

/* Twice is harmless: whoever reads the links takes each group once. */
static enum extauth_err
link_add(struct sync_people *people, uint32_t position, uint32_t local)
{
	void *links = people->links;
	struct sync_person *person = &people->persons[position];
	enum extauth_err err;

	if (people->link_count >= UINT32_MAX - 1)
		return EXTAUTH_TOOBIG;
	err = registry_array_reserve(&links, people->link_count,
	    &people->link_capacity, sizeof(*people->links));
	people->links = links;
	if (err != EXTAUTH_OK)
		return err;
	people->links[people->link_count] =
	    (struct sync_link){local, person->first_link};
	person->first_link = (uint32_t)++people->link_count;
	return EXTAUTH_OK;
}

static enum extauth_err
links_add(struct sync_people *people, uint32_t position,
    const struct sync_remote *remote)
{
	enum extauth_err err = EXTAUTH_OK;
	size_t i;

	for (i = 0; i < remote->local_count && err == EXTAUTH_OK; i++)
		err = link_add(people, position, remote->locals[i]);
	return err;
}

static enum extauth_err
groups_of_user_tell(struct sync_people *people, uint32_t position,
    const struct sync_texts *groups)
{
	const char *id = NULL;
	enum extauth_err err = EXTAUTH_OK;

	if (!people->has_groups)
		return EXTAUTH_OK;
	id = sync_texts_next(groups, NULL);
	while (id != NULL && err == EXTAUTH_OK) {
		const char *name = sync_texts_next(groups, id);
		struct sync_group_told told = {.id = id, .name = name};
		const struct sync_remote *remote;

		err = sync_groups_find(&people->groups, &told, &remote);
		if (err == EXTAUTH_OK)
			err = links_add(people, position, remote);
		id = sync_texts_next(groups, name);
	}
	return err;
}

/* Of two that were told with one id the first is kept. */
enum extauth_err
sync_people_tell_user(struct sync_people *people, const struct sync_user *user)
{
	struct sync_person_texts texts = {{user->id, user->email, user->name,
	    user->gecos, user->home, user->shell}};
	struct sync_person *person;
	uint32_t position;
	enum extauth_err err;

	err = person_find_or_add(people, user->id, &position);
	if (err != EXTAUTH_OK)
		return err;
	person = &people->persons[position];
	if ((person->flags & SYNC_PERSON_TOLD) != 0) {
		person->flags |= SYNC_PERSON_TWICE;
		return EXTAUTH_OK;
	}
	err = texts_keep(people, &texts, person);
	if (err != EXTAUTH_OK)
		return err;
	person->flags |= SYNC_PERSON_TOLD |
	    (user->has_uid ? SYNC_PERSON_HAS_UID : 0U) |
	    (user->is_disabled ? SYNC_PERSON_DISABLED : 0U) |
	    (user->is_gone ? SYNC_PERSON_GONE : 0U);
	person->uid = user->uid;
	people->told_count++;
	people->gone_count += user->is_gone;
	return groups_of_user_tell(people, position, &user->groups);
}

enum extauth_err
sync_people_tell_group(
    struct sync_people *people, const struct sync_group *group)
{
	struct sync_group_told told = {
	    group->id, group->name, group->has_gid ? group->gid : 0};
	const struct sync_remote *remote;
	const char *id = NULL;
	enum extauth_err err;

	if (!people->has_groups)
		return EXTAUTH_OK;
	err = sync_groups_find(&people->groups, &told, &remote);
	if (err != EXTAUTH_OK || remote->local_count == 0)
		return err;
	while ((id = sync_texts_next(&group->members, id)) != NULL) {
		uint32_t position;

		err = person_find_or_add(people, id, &position);
		if (err == EXTAUTH_OK)
			err = links_add(people, position, remote);
		if (err != EXTAUTH_OK)
			return err;
	}
	return EXTAUTH_OK;
}

static bool
domain_fits(const struct config_source *source, const char *email)
{
	size_t i;

	if (source->domains.count == 0 || *email == '\0')
		return true;
	for (i = 0; i < source->domains.count; i++)
		if (identity_equal(
			source->domains.items[i], identity_domain(email)))
			return true;
	return false;
}

bool
sync_person_is_in_only(
    const struct sync_people *people, const struct sync_person *person)
{
	uint32_t link = person->first_link;

	if (people->source->only_groups.count == 0)
		return true;
	for (; link != 0; link = people->links[link - 1].next) {
		uint32_t local = people->links[link - 1].local;

		if (people->groups.locals[local].is_only)
			return true;
	}
	return false;
}

static enum extauth_err
email_settle(struct sync_people *people, uint32_t position)
{
	struct sync_person *person = &people->persons[position];
	const char *email = sync_person_text(person, SYNC_PERSON_EMAIL);
	uint32_t other;

	if (*email == '\0')
		return EXTAUTH_OK;
	other = sync_index_find(&people->by_email, email);
	if (other == SYNC_INDEX_NONE)
		return sync_index_put(&people->by_email, email, position);
	people->persons[other].flags |= SYNC_PERSON_SHARED;
	person->flags |= SYNC_PERSON_SHARED;
	return EXTAUTH_OK;
}

enum extauth_err
sync_people_settle(struct sync_people *people)
{
	enum extauth_err err = EXTAUTH_OK;
	uint32_t i;

	for (i = 0; i < people->count && err == EXTAUTH_OK; i++) {
		struct sync_person *person = &people->persons[i];

		if (!domain_fits(people->source,
			sync_person_text(person, SYNC_PERSON_EMAIL)) ||
		    !sync_person_is_in_only(people, person))
			person->flags |= SYNC_PERSON_FILTERED;
		if (sync_person_is_there(person))
			err = email_settle(people, i);
	}
	return err;
}

const struct sync_person *
sync_people_find_id(const struct sync_people *people, const char *id)
{
	uint32_t position = sync_index_find(&people->by_id, id);

	return position != SYNC_INDEX_NONE ? &people->persons[position] : NULL;
}

const struct sync_person *
sync_people_find_email(const struct sync_people *people, const char *email)
{
	uint32_t position = sync_index_find(&people->by_email, email);

	return position != SYNC_INDEX_NONE ? &people->persons[position] : NULL;
}

bool
sync_person_is_there(const struct sync_person *person)
{
	return (person->flags & SYNC_PERSON_TOLD) != 0 &&
	    (person->flags & (SYNC_PERSON_GONE | SYNC_PERSON_FILTERED)) == 0;
}
