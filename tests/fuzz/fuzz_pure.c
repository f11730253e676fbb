/* SPDX-License-Identifier: MIT */
#include "fuzz_pure.h"

#include "fuzz_snapshot.h"
#include "fuzz_table.h"

const struct fuzz_entry fuzz_entries[] = {
    {"condition", fuzz_condition, NULL},
    {"config", fuzz_config, NULL},
    {"csv", fuzz_csv, NULL},
    {"escape", fuzz_escape, NULL},
    {"frame", fuzz_frame, NULL},
    {"id_map", fuzz_id_map, NULL},
    {"identity", fuzz_identity, NULL},
    {"ini", fuzz_ini, NULL},
    {"module_option", fuzz_module_option, NULL},
    {"nss", fuzz_nss, fuzz_snapshot_mutate},
    {"passwd_entry", fuzz_passwd_entry, NULL},
    {"phrase", fuzz_phrase, NULL},
    {"registry", fuzz_registry, fuzz_snapshot_mutate},
    {"template", fuzz_template, NULL},
    {"throttle", fuzz_throttle, NULL},
    {"xml", fuzz_xml, NULL},
    {NULL, NULL, NULL},
};
