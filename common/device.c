/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "device_os.h"

#define TEXT_BYTES (IDENTITY_TEXT_MAX_BYTES + 1)
#define TERMINAL_DIRECTORY "/dev/"

static const char *
text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* Copies what fits of the first `length` bytes. */
static void
copy_printable(char *ret_text, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length && i < IDENTITY_TEXT_MAX_BYTES; i++) {
		ret_text[i] = text[i];
		if (text[i] < 0x20 || text[i] > 0x7e)
			ret_text[i] = '?';
	}
	ret_text[i] = '\0';
}

static void
copy_text(char *ret_text, const char *text)
{
	copy_printable(ret_text, text, strlen(text));
}

/* Writes an IPv6 address, or the IPv4 address that is mapped into it. */
static void
write_address(const struct in6_addr *address, char *ret_ip)
{
	if (IN6_IS_ADDR_V4MAPPED(address))
		(void)inet_ntop(
		    AF_INET, &address->s6_addr[12], ret_ip, TEXT_BYTES);
	else
		(void)inet_ntop(AF_INET6, address, ret_ip, TEXT_BYTES);
}

/* Reads an address of `length` bytes; a zone, which says nothing outside of
 * this host, is dropped. False, with nothing written, if it is none. */
static bool
read_address(const char *text, size_t length, char *ret_ip)
{
	char address[INET6_ADDRSTRLEN];
	const char *zone = memchr(text, '%', length);
	size_t address_length = zone != NULL ? (size_t)(zone - text) : length;
	struct in_addr ipv4;
	struct in6_addr ipv6;

	if (address_length >= sizeof(address))
		return false;
	memcpy(address, text, address_length);
	address[address_length] = '\0';
	if (inet_pton(AF_INET6, address, &ipv6) == 1) {
		write_address(&ipv6, ret_ip);
		return true;
	}
	if (zone != NULL || inet_pton(AF_INET, address, &ipv4) != 1)
		return false;
	return inet_ntop(AF_INET, &ipv4, ret_ip, TEXT_BYTES) != NULL;
}

/* sudo gives this host's own name as the remote one, or none at all; sshd may
 * give it for a connection from this host. */
static bool
is_local(const char *rhost, const char *ssh_connection, const char *hostname)
{
	if (rhost[0] == '\0')
		return true;
	if (ssh_connection[0] != '\0')
		return false;
	return identity_equal(rhost, "localhost") ||
	    identity_equal(rhost, hostname);
}

static void
describe_name(bool is_local_login, struct device *device)
{
	const char *name = device->rhost;
	size_t prefix = strlen(TERMINAL_DIRECTORY);

	if (is_local_login) {
		name = device->tty;
		if (strncmp(name, TERMINAL_DIRECTORY, prefix) == 0)
			name += prefix;
		if (name[0] == '\0')
			name = device->hostname;
	}
	copy_text(device->name, name);
}

static void
describe_ip(const struct device_source *source, bool is_local_login,
    struct device *device)
{
	const char *rhost = text_or_empty(source->rhost);
	const char *connection = text_or_empty(source->ssh_connection);

	if (read_address(rhost, strlen(rhost), device->ip))
		return;
	if (read_address(connection, strcspn(connection, " "), device->ip))
		return;
	if (is_local_login)
		copy_text(device->ip, text_or_empty(source->local_device_ip));
}

static void
describe_os(const char *device_os, struct device *device)
{
	char found[TEXT_BYTES];

	if (device_os[0] != '\0') {
		copy_text(device->os, device_os);
		return;
	}
	device_os_describe(found, sizeof(found));
	copy_text(device->os, found);
}

void
device_describe(const struct device_source *source, struct device *ret_device)
{
	struct device device = {0};
	char hostname[TEXT_BYTES] = "";
	bool is_local_login;

	/* A name that is cut may come without its NUL. */
	if (gethostname(hostname, sizeof(hostname) - 1) != 0)
		hostname[0] = '\0';
	copy_text(device.hostname, hostname);
	copy_text(device.rhost, text_or_empty(source->rhost));
	copy_text(device.tty, text_or_empty(source->tty));
	is_local_login = is_local(device.rhost,
	    text_or_empty(source->ssh_connection), device.hostname);
	describe_name(is_local_login, &device);
	describe_ip(source, is_local_login, &device);
	describe_os(text_or_empty(source->device_os), &device);
	*ret_device = device;
}
