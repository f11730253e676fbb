#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The packages in a booted Debian (booted_machine.py) that booted_scene made
ready: units, timer, logins with their sessions, what a reboot keeps.

usage: booted.py ROOT PASSWORD LOCAL-PASSWORD LOG
"""
import sys
import time

import booted_logins as logins
import booted_units as units
from booted_machine import Machine, check, equal

BOOTS_QUICKLY_S = 45


def system_is_running_without_a_failed_unit(machine):
    equal(machine.await_boot(), "running")
    equal(machine.tell("systemctl", "--failed", "--no-legend", "--plain"), "")


def it_all_boots_without_network_and_services(machine):
    machine.run("systemctl", "--quiet", "disable", "scene-network.service",
                "scene-identity.service", "scene-directory.service")


def boot_is_not_held_up(machine):
    begin = time.monotonic()
    equal(machine.await_boot(), "running")
    took = time.monotonic() - begin
    assert took < BOOTS_QUICKLY_S, took


FIRST_BOOT = (
    system_is_running_without_a_failed_unit,
    units.sysusers_made_the_user_of_the_worker,
    units.tmpfiles_made_directories_with_their_modes,
    units.nothing_of_ours_runs_before_it_is_enabled,
    units.each_unit_is_exposed_at_most_so_much,
    units.units_have_no_setting_that_is_not_known,
    units.starting_the_service_registers_the_directory,
    units.service_tells_its_sums_in_the_journal,
    units.reading_half_is_nobody_without_capabilities,
    units.writing_half_has_no_network_and_no_capabilities,
    units.reading_half_ends_with_the_other,
    units.only_root_may_speak_to_the_reading_half,
    units.timer_is_switched_on_and_waits,
    units.timer_starts_the_service,
    logins.registered_user_logs_in_on_the_console,
    logins.home_is_made_and_closed_to_others,
    logins.user_manager_runs_for_him,
    logins.sudo_asks_for_his_password,
    logins.journal_has_one_line_for_the_console_login,
    logins.wrong_password_is_refused_at_the_console,
    logins.root_logs_in_on_the_console,
    logins.registered_and_local_users_log_in_by_ssh,
    logins.somebody_of_the_directory_logs_in_by_ssh,
    logins.ssh_session_is_known_to_logind,
    logins.cron_ran_his_job,
    units.reading_half_finds_names_by_systemd_resolved,
    units.nscd_knows_who_was_registered_a_moment_ago,
    logins.refusals_leave_marks_that_are_closed,
    it_all_boots_without_network_and_services,
)
SECOND_BOOT = (
    boot_is_not_held_up,
    logins.registered_users_are_there_after_a_reboot,
    logins.marks_are_gone_after_a_reboot,
    units.timer_is_enabled_after_a_reboot,
    logins.local_users_log_in_with_the_endpoint_dead,
    logins.registered_user_is_refused_soon_with_the_endpoint_dead,
    units.service_fails_soon_and_changes_nothing,
)


def main():
    """Both boots."""
    counts = {"ok": 0, "FAIL": 0}
    root, password, local, log_path = sys.argv[1:]
    with open(log_path, "w", encoding="utf-8", errors="replace") as log:
        for cases in (FIRST_BOOT, SECOND_BOOT):
            with Machine(root, password, local, log) as machine:
                for case in cases:
                    check(case, machine, counts)
    print(f"{counts['ok']} passed, {counts['FAIL']} failed")
    return counts["FAIL"] != 0


if __name__ == "__main__":
    sys.exit(main())
