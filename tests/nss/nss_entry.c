/* SPDX-License-Identifier: MIT */
#include "nss_entry.h"

#include <dlfcn.h>
#include <string.h>

#include "unit.h"

/* Writes the address to a pointer to function, which C cannot cast it to. */
static void
find(void *module, const char *name, void *ret_function)
{
	void *address = dlsym(module, name);

	ck_assert_msg(address != NULL, "%s", name);
	memcpy(ret_function, &address, sizeof(address));
}

struct nss_module
nss_load(void)
{
	void *module = dlopen(NSS_MODULE, RTLD_NOW | RTLD_LOCAL);
	struct nss_module entry = {.handle = module};

	ck_assert_msg(module != NULL, "%s", dlerror());
	find(module, "_nss_extauth_getpwnam_r", &entry.getpwnam);
	find(module, "_nss_extauth_getpwuid_r", &entry.getpwuid);
	find(module, "_nss_extauth_getpwent_r", &entry.getpwent);
	find(module, "_nss_extauth_setpwent", &entry.setpwent);
	find(module, "_nss_extauth_endpwent", &entry.endpwent);
	find(module, "_nss_extauth_getgrnam_r", &entry.getgrnam);
	find(module, "_nss_extauth_getgrgid_r", &entry.getgrgid);
	find(module, "_nss_extauth_getgrent_r", &entry.getgrent);
	find(module, "_nss_extauth_setgrent", &entry.setgrent);
	find(module, "_nss_extauth_endgrent", &entry.endgrent);
	find(module, "_nss_extauth_initgroups_dyn", &entry.initgroups);
	return entry;
}

void
nss_unload(const struct nss_module *module)
{
	ck_assert_int_eq(dlclose(module->handle), 0);
}
