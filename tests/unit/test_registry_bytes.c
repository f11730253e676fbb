/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "registry_format.h"
#include "registry_image.h"
#include "registry_model.h"

#define LENGTH(rows) (sizeof(rows) / sizeof((rows)[0]))
#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)
#define ROUNDS 24
#define STEPS 1200

/* Which of the two files, in which version. */
static const struct {
	uint32_t version;
	bool is_nss;
} kinds[] = {{1, false}, {1, true}, {2, false}, {2, true}};

/* FNV-1a: of ours it is none, so that it cannot be wrong together with them. */
static uint64_t
hash_file(uint64_t hash, const char *name)
{
	int fd = open(case_path(name), O_RDONLY | O_CLOEXEC);
	struct stat status;
	unsigned char *bytes;
	off_t place;

	ck_assert_int_eq(fstat(fd, &status), 0);
	bytes = malloc((size_t)status.st_size);
	ck_assert_ptr_nonnull(bytes);
	ck_assert_int_eq(
	    read(fd, bytes, (size_t)status.st_size), status.st_size);
	close(fd);
	for (place = 0; place < status.st_size; place++)
		hash = (hash ^ bytes[place]) * UINT64_C(0x100000001b3);
	free(bytes);
	return hash;
}

static void
write_file(const struct registry_contents *contents, const char *name,
    uint32_t version, bool is_nss)
{
	const struct registry_image_order order = {
	    .version = version,
	    .generation = 5,
	    .seed = {UINT64_C(0x0123456789abcdef), 77},
	    .is_nss = is_nss,
	};
	int fd = open(
	    case_path(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_ok(registry_image_write(contents, &order, fd));
	ck_assert_int_eq(close(fd), 0);
}

/* Some of each kind, each fifth of them held. */
static void
fill(struct registry_model *model, struct registry_contents *contents,
    unsigned steps)
{
	size_t number;

	while (steps-- > 0)
		model_step(model, contents);
	for (number = 0; number < contents->user_count; number += 5) {
		struct registry_user user = contents->users[number];

		user.is_held = true;
		ck_assert_ok(
		    registry_contents_change_user(contents, &user, NULL));
	}
}

START_TEST(files_made_anew_have_the_bytes_that_they_always_had)
{
	static const struct {
		unsigned steps;
		uint64_t hashes[LENGTH(kinds)];
	} rows[] = {
	    {0,
		{UINT64_C(0x52f06d70627b2a0d), UINT64_C(0xf02fa49ad7d54b8f),
		    UINT64_C(0x9109cabd37df6c50),
		    UINT64_C(0xba0c43af730b40a7)}},
	    {1,
		{UINT64_C(0xc1720bf0ec6b87e6), UINT64_C(0xa521a00af6fde64f),
		    UINT64_C(0xd2485eb227531a5e),
		    UINT64_C(0xf6b25416724caeec)}},
	    {8,
		{UINT64_C(0xab0f6d6d1ffdcbe6), UINT64_C(0x61f016772c5327fe),
		    UINT64_C(0x7dfcda0d47c28662),
		    UINT64_C(0x4b6b43f44a741c92)}},
	    {60,
		{UINT64_C(0xb18cc8922e1ca0e2), UINT64_C(0x3d97b968edb7c193),
		    UINT64_C(0x53b04dcf5881e5c5),
		    UINT64_C(0x3dca91cc191f78a2)}},
	    {900,
		{UINT64_C(0xc5ad5204e2900eb7), UINT64_C(0x3de4a711256b8c41),
		    UINT64_C(0x1bbb4ace100d43fc),
		    UINT64_C(0xb6e80e24e305bb49)}},
	};
	size_t row;
	size_t kind;

	case_make_directory();
	for (row = 0; row < LENGTH(rows); row++) {
		cleanup_contents struct registry_contents contents = {0};
		struct registry_model model = {.dice = row};

		fill(&model, &contents, rows[row].steps);
		contents.may_enumerate = row % 2 == 0;
		contents.must_not_map = row % 3 == 0;
		for (kind = 0; kind < LENGTH(kinds); kind++) {
			uint64_t hash;

			write_file(&contents, "registry", kinds[kind].version,
			    kinds[kind].is_nss);
			(void)case_verified("registry");
			hash = hash_file(HASH_BEGIN, "registry");
			ck_assert_msg(hash == rows[row].hashes[kind],
			    "row %zu, kind %zu: %#lx", row, kind,
			    (unsigned long)hash);
		}
	}
	case_remove();
}
END_TEST

/* Its members are what the only group has. */
START_TEST(only_group_has_all_its_members)
{
	static const uint32_t gids[] = {ADMINS_GID};
	cleanup_contents struct registry_contents contents = {0};
	cleanup_registry struct registry registry = {.fd = -1};
	cleanup_room struct registry_room room = {0};
	struct registry_group group;
	struct registry_user user = case_alice();

	case_make_directory();
	user.gids = gids;
	ck_assert_ok(
	    registry_contents_add_group(&contents, "one", ADMINS_GID, NULL));
	ck_assert_ok(registry_contents_add_user(&contents, &user, NULL));
	write_file(&contents, "registry", 2, false);
	case_open("registry", &registry);
	ck_assert_ok(registry_find_group_name(&registry, "one", &room, &group));
	ck_assert_uint_eq(group.member_count, 1);
	ck_assert_str_eq(group.members, "alice");
	case_remove();
}
END_TEST

START_TEST(what_is_loaded_makes_the_same_file_again)
{
	size_t kind;

	case_make_directory();
	for (kind = 0; kind < LENGTH(kinds); kind++) {
		cleanup_contents struct registry_contents contents = {0};
		cleanup_contents struct registry_contents loaded = {0};
		struct registry_model model = {.dice = kind};

		if (kinds[kind].is_nss)
			continue;
		fill(&model, &contents, 400);
		contents.may_enumerate = true;
		write_file(&contents, "registry", kinds[kind].version, false);
		ck_assert_ok(registry_contents_load(
		    case_path("registry"), &loaded, NULL));
		write_file(&loaded, "nss", kinds[kind].version, false);
		ck_assert_uint_eq(hash_file(HASH_BEGIN, "nss"),
		    hash_file(HASH_BEGIN, "registry"));

		write_file(&contents, "registry", kinds[kind].version, true);
		write_file(&loaded, "nss", kinds[kind].version, true);
		ck_assert_uint_eq(hash_file(HASH_BEGIN, "nss"),
		    hash_file(HASH_BEGIN, "registry"));
	}
	case_remove();
}
END_TEST

/* Longer than what is held at once. */
START_TEST(long_file_has_the_bytes_that_it_always_had)
{
	struct registry_change change;
	unsigned long number;

	case_make_directory();
	case_begin(&change);
	for (number = 0; number < 9000; number++)
		case_add_numbered(
		    &change, number, FIRST_UID + (uint32_t)number);
	write_file(&change.contents, "registry", 1, false);
	ck_assert_uint_eq(
	    hash_file(HASH_BEGIN, "registry"), UINT64_C(0x715f27e552c537f9));
	write_file(&change.contents, "registry", 2, false);
	ck_assert_uint_eq(
	    hash_file(HASH_BEGIN, "registry"), UINT64_C(0x2bb9dceae3bb24f0));
	registry_change_end(&change);
	case_remove();
}
END_TEST

/* Tells whether neither file was made anew: then its seed would be another. */
static bool
are_patched(void)
{
	return case_verified("registry").seed[1] == 77 &&
	    case_verified("nss").seed[1] == 77;
}

/* Changes both files again and again until one has no more room. */
static unsigned
patch_often(unsigned dice, uint64_t *ret_hash)
{
	cleanup_contents struct registry_contents contents = {0};
	struct registry_model model = {.dice = dice};
	uint64_t hash = HASH_BEGIN;
	unsigned round;

	case_make_directory();
	fill(&model, &contents, STEPS);
	write_file(&contents, "registry", 2, false);
	write_file(&contents, "nss", 2, true);
	for (round = 0; round < ROUNDS; round++) {
		struct registry_change change;
		unsigned step;

		case_begin(&change);
		for (step = 0; step <= dice % 3; step++)
			model_step(&model, &change.contents);
		case_commit(&change);
		if (!are_patched())
			break;
		hash = hash_file(hash_file(hash, "registry"), "nss");
	}
	case_remove();
	*ret_hash = hash;
	return round;
}

START_TEST(patched_files_have_the_bytes_that_they_always_had)
{
	static const struct {
		unsigned rounds;
		uint64_t hash;
	} rows[] = {
	    {16, UINT64_C(0x53f59be0d8024cd6)},
	    {10, UINT64_C(0x25e7a26909a2442c)},
	    {6, UINT64_C(0x1293a7e291bba8cd)},
	    {24, UINT64_C(0xdb272867057ad4d4)},
	    {10, UINT64_C(0xdf69ccf9d3b4c539)},
	    {13, UINT64_C(0x3e8092128b888ae2)},
	};
	unsigned dice;

	for (dice = 0; dice < LENGTH(rows); dice++) {
		uint64_t hash = 0;
		unsigned rounds = patch_often(dice, &hash);

		ck_assert_msg(
		    rounds == rows[dice].rounds && hash == rows[dice].hash,
		    "row %u: %u, %#lx", dice, rounds, (unsigned long)hash);
	}
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    files_made_anew_have_the_bytes_that_they_always_had,
	    only_group_has_all_its_members,
	    what_is_loaded_makes_the_same_file_again,
	    long_file_has_the_bytes_that_it_always_had,
	    patched_files_have_the_bytes_that_they_always_had,
	    NULL,
	};

	return unit_run("registry_bytes", tests);
}
