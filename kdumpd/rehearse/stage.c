/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Setting the stage: see stage.h. Trusts paths to be ours, without a comma that QEMU
 * would take for the next option's. Called by rehearse.c.
 */
#include "kdumpd/rehearse/stage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct kd_stage_disk disks[] = {
	{ "virtio_blk", "vd", { "virtio-blk-pci,drive=stand-in" } },
	{ "nvme", "nvme", { "nvme,drive=stand-in,serial=stand-in" } },
	{ "virtio_scsi", "", { "virtio-scsi-pci", "scsi-hd,drive=stand-in" } },
	{ "megaraid_sas", "", { "megasas-gen2", "scsi-hd,drive=stand-in" } },
	{ "mptsas", "", { "mptsas1068", "scsi-hd,drive=stand-in" } },
	{ "vmw_pvscsi", "", { "pvscsi", "scsi-hd,drive=stand-in" } },
	{ "ahci", "", { "ich9-ahci,id=sata", "ide-hd,bus=sata.0,drive=stand-in" } },
	{ "ata_piix", "", { "piix3-ide,id=ide", "ide-hd,bus=ide.0,drive=stand-in" } },
};

/* '-' and '_' are the same in a module's name. */
static bool same(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !(strchr("-_", *a) && strchr("-_", *b)))
			return false;
	return *a == *b;
}

const struct kd_stage_disk *kd_stage_disk(const char *const *modules, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(disks); i++)
		for (size_t j = 0; modules && modules[j]; j++)
			if (same(disks[i].driver, modules[j]))
				return &disks[i];
	for (size_t i = 0; i < ARRAY_SIZE(disks); i++)
		if (disks[i].names[0] &&
		    strncmp(name, disks[i].names, strlen(disks[i].names)) == 0)
			return &disks[i];
	return NULL;
}

int kd_stage_words(const struct kd_stage *stage, struct kd_stage_words *ret,
		   struct kd_error *err)
{
	const char *const words[] = {
		"qemu-system-x86_64",
		"-nodefaults",
		"-no-user-config",
		"-display",
		"none",
		"-no-reboot",
		"-machine",
		"pc",
		"-cpu",
		strcmp(stage->accel, "kvm") == 0 ? "host" : "max",
		"-accel",
		stage->accel,
		"-m",
		ret->memory,
		"-chardev",
		"stdio,id=console,signal=off",
		"-serial",
		"chardev:console",
		"-kernel",
		stage->kernel,
		"-initrd",
		stage->image,
		"-append",
		stage->cmdline,
	};
	size_t n = ARRAY_SIZE(words);
	int r;

	memcpy(ret->argv, words, sizeof(words));
	(void)snprintf(ret->memory, sizeof(ret->memory), "%" PRIu64 "M",
		       stage->memory >> 20);
	if (stage->disk) {
		r = snprintf(ret->drive, sizeof(ret->drive),
			     "driver=raw,node-name=stand-in,file.driver=file,"
			     "file.filename=%s",
			     stage->file);
		if (r < 0 || (size_t)r >= sizeof(ret->drive))
			return kd_fail(err, -E2BIG, "%s", stage->file);
		ret->argv[n++] = "-blockdev";
		ret->argv[n++] = ret->drive;
		for (size_t i = 0; i < 2 && stage->disk->words[i]; i++) {
			ret->argv[n++] = "-device";
			ret->argv[n++] = stage->disk->words[i];
		}
	}
	ret->argv[n] = NULL;
	return 0;
}
