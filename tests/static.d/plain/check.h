/* SPDX-License-Identifier: MIT */
/* In the place of Check's header where MemorySanitizer looks: as much of Check
 * as the unit tests use, compiled with them, since what a library that is not
 * built with it writes would count as never written. Each test has a process of
 * its own; results are TAP.
 * Does not know: what is tested. */
#ifndef EXTAUTH_TESTS_PLAIN_CHECK_H
#define EXTAUTH_TESTS_PLAIN_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CK_SILENT 0
#define TESTS_MAX 200

typedef struct {
	const char *name;
	void (*run)(int);
} TTest;

typedef struct {
	const TTest *tests[TESTS_MAX];
	int rounds[TESTS_MAX]; /* of a loop; else 0 */
	int count;
} TCase;

typedef struct {
	TCase *all;
	int failed;
} Suite;

typedef Suite SRunner;

#define START_TEST(name)                                                       \
	static void name##_fn(int _i);                                         \
	static const TTest name##_test = {#name, name##_fn};                   \
	static const TTest *const name = &name##_test;                         \
	static void name##_fn(int _i __attribute__((unused)))
#define END_TEST

#define ck_abort_msg(...)                                                      \
	do {                                                                   \
		(void)fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);          \
		(void)fprintf(stderr, __VA_ARGS__);                            \
		(void)fputc('\n', stderr);                                     \
		_exit(1);                                                      \
	} while (0)
#define ck_assert_msg(is_true, ...)                                            \
	do {                                                                   \
		if (!(is_true))                                                \
			ck_abort_msg(__VA_ARGS__);                             \
	} while (0)
#define ck_assert(is_true) ck_assert_msg(is_true, "%s", #is_true)

#define CK_COMPARE(type, one, sign, other)                                     \
	do {                                                                   \
		const type ck_one = (type)(one);                               \
		const type ck_other = (type)(other);                           \
		ck_assert_msg(ck_one sign ck_other, "%s is %jd, %s is %jd",    \
		    #one, (intmax_t)ck_one, #other, (intmax_t)ck_other);       \
	} while (0)
#define ck_assert_int_eq(one, other) CK_COMPARE(intmax_t, one, ==, other)
#define ck_assert_int_ne(one, other) CK_COMPARE(intmax_t, one, !=, other)
#define ck_assert_int_lt(one, other) CK_COMPARE(intmax_t, one, <, other)
#define ck_assert_int_le(one, other) CK_COMPARE(intmax_t, one, <=, other)
#define ck_assert_int_gt(one, other) CK_COMPARE(intmax_t, one, >, other)
#define ck_assert_int_ge(one, other) CK_COMPARE(intmax_t, one, >=, other)
#define ck_assert_uint_eq(one, other) CK_COMPARE(uintmax_t, one, ==, other)
#define ck_assert_uint_ne(one, other) CK_COMPARE(uintmax_t, one, !=, other)
#define ck_assert_uint_lt(one, other) CK_COMPARE(uintmax_t, one, <, other)
#define ck_assert_uint_le(one, other) CK_COMPARE(uintmax_t, one, <=, other)
#define ck_assert_uint_gt(one, other) CK_COMPARE(uintmax_t, one, >, other)
#define ck_assert_uint_ge(one, other) CK_COMPARE(uintmax_t, one, >=, other)

#define CK_POINTERS(one, sign, other)                                          \
	ck_assert_msg((const void *)(one)sign(const void *)(other),            \
	    "not %s " #sign " %s", #one, #other)
#define ck_assert_ptr_eq(one, other) CK_POINTERS(one, ==, other)
#define ck_assert_ptr_ne(one, other) CK_POINTERS(one, !=, other)
#define ck_assert_ptr_null(one) CK_POINTERS(one, ==, NULL)
#define ck_assert_ptr_nonnull(one) CK_POINTERS(one, !=, NULL)

#define CK_TEXTS(one, sign, other)                                             \
	do {                                                                   \
		const char *ck_one = (one);                                    \
		const char *ck_other = (other);                                \
		ck_assert_msg(ck_one != NULL && ck_other != NULL &&            \
			strcmp(ck_one, ck_other) sign 0,                       \
		    "%s is \"%s\", %s is \"%s\"", #one, ck_one, #other,        \
		    ck_other);                                                 \
	} while (0)
#define ck_assert_str_eq(one, other) CK_TEXTS(one, ==, other)
#define ck_assert_str_ne(one, other) CK_TEXTS(one, !=, other)
#define ck_assert_mem_eq(one, other, size)                                     \
	ck_assert_msg(memcmp(one, other, size) == 0, "%s differs", #one)

/* Both may be NULL. */
static inline void
ck_assert_pstr_eq(const char *one, const char *other)
{
	if (one != NULL || other != NULL)
		ck_assert_str_eq(one, other);
}

/* Only one suite is made in a program, and lives as long as that. */
static inline TCase *
tcase_create(const char *name)
{
	static TCase all;

	(void)name;
	return &all;
}

static inline void
tcase_set_timeout(TCase *all, double seconds)
{
	(void)all;
	(void)seconds;
}

static inline void
tcase_add_loop_test(TCase *all, const TTest *test, int start, int end)
{
	int number;

	(void)start;
	for (number = 0; number < end && all->count < TESTS_MAX; number++) {
		all->rounds[all->count] = number;
		all->tests[all->count++] = test;
	}
}

static inline void
tcase_add_test(TCase *all, const TTest *test)
{
	tcase_add_loop_test(all, test, 0, 1);
}

static inline Suite *
suite_create(const char *name)
{
	static Suite suite;

	(void)name;
	return &suite;
}

static inline void
suite_add_tcase(Suite *suite, TCase *all)
{
	suite->all = all;
}

static inline SRunner *
srunner_create(Suite *suite)
{
	return suite;
}

static inline void
srunner_free(SRunner *runner)
{
	(void)runner;
}

static inline int
srunner_ntests_failed(const SRunner *runner)
{
	return runner->failed;
}

static inline void
srunner_run_all(SRunner *runner, int mode)
{
	const TCase *all = runner->all;
	int number;

	(void)mode;
	(void)printf("1..%d\n", all->count);
	for (number = 0; number < all->count; number++) {
		int status = -1;
		pid_t child;

		(void)fflush(stdout);
		child = fork();
		if (child == 0) {
			all->tests[number]->run(all->rounds[number]);
			_exit(0);
		}
		(void)waitpid(child, &status, 0);
		runner->failed += status != 0;
		(void)printf("%s %d - %s\n", status == 0 ? "ok" : "not ok",
		    number + 1, all->tests[number]->name);
	}
}

#endif
