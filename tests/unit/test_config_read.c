/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_case.h"
#include "config_part.h"

#define MAIN "extauth.conf"
#define BASIC "[provider main]\ntype = basic\nurl = https://h/\n"

/* A directory of its own for each test, /tmp/extauth-XXXXXX. */
struct place {
	char directory[64];
	char path[128];
};

static struct place
place_make(void)
{
	struct place place = {.directory = "/tmp/extauth-XXXXXX"};

	ck_assert_ptr_nonnull(mkdtemp(place.directory));
	ck_assert_int_eq(chmod(place.directory, 0755), 0);
	(void)snprintf(
	    place.path, sizeof(place.path), "%s/" MAIN, place.directory);
	return place;
}

static int
place_remove(
    const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

static void
place_clear(const struct place *place)
{
	ck_assert_int_eq(
	    nftw(place->directory, place_remove, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void
place_write(const struct place *place, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", place->directory, name);
	file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(path, 0644), 0);
}

static void
place_make_directory(const struct place *place, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", place->directory, name);
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

/* Asserts that loading fails with `reason` behind the place's directory. */
static void
assert_refused(
    const struct place *place, enum extauth_err expected, const char *reason)
{
	struct config config = {0};
	struct extauth_error error = {0};
	size_t length = strlen(place->directory);

	ck_assert_int_eq(config_load(place->path, &config, &error), expected);
	ck_assert_int_eq(strncmp(error.text, place->directory, length), 0);
	ck_assert_msg(strncmp(error.text + length, reason, strlen(reason)) == 0,
	    "%s", error.text);
}

START_TEST(files_of_conf_d_are_merged_in_the_order_of_names)
{
	struct place place = place_make();
	cleanup_config struct config config = {0};
	struct extauth_error error = {0};
	const struct ini_entry *entry;

	place_write(&place, MAIN,
	    "[extauth]\nshell = /bin/main\n" BASIC "header = X-Main: 1\n");
	place_make_directory(&place, "conf.d");
	place_write(&place, "conf.d/20.conf",
	    "[extauth]\nshell = /bin/twenty\n"
	    "[provider main]\nheader = X-Twenty: 1\n");
	place_write(&place, "conf.d/10.conf",
	    "[extauth]\nshell = /bin/ten\n"
	    "[provider main]\nheader =\nheader = X-Ten: 1\n"
	    "[service su]\n");
	place_write(&place, "conf.d/30.conf.bak", "[nonsense]\n");
	place_write(&place, "conf.d/.40.conf", "[nonsense]\n");
	ck_assert_msg(config_load(place.path, &config, &error) == EXTAUTH_OK,
	    "%s", error.text);
	ck_assert_str_eq(config.general.shell, "/bin/twenty");
	ck_assert_uint_eq(config.providers[0].headers.count, 2);
	ck_assert_str_eq(config.providers[0].headers.items[0].name, "X-Ten");
	ck_assert_str_eq(config.providers[0].headers.items[1].name, "X-Twenty");
	ck_assert_str_eq(config.directory, place.directory);
	ck_assert_ptr_nonnull(config_find_service(&config, "su"));
	entry = config_origin(&config, "provider main", "header", 1);
	ck_assert_ptr_nonnull(entry);
	ck_assert_uint_eq(entry->line, 4);
	ck_assert_ptr_nonnull(strstr(entry->path, "/conf.d/20.conf"));
	place_clear(&place);
}
END_TEST

START_TEST(part_that_takes_the_last_name_of_a_service_back_is_refused)
{
	cleanup_config struct config config = {0};
	struct place place = place_make();

	place_write(&place, MAIN, "[service su]\nallow_groups = admins\n");
	place_make_directory(&place, "conf.d");
	place_write(&place, "conf.d/a.conf", "[service su]\nallow_groups =\n");
	assert_refused(&place, EXTAUTH_CONFIG,
	    "/conf.d/a.conf:2: [service su] allow_groups: takes the last name "
	    "back");
	place_write(&place, "conf.d/a.conf",
	    "[service su]\nallow_groups =\nallow_users = bob\n");
	ck_assert_ok(config_load(place.path, &config, NULL));
	place_clear(&place);
}
END_TEST

START_TEST(part_that_takes_the_list_of_services_back_is_refused)
{
	struct place place = place_make();

	place_write(&place, MAIN, "[extauth]\nservices = sshd\n");
	place_make_directory(&place, "conf.d");
	place_write(&place, "conf.d/a.conf", "[extauth]\nservices =\n");
	assert_refused(&place, EXTAUTH_CONFIG,
	    "/conf.d/a.conf:2: [extauth] services: takes the list back");
	place_clear(&place);
}
END_TEST

/* Loads with the text as conf.d/50.conf and tells the shell that holds. */
static void
assert_shell_with(struct place *place, const char *text, const char *shell)
{
	const struct config_part part = {.name = "50.conf",
	    .text = text,
	    .length = text != NULL ? strlen(text) : 0};
	cleanup_config struct config config = {0};

	ck_assert_ok(config_load_with(place->path, &part, &config, NULL));
	ck_assert_str_eq(config.general.shell, shell);
}

START_TEST(a_given_part_is_read_in_its_place_among_the_files)
{
	static const char given[] = "[extauth]\nshell = /given\n";
	struct place place = place_make();

	place_write(&place, MAIN, "[extauth]\nshell = /main\n");
	assert_shell_with(&place, given, "/given");
	assert_shell_with(&place, NULL, "/main");
	place_make_directory(&place, "conf.d");
	assert_shell_with(&place, given, "/given");
	place_write(&place, "conf.d/10.conf", "[extauth]\nshell = /ten\n");
	assert_shell_with(&place, given, "/given");
	assert_shell_with(&place, NULL, "/ten");
	place_write(&place, "conf.d/50.conf", "[nonsense]\n");
	assert_shell_with(&place, given, "/given");
	assert_shell_with(&place, NULL, "/ten");
	place_write(&place, "conf.d/90.conf", "[extauth]\nshell = /ninety\n");
	assert_shell_with(&place, given, "/ninety");
	place_clear(&place);
}
END_TEST

START_TEST(an_error_in_a_given_part_names_its_file)
{
	static const char text[] = "[extauth]\nshell = sh\n";
	const struct config_part part = {
	    .name = "50.conf", .text = text, .length = sizeof(text) - 1};
	struct place place = place_make();
	struct extauth_error error = {{0}};
	struct config config = {0};

	place_write(&place, MAIN, BASIC);
	ck_assert_int_eq(config_load_with(place.path, &part, &config, &error),
	    EXTAUTH_CONFIG);
	ck_assert_ptr_nonnull(
	    strstr(error.text, "/conf.d/50.conf:2: [extauth] shell: sh: "));
	place_clear(&place);
}
END_TEST

START_TEST(an_error_in_conf_d_names_that_file)
{
	struct place place = place_make();

	place_write(&place, MAIN, BASIC);
	place_make_directory(&place, "conf.d");
	place_write(&place, "conf.d/a.conf", "\n[extauth]\nshell = sh\n");
	assert_refused(
	    &place, EXTAUTH_CONFIG, "/conf.d/a.conf:3: [extauth] shell: sh: ");
	place_clear(&place);
}
END_TEST

START_TEST(no_file_is_not_found)
{
	struct place place = place_make();

	assert_refused(
	    &place, EXTAUTH_NOTFOUND, "/extauth.conf: there is no such file");
	place_clear(&place);
}
END_TEST

START_TEST(a_file_that_others_may_write_is_refused)
{
	static const mode_t modes[] = {0664, 0646, 0666};
	struct place place = place_make();
	char reason[256];
	size_t index;

	place_write(&place, MAIN, BASIC);
	(void)snprintf(reason, sizeof(reason),
	    "/extauth.conf: can be written by others than root: chmod go-w %s",
	    place.path);
	for (index = 0; index < CONFIG_CASE_LENGTH(modes); index++) {
		ck_assert_int_eq(chmod(place.path, modes[index]), 0);
		assert_refused(&place, EXTAUTH_CONFIG, reason);
	}
	place_clear(&place);
}
END_TEST

START_TEST(a_file_of_somebody_else_is_refused)
{
	struct place place = place_make();
	char reason[256];

	place_write(&place, MAIN, BASIC);
	(void)snprintf(reason, sizeof(reason),
	    "/extauth.conf: does not belong to root: chown root %s",
	    place.path);
	ck_assert_int_eq(chown(place.path, 65534, 0), 0);
	assert_refused(&place, EXTAUTH_CONFIG, reason);
	place_clear(&place);
}
END_TEST

START_TEST(a_directory_that_others_may_write_is_refused)
{
	struct place place = place_make();
	char below[128];

	place_write(&place, MAIN, BASIC);
	ck_assert_int_eq(chmod(place.directory, 01777), 0);
	assert_refused(&place, EXTAUTH_CONFIG,
	    ": can be written by others than root: chmod go-w ");
	ck_assert_int_eq(chmod(place.directory, 0755), 0);
	place_make_directory(&place, "conf.d");
	(void)snprintf(below, sizeof(below), "%s/conf.d", place.directory);
	ck_assert_int_eq(chmod(below, 0777), 0);
	assert_refused(&place, EXTAUTH_CONFIG,
	    "/conf.d: can be written by others than root: chmod go-w ");
	place_clear(&place);
}
END_TEST

START_TEST(a_parent_that_others_may_write_is_refused)
{
	struct place place = place_make();

	place_make_directory(&place, "inner");
	place_write(&place, "inner/" MAIN, BASIC);
	ck_assert_int_eq(chmod(place.directory, 0777), 0);
	(void)snprintf(
	    place.path, sizeof(place.path), "%s/inner/" MAIN, place.directory);
	assert_refused(&place, EXTAUTH_CONFIG,
	    ": can be written by others than root: chmod go-w ");
	place_clear(&place);
}
END_TEST

START_TEST(what_is_no_file_is_refused_without_waiting)
{
	struct place place = place_make();

	ck_assert_int_eq(mkfifo(place.path, 0644), 0);
	assert_refused(
	    &place, EXTAUTH_CONFIG, "/extauth.conf: is not a regular file");
	ck_assert_int_eq(unlink(place.path), 0);
	ck_assert_int_eq(mkdir(place.path, 0755), 0);
	assert_refused(
	    &place, EXTAUTH_CONFIG, "/extauth.conf: is not a regular file");
	ck_assert_int_eq(rmdir(place.path), 0);
	ck_assert_int_eq(symlink(MAIN, place.path), 0);
	assert_refused(&place, EXTAUTH_SYSTEM,
	    "/extauth.conf: cannot be opened: Too many levels");
	place_clear(&place);
}
END_TEST

START_TEST(a_link_is_followed_and_its_target_judged)
{
	struct place place = place_make();
	cleanup_config struct config config = {0};
	struct extauth_error error = {0};
	char target[128];

	place_write(&place, "managed", BASIC);
	ck_assert_int_eq(symlink("managed", place.path), 0);
	ck_assert_ok(config_load(place.path, &config, &error));
	(void)snprintf(target, sizeof(target), "%s/managed", place.directory);
	ck_assert_int_eq(chmod(target, 0666), 0);
	assert_refused(&place, EXTAUTH_CONFIG,
	    "/extauth.conf: can be written by others than root");
	place_clear(&place);
}
END_TEST

START_TEST(a_link_to_nowhere_in_conf_d_is_an_error)
{
	struct place place = place_make();
	char link[128];

	place_write(&place, MAIN, BASIC);
	place_make_directory(&place, "conf.d");
	(void)snprintf(link, sizeof(link), "%s/conf.d/a.conf", place.directory);
	ck_assert_int_eq(symlink("nowhere", link), 0);
	assert_refused(
	    &place, EXTAUTH_CONFIG, "/conf.d/a.conf: there is no such file");
	place_clear(&place);
}
END_TEST

START_TEST(a_file_over_1_mib_is_refused)
{
	struct place place = place_make();
	cleanup_config struct config config = {0};
	FILE *file;
	unsigned line;

	place_write(&place, MAIN, BASIC);
	file = fopen(place.path, "ae");
	ck_assert_ptr_nonnull(file);
	for (line = 0; line < 130000; line++)
		ck_assert_int_ge(fputs("# line\n\n", file), 0);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_ok(config_load(place.path, &config, NULL));
	file = fopen(place.path, "ae");
	ck_assert_ptr_nonnull(file);
	for (line = 0; line < 2000; line++)
		ck_assert_int_ge(fputs("# line and more\n", file), 0);
	ck_assert_int_eq(fclose(file), 0);
	assert_refused(
	    &place, EXTAUTH_CONFIG, "/extauth.conf: is larger than 1 MiB");
	place_clear(&place);
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    files_of_conf_d_are_merged_in_the_order_of_names,
	    part_that_takes_the_last_name_of_a_service_back_is_refused,
	    part_that_takes_the_list_of_services_back_is_refused,
	    a_given_part_is_read_in_its_place_among_the_files,
	    an_error_in_a_given_part_names_its_file,
	    an_error_in_conf_d_names_that_file,
	    no_file_is_not_found,
	    a_file_that_others_may_write_is_refused,
	    a_file_of_somebody_else_is_refused,
	    a_directory_that_others_may_write_is_refused,
	    a_parent_that_others_may_write_is_refused,
	    what_is_no_file_is_refused_without_waiting,
	    a_link_is_followed_and_its_target_judged,
	    a_link_to_nowhere_in_conf_d_is_an_error,
	    a_file_over_1_mib_is_refused,
	    NULL,
	};

	return unit_run("config_read", tests);
}
