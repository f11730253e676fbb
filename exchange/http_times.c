/* SPDX-License-Identifier: MIT */
#include "http_times.h"

static int64_t
http_times_get(CURL *easy, CURLINFO which)
{
	curl_off_t time_us = 0;

	(void)curl_easy_getinfo(easy, which, &time_us);
	return (int64_t)time_us;
}

void
http_times_take(CURL *easy, int64_t name_us, struct response_times *times)
{
	int64_t start = http_times_get(easy, CURLINFO_NAMELOOKUP_TIME_T);
	int64_t connected = http_times_get(easy, CURLINFO_CONNECT_TIME_T);
	int64_t secured = http_times_get(easy, CURLINFO_APPCONNECT_TIME_T);
	int64_t first = http_times_get(easy, CURLINFO_STARTTRANSFER_TIME_T);

	if (connected < start)
		connected = start;
	if (secured < connected)
		secured = connected;
	times->name_us = name_us;
	times->connect_us = connected - start;
	times->tls_us = secured - connected;
	times->wait_us = first > secured ? first - secured : 0;
	times->total_us = http_times_get(easy, CURLINFO_TOTAL_TIME_T);
}
