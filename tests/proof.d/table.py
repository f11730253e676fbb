# SPDX-License-Identifier: MIT
"""The parts of the proof: what is run, and the goals of what it prints.

A goal is `>=`, `<=` or `==` and a number; figures that a part prints and that
are not named here stand in the report without a goal. That something never
happens is asserted by the parts' own tests besides.
"""
from outcome import Part

ENTER = "tests/enter python3 "
PLAIN = "tests/enter --plain $EXTAUTH_BUILD/"

FAULTS = "1. Faults"
KILLS = "2. Kills and power cuts"
SERVER = "3. Hostile server"
WORKER = "4. Hostile worker and odd hosts"
SANDBOX = "5. Sandbox"
TIMING = "6. Timing"
FUZZING = "7. Fuzzing, coverage, mutation"
SOAK = "8. Concurrency and soak"
STATIC = "9. Static analysis and sanitizers"

PARTS = [
    Part("faults", FAULTS, "Every allocation and every system call fails",
         ENTER + "tests/faults/sweep.py 51000",
         {"faults": ">= 50000", "crashes": "== 0", "hangs": "== 0",
          "wrong_grants": "== 0", "wrong_records": "== 0",
          "leaks": "== 0", "half_written": "== 0"}, limit_s=2700),
    Part("writer-faults", FAULTS, "The disk is full, or fails, under the "
         "writer", ENTER + "tests/crash/full_disk.py", {}),

    Part("kill-worker", KILLS, "The worker is killed",
         ENTER + "tests/crash/kill_worker.py 1 10000",
         {"worker_kills_by_call": ">= 2000",
          "worker_kills_in_a_dialog": ">= 500",
          "worker_kills_random": ">= 10000", "wrong_grants": "== 0"}),
    Part("kill-writer", KILLS, "The writer is killed",
         ENTER + "tests/crash/kill_often.py 10000 1",
         {"writer_kills_random": ">= 10000", "writer_kills_by_call": ">= 800",
          "damaged_registries": "== 0"}),
    Part("kill-writer-whole", KILLS, "The writer is killed, judged by every "
         "command", ENTER + "tests/crash/kill_writer.py",
         {"writer_kills_of_add_by_call": ">= 50"}),
    Part("kill-restore", KILLS, "registry restore is killed",
         ENTER + "tests/crash/kill_restore.py", {}),
    Part("kill-host", KILLS, "The host is killed in the middle of a login",
         ENTER + "tests/crash/kill_login.py 1000 50",
         {"host_kills": ">= 1000", "host_kills_with_worker": ">= 500",
          "orphans": "== 0",
          "sshd_grace_kills": ">= 50", "sshd_grace_orphans": "== 0",
          "sshd_kills": ">= 50", "sshd_orphans": "== 0"}),
    Part("power-cut", KILLS, "The power goes",
         ENTER + "tests/crash/power_cut.py 6000",
         {"power_cut_states": ">= 5000", "power_cut_changes": ">= 16",
          "power_cut_damaged": "== 0"}),
    Part("damage", KILLS, "The file that readers read is replaced by anything, "
         "or damaged in place with map_registry = no",
         "$EXTAUTH_BUILD/tests/nss/test_nss_damage 120",
         {"look_ups": ">= 1000000", "sigbus": "== 0", "wrong_records": "== 0"}),

    Part("tls", SERVER, "Bad TLS servers, and proof that no password came",
         ENTER + "tests/hostile/tls_matrix.py 300",
         {"bad_tls_servers": ">= 20", "broken_handshakes": ">= 300",
          "password_bytes_arrived": "== 0"}),
    Part("answers", SERVER, "Answers without end, too large, wrong",
         ENTER + "tests/hostile/answers.py 300",
         {"hostile_answers": ">= 300", "worker_peak_kib": "<= 32768"}),
    Part("redirects", SERVER, "Redirects to everywhere",
         ENTER + "tests/hostile/redirects.py",
         {"redirects_tried": ">= 300", "redirects_followed": "== 0"}),
    Part("slow", SERVER, "Servers and networks that stall",
         ENTER + "tests/hostile/slow.py 100",
         {"slow_scenarios": ">= 12", "slow_logins": ">= 1200",
          "worst_over_deadline_ms": "<= 500"}),
    Part("clocks", SERVER, "The clock jumps by ten years",
         ENTER + "tests/hostile/clocks.py",
         {"worst_with_a_jumping_clock_ms": "<= 500"}),

    Part("frames", WORKER, "A worker that sends anything",
         PLAIN + "tests/pam/hostile_frames 11000",
         {"mutated_frames": ">= 10000", "wrong_grants": "== 0",
          "right_grants": ">= 1", "missed_grants": "== 0",
          "host_state_changes": "== 0", "unshowable_texts": "== 0",
          "longest_login_ms": "<= 3000"}),
    Part("hosts", WORKER, "Odd hosts",
         PLAIN + "tests/pam/odd_hosts",
         {"odd_hosts": ">= 40", "odd_host_calls": ">= 600",
          "odd_host_wrong_answers": "== 0", "host_state_changes": "== 0"}),
    Part("cycles", WORKER, "The module is loaded and unloaded",
         PLAIN + "tests/pam/pam_cycles 10000",
         {"pam_module_cycles": ">= 10000",
          "pam_module_cycles_growth_kib": "<= 64"}),

    Part("sandbox", SANDBOX, "What an exploited worker tries",
         ENTER + "tests/sandbox/exploits.py 1",
         {"exploit_attempts": ">= 100", "exploits_that_succeeded": "== 0"}),

    Part("timing", TIMING, "Refusals for four reasons, 1,000 each",
         ENTER + "tests/e2e/timing.py 1000",
         {"timed_logins": ">= 4000", "median_spread_ms": "<= 5"}),

    Part("fuzz", FUZZING, "Forty targets from the checked-in corpora",
         "tests/fuzz/run 12",
         {"targets": ">= 40", "crashes": "== 0", "corpus_files": ">= 3000",
          "executions": ">= 1000000"}, processors=2),
    Part("coverage", FUZZING, "Lines and branches that the tests reach",
         "tests/coverage",
         {"common_line_coverage_percent": ">= 95",
          "verdict_branch_coverage_percent": ">= 95",
          "escape_branch_coverage_percent": ">= 95",
          "registry_branch_coverage_percent": ">= 95"}, processors=2),
    Part("mutation", FUZZING, "Mutants of verdict, escape and registry",
         "tests/mutate --generic --count 1200 --seed $EXTAUTH_SEED",
         {"mutants": ">= 1000", "mutation_score_percent": ">= 90",
          "verdict_mutation_score_percent": ">= 90",
          "escape_mutation_score_percent": ">= 90",
          "registry_mutation_score_percent": ">= 90"},
         processors=2),
    Part("rules", FUZZING, "Each rule of the providers taken away",
         "tests/mutate", {}, processors=2),

    Part("soak", SOAK, "100,000 logins, 200 at a time",
         ENTER + "tests/soak/soak.py 100000 200",
         {"logins": ">= 100000", "wrong_verdicts": "== 0",
          "crossed_canaries": "== 0", "rss_growth_percent": "<= 1",
          "heap_growth_bytes": "<= 36864", "fd_growth": "== 0",
          "left_processes": "== 0", "left_files": "<= 5008",
          "pairs": ">= 200"}, limit_s=2400, processors=2),
    Part("threads", SOAK, "64 threads of one host",
         ENTER + "tests/soak/threads.py 6400 64",
         {"threads": ">= 64", "threaded_logins": ">= 6400",
          "threaded_wrong_verdicts": "== 0"}, processors=2),

    Part("analysers", STATIC, "gcc -fanalyzer, scan-build, clang-tidy, "
         "cppcheck, all warnings",
         "tests/static compilers analyzer scan_build lint",
         {"compiler_warnings": "== 0", "gcc_fanalyzer_findings_open": "== 0",
          "scan_build_findings_open": "== 0", "lint_findings_open": "== 0"},
         limit_s=2000),
    Part("valgrind", STATIC, "Tests and real programs under memcheck",
         "tests/static valgrind login",
         {"programs_under_valgrind": ">= 120",
          "valgrind_findings_open": "== 0",
          "real_programs_under_valgrind": ">= 4",
          "real_tests_under_valgrind": ">= 10",
          "valgrind_login_findings_open": "== 0"}, limit_s=2400),
    Part("sanitizers", STATIC, "ThreadSanitizer and MemorySanitizer",
         "tests/static threads memory",
         {"tests_under_tsan": ">= 60", "tsan_reports": "== 0",
          "tests_under_msan": ">= 500", "msan_reports": "== 0"}),
    Part("corpora", STATIC, "The corpora under MemorySanitizer",
         "tests/fuzz/run --sanitizer memory --replay",
         {"targets": ">= 16", "crashes": "== 0"}),
    Part("sanitized", STATIC, "The tests with AddressSanitizer and "
         "UndefinedBehaviorSanitizer", "tests/run sanitize", {},
         processors=2),
    Part("packaged", STATIC, "What the packages hold: blhc, hardening-check, "
         "built twice", "tests/static packaged",
         {"blhc_findings": "== 0", "hardened_compilations": ">= 300",
          "hardened_programs": ">= 4", "reproducible_builds": ">= 1"}),
]
