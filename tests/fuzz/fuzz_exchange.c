/* SPDX-License-Identifier: MIT */
#include "fuzz_exchange.h"

#include "fuzz_table.h"

const struct fuzz_entry fuzz_entries[] = {
    {"base64url", fuzz_base64url, NULL},
    {"http", fuzz_http, NULL},
    {"response", fuzz_response, NULL},
    {"url", fuzz_url, NULL},
    {NULL, NULL, NULL},
};
