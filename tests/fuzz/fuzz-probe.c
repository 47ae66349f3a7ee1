/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as the start of a device: superblocks and partition tables, and what pid 1
 * reads as text beside them. The last byte picks a partition.
 */
#include <string.h>

#include "base/meminfo.h"
#include "capture-kernel/modules.h"
#include "capture-kernel/mount-options.h"
#include "capture-kernel/partition.h"
#include "capture-kernel/probe.h"
#include "tests/fuzz/fuzz.h"

static void try_bytes(const uint8_t *data, size_t size)
{
	unsigned int number = data[size - 1];
	struct kd_probe probe;
	char uuid[KD_UUID_SIZE];
	uint64_t offset;

	if (kd_probe_bytes(data, size, &probe) &&
	    (!probe.type || strnlen(probe.uuid, KD_ID_SIZE) == KD_ID_SIZE ||
	     strnlen(probe.label, sizeof(probe.label)) == sizeof(probe.label)))
		abort();
	if (size > 512 &&
	    kd_gpt_entry_offset(data + 512, size - 512, 512, number, &offset) &&
	    (number == 0 || offset > INT64_MAX))
		abort();
	if (kd_gpt_entry_uuid(data, size, uuid) && strlen(uuid) != KD_UUID_SIZE - 1)
		abort();
	if (kd_mbr_uuid(data, size, number, uuid) && strlen(uuid) != 11)
		abort();
}

static void try_text(const uint8_t *data, size_t size)
{
	_cleanup_(kd_modules_done) struct kd_modules modules = { 0 };
	char options[512];
	unsigned long flags;
	uint64_t bytes;

	(void)kd_meminfo_value((const char *)data, size, "MemAvailable", &bytes);
	modules.text = malloc(size + 1);
	if (!modules.text)
		return;
	memcpy(modules.text, data, size);
	modules.text[size] = '\0';
	if (kd_mount_options(modules.text, &flags, options, sizeof(options)) >= 0 &&
	    strlen(options) > size)
		abort();
	(void)kd_modules_split(modules.text, &modules);
	if (modules.n > KD_MODULES_MAX)
		abort();
	for (size_t i = 0; i < modules.n; i++)
		if (modules.paths[i][0] == '\0' || modules.paths[i][0] == '/')
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	try_bytes(data, size);
	try_text(data, size);
	return 0;
}
