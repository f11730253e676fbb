/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "config_case.h"
#include "policy.h"

static struct registry_user bob = {.name = "bob", .email = "bob@example.com"};

/* What becomes of Bob, with these services listed. */
static enum policy_answer
answer_in(bool is_account_step, const char *services, const char *service)
{
	static const struct registry registry = {.fd = -1};
	cleanup_buffer struct buffer text = buffer_make(1000);
	cleanup_config struct config config = {0};
	struct policy_question question = {.config = &config,
	    .registry = &registry,
	    .user = &bob,
	    .service = service,
	    .now = 1000,
	    .is_account_step = is_account_step};
	enum policy_answer answer = POLICY_PAST_DATE;

	ck_assert_ok(buffer_append_format(&text,
	    "[extauth]\nservices = %s\n"
	    "[service sudo]\nallow_users = bob\n"
	    "[service login]\nallow_users = carol\n",
	    services));
	config = config_case_taken(buffer_text(&text));
	ck_assert_ok(policy_account(&question, &answer));
	return answer;
}

static enum policy_answer
answer_for(const char *services, const char *service)
{
	return answer_in(false, services, service);
}

START_TEST(only_services_of_the_list_let_anybody_in)
{
	static const struct {
		const char *services;
		const char *service;
		enum policy_answer answer;
	} cases[] = {
	    {"", "sshd", POLICY_ALLOWED},
	    {"", "anything", POLICY_ALLOWED},
	    {"sshd, cron", "sshd", POLICY_ALLOWED},
	    {"sshd, cron", "cron", POLICY_ALLOWED},
	    {"sshd, cron", "su", POLICY_REFUSED},
	    {"sshd, cron", "sudo", POLICY_REFUSED},
	    {"sshd, cron", "", POLICY_REFUSED},
	    {"sshd, cron", "ssh", POLICY_REFUSED},
	    {"sshd, cron", "sshd2", POLICY_REFUSED},
	    {"sshd, cron", "SSHD", POLICY_REFUSED},
	    {"sshd, cron", "systemd-user", POLICY_REFUSED},
	    {"sudo", "sudo", POLICY_ALLOWED},
	    {"sudo", "sudo-i", POLICY_ALLOWED},
	    {"sshd", "sudo-i", POLICY_REFUSED},
	    {"su", "su-l", POLICY_ALLOWED},
	    {"su-l", "su-l", POLICY_ALLOWED},
	    {"su-l", "su", POLICY_REFUSED},
	};
	size_t i;

	for (i = 0; i < CONFIG_CASE_LENGTH(cases); i++)
		ck_assert_msg(answer_for(cases[i].services, cases[i].service) ==
			cases[i].answer,
		    "case %zu", i);
}
END_TEST

START_TEST(manager_behind_a_login_is_admitted_in_the_account_step_alone)
{
	ck_assert_int_eq(
	    answer_in(true, "sshd", "systemd-user"), POLICY_ALLOWED);
	ck_assert_int_eq(answer_in(true, "sshd", "su"), POLICY_REFUSED);
	ck_assert_int_eq(
	    answer_in(false, "sshd", "systemd-user"), POLICY_REFUSED);
}
END_TEST

START_TEST(a_section_may_refuse_what_the_list_admits)
{
	ck_assert_int_eq(answer_for("login", "login"), POLICY_REFUSED);
	ck_assert_int_eq(answer_for("", "login"), POLICY_REFUSED);
}
END_TEST

START_TEST(disabled_user_is_told_so_before_the_list)
{
	bob.is_disabled = true;
	ck_assert_int_eq(answer_for("sshd", "su"), POLICY_DISABLED);
	bob.is_disabled = false;
}
END_TEST

int
main(void)
{
	const TTest *const tests[] = {
	    only_services_of_the_list_let_anybody_in,
	    manager_behind_a_login_is_admitted_in_the_account_step_alone,
	    a_section_may_refuse_what_the_list_admits,
	    disabled_user_is_told_so_before_the_list,
	    NULL,
	};

	return unit_run("policy_services", tests);
}
